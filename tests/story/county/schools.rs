//! Two years of night schools: what the reports say of seats, attendance, passes and certificates, who wins, and what the rules find
//! are those of the classes that the generator made.

use std::collections::BTreeMap;

use yilian_core::document::Name;
use yilian_core::matrix::Directory;
use yilian_core::records::{Certificate, SubmissionKind};
use yilian_core::report::{Cell, Documents, Period, school};
use yilian_core::rules::{Holdings, Rule, findings};
use yilian_core::school::{Checked, Proof, School, next_course, ranking};
use yilian_tests::cli::{list, text};
use yilian_tests::county::{ClassFacts, Mess};

use super::made::{schools, two_years};
use super::{county, hub, mess};

/// Seats, enrolled, waiting, attendance in tenths of a per cent, assessed, passed, certified.
type Row = [Option<i64>; 7];

fn expected(class: &ClassFacts) -> Row {
    let count = |count: usize| i64::try_from(count).ok();
    let attendance = (class.there * 1_000).checked_div(class.held);
    [
        count(class.capacity),
        count(class.seated),
        count(class.waiting),
        attendance.and_then(count),
        count(class.assessed),
        count(class.passed),
        count(class.certified),
    ]
}

#[test]
fn reports_of_two_years_add_up_to_the_classes_that_were_made() {
    let county = two_years();
    let made = schools();
    let mut documents = Documents::new();
    for document in &made.documents {
        documents.add(document.name().unwrap().clone(), document.view());
    }
    // From the term before the first month to the one after the last.
    let from = county
        .first()
        .first_day()
        .checked_sub(jiff::ToSpan::months(4));
    let to = county.now().date().checked_add(jiff::ToSpan::months(6));
    let period = Period::new(from.unwrap(), to.unwrap()).unwrap();
    let report = school::by_course(&documents, period, None, county.now());
    let column = |name: &str| {
        let mut columns = report.columns.iter();
        columns.position(|column| column.name == name).unwrap()
    };
    let columns = [
        "seats",
        "enrolled",
        "waiting",
        "attendance",
        "assessed",
        "passed",
        "certified",
    ];
    let columns = columns.map(column);
    let shown: BTreeMap<(String, String), Row> = report
        .rows
        .iter()
        .map(|row| {
            let called = |at: usize| match &row[at] {
                Cell::Text(text) => text.clone(),
                Cell::Named(name, _) => name.clone(),
                other => panic!("{other:?}"),
            };
            let number = |at: usize| match row[at] {
                Cell::Count(count) => i64::try_from(count).ok(),
                Cell::Tenths(tenths) => Some(tenths),
                _ => None,
            };
            let key = (called(column("site")), called(column("course")));
            (key, columns.map(number))
        })
        .collect();
    let classes = made.known.classes.iter();
    let classes = classes.map(|class| ((class.site.to_string(), class.name.clone()), class));
    let expected: BTreeMap<_, Row> = classes.map(|(key, class)| (key, expected(class))).collect();
    assert!(
        expected.len() > 20,
        "a home and the centre teach every term"
    );
    assert_eq!(shown, expected);
}

#[test]
fn the_rules_about_schools_find_what_was_done_in_two_years() {
    let county = two_years();
    let made = schools();
    let mut holdings = Holdings::new(county.now());
    for document in &made.documents {
        holdings.add(document);
    }
    holdings.add_nothing_else();
    let found = findings(&holdings, None).findings;
    let mut done = 0;
    let about_schools = [
        Mess::CertificateExpiring,
        Mess::CertificateUnearned,
        Mess::ClassOverFull,
        Mess::EnrolledTwice,
        Mess::LearnerStrange,
        Mess::LessonLate,
        Mess::Uncertified,
    ];
    for rule in Rule::ALL.iter().copied() {
        let Some(mess) = mess(rule).filter(|mess| about_schools.contains(mess)) else {
            continue;
        };
        let of_rule = found.iter().filter(|finding| finding.rule == rule);
        let of_rule: Vec<&str> = of_rule.map(|finding| &*finding.text.en).collect();
        assert_eq!(of_rule.len(), made.tally.all(mess), "{rule}: {of_rule:#?}");
        done += usize::from(!of_rule.is_empty());
    }
    assert!(done >= 6, "only {done} of the rules had anything to find");
    // Whoever lacks a certificate is offered a seat in the next course that leads to it, unless none begins.
    let lacking = found
        .iter()
        .filter(|finding| finding.rule == Rule::UncertifiedShift);
    assert!(lacking.clone().all(|finding| !finding.text.zh.is_empty()));
    assert!(lacking.clone().any(|finding| !finding.repairs.is_empty()));
}

