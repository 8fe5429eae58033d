//! A hundred peers at their limits, in a process of their own: frames are made before the first is sent, and cost nothing
//! after that. Each comes from an address of its own, and comes back whenever it is cut off.

use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use yilian_tests::ammunition;

use crate::audience::DOCUMENT;
use crate::server::Address;
use crate::socket;

pub(crate) const ATTACKERS: usize = 100;
/// What they say once all are there.
const READY: &str = "attacking";
/// So that whoever is cut off at once does not turn in a circle without ever letting another run.
const AGAIN: Duration = Duration::from_millis(5);

/// The attackers as a process; killed when dropped.
#[derive(Debug)]
pub(crate) struct Attackers {
    _child: Child,
}

impl Attackers {
    /// Starts them, each of the kind `only` or all kinds in turn, and waits until all have sent something.
    pub(crate) async fn start(server: &Address, only: Option<usize>) -> Result<Attackers> {
        // They would be elsewhere: what they need of this machine comes after what is measured.
        let mut command = Command::new("nice");
        command
            .args(["-n", "5"])
            .arg(std::env::current_exe()?)
            .args(["attack", &server.url]);
        if let Some(only) = only {
            command.arg(only.to_string());
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().context("the output is piped")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        anyhow::ensure!(line.as_deref() == Some(READY), "the attackers ended");
        Ok(Attackers { _child: child })
    }
}

/// Attacks until the process is killed.
pub(crate) async fn run(url: String, only: Option<usize>) -> Result<()> {
    let join = Bytes::from(socket::frame(&ammunition::join()));
    let frames: Vec<Bytes> = ammunition::messages(DOCUMENT)
        .iter()
        .map(|(_, message)| Bytes::from(socket::frame(message)))
        .collect();
    let (there, mut all) = tokio::sync::mpsc::channel(ATTACKERS);
    let mut attackers = JoinSet::new();
    for number in 0..ATTACKERS {
        let kind = only.unwrap_or(number) % frames.len();
        let frame = frames.get(kind).context("a kind")?.clone();
        let from = IpAddr::from(Ipv4Addr::new(127, 0, 0, 2 + number as u8));
        let (url, join, there) = (url.clone(), join.clone(), there.clone());
        attackers.spawn(async move {
            let mut frame = frame.to_vec();
            loop {
                // Being refused, cut off or shut out is what attackers expect.
                let _ = attack(&url, from, &join, &mut frame, &there).await;
                tokio::time::sleep(AGAIN).await;
            }
        });
    }
    for _ in 0..ATTACKERS {
        all.recv().await.context("somebody attacks")?;
    }
    println!("{READY}");
    while attackers.join_next().await.is_some() {}
    Ok(())
}

async fn attack(
    url: &str,
    from: IpAddr,
    join: &[u8],
    frame: &mut [u8],
    there: &tokio::sync::mpsc::Sender<()>,
) -> Result<()> {
    // What it is sent is never read.
    let (_incoming, outgoing) = socket::connect_from(url, Some(from)).await?;
    outgoing.send(join).await?;
    static COUNT: AtomicU64 = AtomicU64::new(1);
    loop {
        ammunition::count(frame, COUNT.fetch_add(1, Ordering::Relaxed));
        // The relay takes what it can, and the socket holds back the rest.
        outgoing.send(frame).await?;
        let _ = there.try_send(());
    }
}
