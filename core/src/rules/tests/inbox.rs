//! What people sent: steps that crossed, bookings that nobody needs any more, sites that are late.

use super::super::replica::key;
use super::Case;
use crate::document::Name;
use crate::inbox::{Code, Made, Party, booking, progress, send, step};
use crate::records::{RecordId, Stage, Step, Submission, SubmissionKind, Typed as _, Venue};

pub(super) fn name() -> Name {
    Code::new(key("keyun"), [3; 16]).name()
}

/// Something that 张三 sent on the first of December; it is the fifth.
pub(super) fn sent(kind: SubmissionKind, day: &str) -> Case {
    let submission = Submission {
        id: RecordId::new(0, [0; 10]),
        site: key("keyun"),
        kind,
        name: "张三".to_owned(),
        phone: String::new(),
        text: "饮水机坏了".to_owned(),
        venue: Some(Venue::id_of(&key("keyun"), "会议室")),
        start: Some("2026-12-20T09:00".parse().unwrap()),
        end: Some("2026-12-20T11:00".parse().unwrap()),
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at: "2026-12-01T08:00".parse().unwrap(),
        removed_at: None,
    };
    let code = Code::new(key("keyun"), [3; 16]);
    let at = format!("2026-{day}T08:00").parse().unwrap();
    let mut case = Case::new();
    let venue = Venue {
        id: Venue::id_of(&key("keyun"), "会议室"),
        site: key("keyun"),
        name: "会议室".to_owned(),
        capacity: None,
        hours: None,
        amenities: std::iter::empty().collect(),
        state: crate::records::Availability::Open,
        note: String::new(),
        removed_at: None,
    };
    case.apply(&venue.create(&Name::Sites));
    case.apply(&send(submission, &code, at).unwrap().1);
    case
}

pub(super) fn take(
    case: &mut Case,
    stage: Stage,
    number: u8,
    after: Option<u8>,
    with_booking: bool,
) {
    let id = |number| RecordId::new(0, [number; 10]);
    let taken = Step {
        id: id(number),
        about: None,
        after: None,
        stage,
        at: "2026-12-05T09:00".parse().unwrap(),
        by: "孙平".to_owned(),
        note: String::new(),
        made: None,
        removed_at: None,
    };
    let submission = progress(case.replica.view(&name())).unwrap().submission;
    let made =
        with_booking.then(|| Made::booking(&booking(&key("keyun"), submission, None).unwrap()));
    let party = match stage {
        Stage::Withdrawn => Party::Sender,
        _ => Party::Site,
    };
    let mut edits = step(&name(), case.replica.view(&name()), party, taken, made).unwrap();
    // Whoever took it did not know of more.
    edits.retain(|edit| edit.place().2 != "after");
    edits.extend(after.map(|after| {
        let record = id(after).to_string();
        crate::records::Edit::set(
            &name(),
            crate::records::Collection::Timeline,
            id(number),
            "after",
            record,
        )
    }));
    case.apply(&edits);
}

#[test]
fn a_withdrawal_that_crossed_an_acceptance_is_found_with_the_booking_that_is_moot() {
    let mut case = sent(SubmissionKind::Booking, "12-04");
    take(&mut case, Stage::Accepted, 2, None, true);
    take(&mut case, Stage::Withdrawn, 1, None, false);
    assert_eq!(
        case.shown(),
        [
            "Warning 张三 的预订（城市客运共享职工之家）的“已撤回”（孙平）与“已受理”（孙平）同时发生，互不知情：以前者为准",
            "  知道了，作废“已受理”（孙平）",
            "Warning 张三 的预订（城市客运共享职工之家）已撤回，为它做的预订却还在",
            "  取消这个预订",
        ]
    );
    assert_eq!(
        case.english()[2],
        "the booking of 张三 (城市客运共享职工之家) is withdrawn, and the booking that was made for it still stands"
    );
    case.replica
        .documents
        .retain(|name, _| !matches!(name, Name::Bookings { .. }));
    let found = case.findings();
    assert_eq!(found.findings.len(), 1);
    assert_eq!(
        found.not_checked[0].documents[0].to_string(),
        "bookings/keyun/2026-12"
    );
}

#[test]
fn a_withdrawal_of_what_is_done_is_found() {
    let mut case = sent(SubmissionKind::Request, "12-04");
    take(&mut case, Stage::Accepted, 1, None, false);
    take(&mut case, Stage::Withdrawn, 3, Some(1), false);
    let edit = |record: u8, field: &str, value: &str| {
        crate::records::Edit::set(
            &name(),
            crate::records::Collection::Timeline,
            RecordId::new(0, [record; 10]),
            field,
            value,
        )
    };
    let submission = progress(case.replica.view(&name())).unwrap().submission.id;
    case.apply(&[
        edit(2, "about", &submission.to_string()),
        edit(2, "after", &RecordId::new(0, [1; 10]).to_string()),
        edit(2, "stage", "done"),
        edit(2, "at", "2026-12-05T09:00"),
    ]);
    assert_eq!(
        case.shown(),
        [
            "Warning 张三 的诉求（城市客运共享职工之家）已是“已办结”，“已撤回”（孙平）与此不合，没有生效：当时互不知情",
            "  作废“已撤回”（孙平）",
        ]
    );
}

#[test]
fn sites_that_are_late_are_found() {
    let mut case = sent(SubmissionKind::Request, "12-01");
    assert_eq!(
        case.shown(),
        [
            "Warning 张三 的诉求（城市客运共享职工之家）已等了 4 天，还没有受理（应在 3 天内）",
            "  受理",
        ]
    );
    take(&mut case, Stage::Accepted, 1, None, false);
    assert_eq!(case.shown(), [""; 0]);
    let mut case = sent(SubmissionKind::Request, "11-20");
    take(&mut case, Stage::Accepted, 1, None, false);
    take(&mut case, Stage::Assigned, 2, Some(1), false);
    assert_eq!(
        case.shown(),
        [
            "Warning 张三 的诉求（城市客运共享职工之家）已等了 15 天，由 孙平 办理，还没有办结（应在 15 天内）"
        ]
    );
    assert_eq!(
        sent(SubmissionKind::Booking, "12-02").shown().len(),
        1,
        "nothing to click: somebody gives the venue"
    );
}
