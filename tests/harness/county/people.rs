//! `people/<site>`: whoever works at a site, as two offices keep the list.

use yilian_core::document::Name;
use yilian_core::records::{Collection, Edit, Person, Role, Typed as _};

use super::desk::Desk;
use super::dice::Dice;
use super::place::Place;
use super::school::duty;
use super::{County, Document, Mess};

pub(super) fn document(county: &County, place: &Place) -> Document {
    let name = Name::People {
        site: place.key.clone(),
    };
    let roll = place.roll(county);
    let mut dice = Dice::of(county.seed, &name.to_string());
    let mut desk = Desk::begin(county, &name, &place.author(&roll, 0));
    let person = |member: &super::place::Member| Person {
        id: member.id,
        site: place.key.clone(),
        name: member.name.clone(),
        role: member.role,
        phone: member.phone.clone(),
        removed_at: None,
    };
    let at = |month: yilian_core::document::Month| month.first_day().at(16, 0, 0, 0);
    let created: Vec<Edit> = roll
        .members
        .iter()
        .flat_map(|member| person(member).create(&name))
        .collect();
    desk.write(&created, "import people", at(county.first()));
    let (filed, soon) = duty::qualifications(county, place, &roll, &name);
    desk.write(&filed, "import qualifications", at(county.first()));
    for _ in 0..soon + duty::expiring(county, place) {
        desk.wrong(Mess::CertificateExpiring);
    }
    let set = |member: usize, field: &str, value: &str| {
        Edit::set(
            &name,
            Collection::Persons,
            roll.members[member].id,
            field,
            value,
        )
    };
    // Volunteers change their numbers and leave; the rostered stay.
    let volunteers = roll.pool + 2..roll.members.len();
    let volunteer = |dice: &mut Dice| volunteers.start + dice.below(volunteers.len());
    for month in county.months() {
        let phone = format!("137{:08}", dice.below(100_000_000));
        desk.write(&[set(volunteer(&mut dice), "phone", &phone)], "", at(month));
    }
    let now = county.now();
    if volunteers.len() >= 8 {
        let (first, leaves, odd) = (volunteers.start, volunteers.start + 1, volunteers.start + 2);
        if place.index % 4 == 1 {
            desk.write(&[set(odd, "role", "临时工")], "", now);
            desk.wrong(Mess::Unreadable);
        } else {
            desk.write(&[set(odd, "role", Role::Staff.as_str())], "", now);
        }
        let mut hub = desk.branch(&county.hub());
        if place.index.is_multiple_of(3) {
            desk.write(&[set(first, "phone", "13700000001")], "", now);
            hub.write(&[set(first, "phone", "13700000002")], "", now);
            hub.wrong(Mess::FieldConflict);
        }
        if place.index % 5 == 2 {
            let id = roll.members[leaves].id;
            desk.write(
                &[Edit::remove(&name, Collection::Persons, id, now)],
                "",
                now,
            );
            hub.write(&[set(leaves, "phone", "13700000003")], "", now);
            hub.wrong(Mess::LateEdit);
        }
        desk.merge(hub);
    }
    desk.finish()
}
