//! A lesson takes place while its venue is closed, or its site where it names no venue.
//!
//! Reads `sites` (hours, exceptions, what is paused or closed) and each `courses/<site>`. One finding for a lesson.

use super::context::Context;
use super::schools::reference;
use super::wording::{closed, period, said};
use super::{Finding, Rule, Severity, Text};
use crate::records::{Collection, CourseState};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (site, class) in context.schools.classes() {
        if class.course.state == CourseState::Cancelled {
            continue;
        }
        for session in &class.sessions {
            let Some((start, end)) = session.period() else {
                continue;
            };
            let venue = session.venue.and_then(|id| context.directory.venue(id));
            let hours = match venue {
                Some(venue) => context.directory.venue_hours(venue),
                None => context.directory.site_hours(site),
            };
            if hours.covers(start, end) {
                continue;
            }
            let at = venue.map_or_else(|| context.site_name(site), |venue| said(&venue.name));
            let (what, name) = (context.class(site, class), said(&session.name));
            let when = period(start, end, context.year());
            let closed = closed(hours.on(start.date()), &at);
            let text = Text::of(
                format_args!("{}{name} {} 排在{at}{}", what.zh, when.zh, closed.zh),
                format_args!("{} {name} {} is {}", what.en, when.en, closed.en),
            );
            let record = reference(site, Collection::Sessions, session.id);
            findings.push(
                Finding::new(
                    Rule::SessionOutsideHours,
                    Severity::Warning,
                    vec![record],
                    None,
                    text,
                )
                .on(Some(start.date())),
            );
        }
    }
}
