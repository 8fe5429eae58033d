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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::sync::mpsc;

    use tempfile::TempDir;
    use yilian_core::storage::conformance::sample_changes;
    use yilian_core::storage::{Commit, DocumentWrite, Store as _};

    use super::*;
    use crate::store::{SqliteStore, WriterSettings};

    #[tokio::test]
    async fn damage_is_found_and_set_aside_before_anybody_asks() {
        let directory = TempDir::new().unwrap();
        let mut store = SqliteStore::open(directory.path()).unwrap();
        let ids = [1, 2].map(|number| DocumentId::from_bytes([number; 16]));
        for (number, id) in (1..).zip(ids) {
            for (hash, chunk) in sample_changes(number, 3) {
                let write = DocumentWrite::changes(id, vec![chunk], vec![hash]);
                store.commit(&Commit::of(write)).unwrap();
            }
        }
        let path = store.path().to_owned();
        drop(store);
        let plain = rusqlite::Connection::open(path).unwrap();
        let damage = "UPDATE log SET chunk = CAST(x'00' || substr(chunk, 2) AS BLOB) WHERE row = 5";
        plain.execute_batch(damage).unwrap();
        drop(plain);

        let store = SqliteStore::open(directory.path()).unwrap();
        let reader = store.reader().unwrap();
        let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
        let (sender, found) = mpsc::channel();
        let told = move |id| sender.send(id).unwrap();
        let lookout = Lookout::spawn(reader, writer.clone(), Duration::ZERO, told).unwrap();
        assert_eq!(found.recv_timeout(Duration::from_secs(60)), Ok(ids[1]));
        lookout.stop().await;
        assert!(found.try_recv().is_err());
        writer.stop().await;
        let store = SqliteStore::open(directory.path()).unwrap();
        assert_eq!(store.lacking().unwrap().len(), 1);
        assert!(store.load(&ids[1]).is_ok());
    }
}
