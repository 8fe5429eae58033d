//! A site of the county: where it is in the tree, when it is open, and who belongs to it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use yilian_core::document::{Author, Month, SiteKey};
use yilian_core::records::{Level, Person, RecordId, Role};

use super::County;
use super::dice::Dice;
use super::words::{GIVEN, SURNAMES, TOWNS, TRADES};

/// A site.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) index: usize,
    pub(super) key: SiteKey,
    pub(super) name: String,
    pub(super) town: &'static str,
    pub(super) level: Level,
    /// What it should be below; what it says may be something else.
    pub(super) parent: Option<usize>,
    pub(super) hours: &'static str,
    people: usize,
}

/// Somebody of a site.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: RecordId,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) role: Role,
}

/// The people of a site. The first of them are rostered in turn.
#[derive(Clone, Debug)]
pub(super) struct Roll {
    pub(super) members: Vec<Member>,
    pub(super) pool: usize,
    /// Who has the name of somebody in the pool.
    pub(super) namesake: Option<usize>,
}

/// As many take turns at most.
const POOL_MAX: usize = 24;

impl Place {
    /// A county of so many sites: one home in ten, three stations, six points.
    pub(super) fn all(sites: usize, people: usize) -> Vec<Place> {
        let homes = (sites / 10).max(1);
        let stations = homes + (sites * 3 / 10).max(1);
        let place = |index: usize| {
            let (town_key, town) = TOWNS[index % TOWNS.len()];
            let trade = TRADES[index / TOWNS.len() % TRADES.len()];
            let (level, parent, hours, name) = match index {
                0 => (
                    Level::Home,
                    None,
                    "06:00-23:00",
                    "县共享职工之家".to_owned(),
                ),
                _ if index <= homes => (
                    Level::Home,
                    Some(0),
                    "06:30-22:30",
                    format!("{town}共享职工之家{index}"),
                ),
                _ if index <= stations => {
                    let home = 1 + index % homes;
                    (
                        Level::Station,
                        Some(home),
                        "07:00-22:00",
                        format!("{town}{trade}驿站{index}"),
                    )
                }
                _ => {
                    let station = homes + 1 + index % (stations - homes);
                    (
                        Level::Point,
                        Some(station),
                        "08:00-20:00",
                        format!("{town}{trade}服务点{index}"),
                    )
                }
            };
            let key = if index == 0 {
                "county".to_owned()
            } else {
                format!("{town_key}-{index}")
            };
            let each = people / sites;
            let rest = if index == 0 { people % sites } else { 0 };
            Place {
                index,
                key: key.parse().unwrap(),
                name,
                town,
                level,
                parent,
                hours,
                people: each + rest,
            }
        };
        (0..sites).map(place).collect()
    }

    /// The days in a month on which it is closed for stocktaking.
    pub(super) fn closed(&self, month: Month) -> Option<Date> {
        // Not the same day everywhere, and not the days on which people are lent.
        let of = (self.index + usize::try_from(month.month()).unwrap()).is_multiple_of(6);
        let day = 26 + i8::try_from(self.index % 3).unwrap();
        of.then(|| Date::new(month.year(), month.month(), day).unwrap())
    }

    /// Whoever writes here, by their place among the people.
    pub(super) fn author(&self, roll: &Roll, member: usize) -> Author {
        Author::new(&self.key, &roll.members[member].name).unwrap()
    }

    /// Its people.
    pub(super) fn roll(&self, county: &County) -> Roll {
        let mut dice = Dice::of(county.seed, &format!("people of {}", self.key));
        let mut names = BTreeSet::new();
        while names.len() < self.people {
            let mut name = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
            if dice.percent(70) {
                name.push_str(dice.pick::<&str>(&GIVEN));
            }
            names.insert(name);
        }
        let mut names: Vec<String> = names.into_iter().collect();
        dice.shuffle(&mut names);
        let member = |(number, name): (usize, String)| {
            let role = match number {
                0 => Role::Coordinator,
                1..=16 => Role::Staff,
                _ => Role::Volunteer,
            };
            let phone = format!("139{:08}", dice.below(100_000_000));
            // Who has told no number; the rostered are asked for theirs.
            let blank = number >= POOL_MAX + 2 && dice.percent(6);
            Member {
                id: Person::id_of_row(&self.key, &name, ""),
                name,
                phone: if blank { String::new() } else { phone },
                role,
            }
        };
        let mut members: Vec<Member> = names.into_iter().enumerate().map(member).collect();
        let pool = POOL_MAX.min(members.len() - 2);
        let namesake = self.index.is_multiple_of(2).then_some(pool);
        if let Some(namesake) = namesake {
            members[namesake].name = members[3].name.clone();
            members[namesake].id = Person::id_of_row(&self.key, &members[3].name, "2");
        }
        // Entered twice: one person, said to be so by name and phone.
        if self.index.is_multiple_of(3) {
            members[pool + 1].name = members[5].name.clone();
            members[pool + 1].phone = members[5].phone.clone();
            members[pool + 1].id = Person::id_of_row(&self.key, &members[5].name, "2");
        }
        Roll {
            members,
            pool,
            namesake,
        }
    }
}

impl Roll {
    /// Whose turn it is on a day; no two slots of near days have the same.
    pub(super) fn turn(&self, day: Date, slot: usize, slots: usize) -> &Member {
        let days = day.duration_since(jiff::civil::date(2020, 1, 1)).as_hours() / 24;
        let turn = usize::try_from(days).unwrap() * slots + slot;
        &self.members[turn % self.pool]
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }
}
