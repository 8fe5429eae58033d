//! Any kind of record, by its table.

use super::*;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{
    Attendance, Booking, CONFIRMED_BY, Course, CourseSession, Edit, Entry, Field, Form,
    HoursException, Record, RecordKind, Service, Typed, Value, Venue,
};
use crate::rules::Language;
use crate::rules::replica::now;

/// A value that fits a field, another one for another number.
fn sample(kind: &RecordKind, field: &Field, number: usize) -> Value {
    match field.form {
        Form::Choice(choices) => choices[number % choices.len()].value.into(),
        Form::Date => format!("2026-12-{:02}", number % 28 + 1).into(),
        Form::DateTime if kind.lasts.is_some_and(|(_, end)| end == field.name) => {
            format!("2026-12-{:02}T{:02}:30", number % 28 + 1, 12 + number % 10).into()
        }
        Form::DateTime => format!("2026-12-{:02}T{:02}:00", number % 28 + 1, number % 12).into(),
        Form::Flag => Value::Bool(number % 2 == 1),
        Form::Hours => ["08:00-12:00 14:00-18:00", "20:00-08:00"][number % 2].into(),
        Form::Number { min, max } => {
            Value::Int(i64::from(min) + i64::try_from(number).unwrap() % i64::from(max - min))
        }
        Form::Record => match field.refers_to.and_then(Record::kind_of) {
            // A record of a kind that is known by its name; of the others any id will do.
            Some(of) if !of.known_by.is_empty() => id(of, number).to_string().into(),
            _ => RecordId::new(7, [u8::try_from(number).unwrap(); 10])
                .to_string()
                .into(),
        },
        Form::Site if field.name == "key" => format!("site-{number}").into(),
        Form::Site => "jiefang-1".into(),
        // The end of a document's name.
        Form::Text if field.name == "case" => format!("c-{number}").into(),
        Form::Text if field.name == "note" => format!("第一行\n第{number}行").into(),
        Form::Text => format!("{}{number}", field.label.zh).into(),
        Form::Weekdays => ["1 3 5", "6 7"][number % 2].into(),
        Form::Words => ["wifi", "projector wifi"][number % 2].into(),
    }
}

fn fields(kind: &RecordKind, number: usize) -> BTreeMap<String, Value> {
    let value = |field: &Field| (field.name.to_owned(), sample(kind, field, number));
    kind.fields.iter().map(value).collect()
}

fn id(kind: &RecordKind, number: usize) -> RecordId {
    let drawn = RecordId::new(9, [u8::try_from(number).unwrap(); 10]);
    kind.own_id(&fields(kind, number)).unwrap_or(drawn)
}

fn placed() -> impl Iterator<Item = &'static RecordKind> {
    let kinds = Record::KINDS.iter();
    kinds.filter(|kind| kind.document_kind().is_some() && !kind.once)
}

/// A replica with a few records of every kind.
fn with_all() -> Replica {
    let mut replica = Replica::numbered(1);
    replica.sites(SITES);
    for kind in placed() {
        for number in 1..=5 {
            let fields = fields(kind, number);
            let document = kind.place(Some(&key("jiefang-1")), &fields).unwrap();
            replica.apply(&kind.put(&document, id(kind, number), fields));
        }
    }
    replica
}

fn entries<'a>(replica: &'a Replica, kind: &RecordKind) -> Vec<(&'a Name, &'a Entry)> {
    let documents = replica.documents.iter();
    let of = |(name, document): (&'a Name, &'a crate::document::LiveDocument)| {
        let entries = document.view().entries(kind.collection);
        entries.map(move |entry| (name, entry)).collect::<Vec<_>>()
    };
    documents.flat_map(of).collect()
}

