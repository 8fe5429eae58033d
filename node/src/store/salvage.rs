//! Asking the writer to set aside what is damaged, and saying so.

use std::sync::mpsc;

use tracing::{error, warn};
use yilian_core::document::DocumentId;

use super::{CommitError, Writer};
use crate::errors::chain;

/// Sets aside what is damaged of a document and waits for it; whether there was something. For threads that may block.
pub(super) fn salvage(writer: &Writer, id: &DocumentId) -> bool {
    let (sender, receiver) = mpsc::sync_channel(1);
    writer.salvage(*id, move |answer| {
        // This thread waits for it.
        let _ = sender.send(answer);
    });
    match receiver.recv().unwrap_or(Err(CommitError::Stopped)) {
        Ok(None) => false,
        Ok(Some(salvage)) => {
            let name = salvage.name.unwrap_or_default();
            let (rows, changes) = (salvage.set_aside, salvage.changes);
            if salvage.lost.is_empty() {
                warn!(document = %id, name, rows, changes, "stored changes were damaged; all of them could be had from elsewhere in the store");
            } else {
                error!(document = %id, name, rows, changes, "stored changes are damaged and set aside; the others are served, and peers that have the lost ones bring them again");
            }
            true
        }
        Err(error) => {
            error!(document = %id, error = %chain(&error), "stored changes are damaged, and cannot be set aside");
            false
        }
    }
}
