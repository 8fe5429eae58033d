//! Two years of disputes at a hub: merged, asked, looked through.

use anyhow::{Result, ensure};
use automerge::Change;
use jiff::civil::date;
use yilian_core::civil::WorkCalendar;
use yilian_core::document::{DocumentId, LiveDocument, Name};
use yilian_core::matrix::Directory;
use yilian_core::mediation::{load, on_duty, proceedings};
use yilian_core::ordered::BTreeMap;
use yilian_core::report::cases::Cases;
use yilian_core::report::{Documents as Papers, Period};
use yilian_core::rules::{Holdings, findings, is_settled};
use yilian_node::Documents;

use super::named;
use crate::hub::clock::{Clock, asked};
use crate::hub::measure::{HOME, NOW, Row};

/// The codes of cases begin with the day on which they came in: those of the last whole month.
const MERGED: &str = "202611";

pub(super) fn rows(documents: &Documents<'_>, directory: &Directory) -> Result<Vec<Row>> {
    let cases: Vec<&LiveDocument> = of_kind(documents).collect();
    ensure!(!cases.is_empty(), "a county without disputes");
    let settled: Vec<&Name> = cases
        .iter()
        .filter(|case| is_settled(case))
        .filter_map(|case| case.name())
        .collect();
    let open: Vec<&LiveDocument> = cases
        .iter()
        .copied()
        .filter(|case| case.name().is_some_and(|name| !settled.contains(&name)))
        .collect();
    let mut rows = vec![
        ("merge a month of the centre's cases, ms", merge(&cases)?),
        (
            "the board of open cases, out of two years, ms",
            board(documents, &cases),
        ),
        (
            "… out of those that are not settled, ms",
            board(documents, &open),
        ),
        ("… how many are not settled", open.len() as f64),
    ];
    rows.push((
        "the joint meeting's figures of two years, ms",
        meeting(documents)?,
    ));
    rows.push((
        "who is on duty for an emergency, ms",
        duty(documents, directory)?,
    ));
    rows.extend(found(documents, &cases, &settled)?);
    Ok(rows)
}

fn of_kind<'a>(documents: &'a Documents<'a>) -> impl Iterator<Item = &'a LiveDocument> {
    let is_case = |name: &Name| matches!(name, Name::Case { .. });
    documents
        .iter()
        .filter(move |document| document.name().is_some_and(is_case))
}

/// A centre comes online after a month: each case a document of its own, that the hub has never seen.
fn merge(cases: &[&LiveDocument]) -> Result<f64> {
    let of_month = cases.iter().filter_map(|document| {
        let name = document.name()?;
        let Name::Case { site, case } = name else {
            return None;
        };
        let changes = document.automerge().get_changes(&[]);
        (site.as_str() == HOME && case.starts_with(MERGED)).then_some((name.clone(), changes))
    });
    let of_month: Vec<(Name, Vec<Change>)> = of_month.collect();
    ensure!(!of_month.is_empty(), "nothing came in at the centre");
    let network = "county".parse()?;
    Ok(asked(|| {
        let merged = of_month.iter().map(|(name, changes)| {
            let id = DocumentId::of(&network, name);
            let mut document = LiveDocument::new(id, name.clone(), [9; 16]);
            document.apply(changes.clone()).map(|patches| patches.len())
        });
        merged.filter_map(Result::ok).sum::<usize>()
    }))
}

/// What waits for an outcome, by when something is due.
fn board(documents: &Documents<'_>, cases: &[&LiveDocument]) -> f64 {
    let sites = documents.get(&Name::Sites).map(|document| document.view());
    let calendar = WorkCalendar::of(sites);
    asked(|| {
        let cases = cases.iter().filter_map(|case| proceedings(case.view()));
        let open = cases.filter(|case| case.outcome().is_none() && !case.is_over());
        let mut open: Vec<_> = open
            .map(|case| (case.deadline(&calendar).map(|of| of.due), case.case.id))
            .collect();
        open.sort();
        open.len()
    })
}

fn meeting(documents: &Documents<'_>) -> Result<f64> {
    let mut papers = Papers::new();
    for (name, view) in named(documents) {
        papers.add(name.clone(), view);
    }
    let period = Period::new(date(2025, 1, 1), NOW.date())?;
    let mut rows = 0;
    let took = asked(|| {
        let report = Cases::new(&papers, period, None, NOW).by_quarter();
        rows = report.rows.len();
    });
    ensure!(rows > 0, "a joint meeting without a figure");
    Ok(took)
}

fn duty(documents: &Documents<'_>, directory: &Directory) -> Result<f64> {
    let site = HOME.parse()?;
    let rosters = || named(documents).filter(|(name, _)| matches!(name, Name::Roster { .. }));
    let load = load(&[]);
    let first = on_duty(rosters(), directory, &site, NOW, &load);
    ensure!(!first.is_empty(), "nobody is on duty");
    Ok(asked(|| {
        on_duty(rosters(), directory, &site, NOW, &load).len()
    }))
}

/// What the rules about cases find: in all of them, and where those that nothing can be said of are known by name.
fn found(
    documents: &Documents<'_>,
    cases: &[&LiveDocument],
    settled: &[&Name],
) -> Result<Vec<Row>> {
    let beside: Vec<&LiveDocument> = documents
        .iter()
        .filter(|document| matches!(document.name(), Some(Name::Sites | Name::Roster { .. })))
        .collect();
    let settled: BTreeMap<&Name, ()> = settled.iter().map(|name| (*name, ())).collect();
    let without = find(&beside, &[], None);
    let all = find(&beside, cases, None);
    let open = find(&beside, cases, Some(&settled));
    ensure!(
        all.1 == open.1,
        "what is settled gives findings: {} and {}",
        all.1,
        open.1
    );
    Ok(vec![
        (
            "findings about two years of cases, taken up with them, ms",
            all.0 - without.0,
        ),
        ("… settled ones by name, ms", open.0 - without.0),
        ("… findings about cases", (all.1 - without.1) as f64),
    ])
}

/// How long it takes to take up documents and to look through them, and how much is found.
fn find(
    beside: &[&LiveDocument],
    cases: &[&LiveDocument],
    settled: Option<&BTreeMap<&Name, ()>>,
) -> (f64, usize) {
    let mut count = 0;
    let mut once = || {
        let mut holdings = Holdings::new(NOW);
        beside.iter().for_each(|document| holdings.add(document));
        for case in cases {
            let name = case
                .name()
                .filter(|name| settled.is_some_and(|of| of.contains_key(name)));
            match name {
                Some(name) => holdings.add_settled(name.clone()),
                None => holdings.add(case),
            }
        }
        holdings.add_nothing_else();
        count = findings(&holdings, None).findings.len();
    };
    once();
    let clock = Clock::start();
    once();
    (clock.ms(), count)
}
