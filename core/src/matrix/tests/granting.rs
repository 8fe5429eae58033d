//! Whose the venue is, on every replica.

use proptest::prelude::*;

use super::*;
use crate::document::LiveDocument;
use crate::ordered::BTreeMap;
use crate::records::{Booking, BookingState};

pub(super) fn document() -> Name {
    "bookings/jiefang-1/2026-12".parse().unwrap()
}

pub(super) fn booking(n: u8) -> RecordId {
    RecordId::new(1, [n; 10])
}

pub(super) fn room() -> RecordId {
    Venue::id_of(&key("jiefang-1"), "会议室")
}

pub(super) fn set(replica: &mut Replica, n: u8, fields: &[(&str, &str)]) {
    replica.set(&document(), Collection::Bookings, booking(n), fields);
}

pub(super) fn book(replica: &mut Replica, n: u8, start: &str, end: &str) {
    let (start, end) = (format!("2026-12-{start}"), format!("2026-12-{end}"));
    let room = room().to_string();
    let fields = [
        ("site", "jiefang-1"),
        ("venue", &room),
        ("name", "工会小组"),
        ("start", &start),
        ("end", &end),
        ("state", "booked"),
    ];
    set(replica, n, &fields);
}

fn granted(replica: &Replica) -> BTreeMap<RecordId, Grant> {
    let county = County::new();
    let entries = replica.view(&document()).all::<Booking>();
    grants(entries.map(|(_, entry)| entry), &county.directory())
}

fn grant(replica: &Replica, n: u8) -> Grant {
    *granted(replica).get(&booking(n)).unwrap()
}

#[test]
fn who_knew_of_the_other_comes_after_it() {
    for (first, second) in [(1, 2), (2, 1)] {
        let (mut one, mut two) = (Replica::numbered(1), Replica::numbered(2));
        book(&mut one, first, "03T09:00", "03T11:00");
        one.merge(&mut two);
        book(&mut two, second, "03T10:00", "03T12:00");
        book(&mut two, 3, "03T11:00", "03T12:00");
        one.merge(&mut two);
        for replica in [&one, &two] {
            assert_eq!(grant(replica, first), Grant::Granted);
            let by = booking(first);
            assert_eq!(grant(replica, second), Grant::Bumped { by });
            // Who is bumped takes nothing from others.
            assert_eq!(grant(replica, 3), Grant::Granted);
        }
        set(&mut one, first, &[("state", "cancelled")]);
        assert_eq!(grant(&one, first), Grant::Cancelled);
        assert_eq!(grant(&one, second), Grant::Granted);
        let by = booking(second);
        assert_eq!(grant(&one, 3), Grant::Bumped { by });
    }
}

#[test]
fn a_confirmed_booking_is_never_unseated_and_only_some_may_confirm() {
    let mut replica = Replica::numbered(1);
    book(&mut replica, 1, "03T09:00", "03T11:00");
    book(&mut replica, 2, "03T10:00", "03T12:00");
    for nobody in [
        "zhanqian/王芳",
        "jiefang-1",
        "jiefang-1/",
        "jiefang-1/ ",
        "王芳",
        "?/王芳",
    ] {
        set(&mut replica, 2, &[("confirmed_by", nobody)]);
        assert_eq!(
            grant(&replica, 2),
            Grant::Bumped { by: booking(1) },
            "{nobody}"
        );
    }
    for somebody in ["jiefang-1/王芳", "keyun/孙平"] {
        set(&mut replica, 2, &[("confirmed_by", somebody)]);
        assert_eq!(grant(&replica, 2), Grant::Confirmed);
        assert_eq!(grant(&replica, 1), Grant::Bumped { by: booking(2) });
    }
    book(&mut replica, 3, "03T08:00", "03T20:00");
    assert_eq!(grant(&replica, 2), Grant::Confirmed);
    set(&mut replica, 1, &[("confirmed_by", "keyun/孙平")]);
    assert_eq!(grant(&replica, 1), Grant::Confirmed);
    assert_eq!(grant(&replica, 2), Grant::Confirmed);
}

#[test]
fn a_turn_is_kept_through_other_edits_and_lost_by_moving() {
    let mut replica = Replica::numbered(1);
    book(&mut replica, 1, "03T09:00", "03T11:00");
    book(&mut replica, 2, "03T10:00", "03T12:00");
    set(&mut replica, 1, &[("note", "自带投影"), ("people", "9")]);
    assert_eq!(grant(&replica, 1), Grant::Granted);
    set(&mut replica, 1, &[("end", "2026-12-03T11:30")]);
    assert_eq!(grant(&replica, 1), Grant::Bumped { by: booking(2) });
    assert_eq!(grant(&replica, 2), Grant::Granted);
}

#[test]
fn what_names_no_venue_or_no_time_is_unplaced() {
    let mut replica = Replica::numbered(1);
    for (n, field, value) in [
        (1, "venue", "?"),
        (2, "start", "下午"),
        (3, "end", "2026-12-03T09:00"),
    ] {
        book(&mut replica, n, "03T09:00", "03T11:00");
        set(&mut replica, n, &[(field, value)]);
        assert_eq!(grant(&replica, n), Grant::Unplaced, "{field}");
    }
}

