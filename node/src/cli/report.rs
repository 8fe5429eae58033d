//! Reports from what is here.

pub(crate) mod args;

use clap::ValueEnum;
use yilian_core::document::{Kind, Month, Name, SiteKey};
use yilian_core::import::name_key;
use yilian_core::records::{Drive, RecordId};
use yilian_core::report::cases::Cases;
use yilian_core::report::supplies::{Goods, Scope};
use yilian_core::report::{
    DAYS_MAX, Documents, Period, PeriodError, Report, bookings, requests, roster, school,
};
use yilian_node::Node;

use self::args::{
    BookingsBy, CasesBy, PeriodArguments, ReportArguments, ReportCommand, RosterBy, SchoolBy,
    SuppliesBy,
};
use super::args::Format;
use super::context::{Context, names};
use super::documents::reported;
use super::failure::Failure;
use super::sheet::{self, Target};

/// Makes a report. A new one is a variant of the command, the documents that it looks into, and a function.
pub(crate) async fn run(context: &Context, command: ReportCommand) -> Result<(), Failure> {
    match command {
        ReportCommand::Bookings { asked, by } => {
            let desk = Desk::open(context, asked).await?;
            let (period, site) = (desk.period, desk.site.clone());
            let is_near = |month: Month| period.is_near(month);
            let wanted =
                |name: &Name| name.kind() == Kind::Bookings && name.month().is_some_and(is_near);
            desk.write(context, wanted, by, move |documents, by| match by {
                BookingsBy::Venue => bookings::by_venue(documents, period, site.as_ref()),
                BookingsBy::Day => bookings::by_day(documents, period, site.as_ref()),
            })
            .await
        }
        ReportCommand::Cases { asked, by } => {
            let desk = Desk::open(context, asked).await?;
            let (period, site) = (desk.period, desk.site.clone());
            let now = desk.node.clock().civil();
            let wanted = |name: &Name| name.kind() == Kind::Cases;
            desk.write(context, wanted, by, move |documents, by| {
                let cases = Cases::new(documents, period, site.clone(), now);
                match by {
                    CasesBy::Month => cases.by_month(),
                    CasesBy::Mode => cases.by_mode(),
                    CasesBy::Claim => cases.by_claim(),
                    CasesBy::Site => cases.by_site(),
                    CasesBy::Quarter => cases.by_quarter(),
                    CasesBy::Case => cases.register(),
                }
            })
            .await
        }
        ReportCommand::Requests { asked } => {
            let desk = Desk::open(context, asked).await?;
            let (period, site) = (desk.period, desk.site.clone());
            let now = desk.node.clock().civil();
            let settled = desk.node.settled(&[Kind::Inbox]).await?;
            let is_of_then = |name: &Name| {
                let sent = settled.get(name).copied().flatten();
                sent.is_none_or(|sent| period.contains(sent))
            };
            let wanted = |name: &Name| name.kind() == Kind::Inbox && is_of_then(name);
            let reports = desk.make(wanted, move |documents| {
                vec![requests::by_kind(documents, period, site.as_ref(), now)]
            });
            let reports = reports.await?;
            desk.node.stop().await;
            sheet::write(context, &desk.target, &reports)
        }
        ReportCommand::Roster { asked, by } => {
            let desk = Desk::open(context, asked).await?;
            let (period, site) = (desk.period, desk.site.clone());
            let wanted = |name: &Name| match name {
                Name::Roster { month, .. } => period.touches(*month),
                name => name.kind() == Kind::People,
            };
            desk.write(context, wanted, by, move |documents, by| match by {
                RosterBy::Person => roster::by_person(documents, period, site.as_ref()),
                RosterBy::Day => roster::by_day(documents, period, site.as_ref()),
            })
            .await
        }
        ReportCommand::School { asked, by } => {
            let desk = Desk::open(context, asked).await?;
            let (period, site) = (desk.period, desk.site.clone());
            let now = desk.node.clock().civil();
            let wanted =
                |name: &Name| matches!(name.kind(), Kind::Courses | Kind::School | Kind::People);
            desk.write(context, wanted, by, move |documents, by| match by {
                SchoolBy::Course => school::by_course(documents, period, site.as_ref(), now),
                SchoolBy::Learner => school::by_learner(documents, period, site.as_ref(), now),
                SchoolBy::Expiring => school::expiring(documents, period, site.as_ref()),
            })
            .await
        }
        ReportCommand::Supplies { asked, drive, by } => {
            let desk = Desk::open(context, asked).await?;
            let scope = Scope {
                period: desk.period,
                site: desk.site.clone(),
                drive: match drive {
                    Some(name) => Some(drive_named(&desk.node, name).await?),
                    None => None,
                },
            };
            let wanted = |name: &Name| name.kind() == Kind::Supplies;
            desk.write(context, wanted, by, move |documents, by| {
                let goods = Goods::new(documents, scope.clone());
                match by {
                    SuppliesBy::Item => goods.by_item(),
                    SuppliesBy::Site => goods.by_site(),
                    SuppliesBy::Giver => goods.by_giver(),
                    SuppliesBy::Gift => goods.gifts(),
                }
            })
            .await
        }
    }
}

