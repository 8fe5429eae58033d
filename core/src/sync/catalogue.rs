//! Which named documents there are, and how far they are, for those who subscribed to a prefix.
//!
//! A relay keeps one catalogue for all its documents, fed in commit order. A subscriber hears of
//! everything that changed since its cursor, then once of every document that changes while it is
//! connected: it opens that one, and ordinary sync keeps it up to date.

use automerge::ChangeHash;

use super::engine::ConnectionId;
use super::wire::{Body, CatalogueEntry, Cursor};
use crate::ordered::{BTreeMap, BTreeSet};

/// Entries in one message: about 100 KB.
const ENTRIES_MAX: usize = 1_000;

/// The catalogue. See the module's documentation.
#[derive(Debug)]
pub struct Catalogue {
    store: String,
    position: u64,
    entries: BTreeMap<(String, String), Entry>,
    by_position: BTreeMap<u64, Vec<(String, String)>>,
    subscribers: BTreeMap<ConnectionId, Subscriber>,
}

#[derive(Debug)]
struct Entry {
    position: u64,
    heads: Vec<ChangeHash>,
}

#[derive(Debug)]
struct Subscriber {
    network: String,
    prefixes: Vec<String>,
    /// Everything up to here was told.
    position: u64,
    /// Where this subscription began; nothing is left out of one that began at 0.
    since: u64,
    caught_up: bool,
    told: BTreeSet<String>,
}

impl Catalogue {
    /// The catalogue of an empty store, under an id of this store and this run.
    #[must_use]
    pub fn new(store: String) -> Self {
        Self {
            store,
            position: 0,
            entries: BTreeMap::new(),
            by_position: BTreeMap::new(),
            subscribers: BTreeMap::new(),
        }
    }

    /// Documents' heads are durable since the commit at `position`, all that it holds: a subscriber
    /// that was told of a position has been told of everything in it. Names are written
    /// `network:name`. Returns the connections that [`Catalogue::poll`] may have something for.
    pub fn committed(
        &mut self,
        position: u64,
        documents: impl IntoIterator<Item = (String, Vec<ChangeHash>)>,
    ) -> BTreeSet<ConnectionId> {
        self.position = self.position.max(position);
        let mut wanted_by = BTreeSet::new();
        for (full_name, heads) in documents {
            let Some((network, name)) = full_name.split_once(':') else {
                continue;
            };
            let wants = |subscriber: &Subscriber| subscriber.wants(network, name);
            let connections = self
                .subscribers
                .iter()
                .filter(|(_, subscriber)| wants(subscriber));
            wanted_by.extend(connections.map(|(connection, _)| *connection));
            self.put(
                (network.to_owned(), name.to_owned()),
                Entry { position, heads },
            );
        }
        wanted_by
    }

    /// A document leads to less than it did, since changes of it went into quarantine or were lost: whoever was told of its
    /// heads once is told again with the next commit. They would wait forever for what goes to nobody.
    pub fn taken_back(&mut self, full_name: &str) {
        let Some((network, name)) = full_name.split_once(':') else {
            return;
        };
        for subscriber in self.subscribers.values_mut() {
            if subscriber.network == network {
                subscriber.told.remove(name);
            }
        }
    }

    fn put(&mut self, key: (String, String), entry: Entry) {
        let position = entry.position;
        if let Some(before) = self.entries.insert(key.clone(), entry)
            && let Some(names) = self.by_position.get_mut(&before.position)
        {
            names.retain(|other| *other != key);
            if names.is_empty() {
                self.by_position.remove(&before.position);
            }
        }
        self.by_position.entry(position).or_default().push(key);
    }

    /// A connection wants to know of the names of its network that start with one of `prefixes`.
    /// A later subscription on the same connection replaces the earlier one.
    pub fn subscribe(
        &mut self,
        connection: ConnectionId,
        network: String,
        prefixes: Vec<String>,
        cursor: Option<Cursor>,
    ) {
        // A cursor of another store, or of another run of it, says nothing.
        let position = cursor
            .filter(|cursor| cursor.store == self.store && cursor.position <= self.position)
            .map_or(0, |cursor| cursor.position);
        let subscriber = Subscriber {
            network,
            prefixes,
            position,
            since: position,
            caught_up: false,
            told: BTreeSet::new(),
        };
        self.subscribers.insert(connection, subscriber);
    }

    /// The connection is gone.
    pub fn disconnected(&mut self, connection: ConnectionId) {
        self.subscribers.remove(&connection);
    }

    /// The next part of the catalogue for a connection, if there is one.
    pub fn poll(&mut self, connection: ConnectionId) -> Option<Body> {
        let subscriber = self.subscribers.get_mut(&connection)?;
        let mut entries = Vec::new();
        let mut reached = self.position;
        let after = subscriber.position.checked_add(1)?;
        'positions: for (position, names) in self.by_position.range(after..) {
            for (network, name) in names {
                if !subscriber.wants(network, name) {
                    continue;
                }
                let Some(entry) = self.entries.get(&(network.clone(), name.clone())) else {
                    continue;
                };
                entries.push(CatalogueEntry {
                    name: name.clone(),
                    heads: entry.heads.clone(),
                });
            }
            if entries.len() >= ENTRIES_MAX {
                reached = *position;
                break 'positions;
            }
        }
        let more = reached < self.position;
        subscriber.position = reached;
        if subscriber.caught_up {
            subscriber
                .told
                .extend(entries.iter().map(|entry| entry.name.clone()));
            if entries.is_empty() {
                return None;
            }
        }
        subscriber.caught_up |= !more;
        let cursor = Cursor {
            store: self.store.clone(),
            position: reached,
        };
        Some(Body::Catalogue {
            since: subscriber.since,
            cursor,
            entries,
            more,
        })
    }
}

