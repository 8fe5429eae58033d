//! Goal: a code survives what people do to it and no typo; only moves that are a party's are taken; whatever merges in whatever
//! order, every replica sees the same progress and nothing is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::*;
use crate::document::{Name, SiteKey};
use crate::flow::Fit;
use crate::matrix::Directory;
use crate::records::{
    Booking, BookingState, Collection, Course, RecordId, Site, Step, Submission, SubmissionKind,
    Typed as _, Venue, View,
};
use crate::rules::replica::{Replica, key};

fn at(day: i8, hour: i8) -> DateTime {
    date(2026, 12, day).at(hour, 0, 0, 0)
}

fn code() -> Code {
    Code::new(key("keyun"), [7; 16])
}

fn request() -> Submission {
    Submission {
        id: RecordId::new(0, [0; 10]),
        site: SiteKey::unreadable(),
        kind: SubmissionKind::Request,
        name: " 张 三 ".to_owned(),
        phone: String::new(),
        text: "饮水机坏了".to_owned(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at: DateTime::ZERO,
        removed_at: None,
    }
}

fn wish() -> Submission {
    Submission {
        kind: SubmissionKind::Booking,
        venue: Some(Venue::id_of(&key("keyun"), "会议室")),
        start: Some(at(20, 9)),
        end: Some(at(20, 11)),
        count: Some(8),
        ..request()
    }
}

fn a_step(id: u8, stage: Stage, at: DateTime) -> Step {
    Step {
        id: RecordId::new(0, [id; 10]),
        about: None,
        after: None,
        stage,
        at,
        by: "孙平".to_owned(),
        note: "说明".to_owned(),
        made: None,
        removed_at: None,
    }
}

fn sent(submission: Submission) -> Replica {
    let mut replica = Replica::numbered(1);
    let (_, edits) = send(submission, &code(), at(1, 8)).unwrap();
    replica.apply(&edits);
    replica
}

fn take(replica: &mut Replica, party: Party, id: u8, stage: Stage) -> Result<(), InboxError> {
    let name = code().name();
    let step = a_step(id, stage, at(2, 8));
    let edits = super::step(&name, replica.view(&name), party, step, None)?;
    replica.apply(&edits);
    Ok(())
}

/// Another replica with the same documents.
fn copy(replica: &Replica, number: u8) -> Replica {
    let mut other = Replica::numbered(number);
    other.receive(replica.changes());
    other
}

/// The stage, and each step's id and fit, as text.
fn shown(replica: &Replica) -> String {
    let progress = progress(replica.view(&code().name())).unwrap();
    let steps: Vec<String> = progress
        .steps
        .iter()
        .map(|placed| format!("{} {:?}", placed.step.stage.as_str(), placed.fit))
        .collect();
    format!("{}: {}", progress.stage.as_str(), steps.join(", "))
}

#[test]
fn codes_are_read_however_people_write_them() {
    let site: SiteKey = key("jiefang-1");
    let code = Code::new(site.clone(), [0xa5; 16]);
    let text = code.to_string();
    assert_eq!(text.len(), "jiefang-1".len() + 18 + 6);
    assert_eq!(code.name().to_string().parse(), Ok(code.name()));
    assert_eq!(Code::of(&code.name()), Some(code.clone()));
    let (_, letters) = text.split_at("jiefang-1".len());
    let bare = letters.replace('-', "");
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    for written in [
        text.to_uppercase(),
        text.replace('-', " ").replace("jiefang 1", "jiefang-1"),
        format!("  {} ", text.replace('-', "–")),
        format!("jiefang-1/{bare}"),
        code.name().to_string(),
        text.chars().map(wide).collect(),
    ] {
        assert_eq!(written.parse(), Ok(code.clone()), "{written}");
    }
    for (written, error) in [
        (String::new(), ParseCodeError::Form),
        (bare, ParseCodeError::Form),
        (format!("jiefang-1{}", &text[10..]), ParseCodeError::Form),
        (
            format!("{}0", &text[..text.len() - 1]),
            ParseCodeError::Character('0'),
        ),
        (text.replace("jiefang-1", "jiefang-2"), ParseCodeError::Typo),
        (text.replace("jiefang-1", "王府"), ParseCodeError::Form),
        ("9".repeat(5_000), ParseCodeError::Form),
    ] {
        assert_eq!(written.parse::<Code>(), Err(error), "{written}");
    }
    assert!(
        !format!("{code:?}").contains(&text[14..]),
        "logs do not tell codes"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_wrong_character_and_every_swap_is_told(random: [u8; 16], place in 0..18_usize, other in 0..18_usize, by in 1..31_u8) {
        let code = Code::new(key("keyun"), random);
        prop_assert_eq!(code.to_string().parse(), Ok(code.clone()));
        let characters: Vec<char> = code.characters().chars().collect();
        let alphabet: Vec<char> = "23456789abcdefghjkmnpqrstuvwxyz".chars().collect();
        let mut wrong = characters.clone();
        let value = alphabet.iter().position(|of| *of == wrong[place]).unwrap();
        wrong[place] = alphabet[(value + usize::from(by)) % 31];
        let mut swapped = characters.clone();
        swapped.swap(place, other);
        for (typed, right) in [(wrong, false), (swapped.clone(), swapped == characters)] {
            let typed: String = typed.into_iter().collect();
            prop_assert_eq!(format!("keyun-{typed}").parse::<Code>().is_ok(), right);
        }
    }

    #[test]
    fn any_text_is_a_code_or_an_error(text in ".{0,60}") {
        if let Ok(code) = text.parse::<Code>() {
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }
    }

    /// Three replicas take steps without knowing of each other, and merge now and then, in any order.
    #[test]
    fn every_order_of_merging_ends_at_the_same_progress(
        does in prop::collection::vec((0..3_usize, 0..7_usize, 0..4_usize), 1..24),
    ) {
        let first = sent(request());
        let mut replicas = [copy(&first, 2), copy(&first, 3), copy(&first, 4)];
        let mut taken = 0_u8;
        for (who, stage, merge) in does {
            let stage = FLOW.stages[stage];
            let party = FLOW.moves.iter().find(|of| of.to == stage).unwrap().by;
            if take(&mut replicas[who], party, 100 + taken, stage).is_ok() {
                taken += 1;
            }
            if let Some(from) = [0, 1, 2].get(merge) {
                let changes = replicas[*from].changes();
                replicas[who].receive(changes);
            }
        }
        let changes = replicas.each_ref().map(Replica::changes);
        let mut ends = Vec::new();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
            let mut end = Replica::numbered(9);
            for index in order {
                end.receive(changes[index].clone());
            }
            let progress = progress(end.view(&code().name())).unwrap();
            prop_assert_eq!(progress.steps.len(), usize::from(taken));
            ends.push((shown(&end), format!("{:?}", end.findings(None))));
        }
        prop_assert!(ends.iter().all(|end| *end == ends[0]), "{:?}", ends);
    }
}

#[test]
fn what_is_sent_is_checked() {
    let check = |submission| send(submission, &code(), at(1, 8)).map(|_| ());
    assert_eq!(check(request()), Ok(()));
    assert_eq!(check(wish()), Ok(()));
    let long = |len| "长".repeat(len);
    let error = |submission| check(submission).unwrap_err().text().zh;
    assert_eq!(
        error(Submission {
            name: " ".into(),
            ..request()
        }),
        "还缺姓名"
    );
    assert_eq!(
        error(Submission {
            text: String::new(),
            ..request()
        }),
        "还缺内容"
    );
    assert_eq!(
        error(Submission {
            text: long(2_001),
            ..request()
        }),
        "内容最多 2000 个字"
    );
    assert_eq!(
        check(Submission {
            text: long(2_000),
            ..request()
        }),
        Ok(())
    );
    assert_eq!(
        error(Submission {
            venue: None,
            ..wish()
        }),
        "还缺场地"
    );
    assert_eq!(
        error(Submission {
            end: wish().start,
            ..wish()
        }),
        "结束时间应在开始时间之后"
    );
    assert_eq!(
        error(Submission {
            count: Some(0),
            ..wish()
        }),
        "数量应为 1 到 100000"
    );
    let claim = Submission {
        kind: SubmissionKind::Claim,
        ..request()
    };
    assert_eq!(error(claim), "还缺物资");

    let replica = sent(request());
    let progress = progress(replica.view(&code().name())).unwrap();
    assert_eq!(
        (progress.submission.name.as_str(), progress.submission.at),
        ("张 三", at(1, 8))
    );
    assert_eq!(progress.submission.site, key("keyun"));
    assert_eq!(
        progress.next(Party::Sender).collect::<Vec<_>>(),
        [Stage::Withdrawn]
    );
}

#[test]
fn a_request_goes_to_its_end_and_back_once() {
    let mut replica = sent(request());
    for (party, stage) in [
        (Party::Site, Stage::Accepted),
        (Party::Site, Stage::Assigned),
        (Party::Site, Stage::Assigned),
        (Party::Site, Stage::Done),
        (Party::Sender, Stage::Submitted),
        (Party::Site, Stage::Declined),
        (Party::Sender, Stage::Submitted),
        (Party::Site, Stage::Accepted),
        (Party::Site, Stage::Done),
        (Party::Sender, Stage::Confirmed),
    ]
    .into_iter()
    {
        let id = 200 - u8::try_from(replica.changes().get(&code().name()).unwrap().len()).unwrap();
        take(&mut replica, party, id, stage).unwrap();
    }
    let progress = progress(replica.view(&code().name())).unwrap();
    assert_eq!(progress.stage, Stage::Confirmed);
    assert!(progress.steps.iter().all(|placed| placed.fit == Fit::Moves));
    assert_eq!(progress.assignee(), Some("孙平"));
}

#[test]
fn moves_that_are_not_there_or_not_theirs_are_refused() {
    let mut replica = sent(request());
    let step = |from, to, by| Err(InboxError::Step { from, to, by });
    use {Party as P, Stage as S};
    assert_eq!(
        take(&mut replica, P::Sender, 1, S::Accepted),
        step(S::Submitted, S::Accepted, P::Sender)
    );
    assert_eq!(
        take(&mut replica, P::Site, 1, S::Withdrawn),
        step(S::Submitted, S::Withdrawn, P::Site)
    );
    assert_eq!(
        take(&mut replica, P::Site, 1, S::Done),
        step(S::Submitted, S::Done, P::Site)
    );
    take(&mut replica, P::Sender, 1, S::Withdrawn).unwrap();
    assert_eq!(
        take(&mut replica, P::Site, 2, S::Accepted),
        step(S::Withdrawn, S::Accepted, P::Site)
    );
    let error = take(&mut replica, P::Sender, 2, S::Submitted).unwrap_err();
    assert_eq!(error.text().zh, "现在是“已撤回”，提交人不能改为“已提交”");
    let mut empty = Replica::numbered(5);
    empty.set(
        &code().name(),
        Collection::Timeline,
        RecordId::new(0, [1; 10]),
        &[("stage", "done")],
    );
    assert_eq!(
        take(&mut empty, P::Site, 2, S::Accepted),
        Err(InboxError::Empty)
    );
    let name = code().name();
    let view = sent(request());
    let silent = Step {
        note: " ".into(),
        ..a_step(1, S::Declined, at(2, 8))
    };
    let refused = super::step(&name, view.view(&name), P::Site, silent, None);
    assert_eq!(refused.unwrap_err().text().zh, "还缺说明");
}

#[test]
fn a_withdrawal_stands_against_an_acceptance_that_did_not_know_of_it_and_the_other_way_round() {
    let first = sent(request());
    for (accept, withdraw) in [(1, 2), (2, 1)] {
        let (mut sender, mut site) = (copy(&first, 2), copy(&first, 3));
        take(&mut site, Party::Site, accept, Stage::Accepted).unwrap();
        take(&mut sender, Party::Sender, withdraw, Stage::Withdrawn).unwrap();
        sender.merge(&mut site);
        for replica in [&sender, &site] {
            assert_eq!(
                shown(replica),
                "withdrawn: accepted Moves, withdrawn Crosses { from: 0 }"
            );
        }
        // What was done cannot be withdrawn any more.
        let (mut sender, mut site) = (copy(&first, 2), copy(&first, 3));
        for (id, stage) in [(accept, Stage::Accepted), (9, Stage::Done)] {
            take(&mut site, Party::Site, id, stage).unwrap();
        }
        take(&mut sender, Party::Sender, withdraw, Stage::Withdrawn).unwrap();
        sender.merge(&mut site);
        assert_eq!(
            shown(&sender),
            "done: accepted Moves, done Moves, withdrawn Illegal"
        );
    }
}

#[test]
fn two_acceptances_make_one_booking() {
    let site_key = key("keyun");
    let first = sent(wish());
    let name = code().name();
    let (mut one, mut other) = (copy(&first, 2), copy(&first, 3));
    for (replica, id) in [(&mut one, 1), (&mut other, 2)] {
        let view = replica.view(&name);
        let submission = progress(view).unwrap().submission;
        let author = "keyun/孙平".parse().unwrap();
        let booking = booking(&site_key, submission, Some(&author)).unwrap();
        let made = Some(Made::booking(&booking));
        let edits = super::step(
            &name,
            view,
            Party::Site,
            a_step(id, Stage::Accepted, at(2, 8)),
            made,
        );
        replica.apply(&edits.unwrap());
    }
    one.merge(&mut other);
    assert_eq!(shown(&one), "accepted: accepted Moves, accepted Repeats");
    let bookings = "bookings/keyun/2026-12".parse::<Name>().unwrap();
    let made: Vec<&Booking> = one
        .view(&bookings)
        .present::<Booking>()
        .map(|(of, _)| of)
        .collect();
    assert_eq!(made.len(), 1);
    assert_eq!(
        (made[0].name.as_str(), made[0].people, made[0].state),
        ("张 三", Some(8), BookingState::Booked)
    );
    let progress = progress(one.view(&name)).unwrap();
    assert_eq!(progress.made(), Some(made[0].id));

    assert_eq!(
        booking(&site_key, &request(), None),
        Err(InboxError::NoBooking)
    );
}

#[test]
fn a_venue_is_taken_by_whom_it_was_promised_to_by_those_who_may() {
    let (site, hub) = (key("keyun"), key("county"));
    let bookings = "bookings/keyun/2026-12".parse::<Name>().unwrap();
    let venue = Venue::id_of(&site, "会议室");
    let mut replica = Replica::numbered(1);
    for (key, level) in [(&site, "station"), (&hub, "home")] {
        let fields = [("key", key.as_str()), ("name", "站"), ("level", level)];
        replica.set(&Name::Sites, Collection::Sites, Site::id_of(key), &fields);
    }
    let fields = [("site", site.as_str()), ("name", "会议室")];
    replica.set(&Name::Sites, Collection::Venues, venue, &fields);
    let wished = |by: &str| {
        let author = by.parse().unwrap();
        let sent = Submission {
            id: RecordId::new(0, [2; 10]),
            ..wish()
        };
        booking(&site, &sent, Some(&author)).unwrap().1
    };
    let rival = Booking {
        id: RecordId::new(0, [1; 10]),
        ..wished("keyun/孙平")
    };
    let later = Booking {
        start: at(20, 11),
        end: at(20, 12),
        ..rival.clone()
    };
    for (by, counts) in [
        ("keyun/孙平", true),
        ("county/县总工会", true),
        // Neither the venue's site nor the hub: it is a wish as any other.
        ("linxian/刘主任", false),
    ] {
        let made = wished(by);
        replica.apply(&made.create(&bookings));
        let directory = Directory::new(replica.view(&Name::Sites));
        let held = || View::all::<Booking>(replica.view(&bookings)).map(|(_, entry)| entry);
        let over = taken(&rival, held(), &directory);
        assert_eq!(
            matches!(over, Err(InboxError::Taken { .. })),
            counts,
            "{by}"
        );
        // Who may is not known without a directory.
        let unsure = taken(&rival, held(), &Directory::empty());
        assert!(matches!(unsure, Err(InboxError::Taken { .. })), "{by}");
        // The venue is gone for others, not for itself, nor before and after.
        assert_eq!(taken(&made, held(), &directory), Ok(()));
        assert_eq!(taken(&later, held(), &directory), Ok(()));
    }
}

#[test]
fn sites_are_late_after_three_and_fifteen_days_and_not_before_the_venue_was_used() {
    use Overdue::{Acceptance, Completion};
    let overdue =
        |replica: &Replica, now| progress(replica.view(&code().name())).unwrap().overdue(now);
    let mut replica = sent(request());
    assert_eq!(overdue(&replica, at(4, 7)), None);
    assert_eq!(overdue(&replica, at(4, 8)), Some(Acceptance));
    take(&mut replica, Party::Site, 1, Stage::Accepted).unwrap();
    assert_eq!(overdue(&replica, at(16, 7)), None);
    assert_eq!(overdue(&replica, at(16, 8)), Some(Completion));
    let mut booked = sent(wish());
    take(&mut booked, Party::Site, 1, Stage::Accepted).unwrap();
    assert_eq!(overdue(&booked, at(20, 10)), None);
    assert_eq!(overdue(&booked, at(20, 11)), Some(Completion));
    take(&mut replica, Party::Site, 2, Stage::Done).unwrap();
    assert_eq!(overdue(&replica, at(31, 8)), None);
}

#[test]
fn sites_are_late_with_accepting_an_enrolment_and_not_with_a_course_that_goes_on() {
    let mut replica = sent(Submission {
        kind: SubmissionKind::Enrolment,
        course: Some(Course::id_of(&key("keyun"), "急救员第3期")),
        ..request()
    });
    let counted = |replica: &Replica| Counted::of(&progress(replica.view(&code().name())).unwrap());
    let before = counted(&replica);
    assert_eq!(before.overdue_changes(at(1, 9)), Some(at(4, 8)));
    assert_eq!(before.overdue(at(4, 8)), Some(Overdue::Acceptance));
    take(&mut replica, Party::Site, 1, Stage::Accepted).unwrap();
    let accepted = counted(&replica);
    assert_eq!(accepted.overdue(at(31, 8)), None);
    assert_eq!(accepted.overdue_changes(at(2, 9)), None);
}

#[test]
fn figures_count_by_site_and_stage() {
    let mut done = sent(request());
    take(&mut done, Party::Site, 1, Stage::Accepted).unwrap();
    take(&mut done, Party::Site, 2, Stage::Done).unwrap();
    let waiting = sent(wish());
    let (keyun, jiefang) = (key("keyun"), key("jiefang-1"));
    let of = |replica| -> Progress<'_> {
        let replica: &Replica = replica;
        progress(replica.view(&code().name())).unwrap()
    };
    let all = [
        (&keyun, of(&done)),
        (&keyun, of(&waiting)),
        (&jiefang, of(&waiting)),
    ];
    let figures = figures(all, at(10, 8));
    assert_eq!((figures.total.count, figures.total.overdue), (3, 2));
    assert_eq!(figures.total.median_days, Some(1.0));
    let of = |site: &SiteKey| figures.sites.get(site).unwrap();
    assert_eq!(of(&keyun).stages.get(&Stage::Done), Some(&1));
    assert_eq!(of(&jiefang).median_days, None);
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["sites"]["keyun"]["stages"]["submitted"], 1);
}