#[test]
fn the_best_of_the_homes_meet_in_the_county_s_contest() {
    let county = two_years();
    let made = schools();
    let (sites, mut shown) = (made.get(&Name::Sites), Vec::new());
    let directory = Directory::new(sites.view());
    let views = made.documents.iter();
    let views = views.filter_map(|document| Some((document.name()?, document.view())));
    let schools = School::all(views, directory.hub());
    for school in &schools {
        for (contest, entries) in school.contests() {
            let standings = ranking(contest, entries);
            let scores = standings.iter().filter_map(|standing| standing.entry.score);
            let advanced = standings.iter().filter(|standing| standing.advances);
            shown.push((
                school.site().to_string(),
                contest.name.clone(),
                scores.map(|score| score as i64).collect::<Vec<_>>(),
                advanced.count(),
            ));
        }
    }
    let contests = made.known.contests.iter();
    let mut expected: Vec<_> = contests
        .map(|of| {
            (
                of.site.to_string(),
                of.name.clone(),
                of.scores.clone(),
                of.advanced,
            )
        })
        .collect();
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    // As many meet at the centre as went on in that year.
    let finals = expected
        .iter()
        .filter(|(_, name, ..)| name.contains("决赛"));
    for (_, name, scores, _) in finals {
        let year = &name[..4];
        let of_year = expected
            .iter()
            .filter(|(_, name, ..)| name.starts_with(year));
        assert_eq!(
            scores.len(),
            of_year.map(|(.., advanced)| advanced).sum::<usize>()
        );
    }
    // The next term's course is open to whoever lacks its certificate.
    let next = next_course(&schools, "急救员证", county.now()).unwrap();
    assert!(next.begins.unwrap() > county.now());
}

#[test]
fn certificates_are_known_and_with_those_who_sent_for_their_seat() {
    let county = two_years();
    let (mut known, mut sent) = (0, 0);
    let made = schools();
    for document in &made.documents {
        let (name, view) = (document.name().unwrap(), document.view());
        match name {
            Name::School { site } => {
                let courses = made.get(&Name::Courses { site: site.clone() });
                for (certificate, _) in view.present::<Certificate>() {
                    let proof = Proof::of(&county.network(), site, certificate).unwrap();
                    let today = county.now().date();
                    let checked = proof.check(Some(courses.view()), None, today);
                    let expired = certificate.expires_on.is_some_and(|last| last < today);
                    let valid = if expired {
                        Checked::Expired
                    } else {
                        Checked::Valid
                    };
                    assert_eq!(checked, valid);
                    known += 1;
                }
            }
            Name::Inbox { .. } => {
                let mut all = view.present::<yilian_core::records::Submission>();
                let (submission, _) = all.next().unwrap();
                assert_eq!(submission.kind, SubmissionKind::Enrolment);
                sent += usize::from(!submission.proof.is_empty());
            }
            _ => {}
        }
    }
    let certified = made.known.classes.iter().map(|class| class.certified);
    assert_eq!(known, certified.sum::<usize>());
    assert!(sent > 0, "nobody who sent for a seat was certified");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_lists_a_term() {
    let county = county();
    let (station, written) = hub(&county);
    let ask = ["--from", "2026-11-01", "--to", "2026-12-31"];
    let asked = station
        .json(&[&["report", "school"][..], &ask].concat())
        .await;
    let mut reports = list(&asked, "reports").iter();
    let courses = reports.find(|report| text(report, "name") == "school_by_course");
    let rows = list(courses.unwrap(), "rows");
    let shown: BTreeMap<(&str, &str), u64> = rows
        .iter()
        .map(|row| {
            let count = row["enrolled"].as_u64().unwrap();
            ((text(row, "site"), text(row, "course")), count)
        })
        .collect();
    let classes = written.known.classes.iter();
    let of_term = classes.filter(|class| class.name.contains("2026年冬季"));
    let made = of_term.map(|class| ((class.site.as_str(), &*class.name), class.seated as u64));
    assert_eq!(shown, made.collect());
    let certificates = station.json(&["certificate", "list"]).await;
    let certified = written.known.classes.iter().map(|class| class.certified);
    assert_eq!(
        list(&certificates, "certificates").len(),
        certified.sum::<usize>()
    );
}
