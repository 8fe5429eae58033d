use jiff::civil::DateTime;

use super::super::requests::by_kind;
use super::*;
use crate::inbox::{Code, Party, send, step};
use crate::records::{Stage, Step, Submission, SubmissionKind};

fn at(day: &str) -> DateTime {
    format!("2026-{day}").parse().unwrap()
}

/// Sends something to a site: a number for its code, what, and when.
fn sent(replica: &mut Replica, n: u8, site: &str, kind: SubmissionKind, day: &str) -> Name {
    let submission = Submission {
        id: id(0),
        site: key(site),
        kind,
        name: "张三".to_owned(),
        phone: String::new(),
        text: "饮水机坏了".to_owned(),
        venue: Some(id(1)),
        start: Some(at("12-20T09:00")),
        end: Some(at("12-20T11:00")),
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at: DateTime::ZERO,
        removed_at: None,
    };
    let code = Code::new(key(site), [n; 16]);
    let (name, edits) = send(submission, &code, at(day)).unwrap();
    replica.apply(&edits);
    name
}

fn take(replica: &mut Replica, name: &Name, n: u8, stage: Stage, day: &str) {
    let taken = Step {
        id: id(n),
        about: None,
        after: None,
        stage,
        at: at(day),
        by: "孙平".to_owned(),
        note: "说明".to_owned(),
        made: None,
        removed_at: None,
    };
    let edits = step(name, replica.view(name), Party::Site, taken, None).unwrap();
    replica.apply(&edits);
}

#[test]
fn submissions_are_counted_by_kind_and_stage_with_days_of_the_calendar() {
    let mut replica = network();
    let of = &mut replica;
    let kind = SubmissionKind::Request;
    // Done 23 hours later, but on the next day; after four days; not at all.
    for (n, day, done) in [
        (1, "12-01T08:00", Some("12-02T07:00")),
        (2, "12-01T08:00", Some("12-05T20:00")),
        (3, "12-01T08:00", None),
    ] {
        let name = sent(of, n, "keyun", kind, day);
        if let Some(done) = done {
            take(of, &name, n * 10, Stage::Accepted, done);
            take(of, &name, n * 10 + 1, Stage::Done, done);
        }
    }
    let wish = sent(of, 4, "keyun", SubmissionKind::Booking, "12-03T08:00");
    take(of, &wish, 40, Stage::Declined, "12-04T08:00");
    let other = sent(of, 5, "jiefang-1", kind, "12-01T08:00");
    take(of, &other, 50, Stage::Accepted, "12-01T09:00");
    take(of, &other, 51, Stage::Done, "12-01T23:00");
    sent(of, 6, "keyun", kind, "11-30T23:59");

    let now = at("12-10T08:00");
    let report = with_documents(&replica, |all| by_kind(all, december(), None, now));
    let columns: Vec<&str> = report.columns.iter().map(|column| column.name).collect();
    assert_eq!(
        columns.join(" "),
        "site kind count submitted accepted assigned done confirmed declined withdrawn overdue ever_done \
         median_days p90_days"
    );
    assert_eq!(
        lines(&report),
        [
            "jiefang-1 request 1 0 0 0 1 0 0 0 0 1 0.0 0.0",
            "keyun booking 1 0 0 0 0 0 1 0 0 0 - -",
            "keyun request 3 1 0 0 2 0 0 0 1 2 2.5 4.0",
            // Of 0, 1 and 4 days the middle is 1, and nine of ten took no more than 4.
            "total - 5 1 0 0 3 0 1 0 1 3 1.0 4.0",
        ]
    );
    let site = Some(key("keyun"));
    let report = with_documents(&replica, |all| {
        by_kind(all, december(), site.as_ref(), at("12-03T08:00"))
    });
    assert_eq!(report.rows.len(), 2);
    assert_eq!(shown(&report.totals[10]), "0", "two days are not late");
}