/// What an export of all records of a kind says.
fn exported(replica: &Replica, kind: &RecordKind, language: Language) -> Table {
    let held = replica.held();
    let label = |field: &Field| match language {
        Language::Zh => field.label.zh.to_owned(),
        Language::En => field.label.en.to_owned(),
    };
    let mut rows = vec![Row {
        line: 1,
        cells: kind.fields.iter().map(label).collect(),
    }];
    if kind.known_by.is_empty() {
        rows[0].cells.push("id".to_owned());
    }
    for (name, entry) in entries(replica, kind) {
        let site = entry.fields().get("site").and_then(Value::as_text);
        let site = site
            .and_then(|site| site.parse().ok())
            .or(name.site().cloned());
        let cell = |field: &Field| match entry.fields().get(field.name) {
            Some(value) => write_field(kind, field, value, site.as_ref(), &held, language),
            None => String::new(),
        };
        let mut cells: Vec<String> = kind.fields.iter().map(cell).collect();
        if kind.known_by.is_empty() {
            cells.push(entry.record().id().to_string());
        }
        let line = rows.len() + 1;
        rows.push(Row { line, cells });
    }
    Table {
        file: "f.csv".to_owned(),
        sheet: None,
        rows,
    }
}

fn import(replica: &mut Replica, kind: &'static RecordKind, table: &Table) -> Plan {
    let site = key("jiefang-1");
    let plan = plan_records(kind, table, Some(&site), &replica.held(), now());
    let plan = plan.unwrap_or_else(|errors| panic!("{}: {:?}", kind.label.en, zh(&errors)));
    replica.apply(&plan.edits);
    plan
}

#[test]
fn what_is_exported_of_any_kind_says_nothing_new() {
    let replica = with_all();
    for kind in placed() {
        for language in [Language::Zh, Language::En] {
            let file = exported(&replica, kind, language);
            let count = entries(&replica, kind).len();
            assert!(count >= 5, "{}", kind.label.en);
            let mut again = replica.clone();
            let plan = import(&mut again, kind, &file);
            let en = kind.label.en;
            assert_eq!(
                counts(&plan),
                [0, 0, count, 0, 0],
                "{en}: {:?}",
                plan.updated
            );
            assert!(import(&mut again, kind, &file).is_empty(), "{en}");
        }
    }
}

#[test]
fn one_file_makes_the_same_records_everywhere() {
    let replica = with_all();
    for kind in placed() {
        let mut file = exported(&replica, kind, Language::Zh);
        // Without ids: what the rows say has to tell.
        for row in &mut file.rows {
            row.cells.truncate(kind.fields.len());
        }
        let (mut one, mut other) = (Replica::numbered(2), Replica::numbered(3));
        other.sites(SITES);
        import(&mut one, kind, &file);
        import(&mut other, kind, &file);
        let ids = |replica: &Replica| -> BTreeSet<(Name, RecordId)> {
            let entries = entries(replica, kind).into_iter();
            entries
                .map(|(name, entry)| (name.clone(), entry.record().id()))
                .collect()
        };
        let there = ids(&one);
        one.merge(&mut other);
        assert!(there.len() >= 5, "{}", kind.label.en);
        if kind.collection != Collection::Sites {
            assert_eq!(
                (ids(&one), ids(&other)),
                (there.clone(), there),
                "{}",
                kind.label.en
            );
        }
        let plan = import(&mut one, kind, &file);
        assert!(plan.is_empty(), "{}: {:?}", kind.label.en, plan.edits);
    }
}

#[test]
fn what_is_named_within_another_is_named_by_both() {
    const SESSIONS: &str = "课程,名称,日期,开始,结束
急救员第3期,第一课,2026-12-07,19:00,21:00
电工第1期,第一课,2026-12-08,19:00,21:00";
    let roll = |session: &str| format!("课次,姓名,电话,出勤\n{session},王芳,,迟到");
    let mut replica = Replica::numbered(1);
    replica.sites(SITES);
    let site = key("jiefang-1");
    import(&mut replica, &CourseSession::KIND, &table(SESSIONS));
    let plan = |replica: &Replica, session: &str| {
        plan_records(
            &Attendance::KIND,
            &table(&roll(session)),
            Some(&site),
            &replica.held(),
            now(),
        )
    };
    // Two courses have a first lesson.
    let errors = plan(&replica, "第一课").unwrap_err();
    assert_eq!(
        zh(&errors),
        ["f.csv 第2行 A列（课次）：应为课次的编号（有几个都叫“第一课”），此处是“第一课”"]
    );
    let errors = plan(&replica, "急救员第3期/第九课").unwrap_err();
    assert_eq!(
        zh(&errors),
        [
            "f.csv 第2行 A列（课次）：应为课次的名称或编号（这里没有“急救员第3期/第九课”），此处是“急救员第3期/第九课”"
        ]
    );
    let course = Course::id_of(&site, "急救员第3期").to_string();
    let session = CourseSession::KIND.natural_id(&[&course, "第一课"]);
    for (replica, name) in [
        (&replica, "急救员第3期/第一课"),
        // Where nothing is held, the names tell all the same.
        (&Replica::numbered(2), "急救员 第3期／第一课"),
    ] {
        let plan = plan(replica, name).unwrap();
        let wanted = Value::from(session.to_string());
        let is_it = |edit: &&Edit| edit.value() == Some(&wanted);
        assert_eq!(plan.edits.iter().filter(is_it).count(), 1, "{name}");
    }
}