/// One thing that somebody does: to which booking, and what.
fn deed() -> impl Strategy<Value = (u8, &'static str, String)> {
    let hour = |field: &'static str, hours: std::ops::Range<u8>| {
        hours.prop_map(move |hour| (field, format!("2026-12-03T{hour:02}:00")))
    };
    let what = prop_oneof![
        4 => hour("start", 6..18),
        4 => hour("end", 8..20),
        3 => prop::sample::select(vec!["jiefang-1/王芳", "keyun/孙平", "zhanqian/李超", ""])
            .prop_map(|by| ("confirmed_by", by.to_owned())),
        1 => prop::sample::select(vec!["booked", "cancelled"])
            .prop_map(|state| ("state", state.to_owned())),
        1 => Just(("note", "带钥匙".to_owned())),
        1 => Just(("removed_at", "2026-12-01T07:00".to_owned())),
        1 => Just(("venue", String::new())),
    ];
    (0..6_u8, what).prop_map(|(n, (field, value))| (n, field, value))
}

/// Three replicas that did things and heard of some, and in the end of everything, the last in reverse.
pub(super) fn converged(
    deeds: Vec<(usize, (u8, &'static str, String))>,
    order: Vec<prop::sample::Index>,
) -> Vec<Replica> {
    let mut replicas: Vec<Replica> = (1..4).map(Replica::numbered).collect();
    let mut order = order.into_iter();
    for (index, (at, (n, field, value))) in deeds.into_iter().enumerate() {
        let replica = &mut replicas[at];
        let held = replica.documents.get(&document());
        let is_new = held.is_none_or(|held| {
            held.view()
                .entry(Collection::Bookings, booking(n))
                .is_none()
        });
        if is_new {
            let (start, end) = (6 + 2 * n, 9 + 2 * n);
            book(
                replica,
                n,
                &format!("03T{start:02}:00"),
                &format!("03T{end:02}:00"),
            );
        }
        set(replica, n, &[(field, &value)]);
        if index % 3 == 2
            && let Some(from) = order.next()
        {
            let changes = replicas[from.index(3)].changes();
            replicas[at].receive(changes);
        }
    }
    let all: Vec<_> = replicas.iter().map(Replica::changes).collect();
    for changes in &all {
        replicas[0].receive(changes.clone());
        replicas[1].receive(changes.clone());
    }
    for changes in all.iter().rev() {
        let backwards = changes
            .iter()
            .map(|(name, changes)| (name.clone(), changes.iter().rev().cloned().collect()));
        replicas[2].receive(backwards.collect());
    }
    replicas
}

pub(super) fn deeds() -> impl Strategy<Value = Vec<(usize, (u8, &'static str, String))>> {
    prop::collection::vec((0..3_usize, deed()), 1..40)
}

pub(super) fn gossip() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 12)
}

fn reread(document: &LiveDocument) -> LiveDocument {
    let changes = document.automerge().get_changes(&[]);
    LiveDocument::load(document.id(), document.name().cloned(), [0; 16], changes).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn grants_are_the_same_everywhere_and_nothing_is_granted_twice(deeds in deeds(), order in gossip()) {
        let replicas = converged(deeds, order);
        let found = granted(&replicas[0]);
        let view = replicas[0].view(&document());
        for replica in &replicas {
            let held = replica.documents.get(&document()).unwrap();
            prop_assert_eq!(&granted(replica), &found);
            // With the operation ids, kept up or read afresh.
            prop_assert_eq!(held.view(), view);
            let read = reread(held);
            prop_assert_eq!(read.view(), view);
        }
        let county = County::new();
        let directory = county.directory();
        let backwards: Vec<_> = view.all::<Booking>().map(|(_, entry)| entry).collect();
        prop_assert_eq!(&grants(backwards.into_iter().rev(), &directory), &found);

        let slots: BTreeMap<RecordId, Slot> = view
            .all::<Booking>()
            .filter_map(|(booking, _)| {
                let (start, end) = booking.period()?;
                Some((booking.id, Slot { start, end }))
            })
            .collect();
        let slot = |id: &RecordId| slots.get(id).unwrap();
        for (booking, entry) in view.all::<Booking>() {
            let grant = *found.get(&booking.id).unwrap();
            let claim = Claim::of(entry).unwrap();
            if claim.asks().is_some() && confirmer(&claim, &directory).is_some() {
                prop_assert_eq!(grant, Grant::Confirmed);
            }
            match grant {
                Grant::Granted | Grant::Confirmed => {
                    for (other, of_other) in &found {
                        let both_confirmed = grant == Grant::Confirmed && *of_other == Grant::Confirmed;
                        let stands = matches!(of_other, Grant::Granted | Grant::Confirmed);
                        if *other != booking.id && stands && !both_confirmed {
                            prop_assert!(!slot(other).overlaps(slot(&booking.id)));
                        }
                    }
                }
                Grant::Bumped { by } => {
                    prop_assert!(slot(&by).overlaps(slot(&booking.id)));
                    prop_assert!(matches!(found.get(&by), Some(Grant::Granted | Grant::Confirmed)));
                }
                Grant::Cancelled => prop_assert!(
                    booking.state == BookingState::Cancelled || booking.removed_at.is_some()
                ),
                Grant::Unplaced => prop_assert!(claim.asks().is_none()),
            }
        }
    }
}