/// An open node, what a report is about, and where it goes.
#[derive(Debug)]
struct Desk {
    node: Node,
    period: Period,
    site: Option<SiteKey>,
    target: Target,
}

impl Desk {
    async fn open(context: &Context, asked: ReportArguments) -> Result<Self, Failure> {
        let target = Target::new(context, asked.output)?;
        let node = context.open().await?;
        Ok(Self {
            period: period_of(&node, asked.period)?,
            site: asked.site.site(context, &node).await?,
            node,
            target,
        })
    }

    /// Makes the table that was asked for, or all of them, and writes it. Whoever reads CSV reads one table, the first.
    async fn write<By: ValueEnum + Send + 'static>(
        self,
        context: &Context,
        wanted: impl Fn(&Name) -> bool,
        by: Option<By>,
        make: impl Fn(&Documents<'_>, &By) -> Report + Send + 'static,
    ) -> Result<(), Failure> {
        let first = self.target.format == Format::Csv;
        let reports = self.make(wanted, move |documents| match by {
            Some(by) => vec![make(documents, &by)],
            None => {
                let all = By::value_variants().iter();
                let count = if first { 1 } else { all.len() };
                all.take(count).map(|by| make(documents, by)).collect()
            }
        });
        let reports = reports.await?;
        self.node.stop().await;
        sheet::write(context, &self.target, &reports)
    }

    /// Reads the documents that are wanted, and the directory, which every report looks into, and makes reports of them.
    async fn make(
        &self,
        wanted: impl Fn(&Name) -> bool,
        run: impl FnOnce(&Documents<'_>) -> Vec<Report> + Send + 'static,
    ) -> Result<Vec<Report>, Failure> {
        let read = names(&self.node, wanted, vec![Name::Sites]).await?;
        let reports = self
            .node
            .read(read, move |documents| run(&reported(documents)));
        Ok(reports.await?)
    }
}

/// The event of a name.
async fn drive_named(node: &Node, name: String) -> Result<RecordId, Failure> {
    let wanted = name_key(&name);
    let found = node
        .read(vec![Name::Sites], move |documents| {
            let sites = documents.get(&Name::Sites)?;
            let mut drives = sites.view().present::<Drive>();
            let drive = drives.find(|(drive, _)| name_key(&drive.name) == wanted);
            drive.map(|(drive, _)| drive.id)
        })
        .await?;
    found.ok_or_else(|| {
        Failure::new(
            format!("没有叫“{name}”的活动；有哪些：yilian drive list"),
            format!("there is no event called \"{name}\"; yilian drive list shows which there are"),
        )
    })
}

/// The days asked for. One that is not said is the first or last of the other's month, and both those of the month that it is.
fn period_of(node: &Node, asked: PeriodArguments) -> Result<Period, Failure> {
    let today = node.clock().civil().date();
    let from = asked
        .from
        .unwrap_or_else(|| asked.to.unwrap_or(today).first_of_month());
    let to = asked.to.unwrap_or_else(|| from.last_of_month());
    let period = Period::new(from, to).map_err(|error| match error {
        PeriodError::TooLong { days } => Failure::usage(
            format!("--from {from} 到 --to {to} 有 {days} 天，太长；一张报表最多 {DAYS_MAX} 天（十年）"),
            format!(
                "--from {from} to --to {to} is {days} days, too long: a report is about {DAYS_MAX} at most (ten years)"
            ),
        ),
        _ => Failure::usage(
            format!("--to {to} 不能早于 --from {from}"),
            format!("--to {to} cannot be before --from {from}"),
        ),
    })?;
    // What is before any roster, a mistyped year, is told rather than reported on.
    Month::of(from).map_err(|_| {
        Failure::usage(
            format!("--from {from} 太早"),
            format!("--from {from} is too early"),
        )
    })?;
    Ok(period)
}
