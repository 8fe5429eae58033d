//! `cargo xtask demo`: the story of two stations and their hub, on the sample network, with nothing but
//! the programs a county would run.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::project::{self, cargo};
use crate::{page, step, wasm};

const MONTH: &str = "2026-12";
const STATIONS: [&str; 2] = ["keyun", "jiefang-1"];

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The relay's port; 0 picks a free one.
    #[arg(long, default_value_t = 3030)]
    port: u16,
    /// Stop when the story is over, rather than leave the hub running; builds no page.
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    step::run(cargo().args([
        "build",
        "--locked",
        "-p",
        "yilian-server",
        "-p",
        "yilian-node",
        "--bins",
    ]))?;
    let page = if options.once {
        None
    } else {
        wasm::package()?;
        Some(page::build()?)
    };
    let story = Story {
        yilian: project::binary("debug", "yilian")?,
        relay: project::binary("debug", "yilian-relay")?,
        folder: fresh_folder()?,
        samples: project::root().join("tests/samples/jiaozuo"),
    };
    let mut relay = story.start_relay(options.port, page.as_deref())?;
    let played = story.play(&relay.url);
    if options.once || played.is_err() {
        relay.stop()?;
        return played;
    }
    story.say_what_to_look_at(&relay.url);
    relay.wait()
}

struct Story {
    yilian: PathBuf,
    relay: PathBuf,
    folder: PathBuf,
    samples: PathBuf,
}

impl Story {
    fn play(&self, hub: &str) -> Result<()> {
        say(
            "两个站点，各在自己的电脑上，还没有联网 · Two stations, each on its own computer, no network yet",
        );
        for station in STATIONS {
            self.init(station, &["--site", station, "--hub", hub])?;
            self.yilian(station, &["site", "import", &self.sample("sites.csv")])?;
            self.yilian(station, &["person", "import", &self.sample("people.csv")])?;
            let roster = self.sample(&format!("roster-{station}-{MONTH}.csv"));
            self.yilian(station, &["roster", "import", &roster, "--month", MONTH])?;
        }

        say(
            "各站改自己的排班；解放区向客运借了萧平，不知道她那天有班 · Each station edits its roster; jiefang-1 borrows 萧平, who is on duty that afternoon",
        );
        let shift = self.first_shift("keyun")?;
        let confirm = ["roster", "set", &shift, "state=confirmed", "note=已确认"];
        self.yilian("keyun", &confirm)?;
        let borrow = [
            "name=萧平@keyun",
            "post=值守",
            "start=2026-12-09T14:00",
            "end=2026-12-09T20:00",
        ];
        self.yilian("jiefang-1", &[&["roster", "add"], &borrow[..]].concat())?;

        say("联网：改动进入县级中心 · Online: the changes reach the county hub");
        for station in STATIONS {
            self.yilian(station, &["sync", "--once"])?;
        }
        self.init("hub", &["--role", "hub", "--hub", hub])?;
        self.yilian("hub", &["sync", "--once"])?;

        say(
            "又断网了：站点和中心改了同一处 · Offline again: the station and the hub change the same field",
        );
        self.yilian("keyun", &["roster", "set", &shift, "note=改到后门"])?;
        self.yilian("hub", &["roster", "set", &shift, "note=带钥匙"])?;
        for computer in ["keyun", "hub", "keyun"] {
            self.yilian(computer, &["sync", "--once"])?;
        }

        say(
            "中心看到合并后的排班，以及合并出来的问题 · The hub shows the merged roster, and what the merge broke",
        );
        self.beginning("hub", &["roster", "show", "--month", MONTH])?;
        self.yilian("hub", &["findings", "--month", MONTH])?;
        self.yilian("hub", &["history", &shift])?;
        self.yilian("hub", &["status"])
    }

    /// Runs a command that prints much, and shows how it begins.
    fn beginning(&self, name: &str, arguments: &[&str]) -> Result<()> {
        const LINES: usize = 12;
        eprintln!("\n[{name}] $ yilian {}", arguments.join(" "));
        let output = self
            .command(name)
            .args(arguments)
            .output()
            .context("cannot run yilian")?;
        ensure!(
            output.status.success(),
            "yilian ended with {}",
            output.status
        );
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines()
            .take(LINES)
            .for_each(|line| eprintln!("{line}"));
        let more = text.lines().count().saturating_sub(LINES);
        eprintln!(" … {more}");
        Ok(())
    }

