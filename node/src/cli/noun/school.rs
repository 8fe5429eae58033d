//! What is asked of the records of a night school beyond what is asked of any: seats, certificates, calendars and rankings.

use clap::{ArgMatches, Command, FromArgMatches, Subcommand};
use jiff::civil::Date;
use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::matrix::Directory;
use yilian_core::records::{Collection, RecordKind};
use yilian_core::school::School;
use yilian_node::Documents;

use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;

mod certificate;
mod contest;
mod course;
mod enrolment;

pub(super) use enrolment::seats;

/// What is asked, by the kind of record.
#[derive(Debug)]
pub(super) enum SchoolVerb {
    Certificate(certificate::Verb),
    Contest(contest::Verb),
    Course(course::Verb),
    Enrolment(enrolment::Verb),
}

/// Adds to the noun of a kind what is asked of it alone.
pub(super) fn augment(kind: &RecordKind, command: Command) -> Command {
    match kind.collection {
        Collection::Certificates => certificate::Verb::augment_subcommands(command),
        Collection::Contests => contest::Verb::augment_subcommands(command),
        Collection::Courses => course::Verb::augment_subcommands(command),
        Collection::Enrolments => enrolment::Verb::augment_subcommands(command),
        _ => command,
    }
}

/// What was asked of a kind alone, if that was.
pub(super) fn parse(
    kind: &RecordKind,
    matches: &ArgMatches,
) -> Result<Option<SchoolVerb>, clap::Error> {
    fn of<V: Subcommand + FromArgMatches>(matches: &ArgMatches) -> Result<Option<V>, clap::Error> {
        match matches.subcommand_name().is_some_and(V::has_subcommand) {
            true => V::from_arg_matches(matches).map(Some),
            false => Ok(None),
        }
    }
    Ok(match kind.collection {
        Collection::Certificates => of(matches)?.map(SchoolVerb::Certificate),
        Collection::Contests => of(matches)?.map(SchoolVerb::Contest),
        Collection::Courses => of(matches)?.map(SchoolVerb::Course),
        Collection::Enrolments => of(matches)?.map(SchoolVerb::Enrolment),
        _ => None,
    })
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: SchoolVerb,
) -> Result<(), Failure> {
    match verb {
        SchoolVerb::Certificate(verb) => certificate::run(context, kind, verb).await,
        SchoolVerb::Contest(verb) => contest::run(context, kind, verb).await,
        SchoolVerb::Course(verb) => course::run(context, kind, verb).await,
        SchoolVerb::Enrolment(verb) => enrolment::run(context, kind, verb).await,
    }
}

/// Reads the schools that are here, or that of a site, with the directory.
async fn read<T: Send + 'static>(
    node: &yilian_node::Node,
    site: Option<SiteKey>,
    read: impl FnOnce(&[School<'_>], &Documents<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    read_with(node, site, |_| false, read).await
}

/// As [`read`], with more documents.
async fn read_with<T: Send + 'static>(
    node: &yilian_node::Node,
    site: Option<SiteKey>,
    more: impl Fn(&Name) -> bool,
    read: impl FnOnce(&[School<'_>], &Documents<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    let wanted = |name: &Name| {
        let of_site = site.is_none() || name.site() == site.as_ref();
        matches!(name.kind(), Kind::Courses | Kind::School) && of_site || more(name)
    };
    let read_names = names(node, wanted, vec![Name::Sites]).await?;
    let done = node.read(read_names, move |documents| {
        let sites = documents.get(&Name::Sites);
        let directory = sites.map_or_else(Directory::empty, |sites| Directory::new(sites.view()));
        read(&School::all(documents.views(), directory.hub()), documents)
    });
    Ok(done.await?)
}

/// The site that is the hub's, where the directory says so.
async fn hub(node: &yilian_node::Node) -> Result<Option<SiteKey>, Failure> {
    let hub = node.read(vec![Name::Sites], |documents| {
        let sites = documents.get(&Name::Sites)?;
        Directory::new(sites.view()).hub().cloned()
    });
    Ok(hub.await?)
}

/// A day, as it is typed.
fn date(text: &str) -> Result<Date, jiff::Error> {
    Date::strptime("%Y-%m-%d", text)
}
