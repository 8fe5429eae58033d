//! Ids of documents.

use yilian_core::document::DocumentId;

/// The id of document `number`, the same in every run. It is a UUID of version 4 by its form: the npm server
/// does not answer about others.
pub(crate) fn id(number: usize) -> String {
    let mut bytes = *b"yilian\x40B\x80enchmrk";
    for (byte, of_number) in bytes.iter_mut().zip((number as u32).to_le_bytes()) {
        *byte ^= of_number;
    }
    DocumentId::from_bytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn every_id_is_a_uuid_of_version_4() {
        for number in [0, 1, 255, 256, 999_999] {
            let id: DocumentId = id(number).parse().unwrap();
            let bytes = id.as_bytes();
            assert_eq!((bytes[6] >> 4, bytes[8] >> 6), (4, 2));
        }
    }
}
