//! Whose certificate is valid on a day: schools and files of sites count alike, each from its first day to its last.

use super::{put, *};
use crate::records::{Person, Qualification};

fn people() -> Name {
    Name::People { site: key("keyun") }
}

fn person(replica: &mut Replica, name: &str, phone: &str) -> RecordId {
    let id = Person::id_of_row(&key("keyun"), name, phone);
    let fields = [("site", "keyun"), ("name", name), ("phone", phone)];
    replica.set(&people(), Collection::Persons, id, &fields);
    id
}

fn issued(replica: &mut Replica, name: &str, from: &str, until: &str, more: &[(&str, Value)]) {
    let own = [
        (
            "course",
            Course::id_of(&key("keyun"), from).to_string().into(),
        ),
        ("name", name.into()),
        ("certificate", "急救员证".into()),
        ("issued_on", from.into()),
        ("expires_on", until.into()),
    ];
    let fields: Vec<(&str, Value)> = own.into_iter().chain(more.iter().cloned()).collect();
    put(replica, &document(), &Certificate::KIND, &fields);
}

fn valid(replica: &Replica, person: RecordId, day: &str) -> Option<String> {
    let documents = replica.documents.iter();
    let credentials = Credentials::new(documents.map(|(name, live)| (name, live.view())));
    let valid = credentials.valid(person, " 急救 员证", day.parse().unwrap());
    valid.map(|one| one.from().map_or_else(String::new, |from| from.to_string()))
}

#[test]
fn a_certificate_is_valid_from_its_first_day_to_its_last() {
    let mut replica = Replica::numbered(1);
    let wang = person(&mut replica, "王芳", "13800001111");
    issued(&mut replica, "王芳", "2026-01-10", "2026-12-10", &[]);
    issued(&mut replica, "王芳", "2026-12-01", "2027-12-01", &[]);
    for (day, from) in [
        ("2026-01-09", None),
        ("2026-01-10", Some("2026-01-10")),
        // Of two the one that is valid for longer.
        ("2026-12-10", Some("2026-12-01")),
        ("2027-12-01", Some("2026-12-01")),
        ("2027-12-02", None),
    ] {
        assert_eq!(valid(&replica, wang, day).as_deref(), from, "{day}");
    }
    let revoked = [("revoked_on", "2027-03-01".into())];
    issued(&mut replica, "王芳", "2026-12-01", "2027-12-01", &revoked);
    assert!(valid(&replica, wang, "2027-02-28").is_some());
    assert_eq!(valid(&replica, wang, "2027-03-01"), None);
}

#[test]
fn what_a_site_has_on_file_counts_as_well() {
    let mut replica = Replica::numbered(1);
    let wang = person(&mut replica, "王芳", "");
    let fields = [
        ("person", wang.to_string().into()),
        ("certificate", "急救员证".into()),
        ("expires_on", "2027-01-31".into()),
    ];
    let id = put(&mut replica, &people(), &Qualification::KIND, &fields);
    assert_eq!(id, Qualification::id_of(wang, "急救员证", None));
    assert_eq!(valid(&replica, wang, "2027-01-31").as_deref(), Some(""));
    assert_eq!(valid(&replica, wang, "2027-02-01"), None);
}

#[test]
fn a_certificate_is_whose_name_and_number_it_says() {
    let mut replica = Replica::numbered(1);
    let wang = person(&mut replica, "王芳", "13800001111");
    let phone = |phone: &str| [("phone", Value::from(phone))];
    let other = phone("13700000000");
    issued(&mut replica, "王芳", "2026-01-01", "2030-01-01", &other);
    // A rider of the same name, who is nobody of the site.
    assert_eq!(valid(&replica, wang, "2026-12-10"), None);
    let same = phone("+86 138 0000 1111");
    issued(&mut replica, "王芳", "2026-02-01", "2030-01-01", &same);
    assert_eq!(
        valid(&replica, wang, "2026-12-10").as_deref(),
        Some("2026-02-01")
    );
    // Of namesakes nobody can tell whose it is, unless it says so.
    let (mut twins, site) = (Replica::numbered(2), key("keyun"));
    let first = person(&mut twins, "李伟", "13900002222");
    let second = person(&mut twins, "李伟", "13900003333");
    issued(&mut twins, "李伟", "2026-01-01", "2030-01-01", &[]);
    assert_eq!(valid(&twins, first, "2026-12-10"), None);
    let named = [("person", second.to_string().into())];
    issued(&mut twins, "李伟", "2026-01-01", "2030-01-01", &named);
    assert_eq!(valid(&twins, first, "2026-12-10"), None);
    assert!(valid(&twins, second, "2026-12-10").is_some());
    let documents = twins.documents.iter();
    let credentials = Credentials::new(documents.map(|(name, live)| (name, live.view())));
    assert_eq!(credentials.known_as("李伟", "", None, &site), None);
    let known = credentials.known_as("李 伟", "13900003333", None, &site);
    assert_eq!(known, Some(second));
}
