//! Contests of skill: every home holds one in autumn, and its best go on to the county's.

use jiff::civil::{Date, DateTime, date};
use yilian_core::document::Name;
use yilian_core::records::{
    Best, Contest, ContestEntry, Edit, EntryState, Level, RecordId, Tier, Typed as _,
};

use super::super::County;
use super::super::dice::Dice;
use super::super::place::Place;
use super::own;

/// So many go on from a home, with those who are level with the last of them.
const ADVANCE: usize = 2;

/// A contest that took place.
#[derive(Debug)]
pub(in super::super) struct Held {
    name: String,
    tier: Tier,
    on: Date,
    /// What the best go on to.
    next: Option<String>,
    /// Who took part, from where, and what they scored.
    entries: Vec<(String, RecordId, usize, i64)>,
    places: Vec<yilian_core::document::SiteKey>,
}

/// What the generator knows of a contest.
#[derive(Clone, Debug, PartialEq)]
pub struct ContestFacts {
    /// Who holds it.
    pub site: yilian_core::document::SiteKey,
    /// Its name.
    pub name: String,
    /// How far up it is.
    pub tier: Tier,
    /// The scores, the best first.
    pub scores: Vec<i64>,
    /// How many go on.
    pub advanced: usize,
}

/// The contests that a site held by now.
pub(super) fn held(county: &County, place: &Place) -> Vec<Held> {
    let mut held = Vec::new();
    for year in county.first().year()..=county.last().year() {
        let on = date(year, 11, 8);
        let within = county.first().first_day() <= on && on <= county.now().date();
        if !within || place.level != Level::Home {
            continue;
        }
        held.push(of_site(county, place, year));
        let last = date(year, 11, 29);
        if place.index == 0 && last <= county.now().date() {
            held.push(of_county(county, year));
        }
    }
    held
}

fn of_site(county: &County, place: &Place, year: i16) -> Held {
    let roll = place.roll(county);
    let mut dice = Dice::of(county.seed, &format!("contest {} {year}", place.key));
    let mut people: Vec<usize> = own(place, &roll).collect();
    dice.shuffle(&mut people);
    let count = usize::try_from(dice.between(5, 9)).unwrap();
    let entries = people.into_iter().take(count).map(|member| {
        let member = &roll.members[member];
        // Tens of points, so that some are level.
        let score = dice.between(6, 10) * 10;
        (member.name.clone(), member.id, place.index, score)
    });
    Held {
        name: format!("{year}年急救技能站点赛"),
        tier: Tier::Site,
        on: date(year, 11, 8),
        next: Some(final_of(year)),
        entries: entries.collect(),
        places: keys(county),
    }
}

fn final_of(year: i16) -> String {
    format!("{year}年县急救技能决赛")
}

fn keys(county: &County) -> Vec<yilian_core::document::SiteKey> {
    county
        .places
        .iter()
        .map(|place| place.key.clone())
        .collect()
}

/// The county's: the best of every home.
fn of_county(county: &County, year: i16) -> Held {
    let mut dice = Dice::of(county.seed, &format!("contest of the county {year}"));
    let homes = county
        .places
        .iter()
        .filter(|place| place.level == Level::Home);
    let best = homes.flat_map(|place| of_site(county, place, year).advanced());
    let entries = best.map(|(name, person, from, _)| (name, person, from, dice.between(60, 99)));
    Held {
        name: final_of(year),
        tier: Tier::County,
        on: date(year, 11, 29),
        next: None,
        entries: entries.collect(),
        places: keys(county),
    }
}

impl Held {
    pub(super) fn at(&self) -> DateTime {
        self.on.at(17, 0, 0, 0)
    }

    /// Whoever has fewer than so many before them.
    fn advanced(&self) -> Vec<(String, RecordId, usize, i64)> {
        let before = |score: i64| self.entries.iter().filter(|other| other.3 > score).count();
        let entries = self.entries.iter().filter(|_| self.next.is_some());
        entries
            .filter(|entry| before(entry.3) < ADVANCE)
            .cloned()
            .collect()
    }

    pub(super) fn facts(&self, place: &Place) -> ContestFacts {
        let mut scores: Vec<i64> = self.entries.iter().map(|entry| entry.3).collect();
        scores.sort_unstable_by(|one, other| other.cmp(one));
        ContestFacts {
            site: place.key.clone(),
            name: self.name.clone(),
            tier: self.tier,
            scores,
            advanced: self.advanced().len(),
        }
    }

    /// The contest with all who took part.
    pub(super) fn edits(&self, place: &Place, school: &Name) -> Vec<Edit> {
        let id = Contest::id_of(&place.key, &self.name);
        let contest = Contest {
            id,
            site: place.key.clone(),
            name: self.name.clone(),
            tier: self.tier,
            on: Some(self.on),
            best: Best::Highest,
            advance: self.next.as_ref().map(|_| i64::try_from(ADVANCE).unwrap()),
            leads_to: self.next.clone().unwrap_or_default(),
            leads_to_site: self.next.as_ref().map(|_| self.places[0].clone()),
            note: String::new(),
            removed_at: None,
        };
        let mut edits = contest.create(school);
        for (name, person, from, score) in &self.entries {
            let home = Some(&self.places[*from]).filter(|home| **home != place.key);
            let entry = ContestEntry {
                id: ContestEntry::id_of(id, name, home),
                contest: Some(id),
                name: name.clone(),
                home: home.cloned(),
                person: Some(*person),
                phone: String::new(),
                score: Some(*score as f64),
                state: EntryState::Entered,
                note: String::new(),
                removed_at: None,
            };
            edits.extend(entry.create(school));
        }
        edits
    }
}
