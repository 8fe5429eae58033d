use automerge::{Change, ChangeHash, ReadDoc as _};

use super::{author_of, mentioned};
use crate::document::{Author, LiveDocument};
use crate::records::Edit;

/// What a change wrote, to be made again on other ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Remake {
    /// The change.
    pub of: ChangeHash,
    /// Every field that it set or deleted, seen from where its writer stood.
    pub edits: Vec<Edit>,
    /// Its message; empty where it had none.
    pub message: String,
}

impl LiveDocument {
    /// What `author` wrote in some changes of this document, in the order given; those that are not here, and those that
    /// wrote no field of a record, are left out.
    ///
    /// It is for changes that cannot stay because of what they build on: the same edits can be made without that.
    pub fn remakes(&self, changes: &[ChangeHash], author: &Author) -> Vec<Remake> {
        let changes = changes.iter();
        let here = changes.filter_map(|hash| self.automerge.get_change_by_hash(hash));
        let theirs =
            here.filter(|change| author_of(&self.automerge, change).as_ref() == Some(author));
        let remakes = theirs.map(|change| Remake {
            of: change.hash(),
            edits: self.edits_of(&change),
            message: change.message().unwrap_or_default().to_owned(),
        });
        remakes.filter(|remake| !remake.edits.is_empty()).collect()
    }

    fn edits_of(&self, change: &Change) -> Vec<Edit> {
        let Some(name) = self.name() else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        for record in mentioned(change) {
            for collection in name.kind().collections() {
                let Some(patch) = self.patch_of(*collection, record, change) else {
                    continue;
                };
                edits.extend(patch.fields.into_iter().map(|field| match field.new {
                    Some(value) => Edit::set(name, *collection, record, &field.field, value),
                    None => Edit::clear(name, *collection, record, &field.field),
                }));
            }
        }
        edits
    }
}
