//! A lesson that is to come names a venue, and does not have it.
//!
//! Reads each `courses/<site>`, `sites` (whose the venue is) and the bookings of its site in the lesson's month. A lesson has it by its
//! own booking, or by one that names the course. Where its booking has to make way, that is said of the booking. One finding for a lesson.

use super::context::{Context, not_checked};
use super::schools::reference;
use super::wording::{period, said};
use super::{Finding, NotChecked, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::records::{Booking, Collection};
use crate::school::{Class, Lesson, book, lessons};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Whether a booking has its venue is not known without the directory.
    if context.sites.is_empty() {
        return;
    }
    for (site, class, lesson) in wanting(context) {
        let (name, wanted) = &lesson.wanted;
        if !context.concerns([name])
            || context.holdings.is_missing(name)
            || has(context, class, wanted)
        {
            continue;
        }
        findings.push(report(context, site, class, &lesson));
    }
}

/// The lessons to come that need a venue.
fn wanting<'a>(
    context: &'a Context<'_>,
) -> impl Iterator<Item = (&'a SiteKey, &'a Class<'a>, Lesson<'a>)> {
    context.schools.classes().flat_map(|(site, class)| {
        let lessons = lessons(site, class, &context.directory);
        let lessons = lessons.filter(|lesson| lesson.session.end > context.holdings.now);
        lessons.map(move |lesson| (site, class, lesson))
    })
}

fn has(context: &Context<'_>, class: &Class<'_>, wanted: &Booking) -> bool {
    let fits = |booking: &Booking| {
        booking.venue == wanted.venue && booking.start <= wanted.start && wanted.end <= booking.end
    };
    // Whether its own has the venue is another question.
    let mut booked = context.bookings.booked();
    let own = context.bookings.get(wanted.id);
    let own = own.filter(|own| own.booking.state == wanted.state);
    if own.is_some_and(|own| fits(own.booking)) {
        return true;
    }
    let course = name_key(&class.course.name);
    booked.any(|placed| {
        let booking = placed.booking;
        let names = [&booking.name, &booking.purpose, &booking.note];
        let grant = context.bookings.grant(booking);
        fits(booking)
            && grant.is_some_and(|grant| grant.stands())
            && names
                .into_iter()
                .any(|text| name_key(text).contains(&course))
    })
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    class: &Class<'_>,
    lesson: &Lesson<'_>,
) -> Finding {
    let (session, what) = (lesson.session, context.class(site, class));
    let when = period(session.start, session.end, context.year());
    let name = said(&session.name);
    let venue = lesson.wanted.1.venue.map(|id| context.venue_name(id));
    let venue = venue.unwrap_or_default();
    let text = Text::of(
        format_args!("{}{name} {} 排在{venue}，还没有订场地", what.zh, when.zh),
        format_args!(
            "{} {name} {} is in {venue}, which is not booked for it",
            what.en, when.en
        ),
    );
    let label = Text::of(format_args!("预订{venue}"), format_args!("book {venue}"));
    let bookings = context.holdings.views();
    let edits = book(lesson, bookings, None, context.holdings.now);
    Finding::new(
        Rule::UnbookedSession,
        Severity::Warning,
        vec![reference(site, Collection::Sessions, session.id)],
        None,
        text,
    )
    .on(Some(session.start.date()))
    .with_repairs(vec![Repair::new(label, edits)])
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    let documents = wanting(context).map(|(.., lesson)| lesson.wanted.0);
    let documents: Vec<Name> = documents
        .filter(|name| context.concerns([name]) && context.holdings.is_missing(name))
        .collect();
    let text = Text::new(
        "没有核对课次是否订到场地：本机没有那些预订",
        "whether lessons have their venues was not checked: those bookings are not held",
    );
    out.extend(not_checked(Rule::UnbookedSession, documents, text));
}
