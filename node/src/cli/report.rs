use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::report::{Documents, Period, Report, roster};
use yilian_node::{Node, Role};

use super::args::{By, Format, PeriodArguments, ReportCommand};
use super::context::{Context, names};
use super::failure::Failure;
use super::sheet::{self, Target};

/// Makes a report from what is here. A new one is a variant of the command, the documents that it looks into, and a function.
pub(crate) async fn run(context: &Context, command: ReportCommand) -> Result<(), Failure> {
    match command {
        ReportCommand::Roster {
            period,
            site,
            by,
            output,
        } => {
            let target = Target::new(context, output)?;
            let node = context.open().await?;
            let period = period_of(&node, period)?;
            let site = site.or_else(|| own_site(&node));
            let is_csv = target.format == Format::Csv;
            let wanted = move |name: &Name| is_of_rosters(name, period);
            let reports = make(&node, wanted, move |documents| {
                let make = |by| match by {
                    By::Person => roster::by_person(documents, period, site.as_ref()),
                    By::Day => roster::by_day(documents, period, site.as_ref()),
                };
                match by {
                    Some(by) => vec![make(by)],
                    // Whoever reads CSV reads one table.
                    None if is_csv => vec![make(By::Person)],
                    None => vec![make(By::Person), make(By::Day)],
                }
            })
            .await?;
            node.stop().await;
            sheet::write(context, &target, &reports)
        }
    }
}

/// A station reports on itself, a hub on all.
fn own_site(node: &Node) -> Option<SiteKey> {
    match node.profile().role {
        Role::Site => node.profile().site.clone(),
        Role::Hub | Role::Guest => None,
    }
}

/// Reads the documents that are wanted, and those that every report looks into, and makes reports of them.
async fn make(
    node: &Node,
    wanted: impl Fn(&Name) -> bool,
    run: impl FnOnce(&Documents<'_>) -> Vec<Report> + Send + 'static,
) -> Result<Vec<Report>, Failure> {
    let common = |name: &Name| matches!(name, Name::People { .. });
    let read = names(node, |name| common(name) || wanted(name), vec![Name::Sites]).await?;
    let reports = node.read(read, move |documents| {
        let mut all = Documents::new();
        for document in documents.iter() {
            if let Some(name) = document.name() {
                all.add(name.clone(), document.view());
            }
        }
        run(&all)
    });
    Ok(reports.await?)
}

fn is_of_rosters(name: &Name, period: Period) -> bool {
    matches!(name, Name::Roster { month, .. } if period.touches(*month))
}

/// The days asked for. One that is not said is the first or last of the other's month, and both those of the month that it is.
fn period_of(node: &Node, asked: PeriodArguments) -> Result<Period, Failure> {
    let today = node.clock().civil().date();
    let from = asked
        .from
        .unwrap_or_else(|| asked.to.unwrap_or(today).first_of_month());
    let to = asked.to.unwrap_or_else(|| from.last_of_month());
    let period = Period::new(from, to).map_err(|_| {
        Failure::usage(
            format!("--to {to} 不能早于 --from {from}"),
            format!("--to {to} cannot be before --from {from}"),
        )
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
