use jiff::civil::DateTime;

use super::Slot;
use crate::ordered;
use crate::records::RecordId;

/// When a venue is taken and by which booking, by start. What is around a time is found without going over all of it: a venue
/// has years of bookings, and each that is bumped asks what is free around it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    slots: Vec<(Slot, RecordId)>,
    /// The latest end up to each of them: it never falls.
    ends: Vec<DateTime>,
}

impl Taken {
    pub(super) fn of(mut slots: Vec<(Slot, RecordId)>) -> Self {
        ordered::sort(&mut slots);
        let latest = slots.iter().scan(DateTime::MIN, |latest, (slot, _)| {
            *latest = slot.end.max(*latest);
            Some(*latest)
        });
        let ends = latest.collect();
        Self { slots, ends }
    }

    /// All, by start.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Slot, RecordId)> {
        self.slots.iter()
    }

    /// What overlaps a time, by start.
    pub(super) fn over(&self, time: &Slot) -> impl Iterator<Item = &(Slot, RecordId)> {
        let from = self.ends.partition_point(|end| *end <= time.start);
        let to = self
            .slots
            .partition_point(|(slot, _)| slot.start < time.end);
        // Where all that began has ended before it, the first lies behind the last.
        let near = self.slots.get(from..to).unwrap_or_default().iter();
        near.filter(move |(slot, _)| slot.overlaps(time))
    }
}
