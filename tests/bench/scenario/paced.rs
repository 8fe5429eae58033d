//! Ten changes a second: how long a change takes from its author to each of 50 readers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::fan_out::READERS;
use super::{Sample, finish};
use crate::audience::{self, Author};
use crate::bare::To;
use crate::server::Server;
use crate::target::Target;

const CHANGES: usize = 50;
const PACE: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct Times {
    sent: Vec<Instant>,
    /// From the author to each reader.
    took: Vec<Duration>,
    /// Changes counted of each reader.
    counted: [usize; READERS],
}

pub(super) async fn run(target: Target) -> Result<Sample> {
    let server = Server::start(target, To::Others).await?;
    let author = Author::connect(&server, CHANGES).await?;
    let times = Arc::new(Mutex::new(Times::new()));
    let arrived = times.clone();
    let mut reading = audience::readers(
        &server,
        READERS,
        Arc::new(move |number, count| {
            lock(&arrived).arrived(number, count);
            CHANGES
        }),
    )
    .await?;
    let meter = server.meter()?;
    let mut tick = tokio::time::interval(PACE);
    for number in 0..CHANGES {
        tick.tick().await;
        lock(&times).sent.push(Instant::now());
        author.write_one(number).await?;
    }
    finish(&mut reading).await?;
    let used = meter.stop();
    let mut took = std::mem::take(&mut lock(&times).took);
    took.sort_unstable();
    let part = |hundredths: usize| {
        let at = took.get(took.len() * hundredths / 100);
        at.map(|took| took.as_secs_f64() * 1_000.0)
            .context("nothing arrived")
    };
    Ok(Sample {
        values: vec![part(50)?, part(99)?],
        used,
        text: None,
    })
}

impl Times {
    fn new() -> Times {
        Times {
            sent: Vec::new(),
            took: Vec::new(),
            counted: [0; READERS],
        }
    }

    fn arrived(&mut self, number: usize, count: usize) {
        let now = Instant::now();
        if let Some(counted) = self.counted.get_mut(number) {
            let new = self.sent.get(*counted..count).unwrap_or_default();
            self.took.extend(new.iter().map(|sent| now - *sent));
            *counted = count;
        }
    }
}

fn lock(times: &Mutex<Times>) -> std::sync::MutexGuard<'_, Times> {
    times.lock().unwrap_or_else(PoisonError::into_inner)
}
