//! Bookings, the tree of sites, and services: what is wrong with the matrix.

use super::super::replica::{Replica, key};
use super::super::{Holdings, Rule, findings};
use super::{Case, id, now};
use crate::document::Name;
use crate::records::{Collection, Edit, HoursException, RecordId, Service, Site, Typed, Venue};

fn bookings(site: &str) -> Name {
    format!("bookings/{site}/2026-12").parse().unwrap()
}

fn room() -> RecordId {
    Venue::id_of(&key("jiefang-1"), "会议室")
}

impl Case {
    /// A hub, a station under it, and a room for twenty in each.
    fn matrix() -> Self {
        let mut case = Self::new();
        case.site("keyun", &[("level", "home")]);
        case.site("jiefang-1", &[("parent", "keyun")]);
        case.venue("jiefang-1", "会议室", 20);
        case.venue("keyun", "大厅", 60);
        case
    }

    fn site(&mut self, site: &str, fields: &[(&str, &str)]) {
        let id = Site::id_of(&key(site));
        self.set(&Name::Sites, Collection::Sites, id, fields);
    }

    fn venue(&mut self, site: &str, name: &str, capacity: i64) {
        let id = Venue::id_of(&key(site), name);
        let fields = [("site", site), ("name", name)];
        self.set(&Name::Sites, Collection::Venues, id, &fields);
        self.apply(&[Edit::set(
            &Name::Sites,
            Collection::Venues,
            id,
            "capacity",
            capacity,
        )]);
    }

    /// Adds the booking numbered `n` of the room; `start` and `end` are in December 2026.
    fn book(&mut self, n: u8, name: &str, start: &str, end: &str) -> &mut Self {
        let (start, end) = (format!("2026-12-{start}"), format!("2026-12-{end}"));
        let venue = room().to_string();
        let fields = [
            ("site", "jiefang-1"),
            ("venue", &venue),
            ("name", name),
            ("start", &start),
            ("end", &end),
        ];
        self.set_booking(n, &fields)
    }

    fn set_booking(&mut self, n: u8, fields: &[(&str, &str)]) -> &mut Self {
        self.set(&bookings("jiefang-1"), Collection::Bookings, id(n), fields);
        self
    }

    fn people(&mut self, n: u8, people: i64) {
        self.apply(&[Edit::set(
            &bookings("jiefang-1"),
            Collection::Bookings,
            id(n),
            "people",
            people,
        )]);
    }

    /// The rules that found something.
    fn rules(&self) -> Vec<Rule> {
        let found = self.findings().findings;
        found.into_iter().map(|finding| finding.rule).collect()
    }
}

#[test]
fn a_sound_matrix_has_no_findings() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00")
        .book(2, "青年志愿者", "07T11:00", "07T12:00")
        .set_booking(2, &[("confirmed_by", "jiefang-1/王芳")])
        .book(3, "取消的", "07T09:00", "07T11:00")
        .set_booking(3, &[("state", "cancelled")]);
    case.people(1, 20);
    assert_eq!(case.shown(), [""; 0]);
}

#[test]
fn a_bumped_booking_is_offered_what_else_would_do() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00")
        .book(2, "青年志愿者", "07T10:00", "07T12:00");
    assert_eq!(
        case.shown(),
        [
            "Warning 青年志愿者 12月7日 10:00–12:00 订不到会议室（解放区快递驿站）：先订的是 工会 12月7日 09:00–11:00",
            "  把 青年志愿者 改到 12月7日 11:00–13:00",
            "  把 青年志愿者 改到 12月7日 07:00–09:00",
            "  把 青年志愿者 改到 12月6日 10:00–12:00",
            "  把 青年志愿者 改到 大厅（城市客运共享职工之家）",
            "  取消 青年志愿者 12月7日 10:00–12:00 的预订",
        ]
    );
    assert_eq!(
        case.english()[0],
        "青年志愿者 7 Dec 10:00–12:00 cannot have 会议室 (解放区快递驿站), which was booked first by 工会 7 Dec 09:00–11:00"
    );
    // In the other site's venue it is that site's, and nowhere else.
    let mut moved = case.clone();
    let repairs = case.findings().findings.remove(0).repairs;
    moved.apply(&repairs[3].edits);
    assert_eq!(moved.rules(), []);
    let there = moved.replica.view(&bookings("keyun"));
    let there: &crate::records::Booking = there.get(id(2)).unwrap();
    assert_eq!(
        (there.site.as_str(), there.name.as_str(), there.removed_at),
        ("keyun", "青年志愿者", None)
    );
    // Confirmed, it is the other that makes way.
    case.set_booking(2, &[("confirmed_by", "keyun/孙平")]);
    assert_eq!(
        case.findings().findings[0].text.zh,
        "工会 12月7日 09:00–11:00 订不到会议室（解放区快递驿站）：已确认给 青年志愿者 12月7日 10:00–12:00"
    );
}

