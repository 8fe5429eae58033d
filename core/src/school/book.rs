use jiff::civil::DateTime;

use super::Class;
use crate::document::{Author, Month, Name, SiteKey};
use crate::matrix::Directory;
use crate::records::{
    Booking, BookingState, CONFIRMED_BY, CONFIRMED_FOR, Collection, CourseSession, CourseState,
    Edit, RecordId, Typed, Value, View,
};

/// A lesson that needs a venue, and the booking that gives it that.
#[derive(Clone, Debug)]
pub struct Lesson<'a> {
    /// The lesson.
    pub session: &'a CourseSession,
    /// The document of the booking, and the booking, which nobody has promised. Its id follows from the lesson's: made at two
    /// computers, it is one.
    pub wanted: (Name, Booking),
}

/// The lessons of a class that are planned in a venue of the directory; none where the course does not take place.
pub fn lessons<'c, 'a>(
    site: &'c SiteKey,
    class: &'c Class<'a>,
    directory: &'c Directory<'_>,
) -> impl Iterator<Item = Lesson<'a>> + use<'c, 'a> {
    let takes_place = class.course.state != CourseState::Cancelled;
    let sessions = class.sessions.iter().filter(move |_| takes_place);
    sessions.filter_map(|session| {
        let (start, end) = session.period()?;
        let venue = directory.venue(session.venue?)?;
        let booking = Booking {
            id: booking_of(session.id),
            site: venue.site.clone(),
            venue: Some(venue.id),
            start,
            end,
            name: class.course.name.clone(),
            phone: String::new(),
            borrower: (venue.site != *site).then(|| site.clone()),
            people: class.course.capacity,
            purpose: session.name.clone(),
            state: BookingState::Booked,
            confirmed_by: String::new(),
            confirmed_for: String::new(),
            note: String::new(),
            removed_at: None,
        };
        let document = Name::Bookings {
            site: venue.site.clone(),
            month: Month::of(start.date()).ok()?,
        };
        Some(Lesson {
            session,
            wanted: (document, booking),
        })
    })
}

/// The id of the booking of a lesson.
fn booking_of(session: RecordId) -> RecordId {
    RecordId::natural(Collection::Bookings, &[&session.to_string()])
}

/// The edits that give a lesson its booking, or put that right: one that is in another document moves. `bookings` are what is held of
/// them; `by` promises the venue. None where it is as it should be.
///
/// A promise of what was asked for before is taken back.
pub fn book<'a>(
    lesson: &Lesson<'_>,
    bookings: impl IntoIterator<Item = (&'a Name, &'a View)>,
    by: Option<&Author>,
    now: DateTime,
) -> Vec<Edit> {
    let (document, wanted) = &lesson.wanted;
    let mut there = None;
    let mut left = Vec::new();
    for (name, view) in bookings {
        let held = view.entry(Collection::Bookings, wanted.id);
        let Some(held) = held.filter(|_| matches!(name, Name::Bookings { .. })) else {
            continue;
        };
        if name == document {
            there = Some(held);
        } else if held.removed_at().is_none() {
            left.push(Edit::remove(name, Collection::Bookings, wanted.id, now));
        }
    }
    let set = |field: &str, value: Value| {
        Edit::set(document, Collection::Bookings, wanted.id, field, value)
    };
    let held = there.map(|entry| entry.fields());
    let of = |field: &str| held.and_then(|fields| fields.get(field));
    let fields = wanted.fields().into_iter();
    let changed = fields.filter(|(field, value)| of(field) != Some(value));
    let changed: Vec<(&str, Value)> = changed.collect();
    let asks_anew = changed
        .iter()
        .any(|(field, _)| Booking::KIND.claims.contains(field));
    let confirmed = of(CONFIRMED_BY)
        .and_then(Value::as_text)
        .unwrap_or_default();
    let promise = match by {
        Some(by) if asks_anew || confirmed.is_empty() => Some(by.as_str()),
        None if asks_anew && !confirmed.is_empty() => Some(""),
        _ => None,
    };
    // Whose it was before, where it is that no more.
    let lent = of("borrower").and_then(Value::as_text);
    let returned = lent.is_some_and(|lent| !lent.is_empty()) && wanted.borrower.is_none();
    let mut edits: Vec<Edit> = changed
        .into_iter()
        .map(|(field, value)| set(field, value))
        .collect();
    if let Some(by) = promise {
        edits.push(set(CONFIRMED_BY, by.into()));
        let promised = if by.is_empty() {
            String::new()
        } else {
            wanted.claimed()
        };
        let is_said = of(CONFIRMED_FOR).is_some() || !promised.is_empty();
        edits.extend(is_said.then(|| set(CONFIRMED_FOR, promised.into())));
    }
    edits.extend(returned.then(|| set("borrower", "".into())));
    if there.is_some_and(|entry| entry.removed_at().is_some()) {
        edits.push(Edit::restore(document, Collection::Bookings, wanted.id));
    }
    edits.extend(left);
    edits
}

/// The edits that give up the bookings of lessons of a course that do not need them any more: the lesson or its venue is gone, or the
/// course is cancelled. `courses` is the view of the school's `courses/<site>`.
pub fn unbook<'a>(
    courses: &View,
    class: &Class<'_>,
    kept: &[Lesson<'_>],
    bookings: impl IntoIterator<Item = (&'a Name, &'a View)>,
) -> Vec<Edit> {
    let of_course = courses.all::<CourseSession>();
    let of_course = of_course.filter(|(session, _)| session.course == Some(class.course.id));
    let ids: Vec<RecordId> = of_course
        .map(|(session, _)| booking_of(session.id))
        .filter(|id| !kept.iter().any(|lesson| lesson.wanted.1.id == *id))
        .collect();
    let mut edits = Vec::new();
    for (name, view) in bookings {
        for id in &ids {
            let held = view.get::<Booking>(*id);
            let holds =
                |held: &&Booking| held.removed_at.is_none() && held.state == BookingState::Booked;
            let cancelled = BookingState::Cancelled.as_str();
            edits.extend(
                held.filter(holds)
                    .map(|_| Edit::set(name, Collection::Bookings, *id, "state", cancelled)),
            );
        }
    }
    edits
}
