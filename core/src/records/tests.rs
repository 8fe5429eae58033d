//! Goal: what is stored is read back, what people type is understood or refused with what was
//! expected, and nothing that is stored breaks reading. Method: tables, and every kind's own table
//! of fields.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;

fn read<T: Typed + Clone>(record: &T) -> (T, Vec<FieldProblem>) {
    let stored = record.fields().into_iter();
    let stored = stored
        .map(|(field, value)| (field.to_owned(), value))
        .collect();
    let entry = Entry::new(T::KIND.collection, record.id(), stored);
    (
        T::of(entry.record()).unwrap().clone(),
        entry.problems().to_vec(),
    )
}

fn site() -> Site {
    let key = "keyun".parse().unwrap();
    Site {
        id: Site::id_of(&key),
        key,
        name: "城市客运共享职工之家".to_owned(),
        level: Level::Home,
        parent: Some("jiefang-home".parse().unwrap()),
        address: "焦作市交通运输党群服务区".to_owned(),
        hours: Some("07:00-22:00".parse().unwrap()),
        amenities: ["rest", "charging"].map(str::to_owned).into(),
        phone: "0391-7618662".to_owned(),
        lat: Some(35.23223),
        lng: Some(113.0),
        state: Availability::Paused,
        notice: "今日停水".to_owned(),
        removed_at: Some(date(2026, 12, 31).at(23, 59, 30, 0)),
    }
}

#[test]
fn records_are_read_as_they_were_stored() {
    let site = site();
    assert_eq!(read(&site), (site.clone(), vec![]));
    let post = Post {
        id: Post::id_of("热线"),
        name: "热线".into(),
        any_hours: true,
        certificates: ["急救员证".to_owned()].into(),
        mediates: false,
        removed_at: None,
    };
    assert_eq!(read(&post), (post.clone(), vec![]));
    let person = Person {
        id: Person::id_of_row(&site.key, "孙平", ""),
        site: site.key.clone(),
        name: "孙平".into(),
        role: Role::Coordinator,
        phone: String::new(),
        removed_at: None,
    };
    assert_eq!(read(&person), (person.clone(), vec![]));
    let start = date(2026, 12, 1).at(20, 0, 0, 0);
    let shift = Shift {
        id: Shift::id_of_row(&site.key, start, "热线", "孙平"),
        site: site.key,
        person: Some(person.id),
        name: "孙平".into(),
        lent_by: Some("jiefang-1".parse().unwrap()),
        post: "热线".into(),
        start,
        end: date(2026, 12, 2).at(8, 0, 0, 0),
        state: ShiftState::Swapped,
        note: "夜班补贴".into(),
        removed_at: None,
    };
    assert_eq!(read(&shift), (shift.clone(), vec![]));
}

#[test]
fn ids_of_rows_never_move() {
    let key = "keyun".parse().unwrap();
    let start = date(2026, 12, 1).at(8, 0, 0, 0);
    let pinned = [
        (Site::id_of(&key), "fe170033-f3c2-52a2-b0ec-1890b63877e0"),
        (Post::id_of("热线"), "df5d7b90-c659-5682-8beb-317967e80311"),
        (
            Person::id_of_row(&key, "孙平", ""),
            "9da4b699-5e1b-5f72-8653-0d9cd24b66c1",
        ),
        (
            Shift::id_of_row(&key, start, "前台", "孙平"),
            "a40d2255-f138-5aef-9427-12894503d59d",
        ),
        (
            RecordId::new(1_796_112_000_000, [7; 10]),
            "01a2309e-2400-7707-8707-070707070707",
        ),
    ];
    for (id, pinned) in pinned {
        assert_eq!(id.to_string(), pinned);
        assert_eq!(pinned.parse(), Ok(id));
    }
    // Parts do not run into each other.
    let ids = [["ab", "c"], ["a", "bc"], ["a/1:b", "c"]];
    let ids: BTreeSet<_> = ids
        .map(|parts| RecordId::natural(Collection::Posts, &parts))
        .into();
    assert_eq!(ids.len(), 3);
}

