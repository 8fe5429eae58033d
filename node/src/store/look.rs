//! Looking for damage before somebody asks for what is damaged.

use std::time::Duration;

use tracing::warn;
use yilian_core::document::DocumentId;

use super::pace::{Pace, Stop};
use super::salvage::salvage;
use super::{SqliteReader, StoreError, Writer};

/// How often everything is looked through.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads all of a SQLite store once a day, beside its [`Writer`], and has set aside what is damaged. It works a tenth of the
/// time at most. It ends by [`Lookout::stop`] or when dropped.
#[derive(Debug)]
pub struct Lookout {
    stop: Stop,
}

impl Lookout {
    /// Starts the thread. It looks after `first`, and then once a day. It calls `set_aside` for each document of which something was
    /// set aside.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn spawn(
        reader: SqliteReader,
        writer: Writer,
        first: Duration,
        set_aside: impl Fn(DocumentId) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, mut pace) = Pace::new(0.1);
        let work = move || {
            let mut wait = first;
            while pace.wait(wait) {
                wait = LOOK_EVERY;
                match look_through(&reader, &writer, &mut pace, &set_aside) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        let error = crate::errors::chain(&error);
                        warn!(error, "the store cannot be looked through");
                    }
                }
                reader.rest();
            }
            let asked = pace.asked();
            drop((reader, writer, set_aside));
            asked.answer();
        };
        std::thread::Builder::new()
            .name("store lookout".to_owned())
            .spawn(work)?;
        Ok(Self { stop })
    }

    /// Ends after the step under way, gives up the store, and returns once that is done.
    pub async fn stop(&self) {
        self.stop.stop().await;
    }
}

/// Reads all documents, and has set aside what is damaged; false if it is to stop.
pub(super) fn look_through(
    reader: &SqliteReader,
    writer: &Writer,
    pace: &mut Pace,
    set_aside: &dyn Fn(DocumentId),
) -> Result<bool, StoreError> {
    for document in reader.documents()? {
        let id = document.id;
        pace.begin();
        match reader.is_sound(&id) {
            Ok(true) => {}
            Ok(false) => {
                if salvage(writer, &id) {
                    set_aside(id);
                }
            }
            Err(error) => {
                let name = document.name.unwrap_or_default();
                warn!(document = %id, name, error = %crate::errors::chain(&error), "a document cannot be read");
            }
        }
        if !pace.rest() {
            return Ok(false);
        }
    }
    Ok(true)
}
