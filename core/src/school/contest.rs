use core::cmp::Ordering;

use super::{SchoolError, document};
use crate::import::name_key;
use crate::ordered;
use crate::records::{Best, Collection, Contest, ContestEntry, Edit, EntryState, Typed};

/// Where somebody stands in a contest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing<'a> {
    /// Their rank, from 1; none for those without a score, or who do not take part any more. Those who are level share a rank,
    /// and as many ranks are then left out: 1, 2, 2, 4.
    pub rank: Option<usize>,
    /// Whether they go on.
    pub advances: bool,
    /// Who.
    pub entry: &'a ContestEntry,
}

/// Ranks the entries of a contest: the best first, those who are level by name, those without a rank last.
#[must_use]
pub fn ranking<'a>(contest: &Contest, entries: &[&'a ContestEntry]) -> Vec<Standing<'a>> {
    let (mut ranked, mut others) = (Vec::new(), Vec::new());
    for entry in entries {
        let score = entry.score.filter(|score| score.is_finite());
        match (entry.state, score) {
            (EntryState::Entered, Some(score)) => ranked.push((score, *entry)),
            _ => others.push(*entry),
        }
    }
    ranked.sort_by(|(one, a), (other, b)| {
        let order = match contest.best {
            Best::Highest => other.total_cmp(one),
            Best::Lowest => one.total_cmp(other),
        };
        order.then_with(|| by_name(a, b))
    });
    ordered::sort_by_key(&mut others, |entry| {
        (entry.state, name_key(&entry.name), entry.id)
    });
    let places = contest
        .advance
        .and_then(|places| usize::try_from(places).ok());
    let mut standings: Vec<Standing<'_>> = Vec::with_capacity(entries.len());
    let mut last = None;
    for (index, (score, entry)) in ranked.into_iter().enumerate() {
        let rank = match last {
            Some((level, rank)) if is_level(level, score) => rank,
            _ => index + 1,
        };
        last = Some((score, rank));
        standings.push(Standing {
            rank: Some(rank),
            advances: places.is_some_and(|places| rank <= places),
            entry,
        });
    }
    standings.extend(others.into_iter().map(|entry| Standing {
        rank: None,
        advances: false,
        entry,
    }));
    standings
}

fn is_level(one: f64, other: f64) -> bool {
    one.total_cmp(&other) == Ordering::Equal
}

fn by_name(one: &ContestEntry, other: &ContestEntry) -> Ordering {
    let key = |entry: &ContestEntry| (name_key(&entry.name), entry.id);
    key(one).cmp(&key(other))
}

/// The edits that enter the best of a contest in the next, in `school/<its site>`, without a score. Their ids follow from the
/// contest, the name and the site that they stand for: made twice, or at two computers, they are made once.
///
/// # Errors
/// The contest does not say how many go on, or to which.
pub fn advance(contest: &Contest, entries: &[&ContestEntry]) -> Result<Vec<Edit>, SchoolError> {
    let no_next = || SchoolError::NoNext {
        contest: contest.name.clone(),
    };
    let (site, next) = contest.next().ok_or_else(no_next)?;
    contest.advance.ok_or_else(no_next)?;
    let document = document(site, Collection::Entries);
    let best = ranking(contest, entries).into_iter();
    let best = best.filter(|standing| standing.advances);
    Ok(best
        .flat_map(|standing| {
            let entry = standing.entry;
            let home = entry.home.clone().unwrap_or_else(|| contest.site.clone());
            let entered = ContestEntry {
                id: ContestEntry::id_of(next, &entry.name, Some(&home)),
                contest: Some(next),
                name: entry.name.clone(),
                home: Some(home),
                person: entry.person,
                phone: entry.phone.clone(),
                score: None,
                state: EntryState::Entered,
                note: String::new(),
                removed_at: None,
            };
            entered.create(&document)
        })
        .collect())
}
