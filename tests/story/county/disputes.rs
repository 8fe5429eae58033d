//! Two years of disputes: the joint meeting's figures, the cycle time that fell from eleven days to three, and what the rules find
//! are those of the cases that the generator made.

use std::collections::BTreeMap;

use serde_json::Value;
use yilian_core::document::Month;
use yilian_core::records::{Mode, Stage};
use yilian_core::report::cases::Cases;
use yilian_core::report::{Cell, Documents, Period, Report};
use yilian_core::rules::{Holdings, Rule, findings, is_settled};
use yilian_tests::cli::{count, list, text};
use yilian_tests::county::{CaseFacts, CaseFigures, Mess};
use yilian_tests::samples;

use super::made::{disputes, two_years};
use super::{county, hub, mess};

/// The columns of a report that say how many, as the generator has them.
fn expected(figures: &CaseFigures) -> BTreeMap<&'static str, f64> {
    let share = |part: usize, whole: usize| (part as f64 / whole as f64 * 1_000.0).round() / 10.0;
    let concluded = figures.agreed + figures.failed + figures.withdrawn;
    let mut columns: BTreeMap<&str, f64> = [
        ("received", figures.received),
        ("referred_in", figures.referred_in),
        ("declined", figures.declined),
        ("concluded", concluded),
        ("agreed", figures.agreed),
        ("failed", figures.failed),
        ("withdrawn", figures.withdrawn),
        ("referred", figures.referred),
        ("ratified", figures.ratified),
        ("open", figures.open),
        ("overdue", figures.overdue),
    ]
    .into_iter()
    .map(|(column, count)| (column, count as f64))
    .collect();
    columns.insert("people", figures.people as f64);
    columns.insert("claimed", figures.claimed as f64);
    columns.insert("secured", figures.secured as f64);
    columns.extend(figures.median().map(|days| ("median_days", days)));
    if figures.agreed + figures.failed > 0 {
        let success = share(figures.agreed, figures.agreed + figures.failed);
        columns.insert("success", success);
    }
    if figures.agreed > 0 {
        columns.insert("confirmation", share(figures.ratified, figures.agreed));
    }
    columns
}

/// A row of a report, of the same columns.
fn shown(report: &Report, row: &[Cell]) -> BTreeMap<&'static str, f64> {
    let others = ["p90_days", "median_working_days", "p90_working_days"];
    let columns = report.columns.iter().zip(row);
    let columns = columns.filter(|(column, _)| !others.contains(&column.name));
    columns
        .filter_map(|(column, cell)| {
            let number = match cell {
                Cell::Amount(number) => *number as f64,
                Cell::Count(number) => *number as f64,
                Cell::Tenths(tenths) => *tenths as f64 / 10.0,
                _ => return None,
            };
            Some((column.name, number))
        })
        .collect()
}

#[test]
fn reports_of_two_years_add_up_to_the_cases_that_were_made() {
    let county = two_years();
    let made = disputes();
    let mut documents = Documents::new();
    for document in &made.documents {
        documents.add(document.name().unwrap().clone(), document.view());
    }
    let period = Period::new(county.first().first_day(), county.now().date()).unwrap();
    let cases = Cases::new(&documents, period, None, county.now());

    let by_month = cases.by_month();
    let months = CaseFigures::by(&made.known.cases, |_, at| Month::of(at.date()).ok());
    let rows: Vec<_> = by_month
        .rows
        .iter()
        .map(|row| shown(&by_month, row))
        .collect();
    let made_rows: Vec<_> = months.values().map(expected).collect();
    assert_eq!(rows, made_rows);
    let all = CaseFigures::by(&made.known.cases, |_, _| Some(()));
    assert_eq!(shown(&by_month, &by_month.totals), expected(&all[&()]));

    let by_mode = cases.by_mode();
    let modes = CaseFigures::by(&made.known.cases, |case, _| Some(case.mode as usize));
    let rows: Vec<_> = by_mode
        .rows
        .iter()
        .map(|row| shown(&by_mode, row))
        .collect();
    assert_eq!(rows, modes.values().map(expected).collect::<Vec<_>>());

    let by_quarter = cases.by_quarter();
    let quarters = CaseFigures::by(&made.known.cases, |case, at| {
        Some((at.year(), (at.month() + 2) / 3, case.site.to_string()))
    });
    let rows: Vec<_> = by_quarter
        .rows
        .iter()
        .map(|row| shown(&by_quarter, row))
        .collect();
    assert_eq!(rows, quarters.values().map(expected).collect::<Vec<_>>());
    assert_eq!(cases.register().rows.len(), made.known.cases.len());
}

