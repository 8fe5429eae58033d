//! Posts that take a certificate, and who is put on them: nearly always somebody who has it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use yilian_core::document::{Month, Name};
use yilian_core::records::{Edit, Post, Qualification, RecordId, Typed as _};

use super::super::County;
use super::super::dice::Dice;
use super::super::place::{Place, Roll};
use super::{Class, FIRE, FIRST_AID, classes, own};

/// A post, the certificate it takes, the day of the week and the hours on which it is staffed.
const POSTS: [(&str, &str, Weekday, [i8; 2]); 2] = [
    ("急救岗", FIRST_AID, Weekday::Saturday, [9, 12]),
    ("消防巡查岗", FIRE, Weekday::Sunday, [14, 17]),
];

/// In so many of a hundred weeks whoever drew up the roster did not look at certificates.
const LACKING_PERCENT: usize = 10;

/// What people bring along from elsewhere.
const ELSEWHERE: &str = "低压电工证";

/// A shift on such a post.
pub(in super::super) struct Duty {
    pub(in super::super) member: usize,
    pub(in super::super) post: &'static str,
    pub(in super::super) day: Date,
    pub(in super::super) hours: [i8; 2],
}

/// A certificate of one of a site's people, by who has it: what it is, and its first and last day.
type Holder = (RecordId, &'static str, Date, Option<Date>);

/// The posts, for the directory.
pub(in super::super) fn posts() -> impl Iterator<Item = Post> {
    POSTS.iter().map(|(name, certificate, ..)| Post {
        id: Post::id_of(name),
        name: (*name).to_owned(),
        any_hours: false,
        certificates: [(*certificate).to_owned()].into_iter().collect(),
        mediates: false,
        removed_at: None,
    })
}

fn holders(county: &County, classes: &[Class]) -> Vec<Holder> {
    let of_class = |class: &Class| {
        let (from, until) = (class.certified_on(), class.expires_on());
        let certified = class.certified(county.now());
        let own = certified.filter_map(|learner| learner.person);
        let holder = |person| (person, class.subject.certificate, from, until);
        own.map(holder).collect::<Vec<_>>()
    };
    classes.iter().flat_map(of_class).collect()
}

fn is_valid(holder: &Holder, day: Date) -> bool {
    let (_, _, from, until) = holder;
    *from <= day && until.is_none_or(|until| day <= until)
}

/// Who is on such a post in a month, and of how many the roster does not ask whether they may.
pub(in super::super) fn duties(
    county: &County,
    place: &Place,
    roll: &Roll,
    month: Month,
) -> (Vec<Duty>, usize) {
    let classes = classes(county, place);
    if classes.is_empty() {
        return (Vec::new(), 0);
    }
    let holders = holders(county, &classes);
    let mut dice = Dice::of(county.seed, &format!("duty {} {month}", place.key));
    let (mut duties, mut lacking) = (Vec::new(), BTreeSet::new());
    let days = month.first_day().series(1.day());
    let days = days.take_while(|day| month.contains(*day));
    for day in days.filter(|day| place.closed(month) != Some(*day)) {
        for (post, certificate, _, hours) in POSTS.iter().filter(|of| of.2 == day.weekday()) {
            let has = |member: &usize| {
                let id = roll.members[*member].id;
                let mut of = holders
                    .iter()
                    .filter(|of| of.0 == id && of.1 == *certificate);
                of.any(|holder| is_valid(holder, day))
            };
            let (with, without): (Vec<usize>, Vec<usize>) = own(place, roll).partition(has);
            let careless = dice.percent(LACKING_PERCENT);
            let from = if careless { &without } else { &with };
            if from.is_empty() {
                continue;
            }
            let member = *dice.pick(from);
            if careless {
                lacking.insert((member, *certificate));
            }
            duties.push(Duty {
                member,
                post,
                day,
                hours: *hours,
            });
        }
    }
    (duties, lacking.len())
}

/// So many days before it expires a certificate is spoken of.
const SOON_DAYS: i64 = 30;

/// How many of the certificates of a site's school expire soon, those who have them having none that is valid for longer.
pub(in super::super) fn expiring(county: &County, place: &Place) -> usize {
    let (now, today) = (county.now(), county.now().date());
    let classes = classes(county, place);
    let mut last = BTreeMap::new();
    for class in &classes {
        let until = class.expires_on().unwrap_or(Date::MAX);
        for learner in class.certified(now).filter(|_| today <= until) {
            let key = (&learner.name, &learner.phone, class.subject.certificate);
            let known = last.entry(key).or_insert(until);
            *known = until.max(*known);
        }
    }
    let expires = last.values().filter(|until| **until <= soon(today));
    expires.count()
}

fn soon(today: Date) -> Date {
    today.checked_add(SOON_DAYS.days()).unwrap()
}

/// What some of a site's people have from elsewhere: one is valid, one expired, and at one site in three one expires soon. Answers how
/// many do.
pub(in super::super) fn qualifications(
    county: &County,
    place: &Place,
    roll: &Roll,
    document: &Name,
) -> (Vec<Edit>, usize) {
    let members = own(place, roll);
    let today = county.now().date();
    let mut until = vec![
        today.checked_add(400.days()).unwrap(),
        today.checked_sub(40.days()).unwrap(),
    ];
    let soon = usize::from(place.index.is_multiple_of(3));
    until.extend((soon > 0).then(|| today.checked_add(12.days()).unwrap()));
    let filed = members.zip(until).map(|(member, until)| {
        let person = roll.members[member].id;
        let issued_on = Some(until.checked_sub(1_000.days()).unwrap());
        Qualification {
            id: Qualification::id_of(person, ELSEWHERE, issued_on),
            person: Some(person),
            certificate: ELSEWHERE.to_owned(),
            issued_on,
            expires_on: Some(until),
            number: String::new(),
            issued_by: "焦作市应急管理局".to_owned(),
            note: String::new(),
            removed_at: None,
        }
    });
    (filed.flat_map(|one| one.create(document)).collect(), soon)
}
