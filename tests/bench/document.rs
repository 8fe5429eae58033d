//! Ids of documents.

use yilian_core::document::DocumentId;

/// The id of document `number`, the same in every run.
pub(crate) fn id(number: usize) -> String {
    let mut bytes = *b"yilian benchmark";
    for (byte, of_number) in bytes.iter_mut().zip((number as u64).to_le_bytes()) {
        *byte ^= of_number;
    }
    DocumentId::from_bytes(bytes).to_string()
}