#[test]
fn cycle_times_fall_from_eleven_days_to_three() {
    let made = disputes();
    // By when they came in: what is concluded in a month came in over several.
    let year = |case: &CaseFacts| (case.received.year(), case.received.month() > 6);
    let clinics = made
        .known
        .cases
        .iter()
        .filter(|case| case.mode == Mode::Clinic);
    let mut days: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for case in clinics {
        days.entry(year(case)).or_default().extend(case.days());
    }
    let medians: Vec<i64> = days
        .into_values()
        .map(|mut days| {
            days.sort_unstable();
            days[days.len() / 2]
        })
        .collect();
    let [first, second, third, last] = medians[..] else {
        panic!("two years have four halves, not {medians:?}");
    };
    assert!(
        first > second && second > third && third > last,
        "{medians:?}"
    );
    assert!(
        (9..=13).contains(&first) && (2..=5).contains(&last),
        "{medians:?}"
    );
}

#[test]
fn the_rules_about_cases_find_what_was_done_in_two_years() {
    let county = two_years();
    let made = disputes();
    let mut holdings = Holdings::new(county.now());
    for document in &made.documents {
        holdings.add(document);
    }
    holdings.add_nothing_else();
    let found = findings(&holdings, None).findings;
    let mut done = 0;
    for rule in Rule::ALL.iter().copied() {
        let about_cases = matches!(
            mess(rule),
            Some(
                Mess::CaseAgreementGone
                    | Mess::CaseOffRota
                    | Mess::CaseOverdue
                    | Mess::CasePartyMediates
                    | Mess::CaseStepEdited
                    | Mess::CaseStepIllegal
                    | Mess::CaseUnmediated
                    | Mess::CaseUnperformed
                    | Mess::CaseUnreferred
            )
        );
        if !about_cases {
            continue;
        }
        let of_rule = found.iter().filter(|finding| finding.rule == rule);
        let of_rule: Vec<&str> = of_rule.map(|finding| &*finding.text.en).collect();
        let count = mess(rule).map_or(0, |mess| made.tally.all(mess));
        assert_eq!(of_rule.len(), count, "{rule}: {of_rule:#?}");
        done += usize::from(count > 0);
    }
    assert!(done >= 7, "only {done} of the rules had anything to find");

    // A hub opens no case again of which nothing more can be said, and finds the same.
    let mut by_name = Holdings::new(county.now());
    let mut settled = 0;
    for document in &made.documents {
        if is_settled(document) {
            by_name.add_settled(document.name().unwrap().clone());
            settled += 1;
        } else {
            by_name.add(document);
        }
    }
    by_name.add_nothing_else();
    assert_eq!(findings(&by_name, None).findings, found);
    let over = made
        .known
        .cases
        .iter()
        .filter(|case| case.stage == Stage::Closed);
    assert!(settled * 10 > over.count() * 8, "{settled} are settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_centre_reads_board_and_joint_meeting_off_the_command_line() {
    let county = county();
    let (station, written) = hub(&county);
    let cases = &written.known.cases;
    let counted = |is: fn(&CaseFacts) -> bool| cases.iter().filter(|case| is(case)).count();
    let listed = async |more: &[&str]| -> usize {
        let shown = station.json(&[&["case", "list"], more].concat()).await;
        list(&shown, "cases").len()
    };
    assert_eq!(listed(&[]).await, cases.len());
    assert_eq!(listed(&["--open"]).await, counted(CaseFacts::is_open));
    let agreed = counted(|case| case.stage == Stage::Agreed);
    assert_eq!(listed(&["--stage", "agreed"]).await, agreed);

    let ask = ["--from", "2026-10-01", "--to", "2026-12-31"];
    let asked = station
        .json(&[&["report", "cases"][..], &ask].concat())
        .await;
    let mut reports = list(&asked, "reports").iter();
    let quarter = reports.find(|report| text(report, "name") == "cases_by_quarter");
    let quarter = quarter.unwrap();
    let sites = CaseFigures::by(cases, |case, at| {
        (at.date() >= jiff::civil::date(2026, 10, 1)).then(|| case.site.to_string())
    });
    let rows: Vec<(&str, BTreeMap<&str, f64>)> = list(quarter, "rows")
        .iter()
        .map(|row| (text(row, "site"), numbers(row)))
        .collect();
    // What is late is so at the hub's own time, which is not the county's.
    let made = sites.iter().map(|(site, figures)| {
        let mut columns = expected(figures);
        columns.remove("overdue");
        (site.as_str(), columns)
    });
    assert_eq!(rows, made.collect::<Vec<_>>());
    // The table of the year is there already: the county imported it.
    let table = samples::jiaozuo("calendar-days-example.csv");
    let table = table.display().to_string();
    let imported = station.json(&["calendar-day", "import", &table]).await;
    let days = (count(&imported, "added"), count(&imported, "unchanged"));
    assert_eq!(days, (0, 42), "{imported}");
}

/// The numbers of a row of `--json`.
fn numbers(row: &Value) -> BTreeMap<&str, f64> {
    let others = [
        "overdue",
        "p90_days",
        "median_working_days",
        "p90_working_days",
    ];
    let columns = row.as_object().unwrap().iter();
    let columns = columns.filter(|(name, _)| !others.contains(&name.as_str()));
    columns
        .filter_map(|(name, value)| Some((name.as_str(), value.as_f64()?)))
        .collect()
}
