use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Name, Network};
use crate::base58check;

/// The id of a document: sixteen bytes, written base58check as automerge-repo does.
///
/// A named document's id follows from its network and name; unmodified automerge-repo clients
/// draw theirs at random, so any sixteen bytes are an id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentId([u8; 16]);

/// Why a text is not a document id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a document id: expected 16 bytes in base58check")]
pub struct ParseDocumentIdError(String);

/// Drawn once. It is part of every document id, so it never changes.
const YILIAN: Uuid = Uuid::from_u128(0x3954e4e0_3750_4849_b754_ef24d5025c51);

impl DocumentId {
    /// The id of the document of `name` in `network`.
    pub fn of(network: &Network, name: &Name) -> Self {
        let namespace = Uuid::new_v5(&YILIAN, network.as_str().as_bytes());
        let id = Uuid::new_v5(&namespace, name.to_string().as_bytes());
        Self(id.into_bytes())
    }

    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the id.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for DocumentId {
    type Err = ParseDocumentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseDocumentIdError(text.chars().take(64).collect());
        // Sixteen bytes and a checksum take 22 to 28 digits: refuse longer texts unread, since
        // decoding costs the square of the length.
        if text.len() > 32 {
            return Err(error());
        }
        let bytes = base58check::decode(text).ok_or_else(error)?;
        Ok(Self(bytes.try_into().map_err(|_| error())?))
    }
}

impl TryFrom<String> for DocumentId {
    type Error = ParseDocumentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocumentId> for String {
    fn from(id: DocumentId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base58check::encode(&self.0))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn ids_of_names_never_move() {
        let pinned = [
            ("jiaozuo", "sites", "nfcjNLT8TGy7Nz5B6MtRFebYEon"),
            ("jiaozuo", "people/keyun", "3nn3hU2sYrx52U3eUtZPCdMryTjE"),
            (
                "jiaozuo",
                "roster/keyun/2026-12",
                "2yz3bEphLUEnoEzWwsDMCZNbHgoR",
            ),
            (
                "heping",
                "roster/keyun/2026-12",
                "UQtTiy2dx1Hp1pbAmemQaEnjJqg",
            ),
        ];
        for (network, name, id) in pinned {
            let of = DocumentId::of(&network.parse().unwrap(), &name.parse().unwrap());
            assert_eq!(of.to_string(), id, "{network} {name}");
            assert_eq!(id.parse(), Ok(of));
        }
    }

    #[test]
    fn text_is_that_of_automerge_repo() {
        // What `bs58check`, which automerge-repo uses, makes of the bytes 0 to 15.
        let id = DocumentId::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()));
        assert_eq!(id.to_string(), "1Bhh3pU9gLXZiNDL6PEa1Gs9fh");
    }

    #[test]
    fn broken_texts_are_no_ids() {
        let long = "1".repeat(100_000);
        for text in ["", "0", "1Bhh3pU9gLXZiNDL6PEa1Gs9fA", "é", &long] {
            assert!(text.parse::<DocumentId>().is_err());
        }
    }
}