    fn say_what_to_look_at(&self, hub: &str) {
        let command = format!(
            "{} --data {}",
            self.yilian.display(),
            self.data("hub").display()
        );
        say("中心在运行 · The hub is running");
        let origin = hub.replace("ws://", "http://").replace("/sync", "");
        eprintln!("劳动者 · workers   {origin}/?at=2026-12-09T15:00");
        eprintln!("站点 · a station   {origin}/station/?site=keyun&month={MONTH}");
        eprintln!("中心 · the hub     {origin}/hub/?month={MONTH}");
        eprintln!("\nrelay     {hub}");
        eprintln!("health    {origin}/healthz");
        eprintln!("\nin another terminal · 另开一个终端：\n");
        eprintln!("  {command} findings --month {MONTH}");
        eprintln!("  {command} roster show --month {MONTH} --site keyun");
        eprintln!("  {command} --lang en status");
        eprintln!("\nEdit at a station, then sync it and the hub · 在站点改，再同步：\n");
        let station = self.data("keyun");
        eprintln!(
            "  {} --data {} sync --once",
            self.yilian.display(),
            station.display()
        );
        eprintln!("\nStop with Ctrl-C · 按 Ctrl-C 停止");
    }

    fn init(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let mut all = vec!["init", "--network", "jiaozuo"];
        all.extend_from_slice(arguments);
        self.yilian(name, &all)
    }

    /// Runs the command line on one computer, showing what would be typed there.
    fn yilian(&self, name: &str, arguments: &[&str]) -> Result<()> {
        eprintln!("\n[{name}] $ yilian {}", arguments.join(" "));
        let status = self
            .command(name)
            .args(arguments)
            .status()
            .context("cannot run yilian")?;
        ensure!(status.success(), "yilian ended with {status}");
        Ok(())
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.yilian);
        command.arg("--data").arg(self.data(name));
        command
    }

    fn first_shift(&self, station: &str) -> Result<String> {
        let output = self
            .command(station)
            .args(["--json", "roster", "show", "--month", MONTH])
            .output()
            .context("cannot run yilian")?;
        let roster: serde_json::Value =
            serde_json::from_slice(&output.stdout).context("the roster is not JSON")?;
        let shifts = roster.get("shifts").unwrap_or(&roster);
        let id = shifts.get(0).and_then(|shift| shift.get("id"));
        let id = id.and_then(serde_json::Value::as_str);
        Ok(id.context("the roster has no shift")?.to_owned())
    }

    fn data(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn sample(&self, file: &str) -> String {
        self.samples.join(file).display().to_string()
    }

    fn start_relay(&self, port: u16, page: Option<&Path>) -> Result<Relay> {
        let data = self.data("relay");
        std::fs::create_dir_all(&data)?;
        let mut relay = Command::new(&self.relay);
        relay
            .args(["--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(&data);
        if let Some(page) = page {
            relay.arg("--web").arg(page);
        }
        let mut child = relay
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the relay")?;
        let stdout = child.stdout.take().context("the relay's output is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(Ok(line)) = lines.next() {
            if let Some(url) = line.strip_prefix("listening on ") {
                let url = url.trim().to_owned();
                // Keeps reading, so that the relay never waits for us.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Relay { child, url });
            }
        }
        let status = child.wait()?;
        bail!("the relay ended with {status}; is port {port} taken? `--port 0` picks a free one")
    }
}

struct Relay {
    child: Child,
    url: String,
}

impl Relay {
    /// Until Ctrl-C, which reaches the relay as well as us.
    fn wait(&mut self) -> Result<()> {
        let status = self.child.wait().context("the relay is gone")?;
        ensure!(status.success(), "the relay ended with {status}");
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        self.child.kill().context("cannot stop the relay")?;
        self.child.wait().context("the relay is gone")?;
        Ok(())
    }
}

/// An empty folder in the target directory; the last demo's is removed.
fn fresh_folder() -> Result<PathBuf> {
    let folder = project::target()?.join("demo");
    if folder.exists() {
        remove(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn remove(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).with_context(|| {
        format!(
            "cannot remove {}: is another demo still running?",
            folder.display()
        )
    })
}

fn say(title: &str) {
    eprintln!("\n── {title}");
}