impl Subscriber {
    fn wants(&self, network: &str, name: &str) -> bool {
        self.network == network
            && self
                .prefixes
                .iter()
                .any(|prefix| name.starts_with(prefix.as_str()))
            && !self.told.contains(name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use super::*;

    const PEER: ConnectionId = ConnectionId(1);

    fn heads(byte: u8) -> Vec<ChangeHash> {
        vec![ChangeHash([byte; 32])]
    }

    fn committed(
        catalogue: &mut Catalogue,
        name: &str,
        byte: u8,
        position: u64,
    ) -> Vec<ConnectionId> {
        catalogue
            .committed(position, [(name.to_owned(), heads(byte))])
            .into_iter()
            .collect()
    }

    #[test]
    fn documents_of_one_commit_are_all_told_of() {
        let mut catalogue = catalogue();
        subscribe(&mut catalogue, None);
        names(&mut catalogue);
        let documents = ["a", "b", "c"].map(|site| (format!("jz:people/{site}"), heads(7)));
        assert_eq!(
            catalogue
                .committed(4, documents)
                .into_iter()
                .collect::<Vec<_>>(),
            [PEER]
        );
        assert_eq!(
            names(&mut catalogue).unwrap().0,
            ["people/a", "people/b", "people/c"]
        );
        assert_eq!(names(&mut catalogue), None);
    }

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::new("store".to_owned());
        committed(&mut catalogue, "jz:sites", 1, 1);
        committed(&mut catalogue, "jz:roster/a/2026-12", 2, 2);
        committed(&mut catalogue, "tj:roster/a/2026-12", 3, 3);
        catalogue
    }

    fn names(catalogue: &mut Catalogue) -> Option<(Vec<String>, u64)> {
        match catalogue.poll(PEER)? {
            Body::Catalogue {
                cursor,
                entries,
                more,
                ..
            } => {
                assert!(!more);
                Some((
                    entries.into_iter().map(|entry| entry.name).collect(),
                    cursor.position,
                ))
            }
            other => panic!("not a catalogue: {other:?}"),
        }
    }

    fn subscribe(catalogue: &mut Catalogue, cursor: Option<(&str, u64)>) {
        let cursor = cursor.map(|(store, position)| Cursor {
            store: store.to_owned(),
            position,
        });
        catalogue.subscribe(PEER, "jz".to_owned(), vec![String::new()], cursor);
    }

    #[test]
    fn a_subscriber_hears_of_its_network_only() {
        let mut catalogue = catalogue();
        subscribe(&mut catalogue, None);
        assert_eq!(
            names(&mut catalogue),
            Some((vec!["sites".to_owned(), "roster/a/2026-12".to_owned()], 3))
        );
        assert_eq!(names(&mut catalogue), None);
    }

    #[test]
    fn a_cursor_shortens_it_unless_it_is_of_another_store_or_of_the_future() {
        let mut catalogue = catalogue();
        subscribe(&mut catalogue, Some(("store", 1)));
        assert_eq!(names(&mut catalogue).unwrap().0, ["roster/a/2026-12"]);
        subscribe(&mut catalogue, Some(("store", 3)));
        assert_eq!(names(&mut catalogue), Some((vec![], 3)));
        for cursor in [("other", 3), ("store", 4)] {
            subscribe(&mut catalogue, Some(cursor));
            assert_eq!(names(&mut catalogue).unwrap().0.len(), 2);
        }
    }

    #[test]
    fn a_document_that_changes_later_is_told_once() {
        let mut catalogue = catalogue();
        subscribe(&mut catalogue, None);
        names(&mut catalogue);
        assert_eq!(committed(&mut catalogue, "jz:sites", 4, 4), [PEER]);
        assert_eq!(names(&mut catalogue).unwrap().0, ["sites"]);
        assert_eq!(committed(&mut catalogue, "jz:sites", 5, 5), []);
        assert_eq!(names(&mut catalogue), None);
    }

    #[test]
    fn a_document_that_leads_to_less_than_it_did_is_told_again() {
        let mut catalogue = catalogue();
        subscribe(&mut catalogue, None);
        names(&mut catalogue);
        let name = "jz:roster/keyun/2027-01";
        let commit = |catalogue: &mut Catalogue, position: u64| {
            let document = (name.to_owned(), heads(position as u8));
            catalogue.committed(position, [document])
        };
        commit(&mut catalogue, 10);
        assert!(names(&mut catalogue).is_some());
        assert!(commit(&mut catalogue, 11).is_empty());
        catalogue.taken_back(name);
        assert!(!commit(&mut catalogue, 12).is_empty());
        let (told, _) = names(&mut catalogue).unwrap();
        assert_eq!(told, ["roster/keyun/2027-01"]);
        commit(&mut catalogue, 13);
        assert_eq!(names(&mut catalogue), None);
    }

    #[test]
    fn a_long_catalogue_comes_in_parts_and_stays_resumable() {
        let mut catalogue = Catalogue::new("store".to_owned());
        for n in 1..=2_500_u64 {
            committed(&mut catalogue, &format!("jz:roster/a/{n}"), 1, n);
        }
        subscribe(&mut catalogue, None);
        let mut parts = Vec::new();
        while let Some(Body::Catalogue {
            entries,
            more,
            cursor,
            ..
        }) = catalogue.poll(PEER)
        {
            parts.push((entries.len(), more, cursor.position));
        }
        assert_eq!(
            parts,
            [
                (1_000, true, 1_000),
                (1_000, true, 2_000),
                (500, false, 2_500)
            ]
        );
    }
}
