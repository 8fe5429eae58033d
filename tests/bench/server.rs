//! A server as a process, with a directory of its own on a real disk.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use yilian_tests::binaries;

use crate::bare::To;
use crate::meter::{self, Meter};
use crate::target::Target;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a server is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// As an administrator would.
    Term,
    /// As a crash would.
    Kill,
}

/// When our relay packs old changes; the others do as they please.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compaction {
    Usual,
    Never,
    AtOnce,
}

impl Compaction {
    fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Compaction::Usual => &[],
            Compaction::Never => &[("YILIAN_COMPACT_EVERY", "86400")],
            Compaction::AtOnce => &[
                ("YILIAN_COMPACT_EVERY", "1"),
                ("YILIAN_COMPACT_PERCENT", "100"),
            ],
        }
    }
}

/// Where a server is, and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) target: Target,
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: Address,
    to: To,
    child: Child,
    directory: TempDir,
}

impl Server {
    /// Starts one with an empty store.
    pub(crate) async fn start(target: Target, to: To) -> Result<Server> {
        let own = std::env::current_exe()?;
        let beside = own.parent().context("a program lies in a directory")?;
        // Beside the program, because the system's temporary directory may be memory.
        let directory = tempfile::Builder::new()
            .prefix("bench-")
            .tempdir_in(beside)?;
        std::fs::create_dir(data(directory.path()))?;
        let (child, url) = launch(target, to, Compaction::Usual, directory.path()).await?;
        Ok(Server {
            address: Address { url, target },
            to,
            child,
            directory,
        })
    }

    /// Ends it and starts it again with what it stored.
    pub(crate) async fn restart(&mut self, end: End, compaction: Compaction) -> Result<()> {
        if end == End::Term {
            let id = self.id()?.to_string();
            let status = Command::new("kill").args(["-TERM", &id]).status().await?;
            anyhow::ensure!(status.success(), "the server took no signal");
        }
        if end == End::Kill || timeout(PATIENCE, self.child.wait()).await.is_err() {
            self.child.kill().await?;
        }
        let directory = self.directory.path();
        let target = self.address.target;
        (self.child, self.address.url) = launch(target, self.to, compaction, directory).await?;
        Ok(())
    }

    /// Waits until our relay has packed so many changes and made a snapshot.
    pub(crate) async fn packed(&self, changes: usize) -> Result<()> {
        const LOOK: Duration = Duration::from_millis(100);
        loop {
            let metrics = self.metrics().await?;
            let metric = |name: &str| {
                let line = metrics.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|value| value.trim().parse::<usize>().ok())
                    .with_context(|| format!("the relay does not tell {name}"))
            };
            let packed = metric("yilian_relay_packed_changes_total ")?;
            if packed >= changes && metric("yilian_relay_snapshots_total ")? > 0 {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn metrics(&self) -> Result<String> {
        let host = self.address.url.trim_start_matches("ws://");
        let host = host.split('/').next().unwrap_or_default();
        let mut stream = TcpStream::connect(host).await?;
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// Where and what it is.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// The process id.
    pub(crate) fn id(&self) -> Result<u32> {
        self.child.id().context("the server has ended")
    }

    /// Begins to count what driver and server use.
    pub(crate) fn meter(&self) -> Result<Meter> {
        Ok(Meter::start(self.id()?))
    }

    /// Its resident memory, in KiB.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        Ok(meter::resident_kib(self.id()?))
    }
}

async fn launch(
    target: Target,
    to: To,
    compaction: Compaction,
    directory: &Path,
) -> Result<(Child, String)> {
    let log = log(target)?;
    let mut child = command(target, to, &data(directory))?
        .envs(compaction.settings().iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log)?)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", target.title()))?;
    let stdout = child.stdout.take().context("the output is piped")?;
    let mut lines = BufReader::new(stdout).lines();
    let url = timeout(PATIENCE, async {
        loop {
            let line = lines.next_line().await?.with_context(|| {
                format!("{} ended at once: see {}", target.title(), log.display())
            })?;
            if let Some(url) = line.strip_prefix("listening on ") {
                return anyhow::Ok(url.to_owned());
            }
        }
    });
    let url = url.await.context("the server does not listen")??;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, url))
}

/// Where a server's complaints go; kept until the next of its kind starts.
fn log(target: Target) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let logs = own.with_file_name("bench-logs");
    std::fs::create_dir_all(&logs)?;
    Ok(logs.join(format!("{target:?}.log").to_lowercase()))
}

fn data(directory: &Path) -> PathBuf {
    directory.join("data")
}

fn command(target: Target, to: To, data: &Path) -> Result<Command> {
    let mut command = match target {
        Target::Bare => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["bare", to.as_str()]);
            return Ok(command);
        }
        Target::Yilian => {
            let mut command = Command::new(binaries::relay());
            command.args(["--listen", "127.0.0.1:0", "--data"]);
            command
        }
        Target::Npm => {
            let mut command = Command::new("node");
            command
                .current_dir(javascript("bench/js"))
                .args(["--import", "./loopback.mjs"])
                .arg("node_modules/@automerge/automerge-repo-sync-server/src/index.js")
                .env("PORT", "0")
                .env("DATA_DIR", data);
            return Ok(command);
        }
        Target::Repo => {
            let mut command = Command::new("node");
            command
                .current_dir(javascript("interop/js"))
                .args(["reference-server.mjs", "0"]);
            command
        }
        Target::Samod => {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("samod");
            command
        }
        Target::Hocuspocus => {
            let mut command = Command::new("node");
            command
                .current_dir(javascript("bench/js"))
                .arg("hocuspocus.mjs");
            command
        }
    };
    command.arg(data);
    Ok(command)
}

fn javascript(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}
