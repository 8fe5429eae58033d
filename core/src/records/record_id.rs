use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use super::Collection;

/// The id of a record: the same on every replica and in every document it moves to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(Uuid);

/// Why a text is not a record id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a record id: expected a hyphenated lowercase UUID")]
pub struct ParseRecordIdError(String);

/// Drawn once. It is part of every natural id, so it never changes.
const NATURAL: Uuid = Uuid::from_u128(0xd4e8b7ea_6f38_4fbd_905d_6a4260ed87c5);

impl RecordId {
    /// Bytes of its text, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
    pub const TEXT_LEN: usize = 36;

    /// A new id (UUIDv7) for what a person creates: milliseconds since 1970 and ten random bytes.
    pub const fn new(unix_ms: u64, random: [u8; 10]) -> Self {
        Self(Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
    }

    /// The id (UUIDv5) of a record that its own content identifies, like a site by its key.
    ///
    /// Every replica that knows the content makes the same id, so importing one row on two
    /// offline replicas makes one record.
    pub fn natural(collection: Collection, parts: &[&str]) -> Self {
        // Each part is preceded by its length, so that no two lists of parts read the same.
        let mut key = collection.as_str().to_owned();
        for part in parts {
            key.push_str(&format!("/{}:{part}", part.len()));
        }
        Self(Uuid::new_v5(&NATURAL, key.as_bytes()))
    }

    /// The id as a UUID.
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }

    /// The key of a field of this record in its collection's map.
    pub(crate) fn key(self, field: &str) -> String {
        format!("{self}/{field}")
    }

    /// The record and field that a key of a collection's map names, unless it names none.
    pub(crate) fn split_key(key: &str) -> Option<(Self, &str)> {
        let (id, field) = key.split_once('/')?;
        (!field.is_empty()).then_some((id.parse().ok()?, field))
    }
}

impl FromStr for RecordId {
    type Err = ParseRecordIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseRecordIdError(text.chars().take(64).collect());
        let id = Self(Uuid::try_parse(text).map_err(|_| error())?);
        // One spelling only: the id is the prefix of keys, where another spelling is another key.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(error())
        }
    }
}

impl From<Uuid> for RecordId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
