use automerge::ChangeHash;
use bytes::Bytes;

use crate::document::DocumentId;

/// What is committed together: all of it, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Applied in order; a document may occur more than once.
    pub writes: Vec<DocumentWrite>,
    /// Small values by key; `None` removes the key.
    pub settings: Vec<(String, Option<Vec<u8>>)>,
}

impl Commit {
    /// A commit of one document's write.
    #[must_use]
    pub fn of(write: DocumentWrite) -> Self {
        Self {
            writes: vec![write],
            settings: Vec::new(),
        }
    }

    /// A commit of one setting.
    #[must_use]
    pub fn of_setting(key: impl Into<String>, value: Option<Vec<u8>>) -> Self {
        Self {
            writes: Vec::new(),
            settings: vec![(key.into(), value)],
        }
    }

    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.settings.is_empty()
    }

    /// What it asks to be written, roughly, in bytes: the measure by which commits are grouped and held back.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let writes: usize = self.writes.iter().map(DocumentWrite::size_bytes).sum();
        let settings: usize = self
            .settings
            .iter()
            .map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len))
            .sum();
        writes + settings
    }

    /// Appends what another commit holds, to be applied after this one's.
    pub fn extend(&mut self, other: Self) {
        self.writes.extend(other.writes);
        self.settings.extend(other.settings);
    }
}

/// What one document gains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentWrite {
    /// The document.
    pub id: DocumentId,
    /// Its name, if it is known and not stored yet. `None` leaves the stored name as it is.
    pub name: Option<String>,
    /// Change chunks to append, in causal order. Each holds one or more whole Automerge chunks.
    pub changes: Vec<Bytes>,
    /// The document's heads after this write, sorted. Without changes they cannot have moved: a stored document then
    /// keeps the heads it has, so that a note made before the last commit takes nothing back.
    pub heads: Vec<ChangeHash>,
    /// Whether the heads count although nothing is appended: some changes were put in quarantine, and lead nowhere now.
    pub moves_heads: bool,
    /// The heads which the dialled relay has acknowledged as durable, sorted. `None` leaves what is stored.
    pub remote_heads: Option<Vec<ChangeHash>>,
}

impl DocumentWrite {
    /// A write of changes and the heads they lead to.
    #[must_use]
    pub fn changes(id: DocumentId, changes: Vec<Bytes>, heads: Vec<ChangeHash>) -> Self {
        Self {
            id,
            name: None,
            changes,
            heads,
            moves_heads: false,
            remote_heads: None,
        }
    }

    /// A write of nothing but the heads that are left once some changes are in quarantine.
    #[must_use]
    pub fn heads(id: DocumentId, heads: Vec<ChangeHash>) -> Self {
        Self {
            moves_heads: true,
            ..Self::changes(id, Vec::new(), heads)
        }
    }

    /// A write of nothing but the heads that another end was seen to have, beside those that are here.
    #[must_use]
    pub fn remote_heads(
        id: DocumentId,
        heads: Vec<ChangeHash>,
        remote_heads: Vec<ChangeHash>,
    ) -> Self {
        Self {
            remote_heads: Some(remote_heads),
            ..Self::changes(id, Vec::new(), heads)
        }
    }

    /// What it asks to be written, roughly, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        let heads = self.heads.len() + self.remote_heads.as_ref().map_or(0, Vec::len);
        self.changes.iter().map(Bytes::len).sum::<usize>()
            + heads * size_of::<ChangeHash>()
            + self.name.as_ref().map_or(0, String::len)
            + size_of::<Self>()
    }
}
