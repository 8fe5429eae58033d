//! A relay as a process: ours, or the reference it is held against.

use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::process::Command;

use crate::binaries;
use crate::cli::copy_store;
use crate::process::Process;

/// Which relay a scenario runs against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// `automerge-repo`'s own WebSocket server, as published.
    Reference,
    /// `yilian-relay`.
    Yilian,
}

/// A relay that is yet to be started, for whoever fills its store first.
#[derive(Debug)]
pub struct Fresh {
    data: PathBuf,
    directory: TempDir,
}

impl Fresh {
    /// The directory of the store.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Starts `yilian-relay` on what the store has by now.
    pub async fn start(self) -> Relay {
        let program = binaries::relay();
        Relay::start_in(
            self.directory,
            self.data,
            Server::Yilian,
            program,
            Vec::new(),
        )
        .await
    }
}

/// A relay with a data directory of its own. It can be killed or stopped, and started again on the
/// same port with the same data.
#[derive(Debug)]
pub struct Relay {
    server: Server,
    /// The build of `yilian-relay`, where that is the server.
    program: PathBuf,
    data: PathBuf,
    port: u16,
    /// Settings, by environment variable.
    settings: Vec<(&'static str, &'static str)>,
    process: Process,
    /// Held so that the directory goes when the relay does.
    _directory: TempDir,
}

impl Relay {
    /// Starts a relay with an empty store.
    pub async fn start(server: Server) -> Relay {
        Self::start_with(server, Vec::new()).await
    }

    /// Starts a relay with an empty store and these environment variables.
    pub async fn start_with(server: Server, settings: Vec<(&'static str, &'static str)>) -> Relay {
        let (directory, data) = fresh_directory();
        let program = match server {
            Server::Reference => PathBuf::new(),
            Server::Yilian => binaries::relay(),
        };
        Self::start_in(directory, data, server, program, settings).await
    }

    /// Starts another build of `yilian-relay`, with an empty store.
    pub async fn start_program(program: &Path) -> Relay {
        let (directory, data) = fresh_directory();
        let program = program.to_owned();
        Self::start_in(directory, data, Server::Yilian, program, Vec::new()).await
    }

    /// An empty store, on which `yilian-relay` is started later.
    pub fn fresh() -> Fresh {
        let (directory, data) = fresh_directory();
        Fresh { data, directory }
    }

    /// Starts `yilian-relay` with a copy of the store that lies in `folder`.
    pub async fn start_copy_of(folder: &Path) -> Relay {
        let fresh = Self::fresh();
        copy_store(folder, fresh.data());
        fresh.start().await
    }

    async fn start_in(
        directory: TempDir,
        data: PathBuf,
        server: Server,
        program: PathBuf,
        settings: Vec<(&'static str, &'static str)>,
    ) -> Relay {
        let (process, port) = loop {
            let (process, port) = launch(server, &program, &data, some_port(), &settings).await;
            match port {
                Ok(port) => break (process, port),
                Err(_) if is_in_use(&process.output()) => {}
                Err(code) => panic!(
                    "the relay ended ({code:?}) before it listened:\n{}",
                    process.output()
                ),
            }
        };
        Relay {
            server,
            program,
            data,
            port,
            settings,
            process,
            _directory: directory,
        }
    }

    /// Which relay this is.
    pub fn server(&self) -> Server {
        self.server
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/sync", self.port)
    }

    /// `host:port`, for plain HTTP.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The directory of the store.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The running process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// `kill -9`, leaving the relay down.
    pub async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Stops it as an administrator would, and checks that it ended well.
    pub async fn stop(&mut self) {
        assert!(
            self.process.terminate().await,
            "the relay ended with an error:\n{}",
            self.process.output()
        );
    }

    /// Starts it again after [`Relay::kill`] or [`Relay::stop`].
    pub async fn start_again(&mut self) {
        if let Err(code) = self.try_again().await {
            panic!(
                "the relay ended ({code:?}) before it listened:\n{}",
                self.process.output()
            );
        }
    }

    /// Starts it again, which it may refuse: its exit code then.
    pub async fn try_again(&mut self) -> Result<(), Option<i32>> {
        let (program, data) = (&self.program, &self.data);
        let (process, port) = launch(self.server, program, data, self.port, &self.settings).await;
        self.process = process;
        assert_eq!(port?, self.port, "the relay keeps its port");
        Ok(())
    }
}

fn fresh_directory() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let data = directory.path().join("relay");
    std::fs::create_dir(&data).expect("a fresh directory");
    (directory, data)
}

/// A port for a relay to try. None that the system would pick: those it gives to outgoing connections too (Linux from 32768
/// on), and a connection would hold the port when a relay that was killed comes back to it. Browsers refuse some below 12000.
fn some_port() -> u16 {
    let drawn = RandomState::new().hash_one(()) % 20_000;
    u16::try_from(12_000 + drawn).expect("below 32000")
}

/// Whether a relay ended because its port is taken, by what it printed.
fn is_in_use(output: &str) -> bool {
    output.to_lowercase().contains("address already in use")
}

async fn launch(
    server: Server,
    program: &Path,
    data: &Path,
    port: u16,
    settings: &[(&str, &str)],
) -> (Process, Result<u16, Option<i32>>) {
    let mut command = match server {
        Server::Reference => reference(data, port),
        Server::Yilian => yilian(program, data, port),
    };
    command.envs(settings.iter().copied());
    let mut process = Process::start(&format!("{server:?} relay"), command);
    let port = process.line_or_end("listening on ").await.map(|url| {
        let url = url::Url::parse(url.trim()).expect("the relay prints its address");
        url.port().expect("the relay prints its port")
    });
    (process, port)
}

fn reference(data: &Path, port: u16) -> Command {
    let mut command = Command::new("node");
    command
        .current_dir(binaries::javascript())
        .arg("reference-server.mjs")
        .arg(port.to_string())
        .arg(data);
    command
}

fn yilian(program: &Path, data: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    command
        .arg("--listen")
        .arg(format!("127.0.0.1:{port}"))
        .arg("--data")
        .arg(data);
    command
}
