//! What is asked about decides what is put into words and read, never what is found.

use super::super::replica::{key, roster};
use super::Case;
use super::inbox::{name, sent, take};
use crate::document::{Month, Name};
use crate::records::{Collection, Edit, Site, Stage, SubmissionKind};
use crate::rules::{Findings, Holdings, findings, is_settled};

fn found(case: &Case, month: Option<Month>, settled: &[Name]) -> Findings {
    let mut holdings = Holdings::new(super::now());
    for (name, document) in &case.replica.documents {
        match settled.contains(name) {
            true => holdings.add_settled(name.clone()),
            false => holdings.add(document),
        }
    }
    findings(&holdings, month)
}

#[test]
fn the_findings_of_a_month_are_those_of_all_that_concern_it() {
    let mut case = Case::new();
    case.shift(
        "keyun",
        1,
        "孙平",
        "热线",
        "2026-11-30T20:00",
        "2026-12-01T08:00",
    )
    .shift("jiefang-1", 2, "孙平", "前台", "01T07:00", "01T14:00")
    .set_shift("jiefang-1", 2, "lent_by", "keyun")
    .shift("jiefang-1", 3, "外人", "前台", "02T03:00", "02T14:00")
    .shift(
        "jiefang-1",
        4,
        "外人",
        "前台",
        "2027-01-02T14:00",
        "2027-01-02T13:00",
    );
    for n in 5..13 {
        let (start, end) = ("2026-11-20T08:00", "2026-11-20T14:00");
        case.shift("jiefang-1", n, "李超", "前台", start, end);
    }
    let december = roster("jiefang-1", "2026-12");
    let wrong = Edit::set(&december, Collection::Shifts, super::id(2), "state", 7);
    case.apply(&[wrong]);
    let all = found(&case, None, &[]);
    assert!(all.findings.len() > 5, "{:#?}", all.findings);
    for month in ["2026-10", "2026-11", "2026-12", "2027-01"] {
        let month: Month = month.parse().unwrap();
        let mut of_month = all.findings.clone();
        of_month.retain(|finding| finding.concerns(month));
        assert_eq!(found(&case, Some(month), &[]).findings, of_month);
    }
}

#[test]
fn what_nobody_waits_for_needs_no_second_look() {
    let is_settled = |case: &Case| is_settled(case.replica.documents.get(&name()).unwrap());
    let mut case = sent(SubmissionKind::Request, "12-04");
    assert!(!is_settled(&case), "it will be late");
    take(&mut case, Stage::Accepted, 1, None, false);
    assert!(!is_settled(&case));
    let mut declined = case.clone();
    take(&mut declined, Stage::Withdrawn, 2, Some(1), false);
    assert!(is_settled(&declined));
    take(&mut case, Stage::Done, 2, Some(1), false);
    assert!(is_settled(&case));
    assert!(!super::super::is_settled(
        case.replica.documents.get(&Name::Sites).unwrap()
    ));

    // Its name is still known: that of a site that was removed.
    let removed = Edit::remove(
        &Name::Sites,
        Collection::Sites,
        Site::id_of(&key("keyun")),
        super::now(),
    );
    case.apply(&[removed]);
    let all = found(&case, None, &[]);
    assert!(!all.findings.is_empty());
    assert_eq!(found(&case, None, &[name()]), all);

    // A field that cannot be read is found whatever the stage.
    let wrong = Edit::set(
        &name(),
        Collection::Submission,
        crate::inbox::progress(case.replica.view(&name()))
            .unwrap()
            .submission
            .id,
        "count",
        "几个",
    );
    case.apply(&[wrong]);
    assert!(!is_settled(&case));
}

#[test]
fn what_is_over_and_has_a_booking_or_a_crossing_is_looked_at_again() {
    let is_settled = |case: &Case| is_settled(case.replica.documents.get(&name()).unwrap());
    let mut booked = sent(SubmissionKind::Booking, "12-04");
    take(&mut booked, Stage::Accepted, 1, None, true);
    let mut crossed = sent(SubmissionKind::Request, "12-04");
    take(&mut crossed, Stage::Accepted, 2, None, false);
    take(&mut crossed, Stage::Withdrawn, 1, None, false);
    assert!(!is_settled(&crossed), "two steps crossed");
    take(&mut booked, Stage::Withdrawn, 2, Some(1), false);
    assert!(!is_settled(&booked), "its booking may stand");
}

#[test]
fn a_case_that_is_over_needs_no_second_look_unless_an_agreement_is_to_be_performed() {
    use super::mediation::{agree, case, give, go, name};
    let is_settled = |case: &Case| is_settled(case.replica.documents.get(&name()).unwrap());
    let mut of = case(crate::records::Mode::Clinic, "11-20T09:00");
    assert!(!is_settled(&of), "it will be late");
    give(&mut of, 1, "周敏", "11-21T09:00");
    let mut failed = of.clone();
    go(&mut failed, 3, Stage::Failed, "12-01T09:00");
    assert!(!is_settled(&failed), "it is to be closed");
    go(&mut failed, 4, Stage::Closed, "12-02T09:00");
    assert!(is_settled(&failed));
    let all = found(&failed, None, &[]);
    assert_eq!(found(&failed, None, &[name()]), all);

    agree(&mut of, 5, false, Some("12-20"));
    go(&mut of, 7, Stage::Closed, "12-04T09:00");
    assert!(!is_settled(&of), "it may not be performed");
    let performed = Edit::set(
        &name(),
        Collection::Agreements,
        super::id(5),
        "performed",
        "2026-12-10",
    );
    of.apply(&[performed]);
    assert!(is_settled(&of));
    // What does not fit is said whatever the stage.
    let mut crossed = failed.clone();
    let edit = Edit::set(&name(), Collection::Timeline, super::id(4), "note", "改过");
    crossed.apply(&[edit]);
    assert!(!is_settled(&crossed));
}
