//! What two years of disputes cost: 4,000 cases of 121 sites, each in its document, of which one in forty goes on.
//! `cargo bench -p yilian-core --bench mediation`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::sync::OnceLock;

use automerge::Change;
use divan::Bencher;
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};
use yilian_core::civil::WorkCalendar;
use yilian_core::document::{DocumentId, LiveDocument, Name, SiteKey};
use yilian_core::mediation::{Assignment, assign, proceedings, register, step};
use yilian_core::records::{
    Agreement, Case, Dispute, Edit, Mode, Origin, Party, RecordId, Side, Stage, Step, Typed as _,
};
use yilian_core::report::cases::Cases;
use yilian_core::report::{Documents, Period};
use yilian_core::rules::{Holdings, findings, is_settled};

const CASES: usize = 4_000;
const SITES: usize = 121;
/// One in so many goes on.
const OPEN: usize = 40;
/// So many came to the centre in a month.
const MONTH: usize = 30;

fn main() {
    divan::main();
}

fn now() -> DateTime {
    date(2026, 12, 15).at(9, 30, 0, 0)
}

fn after(at: DateTime, hours: i64) -> DateTime {
    at.checked_add(SignedDuration::from_hours(hours)).unwrap()
}

fn id(number: usize, of: u8) -> RecordId {
    let mut random = [of; 10];
    random[..8].copy_from_slice(&number.to_be_bytes());
    RecordId::new(1, random)
}

fn cases() -> &'static [LiveDocument] {
    static CASES_MADE: OnceLock<Vec<LiveDocument>> = OnceLock::new();
    CASES_MADE.get_or_init(|| (0..CASES).map(case).collect())
}

/// A case with its parties; those that are over went through agreement and closing in a week.
fn case(number: usize) -> LiveDocument {
    let site: SiteKey = format!("site-{}", number % SITES).parse().unwrap();
    let goes_on = number.is_multiple_of(OPEN);
    // What goes on came in yesterday, the rest over two years.
    let days = if goes_on {
        1
    } else {
        10 + number * 700 / CASES
    };
    let received = after(now(), -24 * i64::try_from(days).unwrap());
    let code = format!("C-{number}");
    let case = Case {
        id: Case::id_of(&site, &code),
        site: site.clone(),
        case: code.clone(),
        mode: Mode::Clinic,
        origin: Origin::WalkIn,
        claim: Dispute::Wages,
        amount: Some(8_000.0),
        people: None,
        received,
        reference: String::new(),
        facts: String::new(),
        extended_to: None,
        note: String::new(),
        removed_at: None,
    };
    let (name, mut edits) = register(case).unwrap();
    let party = |called: &str, side| Party::new(&site, &code, called, side);
    edits.extend(party("张三", Side::Applicant).create(&name));
    edits.extend(party("顺达货运", Side::Respondent).create(&name));
    let network = "bench".parse().unwrap();
    let document = DocumentId::of(&network, &name);
    let mut document = LiveDocument::new(document, name.clone(), [1; 16]);
    document.edit(&edits, "", 0).unwrap();
    give(&mut document, &name, &site, number, after(received, 1));
    if !goes_on {
        settle(&mut document, &name, &site, number, after(received, 24));
    }
    document
}

fn write(document: &mut LiveDocument, edits: &[Edit]) {
    document.edit(edits, "", 0).unwrap();
}

fn give(document: &mut LiveDocument, name: &Name, site: &SiteKey, number: usize, at: DateTime) {
    let assignment = Assignment {
        name: "孙平".to_owned(),
        post: "调解员".to_owned(),
        of: Some(site.clone()),
        person: None,
        at,
        note: String::new(),
    };
    let file = proceedings(document.view()).unwrap();
    let ids = [id(number, 1), id(number, 2)];
    let edits = assign(name, &file, assignment, ids, "孙平").unwrap();
    write(document, &edits);
}

fn settle(document: &mut LiveDocument, name: &Name, site: &SiteKey, number: usize, at: DateTime) {
    let agreement = Agreement {
        id: id(number, 3),
        site: site.clone(),
        case: format!("C-{number}"),
        signed: Some(at.date()),
        amount: Some(6_000.0),
        terms: "双方自愿达成协议".to_owned(),
        confirm: false,
        due: None,
        performed: None,
        note: String::new(),
        removed_at: None,
    };
    write(document, &agreement.create(name));
    for (of, stage) in [
        (4, Stage::Mediating),
        (5, Stage::Agreed),
        (6, Stage::Closed),
    ] {
        let taken = Step {
            id: id(number, of),
            about: None,
            after: None,
            stage,
            at: after(at, i64::from(of)),
            by: "孙平".to_owned(),
            note: String::new(),
            made: None,
            removed_at: None,
        };
        let edits = step(name, document.view(), taken).unwrap();
        write(document, &edits);
    }
}

#[divan::bench]
fn a_case(bencher: Bencher) {
    let case = &cases()[1];
    bencher.bench_local(|| black_box(proceedings(case.view())));
}

#[divan::bench]
fn a_month_of_the_centre_s_cases_merges(bencher: Bencher) {
    let of_month: Vec<(Name, DocumentId, Vec<Change>)> = cases()
        .iter()
        .take(MONTH)
        .map(|case| {
            let name = case.name().unwrap().clone();
            let id = DocumentId::of(&"bench".parse().unwrap(), &name);
            (name, id, case.automerge().get_changes(&[]))
        })
        .collect();
    bencher.bench_local(|| {
        for (name, id, changes) in &of_month {
            let mut document = LiveDocument::new(*id, name.clone(), [9; 16]);
            black_box(document.apply(changes.clone()).unwrap());
        }
    });
}

/// What waits for an outcome, by when something is due: found among all there ever were.
#[divan::bench(sample_count = 20)]
fn board_of_open_cases(bencher: Bencher) {
    let calendar = WorkCalendar::default();
    bencher.bench_local(|| {
        let cases = cases().iter().filter_map(|case| proceedings(case.view()));
        let open = cases.filter(|case| case.outcome().is_none() && !case.is_over());
        let mut open: Vec<_> = open
            .map(|case| (case.deadline(&calendar).map(|of| of.due), case.case.id))
            .collect();
        open.sort();
        assert_eq!(open.len(), CASES / OPEN);
        open
    });
}

#[divan::bench(sample_count = 20)]
fn joint_meeting(bencher: Bencher) {
    let mut documents = Documents::new();
    for case in cases() {
        documents.add(case.name().unwrap().clone(), case.view());
    }
    let period = Period::new(date(2024, 12, 1), now().date()).unwrap();
    bencher.bench_local(|| Cases::new(&documents, period, None, now()).by_quarter());
}

#[divan::bench(sample_count = 20)]
fn findings_of_all_cases(bencher: Bencher) {
    let mut holdings = Holdings::new(now());
    cases().iter().for_each(|case| holdings.add(case));
    bencher.bench_local(|| findings(&holdings, None));
}

#[divan::bench(sample_count = 20)]
fn findings_with_settled_cases_by_name(bencher: Bencher) {
    let mut holdings = Holdings::new(now());
    for case in cases() {
        match is_settled(case) {
            true => holdings.add_settled(case.name().unwrap().clone()),
            false => holdings.add(case),
        }
    }
    bencher.bench_local(|| findings(&holdings, None));
}

#[divan::bench(sample_count = 20)]
fn take_up_all_cases(bencher: Bencher) {
    bencher.bench_local(|| {
        let mut holdings = Holdings::new(now());
        cases().iter().for_each(|case| holdings.add(case));
        holdings
    });
}
