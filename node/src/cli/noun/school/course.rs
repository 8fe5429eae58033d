//! Courses: certificates for those who passed, and a calendar of lessons.

use std::collections::BTreeMap;

use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;
use yilian_core::document::{Author, Kind, Month, Name, SiteKey};
use yilian_core::records::{Certificate, Course, Edit, RecordKind};
use yilian_core::report::Period;
use yilian_core::report::calendar::session_events;
use yilian_core::rules::Text;
use yilian_core::school::{self, Class, Enrolled, SchoolError, certify};

mod book;

use super::super::One;
use super::super::desk::Desk;
use super::read_with;
use crate::cli::args::OutFile;
use crate::cli::calendar_file::{is_called, put, target};
use crate::cli::context::{Context, names};
use crate::cli::documents::reported;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::site::AtSiteOrAll;

/// What is asked of courses alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(about = "发证：给考核合格、出勤够的人 | certify: those who passed and were there")]
    Certify {
        #[command(flatten)]
        one: One,
        #[arg(
            value_name = "NAME",
            help = "只给这些人（默认所有够格的） | these only (default: all who may be)"
        )]
        learners: Vec<String>,
        #[arg(
            long,
            value_name = "YYYY-MM-DD",
            value_parser = super::date,
            help = "发证日期（默认今天） | the day of issue (default: today)"
        )]
        on: Option<Date>,
    },
    #[command(
        about = "订场地：给每次课预订它的场地，改期、换场地后跟着改 | book: the venue of each lesson, and follow where one has moved"
    )]
    Book {
        #[command(flatten)]
        one: One,
    },
    #[command(about = "课表写成日历文件（.ics） | write the lessons as a calendar file (.ics)")]
    Calendar {
        #[arg(
            long,
            value_name = "YYYY-MM",
            help = "只写这个月（默认全部） | of this month only (default: all)"
        )]
        month: Option<Month>,
        #[command(flatten)]
        site: AtSiteOrAll,
        #[arg(
            long,
            value_name = "COURSE",
            help = "只写这门课：名称或编号 | of this course only: its name or its id"
        )]
        course: Option<String>,
        #[command(flatten)]
        out: OutFile,
    },
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: Verb,
) -> Result<(), Failure> {
    match verb {
        Verb::Book { one } => book::run(context, kind, &one).await,
        Verb::Certify { one, learners, on } => issue(context, kind, &one, learners, on).await,
        Verb::Calendar {
            month,
            site,
            course,
            out,
        } => calendar(context, month, &site, course, out).await,
    }
}

/// What came of certifying a class.
#[derive(Debug, Default)]
struct Issued {
    edits: Vec<Edit>,
    certificates: Vec<Certificate>,
    refused: Vec<(String, SchoolError)>,
    /// Names that are nobody's who enrolled, or that several have.
    unknown: Vec<String>,
}

async fn issue(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
    learners: Vec<String>,
    on: Option<Date>,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let on = on.unwrap_or_else(|| desk.node.clock().civil().date());
    let by = desk.node.author().map(Author::name).unwrap_or_default();
    let (by, course, all) = (by.to_owned(), found.record, learners.is_empty());
    let (network, site) = (
        desk.node.profile().network.clone(),
        found.document.site().cloned(),
    );
    // Whoever enrolled by what they sent gets the proof where they sent it.
    let of = site.clone();
    let inbox = |name: &Name| name.kind() == Kind::Inbox && name.site() == of.as_ref();
    let issued = read_with(&desk.node, site, inbox, move |schools, documents| {
        let own = schools
            .iter()
            .find(|school| school.class(course).is_some())?;
        let class = own.class(course)?;
        let mut issued = Issued::default();
        for enrolled in wanted(class, &learners, &mut issued.unknown) {
            match certify(class, enrolled, on, &by) {
                Ok(certificate) => {
                    let of = (&certificate, enrolled.enrolment.id);
                    let edits = school::issue(&network, own.site(), of, documents.views());
                    issued.edits.extend(edits);
                    issued.certificates.push(certificate);
                }
                Err(error) => {
                    let name = enrolled.enrolment.name.clone();
                    issued.refused.push((name, error));
                }
            }
        }
        Some(issued)
    })
    .await?;
    let issued = issued.ok_or_else(|| {
        let asked = &one.record;
        Failure::new(
            format!("“{asked}”已移除，不能发证"),
            format!("{asked} was removed: nobody can be certified"),
        )
    })?;
    let told = refusals(&issued);
    if !all && !told.is_empty() {
        // Who was asked for by name is certified, or nobody is.
        return Err(Failure::Failed(
            Text::new("没有发证", "nobody was certified"),
            told,
        ));
    }
    desk.node.edit(issued.edits.clone(), "certify").await?;
    desk.node.stop().await;
    tell(context, &issued, &told)
}

