//! What is known of a class.

use jiff::civil::{Date, DateTime};
use yilian_core::document::SiteKey;

use super::super::place::Place;
use super::{AGAIN_DAYS, ASSESSED_DAYS, Class, Learner, PASSED};

/// What the generator knows of a class: reports have to come to the same.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassFacts {
    /// Whose it is.
    pub site: SiteKey,
    /// The course's name.
    pub name: String,
    /// When its first lesson is.
    pub first: Date,
    /// When its last one is.
    pub last: Date,
    /// When who passes is certified.
    pub certified_on: Date,
    /// How many seats there are.
    pub capacity: usize,
    /// How many people have one.
    pub seated: usize,
    /// How many wait for one.
    pub waiting: usize,
    /// In how many lessons those who have a seat were, added up.
    pub there: usize,
    /// How many there were for them by now, added up.
    pub held: usize,
    /// How many of them were assessed.
    pub assessed: usize,
    /// How many of them passed.
    pub passed: usize,
    /// How many of them were certified.
    pub certified: usize,
}

impl ClassFacts {
    pub(super) fn of(class: &Class, place: &Place, now: DateTime) -> ClassFacts {
        let seated = || class.learners.iter().filter(|learner| learner.seated);
        let waiting = class
            .learners
            .iter()
            .filter(|one| !one.seated && !one.withdrew);
        let held = class.held(now);
        let today = now.date();
        let assessed = class.days_after(ASSESSED_DAYS) <= today;
        let again = class.days_after(AGAIN_DAYS) <= today;
        let passes = |learner: &&Learner| {
            let first = learner.score.is_some_and(|score| score >= PASSED);
            assessed && first || again && learner.passes()
        };
        ClassFacts {
            site: place.key.clone(),
            name: class.name.clone(),
            first: class.first(),
            last: class.days_after(0),
            certified_on: class.certified_on(),
            capacity: class.subject.capacity,
            seated: seated().count(),
            waiting: waiting.count(),
            there: seated().map(|learner| learner.was_there(held)).sum(),
            held: held * seated().count(),
            assessed: seated()
                .filter(|one| assessed && one.score.is_some())
                .count(),
            passed: seated().filter(passes).count(),
            certified: class.certified(now).count(),
        }
    }
}
