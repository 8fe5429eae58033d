//! The changes that are sent: made ahead of time, so that making them is not measured.

use std::collections::HashMap;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT};

use crate::wire::chunk::Hash;

/// The longest history that a scenario needs.
pub(crate) const LENGTH: usize = 100_000;

/// Sites that were offline, and what each wrote meanwhile.
pub(crate) const SITES: usize = 50;
pub(crate) const OFFLINE_CHANGES: usize = 200;

/// A change made ahead of time.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// The changes of one document in an order in which they can be applied, and where each stands.
#[derive(Debug)]
pub(crate) struct Story {
    changes: Vec<Change>,
    places: HashMap<Hash, usize>,
}

impl Story {
    fn of(changes: Vec<Change>) -> Story {
        let places = changes.iter().enumerate();
        let places = places.map(|(at, change)| (change.hash, at)).collect();
        Story { changes, places }
    }

    /// The first `count` changes.
    pub(crate) fn first(&self, count: usize) -> &[Change] {
        self.changes.get(..count).unwrap_or(&self.changes)
    }

    /// The changes from number `from`, `count` of them.
    pub(crate) fn part(&self, from: usize, count: usize) -> &[Change] {
        self.changes.get(from..from + count).unwrap_or_default()
    }

    /// The hash of the change at `place`, from 0.
    pub(crate) fn hash(&self, place: usize) -> Result<Hash> {
        let change = self.changes.get(place).context("the story is longer")?;
        Ok(change.hash)
    }

    /// Where a change stands, from 0.
    pub(crate) fn place(&self, hash: &Hash) -> Option<usize> {
        self.places.get(hash).copied()
    }
}

/// One author's story: each change sets a field of a record, as an edit of a roster does.
pub(crate) fn line() -> &'static Story {
    static STORY: LazyLock<Story> = LazyLock::new(|| {
        let mut document = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
        Story::of(
            (0..LENGTH)
                .filter_map(|at| edit(&mut document, at))
                .collect(),
        )
    });
    &STORY
}

/// What many sites wrote at once: the common change, then those of the first site, of the second, and so
/// on, each site's building on nothing but the common change and its own.
pub(crate) fn fan() -> &'static Story {
    static STORY: LazyLock<Story> = LazyLock::new(|| {
        let mut base = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
        let mut changes: Vec<Change> = edit(&mut base, 0).into_iter().collect();
        for site in 0..SITES {
            let actor = ActorId::from(vec![site as u8 + 2; 16]);
            let mut document = base.fork().with_actor(actor);
            // To set what is set already would be no change: they begin after the common one.
            let edits = (1..=OFFLINE_CHANGES).filter_map(|at| edit(&mut document, at));
            changes.extend(edits);
        }
        Story::of(changes)
    });
    &STORY
}

fn edit(document: &mut AutoCommit, number: usize) -> Option<Change> {
    const RECORDS: usize = 64;
    let key = format!("{:04x}/note", number % RECORDS);
    document.put(ROOT, key, format!("{number:06}")).ok()?;
    let hash = document.commit()?;
    let change = document.get_change_by_hash(&hash)?;
    Some(Change {
        hash: hash.0,
        bytes: change.raw_bytes().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use automerge::Automerge;

    #[test]
    fn the_sites_of_a_fan_build_on_one_common_change() {
        let fan = fan();
        let changes: Vec<automerge::Change> = fan
            .first(usize::MAX)
            .iter()
            .map(|change| automerge::Change::from_bytes(change.bytes.clone()).unwrap())
            .collect();
        assert_eq!(changes.len(), 1 + SITES * OFFLINE_CHANGES);
        let mut document = Automerge::new();
        document.apply_changes(changes).unwrap();
        assert_eq!(document.get_heads().len(), SITES);
    }
}
