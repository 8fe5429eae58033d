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

    /// What it is, with its version.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Target::Bare => {
                "tokio-tungstenite passing on the same frames: no storage, nothing understood"
            }
            Target::Yilian => "yilian-relay, release build, every change committed at FULL first",
            Target::Npm => "@automerge/automerge-repo-sync-server 0.2.8",
            Target::Repo => "automerge-repo 2.5.6 with its WebSocket server and file storage",
            Target::Samod => "samod 0.16 with its file storage",
            Target::Hocuspocus => "@hocuspocus/server 4.7.0 (Yjs) with file storage",
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