#[test]
fn a_promise_does_not_move_with_what_was_moved_without_knowing_of_it() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00");
    let booking = |case: &Case| {
        let view = case.replica.view(&bookings("jiefang-1"));
        view.get::<crate::records::Booking>(id(1)).unwrap().clone()
    };
    let promised = booking(&case).claimed();
    case.set_booking(
        1,
        &[
            ("confirmed_by", "jiefang-1/王芳"),
            ("confirmed_for", &promised),
        ],
    );
    assert_eq!(case.shown(), [""; 0]);
    // As it merges: another computer wrote another time, and knew of no confirmation to take back.
    case.set_booking(
        1,
        &[("start", "2026-12-07T13:00"), ("end", "2026-12-07T15:00")],
    );
    // Who booked that time, and was promised it, has it.
    case.book(2, "青年志愿者", "07T14:00", "07T16:00")
        .set_booking(2, &[("confirmed_by", "keyun/孙平")]);
    let shown = case.shown();
    assert_eq!(
        case.rules(),
        [Rule::StaleConfirmation, Rule::BumpedBooking],
        "{shown:#?}"
    );
    assert!(
        shown.contains(&"  撤回对 工会 12月7日 13:00–15:00 的确认".to_owned()),
        "{shown:#?}"
    );
    let taken_back = case.findings().findings.remove(0).repairs.remove(0);
    case.apply(&taken_back.edits);
    assert!(booking(&case).confirmed_for.is_empty());
    assert_eq!(case.rules(), [Rule::BumpedBooking]);
}

#[test]
fn what_two_were_promised_is_an_error() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00")
        .book(2, "青年志愿者", "07T10:00", "07T12:00")
        .set_booking(2, &[("confirmed_by", "jiefang-1/王芳")])
        .set_booking(1, &[("confirmed_by", "keyun/孙平")]);
    assert_eq!(
        case.shown(),
        [
            "Error 会议室（解放区快递驿站）同一时间确认给了两家：工会 12月7日 09:00–11:00，与 青年志愿者 12月7日 10:00–12:00",
            "  把 工会 改到 12月7日 08:00–10:00",
            "  把 工会 改到 大厅（城市客运共享职工之家）",
            "  撤回对 工会 12月7日 09:00–11:00 的确认",
            "  撤回对 青年志愿者 12月7日 10:00–12:00 的确认",
            "  取消 工会 12月7日 09:00–11:00 的预订",
            "  取消 青年志愿者 12月7日 10:00–12:00 的预订",
        ]
    );
    for n in 3..9 {
        case.book(n, "某社", "07T09:00", "07T12:00")
            .set_booking(n, &[("confirmed_by", "keyun/孙平")]);
    }
    let found = case.findings().findings;
    assert_eq!((found.len(), found[0].records.len()), (1, 8));
}

#[test]
fn a_booking_must_fit_its_venue_and_its_hours() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00");
    case.people(1, 40);
    assert_eq!(
        case.shown(),
        [
            "Warning 工会 12月7日 09:00–11:00 来40人，会议室（解放区快递驿站）只容20人",
            "  把 工会 改到 大厅（城市客运共享职工之家）",
            "  取消 工会 12月7日 09:00–11:00 的预订",
        ]
    );
    let mut case = Case::matrix();
    case.book(1, "工会", "07T21:00", "07T23:00");
    assert_eq!(
        case.shown(),
        [
            "Warning 工会 12月7日 21:00–23:00 订的会议室（解放区快递驿站）在开放时间（07:00-22:00）之外",
            "  把 工会 改到 12月7日 20:00–22:00",
            "  把 工会 改到 12月8日 20:00–22:00",
            "  把 工会 改到 大厅（城市客运共享职工之家）",
            "  取消 工会 12月7日 21:00–23:00 的预订",
        ]
    );
    let mut case = Case::matrix();
    case.book(1, "工会", "07T14:00", "07T09:00");
    assert_eq!(
        case.shown(),
        [
            "Error 工会 订的会议室（解放区快递驿站）没有时间：12月7日 14:00 开始，12月7日 09:00 结束",
            "  开始和结束对调：09:00–14:00",
            "  改为 14:00–次日09:00",
            "  取消 工会 的预订",
        ]
    );
}

