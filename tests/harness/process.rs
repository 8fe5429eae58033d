//! A child process whose output is kept, and which never outlives its test.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::{in_time, until};

/// A running program; killed when dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    output: Arc<Mutex<Vec<String>>>,
    /// Those who read its output.
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts `command`, keeping what it prints.
    pub fn start(name: &str, mut command: Command) -> Process {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let output = Arc::new(Mutex::new(Vec::new()));
        let readers = vec![
            keep(child.stdout.take().expect("piped"), &output),
            keep(child.stderr.take().expect("piped"), &output),
        ];
        Process {
            name: name.to_owned(),
            child,
            output,
            readers,
        }
    }

    /// Everything printed so far, both streams, line by line.
    pub fn output(&self) -> String {
        self.output.lock().expect("no holder panics").join("\n")
    }

    /// Waits for a line that begins with `prefix`, and answers what follows it.
    pub async fn line_after(&mut self, prefix: &str) -> String {
        match self.line_or_end(prefix).await {
            Ok(rest) => rest,
            Err(code) => panic!(
                "{} ended ({code:?}) before it printed {prefix:?}:\n{}",
                self.name,
                self.output()
            ),
        }
    }

    /// Waits for a line that begins with `prefix`, and answers what follows it; the exit code, if it has one, where the program
    /// ends before it prints such a line.
    pub async fn line_or_end(&mut self, prefix: &str) -> Result<String, Option<i32>> {
        let what = format!("{} to print {prefix:?}", self.name);
        let output = self.output.clone();
        let found = until(&what, || {
            let lines = output.lock().expect("no holder panics");
            let found = lines
                .iter()
                .find_map(|line| line.strip_prefix(prefix).map(str::to_owned));
            match self.child.try_wait() {
                Ok(Some(_)) if found.is_none() => Some(None),
                _ => found.map(Some),
            }
        });
        match found.await {
            Some(rest) => Ok(rest),
            None => Err(self.ended().await),
        }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("still running")
    }

    /// Freezes it (SIGSTOP), as a computer that sleeps, or lets it go on (SIGCONT).
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { "-STOP" } else { "-CONT" };
        let status = std::process::Command::new("kill")
            .args([signal, &self.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success(), "{} took no signal", self.name);
    }

    /// `kill -9`: nothing is flushed, nothing is said.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("still running");
    }

    /// Asks to stop (SIGTERM) and waits until it has; answers whether it ended without error.
    pub async fn terminate(&mut self) -> bool {
        let status = std::process::Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success(), "{} took no signal", self.name);
        let what = format!("{} to stop after SIGTERM", self.name);
        let status = in_time(&what, self.child.wait()).await.expect("a child");
        status.success()
    }

    /// Waits until the program ends by itself, and has been read to its last word; answers its exit code,
    /// if it ended by one.
    pub async fn ended(&mut self) -> Option<i32> {
        let what = format!("{} to end", self.name);
        let status = in_time(&what, self.child.wait()).await.expect("a child");
        for reader in self.readers.drain(..) {
            in_time(&what, reader).await.expect("no reader panics");
        }
        status.code()
    }
}

fn keep(
    stream: impl AsyncRead + Unpin + Send + 'static,
    output: &Arc<Mutex<Vec<String>>>,
) -> JoinHandle<()> {
    let output = output.clone();
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            output.lock().expect("no holder panics").push(line);
        }
    })
}
