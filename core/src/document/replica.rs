//! Replicas of one roster for tests, merged by hand.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::civil::{DateTime, date};

use super::{DocumentId, LiveDocument, Name, RecordPatch};
use crate::records::{Collection, Edit, RecordId, Shift, ShiftState, Typed};

/// The name of the roster.
pub(super) fn name() -> Name {
    "roster/keyun/2026-12".parse().unwrap()
}

/// A replica whose actor is `actor` sixteen times, and whose author is `keyun/<actor>`.
pub(super) fn replica(actor: u8) -> LiveDocument {
    let id = DocumentId::of(&"test".parse().unwrap(), &name());
    let mut document = LiveDocument::new(id, name(), [actor; 16]);
    document.set_author(&format!("keyun/{actor}").parse().unwrap(), [actor; 16]);
    document
}

/// A shift from eight to two on a day in December 2026.
pub(super) fn shift(day: i8, person: &str) -> Shift {
    let site = "keyun".parse().unwrap();
    let start = date(2026, 12, day).at(8, 0, 0, 0);
    Shift {
        id: Shift::id_of_row(&site, start, "前台", person),
        site,
        person: None,
        name: person.to_owned(),
        lent_by: None,
        post: "前台".to_owned(),
        start,
        end: date(2026, 12, day).at(14, 0, 0, 0),
        state: ShiftState::Planned,
        note: String::new(),
        removed_at: None,
    }
}

/// Eight in the morning of the first of the month.
pub(super) fn morning() -> DateTime {
    date(2026, 12, 1).at(8, 0, 0, 0)
}

pub(super) fn create(shifts: &[Shift]) -> Vec<Edit> {
    shifts
        .iter()
        .flat_map(|shift| shift.create(&name()))
        .collect()
}

pub(super) fn set(record: RecordId, field: &str, value: &str) -> Edit {
    Edit::set(&name(), Collection::Shifts, record, field, value)
}

pub(super) fn remove(record: RecordId) -> Edit {
    Edit::remove(&name(), Collection::Shifts, record, morning())
}

/// Gives `to` everything that `from` has.
pub(super) fn pull(to: &mut LiveDocument, from: &LiveDocument) -> Vec<RecordPatch> {
    to.apply(to.automerge().get_changes_added(from.automerge()))
        .unwrap()
}

/// Gives each what the other has.
pub(super) fn merge(a: &mut LiveDocument, b: &mut LiveDocument) {
    pull(a, b);
    pull(b, a);
    assert_eq!(a.heads(), b.heads());
    assert_eq!(a.view(), b.view());
}

/// The document as it is after a restart.
pub(super) fn reread(document: &LiveDocument) -> LiveDocument {
    let changes = document.automerge().get_changes(&[]);
    LiveDocument::load(document.id(), document.name().cloned(), [0; 16], changes).unwrap()
}