/// Those who are asked for; without names, those who have no certificate yet.
fn wanted<'c, 'a>(
    class: &'c Class<'a>,
    learners: &[String],
    unknown: &mut Vec<String>,
) -> Vec<&'c Enrolled<'a>> {
    if learners.is_empty() {
        let without = class.in_turn().filter(|one| one.certificates.is_empty());
        return without.filter(|one| one.seat.stands()).collect();
    }
    let mut wanted = Vec::new();
    for learner in learners {
        let (name, phone) = learner.split_once('#').unwrap_or((learner, ""));
        match class.find(name, phone) {
            Some(enrolled) => wanted.push(enrolled),
            None => unknown.push(learner.clone()),
        }
    }
    wanted
}

fn refusals(issued: &Issued) -> Vec<Text> {
    let unknown = issued.unknown.iter().map(|name| {
        Text::new(
            format!("没有报名，或有几位同名的，用 姓名#电话 指明：{name}"),
            format!("not enrolled, or several have the name (then NAME#PHONE): {name}"),
        )
    });
    let refused = issued.refused.iter().map(|(_, error)| error.text());
    unknown.chain(refused).collect()
}

fn tell(context: &Context, issued: &Issued, told: &[Text]) -> Result<(), Failure> {
    if context.json {
        let refused = issued.refused.iter().zip(told);
        let refused = refused.map(|((name, _), text)| json!({ "name": name, "reason": text }));
        return out::json(&json!({
            "certified": issued.certificates,
            "refused": refused.collect::<Vec<_>>(),
        }));
    }
    for certificate in &issued.certificates {
        let until = certificate.expires_on.map(|day| day.to_string());
        let number = certificate.shown_number();
        out::line(&format!(
            "{}  {number}  {}",
            certificate.name,
            until.unwrap_or_default()
        ))?;
    }
    for text in told {
        out::line(&format!("- {}", context.text(text)))?;
    }
    let count = issued.certificates.len();
    context.say(&format!("已发证 {count} 份"), &format!("{count} certified"))
}

/// Writes lessons as a calendar's file: of a course, of a site's school, or all.
async fn calendar(
    context: &Context,
    month: Option<Month>,
    site: &AtSiteOrAll,
    course: Option<String>,
    out: OutFile,
) -> Result<(), Failure> {
    let target = target(context, out)?;
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    let period = month.map(Period::of_month);
    let of_site = |name: &Name| site.is_none() || name.site() == site.as_ref();
    let wanted = |name: &Name| name.kind() == Kind::Courses && of_site(name);
    let read_names = names(&node, wanted, vec![Name::Sites]).await?;
    let (asked, place) = (course.clone(), site.clone());
    let (events, is_known, site_name) = node
        .read(read_names, move |documents| {
            let all = reported(documents);
            let open = documents.iter();
            let written: BTreeMap<_, _> = open.flat_map(|document| document.written()).collect();
            let is_meant = |course: &Course| {
                let mut asked = asked.iter();
                asked.all(|asked| is_called(&course.name, course.id, asked))
            };
            let mut courses = documents.iter().flat_map(|document| {
                let courses = document.view().present::<Course>();
                courses.map(|(course, _)| course).collect::<Vec<_>>()
            });
            let is_known = courses.any(is_meant);
            let wants = |_: &SiteKey, course: &Course| is_meant(course);
            let events = session_events(&all, &written, period, wants);
            let site_name = place.as_ref().map(|place| all.site_name(place));
            (events, is_known, site_name)
        })
        .await?;
    if let (Some(course), false) = (&course, is_known) {
        return Err(Failure::new(
            format!("没有叫“{course}”的课程；有哪些：yilian course list"),
            format!(
                "there is no course called \"{course}\"; yilian course list shows which there are"
            ),
        ));
    }
    let month = month.map(|month| month.to_string());
    let of = [site_name.as_deref(), course.as_deref(), month.as_deref()];
    put(context, node, &target, &of, ("课表", "lessons"), &events).await
}
