//! What a calendar shows: records that have a start and an end, as plain events. How a calendar's file writes them is not known
//! here.

use jiff::civil::DateTime;

use super::bookings::{Placed, placements};
use super::{Documents, Period};
use crate::document::{Kind, SiteKey, Written};
use crate::matrix::Grant;
use crate::ordered::{self, BTreeMap};
use crate::records::{Course, CourseSession, CourseState, RecordId, Shift, ShiftState, Venue};
use crate::rules::Text;

/// Something that takes place from a start to an end, in the network's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The record that it shows: the event's identity, whatever becomes of it.
    pub record: RecordId,
    /// When it starts.
    pub start: DateTime,
    /// When it ends, later than it starts.
    pub end: DateTime,
    /// What it is, in a few words that somebody wrote.
    pub summary: String,
    /// Where it is.
    pub location: String,
    /// What else there is to say; may be empty.
    pub description: Text,
    /// Whether it will be.
    pub status: EventStatus,
    /// When and how often it was changed, where that is known.
    pub written: Option<Written>,
}

/// Whether an event will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventStatus {
    /// It was called off.
    Cancelled,
    /// It was agreed to.
    Confirmed,
    /// It is planned.
    Tentative,
}

/// The shifts of the rosters at hand that start in a period, as events: those that `wants` accepts, by start and id.
///
/// A shift that was removed, or that its person does not work, is there as cancelled: a calendar that had it takes it out. One
/// that cannot be put into a calendar, since its times make no sense, is not there.
pub fn roster_events(
    documents: &Documents<'_>,
    written: &BTreeMap<RecordId, Written>,
    period: Period,
    wants: impl Fn(&SiteKey, &Shift) -> bool,
) -> Vec<Event> {
    let mut events: BTreeMap<RecordId, Event> = BTreeMap::new();
    for (_, site, shift, entry) in documents.shifts() {
        let Some((start, end)) = shift.period() else {
            continue;
        };
        if end <= start || !period.contains(start.date()) || !wants(site, shift) {
            continue;
        }
        let status = match shift.state {
            _ if entry.removed_at().is_some() => EventStatus::Cancelled,
            ShiftState::Absent | ShiftState::Swapped => EventStatus::Cancelled,
            ShiftState::Confirmed => EventStatus::Confirmed,
            ShiftState::Planned => EventStatus::Tentative,
        };
        let event = Event {
            record: shift.id,
            start,
            end,
            summary: format!("{} {}", shift.post, shift.name),
            location: place(documents, site),
            description: description(documents, shift),
            status,
            written: written.get(&shift.id).copied(),
        };
        keep(&mut events, event);
    }
    sorted(events)
}

/// The bookings that start in a period and have their venue, as events: those of venues that `wants` accepts, by start and id.
///
/// A promised one is confirmed, one that has the venue until somebody promises it to another is tentative. One that is bumped is
/// left out, as is a cancelled one: a calendar shows whose the venue is, and two events at one time would each say it is theirs.
/// Whoever subscribed takes the calendar whole, so the event goes, and comes back when the other gives way. What is said is for
/// whoever has the address: no telephone number, and no remark, which may hold one.
pub fn booking_events(
    documents: &Documents<'_>,
    written: &BTreeMap<RecordId, Written>,
    period: Period,
    wants: impl Fn(&Venue) -> bool,
) -> Vec<Event> {
    let directory = documents.directory();
    let mut events: BTreeMap<RecordId, Event> = BTreeMap::new();
    for placed in placements(documents, &directory, period, None).placed {
        let Placed {
            booking,
            venue,
            slot,
            grant,
        } = &placed;
        let status = match grant {
            Grant::Confirmed => EventStatus::Confirmed,
            Grant::Granted => EventStatus::Tentative,
            Grant::Bumped { .. } | Grant::Cancelled | Grant::Unplaced => continue,
        };
        if !period.contains(slot.start.date()) || !wants(venue) {
            continue;
        }
        let event = Event {
            record: booking.id,
            start: slot.start,
            end: slot.end,
            summary: format!("{} {}", venue.name, booking.name),
            location: place(documents, &venue.site),
            description: booking_description(documents, &placed),
            status,
            written: written.get(&booking.id).copied(),
        };
        events.insert(booking.id, event);
    }
    sorted(events)
}