#[test]
fn a_confirmation_by_another_does_not_count() {
    let mut case = Case::matrix();
    case.site(
        "zhanqian",
        &[
            ("key", "zhanqian"),
            ("parent", "keyun"),
            ("name", "站前"),
            ("level", "station"),
        ],
    );
    case.book(1, "工会", "07T09:00", "07T11:00")
        .set_booking(1, &[("confirmed_by", "zhanqian/王芳")]);
    assert_eq!(
        case.shown(),
        [
            "Warning 工会 12月7日 09:00–11:00 订的会议室（解放区快递驿站）由“zhanqian/王芳”确认，不算数：只有解放区快递驿站和城市客运共享职工之家能确认",
            "  撤回对 工会 12月7日 09:00–11:00 的确认",
        ]
    );
}

#[test]
fn a_removed_venue_that_is_used_is_said_once_and_comes_back() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00")
        .book(2, "青年志愿者", "08T09:00", "08T11:00");
    let fields = [("removed_at", "2026-12-01T08:00")];
    case.set(&Name::Sites, Collection::Venues, room(), &fields);
    assert_eq!(
        case.shown(),
        [
            "Warning 站点名录里没有场地“会议室”，却用到了它：工会 12月7日 09:00–11:00、青年志愿者 12月8日 09:00–11:00",
            "  恢复已移除的场地“会议室”",
        ]
    );
    case.replica.documents.remove(&Name::Sites);
    let found = case.findings();
    assert_eq!(found.findings, []);
    assert!(
        found
            .not_checked
            .iter()
            .any(|missing| missing.rule == Rule::UnknownVenue)
    );
}

#[test]
fn sites_without_a_parent_or_in_a_circle_are_found() {
    let mut case = Case::matrix();
    case.site("jiefang-1", &[("parent", "")]);
    assert_eq!(
        case.shown(),
        [
            "Warning “解放区快递驿站”没有上级，暂由城市客运共享职工之家照管",
            "  把“解放区快递驿站”归到城市客运共享职工之家",
        ]
    );
    let mut case = Case::matrix();
    case.site(
        "a",
        &[
            ("key", "a"),
            ("name", "甲"),
            ("level", "point"),
            ("parent", "b"),
        ],
    );
    case.site(
        "b",
        &[
            ("key", "b"),
            ("name", "乙"),
            ("level", "point"),
            ("parent", "a"),
        ],
    );
    assert_eq!(
        case.shown(),
        [
            "Error 站点互为上级，绕成一圈：甲、乙",
            "  把“甲”归到城市客运共享职工之家",
            "  把“乙”归到城市客运共享职工之家",
        ]
    );
    // Where no home is the hub, nobody is asked where they belong.
    assert_eq!(Case::new().rules(), []);
}

