use jiff::civil::DateTime;
use serde::Serialize;

use crate::records::write_date_time;

/// A time from a start to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// When it starts.
    pub start: DateTime,
    /// When it ends: after it starts.
    pub end: DateTime,
}

impl Slot {
    /// Whether there is a time in both; those that only touch do not overlap.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Serialize for Slot {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut object = to.serialize_map(Some(2))?;
        object.serialize_entry("start", &write_date_time(self.start))?;
        object.serialize_entry("end", &write_date_time(self.end))?;
        object.end()
    }
}