/// The lessons that start in a period, or all there are, as events: those of courses that `wants` accepts, by start and id.
///
/// A lesson that was removed, or whose course was or is cancelled, is there as cancelled. Who takes the course is not said.
pub fn session_events(
    documents: &Documents<'_>,
    written: &BTreeMap<RecordId, Written>,
    period: Option<Period>,
    wants: impl Fn(&SiteKey, &Course) -> bool,
) -> Vec<Event> {
    let directory = documents.directory();
    let mut events: BTreeMap<RecordId, Event> = BTreeMap::new();
    for (name, view) in documents.of_kind(Kind::Courses) {
        let Some(site) = name.site() else { continue };
        for (session, entry) in view.all::<CourseSession>() {
            let course = session.course.and_then(|id| view.get::<Course>(id));
            let (Some((start, end)), Some(course)) = (session.period(), course) else {
                continue;
            };
            let is_in = period.is_none_or(|period| period.contains(start.date()));
            if !is_in || !wants(site, course) {
                continue;
            }
            let is_off = entry.removed_at().is_some()
                || course.removed_at.is_some()
                || course.state == CourseState::Cancelled;
            let venue = session.venue.and_then(|id| directory.venue(id));
            let at = place(documents, site);
            let event = Event {
                record: session.id,
                start,
                end,
                summary: format!("{} {}", course.name, session.name),
                location: venue.map_or_else(|| at.clone(), |venue| format!("{}，{at}", venue.name)),
                description: lesson_description(course, session),
                status: match is_off {
                    true => EventStatus::Cancelled,
                    false => EventStatus::Confirmed,
                },
                written: written.get(&session.id).copied(),
            };
            keep(&mut events, event);
        }
    }
    sorted(events)
}

fn lesson_description(course: &Course, session: &CourseSession) -> Text {
    let teacher = match session.teacher.as_str() {
        "" => course.teacher.as_str(),
        teacher => teacher,
    };
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if !teacher.is_empty() {
        zh.push(format!("讲师 {teacher}"));
        en.push(format!("taught by {teacher}"));
    }
    if !session.note.is_empty() {
        zh.push(session.note.clone());
        en.push(session.note.clone());
    }
    Text::new(zh.join("\n"), en.join("\n"))
}

fn booking_description(documents: &Documents<'_>, placed: &Placed<'_>) -> Text {
    let label = placed.grant.label();
    let (mut zh, mut en) = (label.zh.to_owned(), label.en.to_owned());
    if let Some(borrower) = placed.borrower() {
        let borrower = documents.site_name(borrower);
        zh.push_str(&format!("\n借给 {borrower}"));
        en.push_str(&format!("\nlent to {borrower}"));
    }
    if let Some(people) = placed.booking.people {
        zh.push_str(&format!("\n{people} 人"));
        en.push_str(&format!("\n{people} people"));
    }
    if !placed.booking.purpose.is_empty() {
        for text in [&mut zh, &mut en] {
            text.push('\n');
            text.push_str(&placed.booking.purpose);
        }
    }
    Text::new(zh, en)
}

/// Keeps an event; of two that show one record, as a shift that moved to another month's roster is on both, the one that will
/// be.
fn keep(events: &mut BTreeMap<RecordId, Event>, event: Event) {
    let takes_place = |event: &Event| event.status != EventStatus::Cancelled;
    match events.get(&event.record) {
        Some(other) if takes_place(other) || !takes_place(&event) => {}
        _ => {
            events.insert(event.record, event);
        }
    }
}

fn sorted(events: BTreeMap<RecordId, Event>) -> Vec<Event> {
    let mut events: Vec<Event> = events.into_values().collect();
    ordered::sort_by_key(&mut events, |event| (event.start, event.record));
    events
}

/// A site as a map finds it.
fn place(documents: &Documents<'_>, site: &SiteKey) -> String {
    let name = documents.site_name(site);
    match documents.site(site).map(|site| site.address.trim()) {
        Some(address) if !address.is_empty() => format!("{name}，{address}"),
        _ => name,
    }
}

fn description(documents: &Documents<'_>, shift: &Shift) -> Text {
    let state = shift.state.label();
    let (mut zh, mut en) = (state.zh.to_owned(), state.en.to_owned());
    if let Some(lender) = &shift.lent_by {
        let lender = documents.site_name(lender);
        zh.push_str(&format!("\n借自 {lender}"));
        en.push_str(&format!("\nlent by {lender}"));
    }
    if !shift.note.is_empty() {
        for text in [&mut zh, &mut en] {
            text.push('\n');
            text.push_str(&shift.note);
        }
    }
    Text::new(zh, en)
}