#[test]
fn a_service_that_nobody_is_on_is_found_where_the_roster_is_held() {
    let mut case = Case::matrix();
    let service = Service::KIND.natural_id(&["jiefang-1", "法律咨询"]);
    let fields = [
        ("site", "jiefang-1"),
        ("name", "法律咨询"),
        ("days", "1 3"),
        ("hours", "09:00-11:00"),
        ("post", "法律 值守"),
    ];
    case.set(&Name::Sites, Collection::Services, service, &fields);
    let missing = case.findings();
    assert_eq!(missing.findings, []);
    assert_eq!(
        missing
            .not_checked
            .iter()
            .filter(|missing| missing.rule == Rule::UnstaffedService)
            .count(),
        1
    );
    // Today is Saturday the 5th: the 7th, 9th, 14th and 16th are to come.
    case.shift("jiefang-1", 1, "李超", "法律值守", "07T08:00", "07T10:00")
        .shift("jiefang-1", 2, "郑洋", "法律值守", "07T10:00", "07T12:00")
        .shift("jiefang-1", 3, "李超", "法律值守", "09T08:00", "09T10:00")
        .shift("jiefang-1", 4, "李超", "法律值守", "14T08:00", "14T12:00")
        .set_shift("jiefang-1", 4, "state", "absent")
        .shift("jiefang-1", 5, "郑洋", "前台", "16T08:00", "16T12:00");
    assert_eq!(
        case.shown(),
        [
            "Warning 解放区快递驿站的“法律咨询”没有人在“法律 值守”岗位：12月9日 10:00–11:00、12月14日 09:00–11:00、12月16日 09:00–11:00",
            "  暂停“法律咨询”",
            "  “法律咨询”不需要人值守",
        ]
    );
    // Closed, it needs nobody.
    let closed = HoursException::KIND.natural_id(&["jiefang-1", "2026-12-09"]);
    let fields = [
        ("site", "jiefang-1"),
        ("from", "2026-12-08"),
        ("until", "2026-12-16"),
    ];
    case.set(&Name::Sites, Collection::Exceptions, closed, &fields);
    assert!(!case.rules().contains(&Rule::UnstaffedService));
}

#[test]
fn shifts_on_days_that_a_site_is_closed_are_found() {
    let mut case = Case::matrix();
    case.shift("jiefang-1", 1, "李超", "前台", "07T08:00", "07T14:00");
    let closed = HoursException::KIND.natural_id(&["jiefang-1", "2026-12-07"]);
    let fields = [
        ("site", "jiefang-1"),
        ("from", "2026-12-07"),
        ("reason", "盘点"),
    ];
    case.set(&Name::Sites, Collection::Exceptions, closed, &fields);
    assert_eq!(
        case.shown()[0],
        "Warning 李超 12月7日 08:00–14:00 的前台在解放区快递驿站不开放的日子（盘点）"
    );
    let fields = [("hours", "10:00-16:00")];
    case.set(&Name::Sites, Collection::Exceptions, closed, &fields);
    assert_eq!(
        case.english()[0],
        "李超's 前台 on 7 Dec 08:00–14:00 is outside the hours of 解放区快递驿站 that day (10:00-16:00) (盘点)"
    );
    case.site("jiefang-1", &[("state", "paused")]);
    assert_eq!(
        case.shown()[0],
        "Warning 李超 12月7日 08:00–14:00 的前台在解放区快递驿站暂停期间"
    );
}

#[test]
fn bookings_of_the_months_beside_that_are_not_held_are_said() {
    let mut case = Case::matrix();
    case.book(1, "工会", "07T09:00", "07T11:00");
    let not_checked = case.findings().not_checked;
    let missing = not_checked
        .iter()
        .find(|missing| missing.rule == Rule::BumpedBooking)
        .unwrap();
    let names: Vec<String> = missing.documents.iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        ["bookings/jiefang-1/2026-11", "bookings/jiefang-1/2027-01"]
    );
    let mut holdings = Holdings::new(now());
    for document in case.replica.documents.values() {
        holdings.add(document);
    }
    holdings.add_nothing_else();
    assert_eq!(findings(&holdings, None).not_checked, []);
}

#[test]
fn replicas_that_booked_apart_say_the_same_whoever_hears_first() {
    let mut said = Vec::new();
    for one_hears_first in [true, false] {
        let mut one = Case::matrix();
        let mut two = Case::matrix();
        two.replica = Replica::numbered(2);
        two.replica.receive(one.replica.changes());
        one.book(1, "工会", "07T09:00", "07T11:00")
            .book(2, "读书会", "08T09:00", "08T11:00")
            .set_booking(2, &[("confirmed_by", "keyun/孙平")]);
        two.book(3, "青年志愿者", "07T10:00", "07T12:00")
            .book(4, "合唱队", "08T10:00", "08T12:00")
            .set_booking(4, &[("confirmed_by", "jiefang-1/王芳")]);
        let (first, second) = match one_hears_first {
            true => (&mut one, &mut two),
            false => (&mut two, &mut one),
        };
        first.replica.merge(&mut second.replica);
        assert_eq!(one.replica.findings(None), two.replica.findings(None));
        assert_eq!(one.rules(), [Rule::DoubleBooking, Rule::BumpedBooking]);
        said.push(one.replica.findings(None));
    }
    assert_eq!(said[0], said[1]);
}
