//! A county in small: everything that its sites wrote in two months, and what is wrong with it. The generator counted what it
//! did; the rules find that and nothing else, and the command line answers from the same store.

mod disputes;
mod made;
mod network;
mod schools;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use yilian_core::document::Name;
use yilian_core::rules::{Holdings, Rule, findings};
use yilian_node::Node;
use yilian_tests::cli::{Station, list, text};
use yilian_tests::county::{Computer, County, Mess, Scale, Written};

const SEED: u64 = 1;

/// What a rule finds, as the generator did it; none for what it never does.
fn mess(rule: Rule) -> Option<Mess> {
    Some(match rule.as_str() {
        "backward-shift" => Mess::BackwardShift,
        "booking-outside-hours" => Mess::BookingOutsideHours,
        "bumped-booking" => Mess::BookingBumped,
        "double-booking" => Mess::BookingDouble,
        "edited-step" => Mess::CaseStepEdited,
        "enrolled-twice" => Mess::EnrolledTwice,
        "expiring-certificate" => Mess::CertificateExpiring,
        "field-conflict" => Mess::FieldConflict,
        "illegal-step" => Mess::CaseStepIllegal,
        "late-edit" => Mess::LateEdit,
        "long-in-transit" => Mess::TransferLost,
        "low-stock" => Mess::LowStock,
        "mediator-off-rota" => Mess::CaseOffRota,
        "missing-agreement" => Mess::CaseAgreementGone,
        "namesakes" => Mess::Namesakes,
        "orphan-site" => Mess::OrphanSite,
        "outside-hours" => Mess::OutsideHours,
        "over-capacity" => Mess::BookingOverCapacity,
        "over-full-course" => Mess::ClassOverFull,
        "overdrawn" => Mess::Overdrawn,
        "overdue-case" => Mess::CaseOverdue,
        "overlap" => Mess::Overlap,
        "parent-cycle" => Mess::ParentCycle,
        "party-mediates" => Mess::CasePartyMediates,
        "session-outside-hours" => Mess::LessonLate,
        "uncertified-shift" => Mess::Uncertified,
        "unearned-certificate" => Mess::CertificateUnearned,
        "unenrolled-learner" => Mess::LearnerStrange,
        "unentitled-confirmation" => Mess::BookingUnentitled,
        "unknown-person" => Mess::UnknownPerson,
        "unknown-site" => Mess::UnknownSite,
        "unmediated-case" => Mess::CaseUnmediated,
        "unperformed-agreement" => Mess::CaseUnperformed,
        "unreadable-field" => Mess::Unreadable,
        "unreferred-agreement" => Mess::CaseUnreferred,
        "unstaffed-service" => Mess::UnstaffedService,
        "waiting-submission" => Mess::SubmissionLeft,
        _ => return None,
    })
}

/// A hub's computer with the county on it.
fn hub(county: &County) -> (Station, Written) {
    let station = Station::new();
    let written = county
        .write_store(Computer::Hub, station.data(), |_| {})
        .unwrap();
    (station, written)
}

/// A thirtieth of a county, which a test run affords; the whole of it in a long one, unless that is unoptimised: it would take
/// the better part of an hour.
fn scale() -> Scale {
    let whole = std::env::var_os("YILIAN_LONG").is_some() && !cfg!(debug_assertions);
    if whole { Scale::FULL } else { Scale::SMALL }
}

fn county() -> County {
    County::new(SEED, scale())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rules_find_what_was_done_and_nothing_else() {
    let county = county();
    let (station, Written { tally, .. }) = hub(&county);
    let node = Node::open(station.data()).await.unwrap();
    let names = node.names().await.unwrap();
    let now = county.now();
    let found = node
        .read(names, move |documents| {
            let mut holdings = Holdings::new(now);
            documents.iter().for_each(|document| holdings.add(document));
            holdings.add_nothing_else();
            findings(&holdings, None)
        })
        .await
        .unwrap();
    node.stop().await;
    for rule in Rule::ALL.iter().copied() {
        let of_rule: Vec<&str> = found
            .findings
            .iter()
            .filter(|finding| finding.rule == rule)
            .map(|finding| finding.text.en.as_str())
            .collect();
        let done = mess(rule).map_or(0, |mess| tally.all(mess));
        assert_eq!(of_rule.len(), done, "{rule}: {of_rule:#?}");
    }
    // What was done often enough that a county this small has some.
    for mess in [
        Mess::FieldConflict,
        Mess::LateEdit,
        Mess::Overlap,
        Mess::UnknownPerson,
        Mess::BookingBumped,
        Mess::ParentCycle,
        Mess::CaseOverdue,
    ] {
        assert!(tally.all(mess) > 0, "{mess:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_says_the_same_of_a_month() {
    let county = county();
    let (station, Written { tally, .. }) = hub(&county);
    let month = county.last();
    let shown = station
        .json(&["findings", "--month", &month.to_string()])
        .await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in list(&shown, "findings") {
        *counts.entry(text(finding, "rule")).or_default() += 1;
    }
    for (rule, mess) in [
        ("backward-shift", Mess::BackwardShift),
        ("namesakes", Mess::Namesakes),
        ("outside-hours", Mess::OutsideHours),
        ("overlap", Mess::Overlap),
        ("unknown-person", Mess::UnknownPerson),
    ] {
        let count = counts.get(rule).copied().unwrap_or(0);
        assert_eq!(count, tally.of(mess, Some(month)), "{rule}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_lists_the_county() {
    let county = county();
    let (station, _) = hub(&county);
    let sites = station.json(&["site", "list"]).await;
    assert_eq!(list(&sites, "sites").len(), scale().sites);
    let people = station.json(&["person", "list"]).await;
    // One of each five sites has somebody who left.
    let left = scale().sites / 5;
    assert_eq!(list(&people, "persons").len(), scale().people - left);
    let month = county.last().to_string();
    let roster = station
        .json(&["roster", "show", "--month", &month, "--site", "county"])
        .await;
    let shifts = list(&roster, "shifts").len();
    assert!(
        (160..=200).contains(&shifts),
        "three shifts a day, one at the telephone, and three specialists on working days, not {shifts} in all"
    );
    let status = station.json(&["status"]).await;
    assert_eq!(status["waiting"], 0, "the relay has everything");
    station.json(&["doctor"]).await;
}

#[test]
fn a_seed_gives_the_same_bytes_everywhere() {
    let mut digest = Sha256::new();
    let mut documents = 0;
    for document in County::new(SEED, Scale::SMALL).documents() {
        digest.update(document.name.to_string());
        document
            .changes
            .iter()
            .for_each(|change| digest.update(change));
        documents += 1;
    }
    let hash: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    const HASH: &str = "8857e92e9bef78db253e47d375c003d61c7e64983fda15f83f2ff317a59271a9";
    assert_eq!((documents, hash.as_str()), (135, HASH));
}

#[test]
fn another_seed_gives_another_county() {
    let sites = |seed| County::new(seed, Scale::SMALL).documents().next().unwrap();
    assert_eq!(sites(1).name, Name::Sites);
    assert_ne!(sites(1).heads, sites(2).heads);
}