#[test]
fn every_way_to_write_an_id_but_one_is_refused() {
    let id = RecordId::new(1, [0xab; 10]).to_string();
    for text in [
        id.to_uppercase(),
        id.replace('-', ""),
        format!("{{{id}}}"),
        format!("{id} "),
    ] {
        assert!(text.parse::<RecordId>().is_err(), "{text}");
    }
    assert_eq!(
        RecordId::split_key(&format!("{id}/a/b")).map(|(_, field)| field),
        Some("a/b")
    );
    for key in [
        id.clone(),
        format!("{id}/"),
        "name".to_owned(),
        format!("{}/name", &id[1..]),
    ] {
        assert_eq!(RecordId::split_key(&key), None, "{key}");
    }
}

#[test]
fn what_people_type_is_understood_or_refused() {
    let understood = [
        ("state", "confirmed", "confirmed"),
        ("状态", "已确认", "confirmed"),
        ("State", " Confirmed ", "confirmed"),
        ("备注", "  顶班 ", "顶班"),
        ("note", "", ""),
        ("start", "2026-12-03 08:00", "2026-12-03T08:00"),
        ("开始", "2026-12-03T08:00:00", "2026-12-03T08:00"),
        ("lent_by", "jiefang-1", "jiefang-1"),
        ("removed_at", "2026-12-03T08:00", "2026-12-03T08:00"),
    ];
    for (field, text, value) in understood {
        let (_, parsed) = Shift::parse_field(field, text).unwrap();
        assert_eq!(parsed, Value::from(value), "{field}={text}");
    }
    let long = "字".repeat(Form::TEXT_CHARS_MAX + 1);
    let refused = [
        ("post", ""),
        ("state", "maybe"),
        ("start", "8:00"),
        ("start", "2026-02-30T08:00"),
        ("start", "2026-12-03T08:00Z"),
        ("start", "2026-12-03T08:00+08:00"),
        ("lent_by", "解放"),
        ("person", "孙平"),
        ("note", &long),
        ("mood", "good"),
    ];
    for (field, text) in refused {
        Shift::parse_field(field, text).unwrap_err();
    }
    assert_eq!(
        Site::parse_field("lat", "35.5").unwrap(),
        ("lat", Value::Float(35.5))
    );
    assert_eq!(
        Site::parse_field("纬度", "35").unwrap(),
        ("lat", Value::Int(35))
    );
    assert_eq!(
        Post::parse_field("any_hours", "是").unwrap(),
        ("any_hours", true.into())
    );
    let (_, amenities) = Site::parse_field("设施", "wifi  rest wifi").unwrap();
    assert_eq!(amenities, Value::from("rest wifi"));
    for text in ["91", "NaN", "inf", "北纬"] {
        Site::parse_field("lat", text).unwrap_err();
    }
}

#[test]
fn refusal_says_what_was_expected() {
    let error = Shift::parse_field("state", "也许").unwrap_err();
    let expected = "one of planned, confirmed, swapped, absent";
    assert_eq!(
        error.to_string(),
        format!("\"也许\" cannot be state: expected {expected}")
    );
    let error = Shift::parse_field("mood", "good").unwrap_err();
    assert!(error.to_string().contains("site, name, person"), "{error}");
}

#[test]
fn any_stored_value_is_read_and_reported() {
    let values = [
        Value::from(""),
        Value::from("乱"),
        Value::from(true),
        Value::from(i64::MIN),
        Value::from(f64::NAN),
        Value::from("2026-12-03T24:00"),
        Value::from("字".repeat(100_000)),
    ];
    for kind in Record::KINDS {
        for value in &values {
            let stored: StoredFields = kind
                .fields
                .iter()
                .chain([&REMOVED_AT])
                .map(|field| (field.name.to_owned(), value.clone()))
                .collect();
            let entry = Entry::new(kind.collection, RecordId::new(1, [1; 10]), stored);
            for problem in entry.problems() {
                let field = kind.field(&problem.field).unwrap();
                let missing = problem.kind == ProblemKind::Missing;
                assert!(missing == (*value == Value::from("") && field.required));
            }
        }
        let entry = Entry::new(
            kind.collection,
            RecordId::new(1, [1; 10]),
            StoredFields::default(),
        );
        let missing: Vec<_> = entry.problems().iter().map(|p| p.field.as_str()).collect();
        let required = kind.fields.iter().filter(|field| field.required);
        assert_eq!(
            missing,
            required.map(|field| field.name).collect::<Vec<_>>()
        );
    }
}

