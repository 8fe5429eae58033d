use super::{Collection, Entry, Person, Post, RecordId, Shift, Site, Typed};
use crate::ordered::BTreeMap;

/// The records of one document, typed; kept up to date by the document from what changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    collections: BTreeMap<Collection, BTreeMap<RecordId, Entry>>,
    fields_len: usize,
}

impl View {
    /// The records of a type with their entries, those that were removed included.
    pub fn all<T: Typed>(&self) -> impl Iterator<Item = (&T, &Entry)> {
        self.entries(T::KIND.collection)
            .filter_map(|entry| Some((T::of(entry.record())?, entry)))
    }

    /// The records of a type that were not removed.
    pub fn present<T: Typed>(&self) -> impl Iterator<Item = (&T, &Entry)> {
        self.all::<T>()
            .filter(|(_, entry)| entry.removed_at().is_none())
    }

    /// A record of a type, removed or not.
    pub fn get<T: Typed>(&self, id: RecordId) -> Option<&T> {
        T::of(self.entry(T::KIND.collection, id)?.record())
    }

    /// The entries of a collection in the order of their ids.
    pub fn entries(&self, collection: Collection) -> impl Iterator<Item = &Entry> {
        self.collections
            .get(&collection)
            .into_iter()
            .flat_map(BTreeMap::values)
    }

    /// The entry of a record.
    pub fn entry(&self, collection: Collection, id: RecordId) -> Option<&Entry> {
        self.collections.get(&collection)?.get(&id)
    }

    /// The entry of a record, in whatever collection it is.
    pub fn find(&self, id: RecordId) -> Option<(Collection, &Entry)> {
        self.collections
            .iter()
            .find_map(|(collection, entries)| Some((*collection, entries.get(&id)?)))
    }

    /// The shifts, removed ones included.
    pub fn shifts(&self) -> impl Iterator<Item = &Shift> {
        self.all().map(|(shift, _)| shift)
    }

    /// The sites, removed ones included.
    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.all().map(|(site, _)| site)
    }

    /// The posts, removed ones included.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.all().map(|(post, _)| post)
    }

    /// The persons, removed ones included.
    pub fn persons(&self) -> impl Iterator<Item = &Person> {
        self.all().map(|(person, _)| person)
    }

    /// How many records there are, removed ones included.
    pub fn len(&self) -> usize {
        self.collections.values().map(BTreeMap::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.collections.values().all(BTreeMap::is_empty)
    }

    /// How many fields all records have.
    pub(crate) const fn fields_len(&self) -> usize {
        self.fields_len
    }

    /// The collection and id of every record.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (Collection, RecordId)> {
        self.collections
            .iter()
            .flat_map(|(collection, entries)| entries.keys().map(|id| (*collection, *id)))
    }

    /// Puts the entry of a record in the place of what was there; none takes it out.
    pub(crate) fn put(&mut self, collection: Collection, id: RecordId, entry: Option<Entry>) {
        let entries = self.collections.entry(collection).or_default();
        self.fields_len += entry.as_ref().map_or(0, |entry| entry.stored().len());
        let old = match entry {
            Some(entry) => entries.insert(id, entry),
            None => entries.remove(&id),
        };
        self.fields_len -= old.map_or(0, |entry| entry.stored().len());
        if entries.is_empty() {
            self.collections.remove(&collection);
        }
    }
}
