//! Two lessons have one teacher or one venue at once.
//!
//! Reads each `courses/<site>`. A teacher is known by name, and so within one school only; a venue by its record, wherever it is. Only
//! people know which lesson can be moved. One finding for two lessons and what they share.

use super::context::Context;
use super::schools::reference;
use super::wording::{period, said};
use super::{Finding, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::import::name_key;
use crate::ordered::{self, BTreeMap};
use crate::records::{Collection, CourseSession, RecordId};
use crate::school::Class;

/// What two lessons must not share.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shared<'a> {
    Teacher(&'a SiteKey, String),
    Venue(RecordId),
}

#[derive(Debug, Clone, Copy)]
struct Lesson<'s, 'a> {
    site: &'a SiteKey,
    class: &'s Class<'a>,
    session: &'a CourseSession,
}

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut lessons: BTreeMap<Shared<'_>, Vec<Lesson<'_, '_>>> = BTreeMap::new();
    for (site, class) in context.schools.classes() {
        for session in &class.sessions {
            let lesson = Lesson {
                site,
                class,
                session,
            };
            let teacher = name_key(teacher(class, session));
            if !teacher.is_empty() {
                let teacher = Shared::Teacher(site, teacher);
                lessons.entry(teacher).or_default().push(lesson);
            }
            if let Some(venue) = session.venue {
                lessons
                    .entry(Shared::Venue(venue))
                    .or_default()
                    .push(lesson);
            }
        }
    }
    for (shared, mut lessons) in lessons {
        ordered::sort_by_key(&mut lessons, |lesson| {
            (lesson.session.start, lesson.session.id)
        });
        for (index, one) in lessons.iter().enumerate() {
            let Some((_, end)) = one.session.period() else {
                continue;
            };
            let after = lessons.iter().skip(index + 1);
            for other in after.take_while(|other| other.session.start < end) {
                if other.session.period().is_some() {
                    findings.push(report(context, &shared, one, other));
                }
            }
        }
    }
}

fn teacher<'a>(class: &Class<'a>, session: &'a CourseSession) -> &'a str {
    match session.teacher.as_str() {
        "" => &class.course.teacher,
        teacher => teacher,
    }
}

fn report(
    context: &Context<'_>,
    shared: &Shared<'_>,
    one: &Lesson<'_, '_>,
    other: &Lesson<'_, '_>,
) -> Finding {
    let (what, field) = match shared {
        Shared::Teacher(..) => {
            let name = name_key(&said(teacher(one.class, one.session)));
            let text = Text::of(
                format_args!("{name}同时上两次课"),
                format_args!("{name} teaches two sessions at once"),
            );
            (text, "teacher")
        }
        Shared::Venue(venue) => {
            let name = context.venue_name(*venue);
            let text = Text::of(
                format_args!("“{name}”同时有两次课"),
                format_args!("{name} has two sessions at once"),
            );
            (text, "venue")
        }
    };
    let (first, second) = (lesson(context, one), lesson(context, other));
    let text = Text::of(
        format_args!("{}：{}，{}", what.zh, first.zh, second.zh),
        format_args!("{}: {}, and {}", what.en, first.en, second.en),
    );
    let records =
        [one, other].map(|lesson| reference(lesson.site, Collection::Sessions, lesson.session.id));
    Finding::new(
        Rule::SessionClash,
        Severity::Warning,
        records.into(),
        Some(field),
        text,
    )
    .on(Some(one.session.start.date()))
}

/// `“急救员第3期”（客运总站）第一课 12月7日 19:00–21:00`.
fn lesson(context: &Context<'_>, lesson: &Lesson<'_, '_>) -> Text {
    let class = context.class(lesson.site, lesson.class);
    let (session, name) = (lesson.session, said(&lesson.session.name));
    let when = period(session.start, session.end, context.year());
    Text::of(
        format_args!("{}{name} {}", class.zh, when.zh),
        format_args!("{} {name} {}", class.en, when.en),
    )
}
