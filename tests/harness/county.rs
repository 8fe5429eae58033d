//! A county from a seed: a hub, its sites in a tree, their people, and months of every record that they write, with the mess
//! of real offices in it.
//!
//! Each document follows from the seed and its name alone, so they are made one at a time and in any order, and a county
//! of any size takes no more memory than its largest document. What two documents have to agree on (whose turn it is,
//! which goods are under way) is worked out anew for each. Edits are made with the library's own [`LiveDocument`] by authors at
//! several computers, some of them offline, so that what concurrency does is in there. What is wrong is counted where it is
//! done: a [`Tally`] says what the rules have to find.
//!
//! [`LiveDocument`]: yilian_core::document::LiveDocument

mod bookings;
mod cases;
mod desk;
mod dice;
mod directory;
mod facts;
mod inbox;
mod mess;
mod people;
mod place;
mod roster;
mod rota;
mod school;
mod store;
mod supplies;
mod words;
mod work_days;

use automerge::ChangeHash;
use jiff::civil::DateTime;
use yilian_core::document::{Author, Month, Name, Network};
use yilian_core::records::Level;

pub use facts::{CaseFacts, CaseFigures, ClassFacts, ContestFacts, Facts, Known};
pub use mess::{Mess, Tally};
pub use store::{Computer, Written};

use place::Place;

/// How large a county is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Sites, the county's home included: 10 at least.
    pub sites: usize,
    /// People, 60 for each site at least.
    pub people: usize,
    /// Months, of which the last is the current one.
    pub months: usize,
}

impl Scale {
    /// A county: 300 sites, 20,000 people, two years.
    pub const FULL: Scale = Scale::of(300, 24);
    /// A thirtieth of it, for tests.
    pub const SMALL: Scale = Scale::of(10, 2);

    /// So many sites and months, with as many people for each site as in a county.
    pub const fn of(sites: usize, months: usize) -> Scale {
        Scale {
            sites,
            people: sites * 200 / 3,
            months,
        }
    }
}

/// A county.
#[derive(Clone, Debug)]
pub struct County {
    seed: u64,
    places: Vec<Place>,
    months: Vec<Month>,
}

/// A document of it, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: Name,
    /// Its changes in causal order, the fixed first ones included.
    pub changes: Vec<Vec<u8>>,
    /// Its heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// What is wrong with it.
    pub tally: Tally,
    /// What is known of what was made, where it is a case or a school.
    pub facts: Vec<Facts>,
}

/// Documents that are made together; sites by their numbers.
#[derive(Clone, Copy, Debug)]
enum Task {
    Directory,
    /// Those of a site that belong to no month.
    Lasting(usize),
    /// Those of a site in a month.
    OfMonth(usize, Month),
}

impl County {
    /// The county of a seed.
    pub fn new(seed: u64, scale: Scale) -> County {
        assert!(scale.sites >= 10 && scale.people >= 60 * scale.sites && scale.months >= 1);
        let mut months = vec!["2026-12".parse::<Month>().unwrap()];
        while months.len() < scale.months {
            months.push(months[months.len() - 1].prev().unwrap());
        }
        months.reverse();
        County {
            seed,
            places: Place::all(scale.sites, scale.people),
            months,
        }
    }

    /// What the county calls its network.
    pub fn network(&self) -> Network {
        "county".parse().unwrap()
    }

    /// Who edits at the hub.
    pub fn hub(&self) -> Author {
        "county/县总工会".parse().unwrap()
    }

    /// The first month.
    pub fn first(&self) -> Month {
        self.months[0]
    }

    /// The current month.
    pub fn last(&self) -> Month {
        self.months[self.months.len() - 1]
    }

    /// Its months, the oldest first.
    pub fn months(&self) -> impl Iterator<Item = Month> {
        self.months.iter().copied()
    }

    /// The time on the wall: in the middle of the current month, in office hours.
    pub fn now(&self) -> DateTime {
        let last = self.last();
        jiff::civil::date(last.year(), last.month(), 15).at(9, 30, 0, 0)
    }

    /// Its documents, made one after the other.
    pub fn documents(&self) -> impl Iterator<Item = Document> {
        self.tasks().into_iter().flat_map(|task| self.make(task))
    }

    /// What there is to make, in the order of the documents.
    fn tasks(&self) -> Vec<Task> {
        let places = 0..self.places.len();
        let lasting = places.clone().map(Task::Lasting);
        let monthly = self.months.iter();
        let monthly =
            monthly.flat_map(|month| places.clone().map(|place| Task::OfMonth(place, *month)));
        std::iter::once(Task::Directory)
            .chain(lasting)
            .chain(monthly)
            .collect()
    }

    fn make(&self, task: Task) -> Vec<Document> {
        match task {
            Task::Directory => vec![directory::document(self)],
            Task::Lasting(place) => {
                let place = &self.places[place];
                let people = people::document(self, place);
                let supplies = supplies::document(self, place);
                [people, supplies]
                    .into_iter()
                    .chain(school::papers::documents(self, place))
                    .collect()
            }
            Task::OfMonth(place, month) => {
                let place = &self.places[place];
                let roster = roster::document(self, place, month);
                let bookings = bookings::document(self, place, month);
                let inbox = inbox::documents(self, place, month);
                std::iter::once(roster)
                    .chain(bookings)
                    .chain(inbox)
                    .chain(cases::documents(self, place, month))
                    .collect()
            }
        }
    }

    /// The directory, and what there is about disputes: the cases of all months, and the rosters of those who mediate.
    pub fn disputes(&self) -> impl Iterator<Item = Document> {
        let places = || {
            self.places
                .iter()
                .filter(|place| place.level != Level::Point)
        };
        let months = self.months.iter();
        let monthly = months.flat_map(move |month| places().map(|place| (*month, place)));
        let documents = monthly.flat_map(|(month, place)| {
            let roster = roster::document(self, place, month);
            std::iter::once(roster).chain(cases::documents(self, place, month))
        });
        std::iter::once(directory::document(self)).chain(documents)
    }

    /// The directory, and what there is about night schools: them, the people, and the rosters of posts that take a certificate.
    pub fn schools(&self) -> impl Iterator<Item = Document> {
        let homes = self
            .places
            .iter()
            .filter(|place| place.level == Level::Home);
        let documents = homes.flat_map(|place| {
            let months = self.months.iter();
            let rosters = months.map(|month| roster::document(self, place, *month));
            let people = people::document(self, place);
            std::iter::once(people)
                .chain(school::papers::documents(self, place))
                .chain(rosters)
        });
        std::iter::once(directory::document(self)).chain(documents)
    }
}
