//! The board: kept up document by document; what is free, and what else would do.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::granting::{book, booking, converged, deeds, document, gossip, room, set};
use super::*;
use crate::records::Booking;

fn board(replica: &Replica) -> Board {
    let mut board = Board::new();
    board.update(&document(), replica.view(&document()));
    board
}

fn shown(slots: &[Slot]) -> String {
    let shown = slots.iter().map(|slot| {
        format!(
            "{}-{}",
            slot.start.strftime("%d %H:%M"),
            slot.end.strftime("%H:%M")
        )
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn free(board: &Board, county: &County, from: &str, until: &str, minutes: i64) -> String {
    let length = SignedDuration::from_mins(minutes);
    shown(&board.free_slots(&county.directory(), room(), at(from), at(until), length))
}

#[test]
fn what_is_open_and_not_taken_is_free() {
    let (county, mut replica) = (County::new(), Replica::numbered(1));
    book(&mut replica, 1, "03T09:00", "03T11:00");
    book(&mut replica, 2, "03T10:00", "03T15:00");
    book(&mut replica, 3, "03T11:30", "03T13:00");
    let of = board(&replica);
    assert_eq!(
        free(&of, &county, "03T00:00", "04T12:00", 30),
        "03 08:00-09:00, 03 11:00-11:30, 03 13:00-20:00, 04 08:00-12:00"
    );
    assert_eq!(
        free(&of, &county, "03T08:30", "04T00:00", 31),
        "03 13:00-20:00"
    );
    assert_eq!(free(&of, &county, "04T00:00", "03T00:00", 1), "");
    set(&mut replica, 3, &[("state", "cancelled")]);
    let of = board(&replica);
    assert_eq!(
        free(&of, &county, "03T11:00", "03T21:00", 30),
        "03 11:00-20:00"
    );
    let nowhere = booking(9);
    let hour = SignedDuration::from_hours(1);
    let directory = county.directory();
    assert_eq!(
        of.free_slots(&directory, nowhere, at("03T00:00"), at("04T00:00"), hour),
        []
    );
}

#[test]
fn a_venue_open_around_the_clock_is_free_over_midnight() {
    let (mut county, mut replica) = (County::new(), Replica::numbered(1));
    county.site("jiefang-1", &[("hours", "00:00-24:00".into())]);
    book(&mut replica, 1, "03T22:00", "04T02:00");
    let of = board(&replica);
    assert_eq!(
        free(&of, &county, "03T12:00", "05T12:00", 60),
        "03 12:00-22:00, 04 02:00-12:00"
    );
}

#[test]
fn other_times_come_nearest_first_and_other_venues_must_fit() {
    let (mut county, mut replica) = (County::new(), Replica::numbered(1));
    county.venue("jiefang-1", "小间", &[("capacity", 5.into())]);
    county.venue("jiefang-1", "大厅", &[("capacity", 50.into())]);
    county.venue("jiefang-1", "没说", &[]);
    county.venue("zhanqian", "教室", &[("capacity", 30.into())]);
    book(&mut replica, 1, "03T09:00", "03T11:00");
    book(&mut replica, 2, "03T10:00", "03T12:00");
    replica.apply(&[Edit::set(
        &document(),
        Collection::Bookings,
        booking(2),
        "people",
        10,
    )]);
    let asked: &Booking = replica.view(&document()).get(booking(2)).unwrap();
    let (board, directory) = (board(&replica), county.directory());
    let found = |from: &str, max| -> Vec<String> {
        let found = board.alternatives(&directory, asked, at(from), max);
        found
            .iter()
            .map(|one| format!("{} {}", one.venue.name, shown(&[one.slot])))
            .collect()
    };
    assert_eq!(
        found("01T00:00", 5),
        [
            "会议室 03 11:00-13:00",
            "会议室 02 10:00-12:00",
            "会议室 04 10:00-12:00",
            "大厅 03 10:00-12:00",
            "教室 03 10:00-12:00",
        ]
    );
    // What is over is of no use.
    assert_eq!(
        found("03T11:30", 2),
        ["会议室 03 11:30-13:30", "会议室 04 10:00-12:00"]
    );
    let elsewhere = board.alternatives(&directory, asked, at("01T00:00"), 9);
    let far = elsewhere.iter().find(|one| one.venue.name == "教室");
    assert!((3_400..3_600).contains(&far.unwrap().distance_m.unwrap()));

    county.venue("jiefang-1", "会议室", &[("amenities", "projector".into())]);
    let directory = county.directory();
    let found = board.alternatives(&directory, asked, at("01T00:00"), 4);
    assert!(found.iter().all(|one| one.venue.id == room()));

    // One time on each day, though it is free day and night.
    county.site("jiefang-1", &[("hours", "00:00-24:00".into())]);
    let directory = county.directory();
    let found = board.alternatives(&directory, asked, at("01T00:00"), 8);
    let times: Vec<Slot> = found.iter().map(|one| one.slot).collect();
    assert_eq!(
        shown(&times[..4]),
        "03 11:00-13:00, 03 07:00-09:00, 02 10:00-12:00, 04 10:00-12:00"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn what_is_free_is_free_and_what_is_not_is_taken(deeds in deeds(), order in gossip()) {
        let replica = &converged(deeds, order)[0];
        let (county, board) = (County::new(), board(replica));
        let directory = county.directory();
        let view = replica.view(&document());
        let free = board.free_slots(&directory, room(), at("02T12:00"), at("05T00:00"), SignedDuration::ZERO);
        let grants = board.grants(&directory, room());
        let standing: Vec<Slot> = view
            .all::<Booking>()
            .filter(|(booking, _)| matches!(grants.get(&booking.id), Some(Grant::Granted | Grant::Confirmed)))
            .map(|(booking, _)| Slot { start: booking.start, end: booking.end })
            .collect();
        let hours = directory.venue_hours(directory.venue(room()).unwrap());
        let mut time = at("02T12:00");
        while time < at("05T00:00") {
            let next = time.checked_add(SignedDuration::from_mins(30)).unwrap();
            let half_hour = Slot { start: time, end: next };
            let is_free = free.iter().any(|slot| slot.start <= time && next <= slot.end);
            let is_taken = standing.iter().any(|slot| slot.overlaps(&half_hour));
            prop_assert_eq!(is_free, !is_taken && hours.covers(time, next), "{}", time);
            time = next;
        }
        for (asked, _) in view.present::<Booking>() {
            for other in board.alternatives(&directory, asked, at("02T00:00"), 6) {
                let clashes = view.all::<Booking>().any(|(booking, _)| {
                    let slot = Slot { start: booking.start, end: booking.end };
                    let stands = grants.get(&booking.id).is_some_and(|grant| grant.stands());
                    booking.id != asked.id && stands && slot.overlaps(&other.slot)
                });
                prop_assert!(!clashes || other.venue.id != room());
                prop_assert!(directory.venue_hours(other.venue).covers(other.slot.start, other.slot.end));
            }
        }
    }
}

#[test]
fn a_board_kept_up_is_one_made_afresh() {
    let (county, mut replica) = (County::new(), Replica::numbered(1));
    let november: Name = "bookings/jiefang-1/2026-11".parse().unwrap();
    let room = room().to_string();
    let fields = [
        ("venue", room.as_str()),
        ("start", "2026-11-30T18:00"),
        ("end", "2026-12-01T10:00"),
    ];
    replica.set(&november, Collection::Bookings, booking(9), &fields);
    let mut kept = Board::new();
    kept.update(&november, replica.view(&november));
    let directory = county.directory();
    let of_room = super::granting::room();
    for (n, start, end) in [
        (1, "01T08:00", "01T11:00"),
        (2, "01T10:00", "01T12:00"),
        (1, "01T13:00", "01T14:00"),
    ] {
        book(&mut replica, n, start, end);
        kept.update(&document(), replica.view(&document()));
        let mut afresh = board(&replica);
        afresh.update(&november, replica.view(&november));
        assert_eq!(
            kept.grants(&directory, of_room),
            afresh.grants(&directory, of_room)
        );
    }
    assert_eq!(kept.grants(&directory, of_room).len(), 3);
    // Its venue is another now: it is nowhere twice.
    set(&mut replica, 1, &[("venue", &booking(7).to_string())]);
    kept.update(&document(), replica.view(&document()));
    assert_eq!(kept.grants(&directory, of_room).len(), 2);
    assert_eq!(kept.grants(&directory, booking(7)).len(), 1);
    kept.remove(&document());
    assert_eq!(kept.grants(&directory, of_room).len(), 1);
    assert!(kept.grants(&directory, booking(7)).is_empty());
}