const VENUES: &str = "站点,名称,容量,开放时间,设施,状态
城市客运共享职工之家,多功能厅,60,8:00至21:00,无线网、projector,开放
jiefang-1,活动室,20,,,";

const BOOKINGS: &str = "站点,场地,日期,开始,结束,预订人,人数,确认人
keyun,多功能厅,2026/12/30,9:00,11:00,王 芳,30,
keyun,多功能厅,2026年12月31日,20:00,2:00,李超,12,";

fn shared() -> Replica {
    let mut replica = Replica::numbered(1);
    replica.sites(SITES);
    import(&mut replica, &Venue::KIND, &table(VENUES));
    replica
}

fn bookings(replica: &Replica) -> Vec<(Name, Booking)> {
    let entries = entries(replica, &Booking::KIND).into_iter();
    let present = entries.filter(|(_, entry)| entry.removed_at().is_none());
    let mut bookings: Vec<(Name, Booking)> = present
        .map(|(name, entry)| (name.clone(), Booking::of(entry.record()).unwrap().clone()))
        .collect();
    bookings.sort_by_key(|(_, booking)| booking.start);
    bookings
}

#[test]
fn cells_are_read_as_offices_write_them() {
    let mut replica = shared();
    let view = replica.view(&Name::Sites);
    let hall = view
        .get::<Venue>(Venue::id_of(&key("keyun"), "多功能厅"))
        .unwrap();
    assert_eq!(hall.hours.as_ref().unwrap().to_string(), "08:00-21:00");
    assert_eq!(
        hall.amenities,
        ["projector", "wifi"].map(str::to_owned).into()
    );
    let hall = hall.id;
    import(&mut replica, &Booking::KIND, &table(BOOKINGS));
    let booked = bookings(&replica);
    let said: Vec<(String, String, String)> = booked
        .iter()
        .map(|(_, booking)| {
            (
                booking.name.clone(),
                booking.start.to_string(),
                booking.end.to_string(),
            )
        })
        .collect();
    let expected =
        |name: &str, start: &str, end: &str| (name.to_owned(), start.to_owned(), end.to_owned());
    assert_eq!(
        said,
        [
            expected("王芳", "2026-12-30T09:00:00", "2026-12-30T11:00:00"),
            expected("李超", "2026-12-31T20:00:00", "2027-01-01T02:00:00"),
        ]
    );
    assert!(
        booked
            .iter()
            .all(|(_, booking)| booking.venue == Some(hall))
    );
    import(
        &mut replica,
        &Service::KIND,
        &table("site,name,days,场地\nkeyun,理发,周三、周六,多功能厅\nkeyun,量血压,每天,"),
    );
    let services = entries(&replica, &Service::KIND);
    let days = |name: &str| {
        let (_, entry) = services
            .iter()
            .find(|(_, entry)| entry.title() == name)
            .unwrap();
        entry.fields().get("days").cloned()
    };
    assert_eq!(days("理发"), Some("3 6".into()));
    assert_eq!(days("量血压"), None);
}

#[test]
fn a_person_s_change_outlives_the_next_import() {
    let mut replica = shared();
    import(&mut replica, &Booking::KIND, &table(BOOKINGS));
    let (document, booking) = bookings(&replica)[0].clone();
    let edit = Edit::set(&document, Collection::Bookings, booking.id, "people", 8);
    replica.apply(&[edit]);
    // The file corrects another field.
    let corrected = BOOKINGS.replace("9:00,11:00", "9:00,12:00");
    let plan = import(&mut replica, &Booking::KIND, &table(&corrected));
    assert_eq!(counts(&plan), [0, 1, 1, 0, 0]);
    let booking = &bookings(&replica)[0].1;
    assert_eq!((booking.people, booking.end.hour()), (Some(8), 12));
    let fewer: String = corrected
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    let plan = import(&mut replica, &Booking::KIND, &table(&fewer));
    assert_eq!(counts(&plan), [0, 0, 1, 0, 1]);
}

