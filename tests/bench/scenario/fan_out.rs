//! One author brings changes to 50 readers of one document, for two seconds, as fast as a window allows.
//! A change counts once every reader has it.

use std::sync::Arc;

use anyhow::Result;

use super::{Sample, finish};
use crate::audience::{self, Author};
use crate::bare::To;
use crate::progress::{self, Progress};
use crate::server::Server;
use crate::story;
use crate::target::Target;

pub(crate) const READERS: usize = 50;
/// More than any server takes in the time.
const CHANGES_MAX: usize = story::LENGTH - 1;

pub(super) async fn run(target: Target, in_flight: usize) -> Result<Sample> {
    let server = Server::start(target, To::Others).await?;
    let author = Author::connect(&server, CHANGES_MAX).await?;
    let progress = Arc::new(Progress::new(READERS, in_flight));
    let reached = progress.clone();
    let mut reading = audience::readers(
        &server,
        READERS,
        Arc::new(move |number, count| reached.read(number, count)),
    )
    .await?;
    let meter = server.meter()?;
    let text = progress::patiently(async {
        tokio::try_join!(author.write(&progress), finish(&mut reading))?;
        Ok(())
    })
    .await?;
    let used = meter.stop();
    Ok(Sample {
        values: vec![progress.slowest() as f64 / used.seconds],
        used,
        text,
    })
}
