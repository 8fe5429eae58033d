//! Asking the writer to set aside what is damaged, and saying so.

use std::sync::mpsc;

use tracing::{error, warn};
use yilian_core::document::DocumentId;
use yilian_core::storage::Salvage;

use super::{CommitError, Writer};
use crate::errors::chain;

/// What the writer answers.
pub(super) type Answer = mpsc::Receiver<Result<Option<Salvage>, CommitError>>;

/// Asks for what is damaged of a document to be set aside.
pub(super) fn ask(writer: &Writer, id: &DocumentId) -> Answer {
    let (sender, receiver) = mpsc::sync_channel(1);
    writer.salvage(*id, move |answer| {
        // Whoever asked may be gone.
        let _ = sender.send(answer);
    });
    receiver
}

/// Says what came of it; whether something was set aside.
pub(super) fn outcome(
    id: &DocumentId,
    answer: Option<Result<Option<Salvage>, CommitError>>,
) -> bool {
    match answer.unwrap_or(Err(CommitError::Stopped)) {
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
