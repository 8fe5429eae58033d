//! Two years of night schools at a hub: merged, asked, looked through.

use anyhow::{Context, Result, ensure};
use yilian_core::document::{DocumentId, LiveDocument, Name};
use yilian_core::matrix::Directory;
use yilian_core::records::{Certificate, View};
use yilian_core::rules::{Holdings, findings};
use yilian_core::school::{Credentials, School, next_course};
use yilian_node::Documents;

use super::named;
use crate::hub::clock::{Clock, asked};
use crate::hub::measure::{HOME, NOW, Row};

/// A term is merged so often.
const MERGED: usize = 20;

pub(super) fn rows(documents: &Documents<'_>, directory: &Directory) -> Result<Vec<Row>> {
    let site = HOME.parse()?;
    let hub = directory.hub();
    let (courses, own) = (
        Name::Courses { site },
        Name::School {
            site: HOME.parse()?,
        },
    );
    let courses = documents.get(&courses).context("the home has courses")?;
    let own = documents.get(&own).context("the home has a school")?;
    let mut classes = 0;
    let index = asked(|| {
        let site = own.name().and_then(Name::site);
        let school =
            site.map(|site| School::new(site, Some(courses.view()), Some(own.view()), hub));
        classes = school.map_or(0, |school| school.classes().count());
    });
    ensure!(classes > 0, "a school without classes");
    let all = asked(|| School::all(named(documents), hub).len());
    let schools = School::all(named(documents), hub);
    let certificate = own.view().present::<Certificate>().next();
    let certificate = certificate.context("the home has certified somebody")?.0;
    let next = asked(|| next_course(&schools, &certificate.certificate, NOW).is_some());
    let learner = asked(|| {
        let classes = schools.iter().flat_map(School::classes);
        let taken = classes.filter_map(|class| class.find(&certificate.name, &certificate.phone));
        taken.count()
    });
    let views: Vec<(&Name, &View)> = named(documents).collect();
    let credentials = asked(|| Credentials::new(views.clone()).all().count());
    Ok(vec![
        ("merge a term of the centre's school, ms", merge(own)?),
        ("the classes of the centre, two years, ms", index),
        ("the classes of every home, two years, ms", all),
        ("… a learner's courses, ms", learner),
        ("… the next course for a certificate, ms", next),
        ("whose certificates are valid, everybody's, ms", credentials),
        ("findings about two years of schools, ms", found(documents)),
    ])
}

/// The last eighth of what a home wrote in two years comes in at once.
fn merge(school: &LiveDocument) -> Result<f64> {
    let name = school.name().context("a school has a name")?;
    let mut before = school.automerge().get_changes(&[]);
    let term = before.split_off(before.len() - before.len() / 8);
    ensure!(!term.is_empty(), "a term without a change");
    let id = DocumentId::of(&"county".parse()?, name);
    let mut hub = LiveDocument::new(id, name.clone(), [9; 16]);
    hub.apply(before)?;
    let mut copies = vec![hub; MERGED];
    let clock = Clock::start();
    for copy in &mut copies {
        copy.apply(term.clone())?;
    }
    Ok(clock.ms() / MERGED as f64)
}

/// What the rules about schools take, beside those about everything else that they read.
fn found(documents: &Documents<'_>) -> f64 {
    let take = |with_schools: bool| {
        let mut holdings = Holdings::new(NOW);
        for document in documents.iter() {
            match document.name() {
                Some(Name::Sites | Name::People { .. } | Name::Roster { .. }) => {
                    holdings.add(document);
                }
                Some(Name::School { .. } | Name::Courses { .. }) if with_schools => {
                    holdings.add(document);
                }
                _ => {}
            }
        }
        holdings.add_nothing_else();
        holdings
    };
    let timed = |holdings: Holdings<'_>| asked(|| findings(&holdings, None).findings.len());
    timed(take(true)) - timed(take(false))
}