#[test]
fn a_row_with_its_id_moves_to_another_month_and_loses_its_confirmation() {
    let mut replica = shared();
    import(&mut replica, &Booking::KIND, &table(BOOKINGS));
    let (december, booking) = bookings(&replica)[0].clone();
    let confirm = Edit::set(
        &december,
        Collection::Bookings,
        booking.id,
        CONFIRMED_BY,
        "keyun/王芳",
    );
    replica.apply(&[confirm]);
    let row = |start: &str, end: &str| {
        format!(
            "编号,站点,场地,开始,结束,预订人\n{},keyun,多功能厅,{start},{end},王芳",
            booking.id
        )
    };
    let moved = row("2027-01-02 9:00", "2027-01-02 11:00");
    let plan = import(&mut replica, &Booking::KIND, &table(&moved));
    assert_eq!(counts(&plan)[..4], [0, 1, 0, 0]);
    let (january, moved) = bookings(&replica).pop().unwrap();
    assert_eq!(january.month().unwrap().to_string(), "2027-01");
    assert_eq!(
        (moved.id, moved.confirmed_by.as_str(), moved.people),
        (booking.id, "", Some(30))
    );
    assert_eq!(bookings(&replica).len(), 2);
    // And back: it is there again, not removed.
    let back = row("2026-12-30 9:00", "2026-12-30 11:00");
    import(&mut replica, &Booking::KIND, &table(&back));
    assert_eq!(bookings(&replica)[0].0, december);
    assert_eq!(bookings(&replica).len(), 2);
    let elsewhere = back.replace("keyun,多功能厅", "jiefang-1,活动室");
    let refused = plan_records(
        &Booking::KIND,
        &table(&elsewhere),
        None,
        &replica.held(),
        now(),
    );
    assert!(zh(&refused.unwrap_err())[0].contains("不能换站点"));
}

#[test]
fn every_error_of_a_row_is_named_where_it_stands() {
    let replica = shared();
    let rows = "站点,场地,开始,结束,预订人,人数,状态
keyun,小剧场,2026-12-30,11:00,,许多,也许
没有的站,多功能厅,2026-12-30 9:00,2026-12-30 9:00,王芳,0,
keyun,多功能厅,2026-12-30 9:00,2026-12-30 8:00,王芳,,";
    let refused = plan_records(&Booking::KIND, &table(rows), None, &replica.held(), now());
    let errors = refused.unwrap_err();
    let places: Vec<(usize, &str)> = errors
        .errors
        .iter()
        .map(|error| {
            (
                error.line,
                error
                    .column
                    .as_ref()
                    .map_or("", |column| column.letters.as_str()),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (2, "B"),
            (2, "C"),
            (2, "E"),
            (2, "F"),
            (2, "G"),
            (3, "A"),
            (3, "D"),
            (3, "F"),
            (4, "D")
        ],
        "{:?}",
        zh(&errors)
    );
    assert!(
        zh(&errors)[0].contains("keyun的场地的名称"),
        "{:?}",
        zh(&errors)
    );
}

#[test]
fn an_exception_of_a_day_is_one_however_often_it_is_said() {
    let mut replica = shared();
    let rows = "站点,开始日期,原因\nkeyun,2027年1月1日,元旦\nkeyun,2027/1/1,元旦";
    let plan = import(&mut replica, &HoursException::KIND, &table(rows));
    assert_eq!((counts(&plan), plan.warnings.len()), ([1, 0, 0, 0, 0], 1));
    let differs = rows.replace("2027/1/1,元旦", "2027/1/1,停电");
    let refused = plan_records(
        &HoursException::KIND,
        &table(&differs),
        None,
        &replica.held(),
        now(),
    );
    assert_eq!(refused.unwrap_err().errors.len(), 1);
}
