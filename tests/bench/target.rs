//! What is measured.

use std::process::Stdio;

use anyhow::{Context, Result};
use clap::ValueEnum;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use yilian_tests::relay::{Relay, Server};

/// A relay to run against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// A bare WebSocket broadcast.
    Bare,
    /// `yilian-relay`.
    Yilian,
    /// `automerge-repo`'s own server.
    Reference,
}

/// What goes over its sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Changes as they are.
    Bytes,
    /// The `automerge-repo` protocol.
    Sync,
}

/// A relay that runs; it is stopped when dropped.
pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) id: u32,
    _stop: Stop,
}

enum Stop {
    Child(#[expect(dead_code, reason = "held to be dropped")] Child),
    Relay(#[expect(dead_code, reason = "held to be dropped")] Relay),
}

impl Target {
    pub(crate) const ALL: [Target; 3] = [Target::Bare, Target::Yilian, Target::Reference];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Target::Bare => "bare broadcast (no storage, no protocol)",
            Target::Yilian => "yilian-relay (durable)",
            Target::Reference => "automerge-repo 2.5 server",
        }
    }

    pub(crate) fn wire(self) -> Wire {
        match self {
            Target::Bare => Wire::Bytes,
            Target::Yilian | Target::Reference => Wire::Sync,
        }
    }

    pub(crate) async fn start(self) -> Result<Running> {
        match self {
            Target::Bare => bare().await,
            Target::Yilian => Ok(relay(Server::Yilian).await),
            Target::Reference => Ok(relay(Server::Reference).await),
        }
    }
}

async fn relay(server: Server) -> Running {
    let mut relay = Relay::start(server).await;
    Running {
        url: relay.url(),
        id: relay.process().id(),
        _stop: Stop::Relay(relay),
    }
}

async fn bare() -> Result<Running> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("bare")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.take().context("the output is piped")?;
    let line = BufReader::new(stdout).lines().next_line().await?;
    let line = line.context("the broadcast server ended")?;
    let url = line.strip_prefix("listening on ").context("no address")?;
    Ok(Running {
        url: url.to_owned(),
        id: child.id().context("it ended")?,
        _stop: Stop::Child(child),
    })
}
