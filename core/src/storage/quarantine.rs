use automerge::ChangeHash;

use crate::document::DocumentId;

/// A change that a replica or relay keeps and does not use: it breaks Automerge, or nobody takes it.
///
/// What builds on it is kept aside with it, and follows from the graph: only the first of them is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// The change.
    pub change: ChangeHash,
    /// Why, for a person; one line.
    pub reason: String,
}

impl Quarantined {
    /// The reason for a change that Automerge cannot work with.
    pub const BREAKS: &str = "it breaks Automerge";

    /// A change that Automerge cannot work with.
    #[must_use]
    pub fn breaking(change: ChangeHash) -> Self {
        Self {
            change,
            reason: Self::BREAKS.to_owned(),
        }
    }

    /// The setting of a store under which a document's are listed.
    #[must_use]
    pub fn key(document: &DocumentId) -> String {
        format!("quarantine {document}")
    }

    /// What the setting holds: a line for each, the hash and the reason.
    #[must_use]
    pub fn write(all: &[Self]) -> Vec<u8> {
        let line = |one: &Self| format!("{} {}\n", one.change, one.reason.replace('\n', " "));
        all.iter().map(line).collect::<String>().into_bytes()
    }

    /// What [`Quarantined::write`] wrote; lines that it did not write are left out.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Vec<Self> {
        let read = |line: &str| {
            let (change, reason) = line.split_once(' ')?;
            Some(Self {
                change: change.parse().ok()?,
                reason: reason.to_owned(),
            })
        };
        let text = String::from_utf8_lossy(bytes);
        text.lines().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_reason_of_two_lines_becomes_one() {
        let listed = [
            Quarantined::breaking(ChangeHash([7; 32])),
            Quarantined {
                change: ChangeHash([8; 32]),
                reason: "的\n原因".to_owned(),
            },
        ];
        let mut read = Quarantined::read(&Quarantined::write(&listed));
        assert_eq!(read.pop().map(|one| one.reason), Some("的 原因".to_owned()));
        assert_eq!(read, listed.get(..1).unwrap_or_default());
        assert_eq!(Quarantined::read(b"nothing\n\xff x\n"), []);
    }
}
