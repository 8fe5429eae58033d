//! What is measured.

use clap::ValueEnum;

/// A server to run against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Target {
    /// A bare WebSocket broadcast of the same frames: the limit.
    Bare,
    /// `yilian-relay`.
    Yilian,
    /// The npm package `@automerge/automerge-repo-sync-server`.
    Npm,
    /// A server on the current `automerge-repo`, set up in the same way.
    Repo,
    /// A server on `samod`, the Rust implementation.
    Samod,
    /// Hocuspocus: Yjs, for scale.
    Hocuspocus,
}

impl Target {
    pub(crate) const ALL: [Target; 6] = [
        Target::Bare,
        Target::Yilian,
        Target::Npm,
        Target::Repo,
        Target::Samod,
        Target::Hocuspocus,
    ];

    /// As the table names it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Target::Bare => "bare",
            Target::Yilian => "yilian",
            Target::Npm => "npm server",
            Target::Repo => "automerge-repo",
            Target::Samod => "samod",
            Target::Hocuspocus => "Hocuspocus",
        }
    }

    /// Whether it is one of the Automerge peers.
    pub(crate) fn is_peer(self) -> bool {
        matches!(self, Target::Npm | Target::Repo | Target::Samod)
    }

    /// Whether it joins, answers and is acknowledged.
    pub(crate) fn speaks_sync(self) -> bool {
        self.is_peer() || self == Target::Yilian
    }
}
