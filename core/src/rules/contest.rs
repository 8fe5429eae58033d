//! Which values of a conflict somebody chose, and which are only where two replicas began.
//!
//! Two replicas that import one file offline both write every row. Who edits a row later overwrites what their own replica wrote, and
//! Automerge still has the other's: two values, though only one person chose anything. A value counts as merely begun with where
//! the field was not there before it was written, and as known to an edit that overwrote the same value.

use automerge::{Automerge, ChangeHash, ROOT, ReadDoc, Value as AutomergeValue};

use crate::document::{FieldConflict, LiveDocument, Writing};
use crate::records::Value;

/// How many overwritten values are looked at.
const LINEAGE_MAX: usize = 16;

/// A conflict as people have to decide it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Contest {
    pub(super) conflict: FieldConflict,
    /// What is shown is what one replica began with, and hides the others, which edit the same beginning.
    pub(super) hides: bool,
}

impl Contest {
    /// Every value counts as chosen.
    pub(super) fn open(conflict: FieldConflict) -> Self {
        Self {
            conflict,
            hides: false,
        }
    }

    /// None where the value that is shown is the only one that somebody chose.
    pub(super) fn of(document: &LiveDocument, mut conflict: FieldConflict) -> Option<Self> {
        let lineage = |writing: &Writing| lineage(document.automerge(), &conflict, writing.change);
        let shown = lineage(&conflict.winner);
        let others = conflict.others.iter().map(|other| (other, lineage(other)));
        let others: Vec<_> = others
            .filter(|(other, before)| !(before.is_empty() && shown.contains(&other.value)))
            .collect();
        let begun = shown.is_empty() && !others.is_empty();
        let hides = begun
            && others
                .iter()
                .all(|(_, before)| before.contains(&conflict.winner.value));
        let others: Vec<Writing> = others.into_iter().map(|(other, _)| other.clone()).collect();
        conflict.others = others;
        (!conflict.others.is_empty()).then_some(Self { conflict, hides })
    }
}

/// The values of the field that led to what `change` wrote, the last first. Empty where `change` put the field there.
fn lineage(
    automerge: &Automerge,
    conflict: &FieldConflict,
    change: ChangeHash,
) -> Vec<Option<Value>> {
    let mut values = Vec::new();
    let mut at = change;
    let key = format!("{}/{}", conflict.record, conflict.field);
    let Ok(Some((_, map))) = automerge.get(ROOT, conflict.collection.as_str()) else {
        return values;
    };
    while values.len() < LINEAGE_MAX
        && let Some(change) = automerge.get_change_meta_by_hash(&at)
        && let Ok(Some((value, id))) = automerge.get_at(&map, key.as_str(), &change.deps)
        && let Some(written) = automerge.hash_for_opid(&id)
    {
        values.push(scalar(&value));
        at = written;
    }
    values
}

fn scalar(value: &AutomergeValue<'_>) -> Option<Value> {
    Value::from_scalar(value.as_scalar()?)
}
