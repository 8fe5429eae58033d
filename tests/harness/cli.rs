//! The command line as a person at a site uses it: a data directory, arguments, what is printed and
//! the exit code.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{binaries, in_time};

/// The one file of a store that is closed.
pub const STORE: &str = "store.sqlite";

/// One site's computer.
#[derive(Debug)]
pub struct Station {
    program: PathBuf,
    data: PathBuf,
    environment: Vec<(String, String)>,
    _directory: TempDir,
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The command line, for messages.
    pub command: String,
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Station {
    /// A computer with nothing on it.
    pub fn new() -> Station {
        let directory = tempfile::tempdir().expect("a temporary directory");
        Station {
            program: binaries::yilian(),
            data: directory.path().join("data"),
            environment: vec![
                // What the developer's own environment says must not change what is tested.
                ("TZ".to_owned(), "Asia/Shanghai".to_owned()),
                ("LANG".to_owned(), "zh_CN.UTF-8".to_owned()),
                ("LC_ALL".to_owned(), "zh_CN.UTF-8".to_owned()),
            ],
            _directory: directory,
        }
    }

    /// A computer with a copy of the store that lies in `folder`.
    pub fn copy_of(folder: &Path) -> Station {
        let station = Station::new();
        copy_store(folder, &station.data);
        station
    }

    /// Runs another build of `yilian` from now on.
    pub fn set_program(&mut self, program: &Path) {
        program.clone_into(&mut self.program);
    }

    /// A computer set up for `site` of the sample network, with the hub at `hub`.
    pub async fn site(site: &str, hub: &str) -> Station {
        let station = Station::new();
        station.init(&["--site", site, "--hub", hub]).await;
        station
    }

    /// The county hub.
    pub async fn hub(hub: &str) -> Station {
        let station = Station::new();
        station.init(&["--role", "hub", "--hub", hub]).await;
        station
    }

    /// `yilian init` on the sample network.
    pub async fn init(&self, arguments: &[&str]) {
        let mut all = vec!["init", "--network", "jiaozuo"];
        all.extend_from_slice(arguments);
        self.ok(&all).await;
    }

    /// Sets an environment variable for every later command.
    pub fn set(&mut self, variable: &str, value: &str) {
        self.environment.retain(|(name, _)| name != variable);
        self.environment
            .push((variable.to_owned(), value.to_owned()));
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A path beside the data directory, for files a test makes.
    pub fn file(&self, name: &str) -> PathBuf {
        self.data.with_file_name(name)
    }

    /// Runs a command.
    pub async fn run(&self, arguments: &[&str]) -> Outcome {
        let command = arguments.join(" ");
        let running = self.command(arguments).output();
        let output = in_time(&format!("yilian {command}"), running)
            .await
            .expect("yilian runs");
        Outcome {
            command,
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    }

    /// Runs a command that must succeed; answers what it printed.
    pub async fn ok(&self, arguments: &[&str]) -> String {
        self.run(arguments).await.expect(0).stdout
    }

    /// Runs a command with `--json`; answers what it printed.
    pub async fn json(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend_from_slice(arguments);
        let text = self.ok(&all).await;
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{all:?} printed no JSON ({error}):\n{text}"))
    }

    /// The command, not yet started: for `sync --watch` and the like.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .stdin(std::process::Stdio::null())
            .kill_on_drop(true);
        command
    }
}

impl Default for Station {
    fn default() -> Self {
        Station::new()
    }
}

impl Outcome {
    /// Checks the exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Outcome {
        assert_eq!(
            self.code, code,
            "`yilian {}` ended with {}\n--- stdout\n{}\n--- stderr\n{}",
            self.command, self.code, self.stdout, self.stderr
        );
        self
    }

    /// Both streams: for messages that may go to either.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// Copies the store in one folder to another, which is made.
pub fn copy_store(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a fresh directory");
    std::fs::copy(from.join(STORE), to.join(STORE))
        .unwrap_or_else(|error| panic!("no store in {}: {error}", from.display()));
}

/// A list that `--json` printed: the whole output, or its member `key`.
pub fn list<'a>(output: &'a Value, key: &str) -> &'a [Value] {
    let list = output.as_array().or_else(|| output[key].as_array());
    match list {
        Some(list) => list,
        None => panic!("no list of {key} in {output}"),
    }
}

/// A text member of a record.
pub fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    match record[key].as_str() {
        Some(text) => text,
        None => panic!("no text {key} in {record}"),
    }
}

/// How many things an import says it did: a number, or the things themselves.
pub fn count(output: &Value, key: &str) -> usize {
    match &output[key] {
        Value::Array(things) => things.len(),
        Value::Number(number) => number.as_u64().unwrap_or(u64::MAX) as usize,
        other => panic!("no count of {key} but {other} in {output}"),
    }
}
