//! One author brings changes to 50 readers of one document, as fast as a window allows. A change counts
//! once every reader has it.

use std::sync::Arc;

use anyhow::Result;

use super::{Sample, finish};
use crate::audience::{self, Author};
use crate::bare::To;
use crate::progress::Progress;
use crate::server::Server;
use crate::target::Target;

pub(crate) const READERS: usize = 50;

pub(super) async fn run(target: Target, in_flight: usize) -> Result<Sample> {
    let changes = changes(target) / if in_flight < 100 { 4 } else { 1 };
    let server = Server::start(target, To::Others).await?;
    let author = Author::connect(&server, changes).await?;
    let progress = Arc::new(Progress::new(READERS, in_flight));
    let reached = progress.clone();
    let mut reading = audience::readers(
        &server,
        READERS,
        changes,
        Arc::new(move |number, count| reached.read(number, count)),
    )
    .await?;
    let meter = server.meter()?;
    tokio::try_join!(author.write(&progress), finish(&mut reading))?;
    let used = meter.stop();
    Ok(Sample {
        values: vec![changes as f64 / used.seconds],
        used,
    })
}

/// Slower servers get fewer changes: about two seconds' worth.
pub(crate) fn changes(target: Target) -> usize {
    match target {
        Target::Bare | Target::Yilian => 40_000,
        Target::Hocuspocus => 8_000,
        Target::Npm | Target::Repo => 800,
        Target::Samod => 100,
    }
}
