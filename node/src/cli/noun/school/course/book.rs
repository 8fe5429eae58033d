use serde_json::json;
use yilian_core::document::{Author, Kind, Month, Name, SiteKey};
use yilian_core::inbox::taken;
use yilian_core::matrix::Directory;
use yilian_core::records::{Booking, Collection, Edit, RecordKind, View};
use yilian_core::rules::Text;
use yilian_core::school::{self, Lesson, document, lessons, unbook};
use yilian_node::Profile;

use super::super::super::One;
use super::super::super::claim::confirmer;
use super::super::super::desk::Desk;
use super::super::read_with;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::roster::edit::done;

/// What came of booking a course's lessons.
#[derive(Debug, Default)]
struct Booked {
    edits: Vec<Edit>,
    /// How many lessons to come have a venue.
    lessons: usize,
    /// What is promised to others at the time: these are booked and not confirmed.
    taken: Vec<Text>,
}

/// Books what the lessons of a course need, moves what has moved, and gives up what is not needed any more. Somebody of the venue's site,
/// or the hub, confirms it along with that.
pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let (course, now) = (found.record, desk.node.clock().civil());
    let profile = desk.node.profile().clone();
    let own = found.document.site().cloned();
    // What is over is not booked any more. The booking of a lesson may be with any site.
    let since = Month::of(now.date()).ok().and_then(|month| month.prev());
    let bookings = |name: &Name| name.kind() == Kind::Bookings && name.month() >= since;
    let booked = read_with(&desk.node, None, bookings, move |schools, documents| {
        let school = schools
            .iter()
            .find(|school| Some(school.site()) == own.as_ref())?;
        let class = school.class(course)?;
        let views: Vec<(&Name, &View)> = documents.views().collect();
        let directory = Directory::new(documents.get(&Name::Sites)?.view());
        let kept: Vec<Lesson<'_>> = lessons(school.site(), class, &directory).collect();
        let mut booked = Booked::default();
        for lesson in kept.iter().filter(|lesson| lesson.session.end > now) {
            booked.lessons += 1;
            let by = promiser(&profile, lesson, &directory);
            booked.add(lesson, &views, by.as_ref(), &directory, now);
        }
        let courses = documents.get(&document(school.site(), Collection::Courses))?;
        let given_up = unbook(courses.view(), class, &kept, views.iter().copied());
        booked.edits.extend(given_up);
        Some(booked)
    })
    .await?;
    let booked = booked.ok_or_else(|| {
        let asked = &one.record;
        Failure::new(
            format!("“{asked}”已移除，或本机没有站点名录"),
            format!("{asked} was removed, or the directory of sites is not here"),
        )
    })?;
    let changed = !booked.edits.is_empty();
    desk.node.edit(booked.edits, "book").await?;
    desk.node.stop().await;
    if !context.json {
        for taken in &booked.taken {
            out::line(&format!("- {}", context.text(taken)))?;
        }
    }
    let count = booked.lessons;
    done(
        context,
        &json!({ "lessons": count, "changed": changed, "unconfirmed": booked.taken }),
        (
            &format!("接下来有场地的 {count} 次课都已预订"),
            &format!("{count} lessons to come in a venue are booked"),
        ),
    )
}

/// Who promises a lesson's venue here, if somebody may.
fn promiser(profile: &Profile, lesson: &Lesson<'_>, directory: &Directory<'_>) -> Option<Author> {
    let site: &SiteKey = lesson.wanted.0.site()?;
    confirmer(profile, Some(site), directory.hub()).ok()
}

impl Booked {
    fn add(
        &mut self,
        lesson: &Lesson<'_>,
        views: &[(&Name, &View)],
        by: Option<&Author>,
        directory: &Directory<'_>,
        now: jiff::civil::DateTime,
    ) {
        let bookings = views.iter().flat_map(|(_, view)| view.present::<Booking>());
        let wanted = &lesson.wanted.1;
        let others = bookings.map(|(_, entry)| entry);
        // Two promises for one time are an error that people must settle: the second is not made.
        let free = taken(wanted, others, directory);
        if let (Err(error), true) = (&free, by.is_some()) {
            self.taken.push(error.text());
        }
        let by = by.filter(|_| free.is_ok());
        let edits = school::book(lesson, views.iter().copied(), by, now);
        self.edits.extend(edits);
    }
}
