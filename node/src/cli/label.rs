use yilian_core::records::{Entry, Record, write_date_time};

use super::shift_id::short;

/// What people call a record: a shift by its start, post and name, others by their name.
pub(crate) fn label(entry: &Entry) -> String {
    match entry.record() {
        Record::Shift(shift) => {
            let start = shift.period().map_or_else(
                || "?".to_owned(),
                |(start, _)| write_date_time(start).replace('T', " "),
            );
            format!("{start} {} {}", shift.post, shift.name)
        }
        other => {
            let caption = other.kind().map(|kind| kind.caption(entry.fields()));
            match caption.unwrap_or_default() {
                caption if caption.is_empty() => short(&other.id()),
                caption => caption,
            }
        }
    }
}