#[test]
fn tables_and_structs_name_the_same_fields() {
    fn names<T: Typed>(record: &T) -> BTreeSet<&'static str> {
        record
            .fields()
            .into_iter()
            .map(|(field, _)| field)
            .collect()
    }
    let table = |kind: RecordKind| -> BTreeSet<_> {
        kind.fields
            .iter()
            .map(|field| field.name)
            .chain([REMOVED_AT.name])
            .collect()
    };
    assert_eq!(names(&site()), table(Site::KIND));
    for kind in Record::KINDS {
        let labels: BTreeSet<_> = kind.fields.iter().map(|field| field.label.zh).collect();
        assert_eq!(labels.len(), kind.fields.len(), "{}", kind.label.en);
        assert_eq!(Record::kind_of(kind.collection), Some(kind));
    }
}

#[test]
fn hours_cover_what_lies_within_them() {
    let at = |day: i8, hour: i8, minute: i8| date(2026, 12, day).at(hour, minute, 0, 0);
    let check = |hours: &str, start, end, covered: bool| {
        let parsed: Hours = hours.parse().unwrap();
        assert_eq!(parsed.to_string(), hours);
        assert_eq!(parsed.covers(start, end), covered, "{hours} {start} {end}");
    };
    check("07:00-22:00", at(1, 7, 0), at(1, 22, 0), true);
    check("07:00-22:00", at(1, 6, 59), at(1, 8, 0), false);
    check("07:00-22:00", at(1, 20, 0), at(1, 22, 1), false);
    check("07:00-22:00", at(1, 20, 0), at(2, 8, 0), false);
    check("07:00-22:00", at(1, 20, 0), at(2, 20, 0), false);
    check("00:00-24:00", at(1, 20, 0), at(2, 8, 0), true);
    check("00:00-24:00", at(1, 0, 0), at(31, 0, 0), true);
    check("20:00-08:00", at(1, 20, 0), at(2, 8, 0), true);
    check("20:00-08:00", at(2, 1, 0), at(2, 7, 0), true);
    check("20:00-08:00", at(2, 7, 0), at(2, 9, 0), false);
    check("07:00-12:00 12:00-18:00", at(1, 8, 0), at(1, 17, 0), true);
    check("07:00-12:00 13:00-18:00", at(1, 8, 0), at(1, 17, 0), false);
    check("07:00-22:00", at(2, 8, 0), at(1, 8, 0), false);
}

#[test]
fn what_is_no_hours_is_refused() {
    let many = ["07:00-08:00"; Hours::SPANS_MAX + 1].join(" ");
    let texts = [
        "",
        "07:00",
        "7-22",
        "07:00-25:00",
        "24:00-08:00",
        "07:00~22:00",
        "-",
        &many,
    ];
    for text in texts {
        assert!(text.parse::<Hours>().is_err(), "{text}");
    }
    assert_eq!(
        "7:00-22:00".parse::<Hours>().unwrap().to_string(),
        "07:00-22:00"
    );
}

#[test]
fn edits_survive_being_written_as_json() {
    // A repair is offered as ready-made edits, which a page or a command hands back.
    let record = RecordId::new(1, [1; 10]);
    let name = "roster/keyun/2026-12".parse().unwrap();
    let edit = Edit::set(&name, Collection::Shifts, record, "note", "顶班");
    let json = serde_json::to_string(&edit).unwrap();
    let expected = format!(
        r#"{{"set":{{"document":"roster/keyun/2026-12","collection":"shifts","record":"{record}","field":"note","value":"顶班"}}}}"#
    );
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_str::<Edit>(&json).unwrap(), edit);
}
