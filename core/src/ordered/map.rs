use std::borrow::Borrow;
use std::fmt;
use std::ops::{Bound, RangeBounds};

use serde::{Serialize, Serializer};

use super::order::{Order, Place, Walk};

/// An ordered map with the interface of the standard library's, as far as it is used here.
#[derive(Clone)]
pub struct BTreeMap<K, V> {
    order: Order,
    slots: Vec<Option<(K, V)>>,
}

/// The entries of a map, in order.
pub struct Iter<'a, K, V> {
    walk: Walk<'a>,
    slots: &'a [Option<(K, V)>],
}

/// The entries of a map that is used up, in order.
pub struct IntoIter<K, V>(std::vec::IntoIter<(K, V)>);

/// A key's place in a map.
pub struct Entry<'a, K, V> {
    map: &'a mut BTreeMap<K, V>,
    found: Result<Place, (Place, K)>,
}

impl<K, V> BTreeMap<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            order: Order::new(),
            slots: Vec::new(),
        }
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.order.len() == 0
    }

    /// The entries, in order.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter {
            walk: self.order.all(),
            slots: &self.slots,
        }
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The entries, in order, with values to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        let mut slots: Vec<_> = self.slots.iter_mut().map(Option::as_mut).collect();
        let mut walk = self.order.all();
        std::iter::from_fn(move || {
            let (key, value) = slots.get_mut(walk.forth()? as usize)?.take()?;
            Some((&*key, value))
        })
    }

    /// The values, in the order of their keys, to change.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.iter_mut().map(|(_, value)| value)
    }

    /// The keys, in order.
    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.into_iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// The first entry.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The last entry.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    /// Takes the first entry out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        let place = self.order.first()?;
        self.take(place)
    }

    /// Takes the last entry out.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        let place = self.order.last()?;
        self.take(place)
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        self.order.clear();
        self.slots.clear();
    }

    /// Keeps the entries that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let entries = std::mem::take(self).into_iter();
        let kept = entries.filter_map(|(key, mut value)| {
            let keep = keep(&key, &mut value);
            keep.then_some((key, value))
        });
        kept.for_each(|(key, value)| self.push(key, value));
    }

    fn take(&mut self, place: Place) -> Option<(K, V)> {
        let slot = self.order.remove(place)?;
        self.slots.get_mut(slot as usize)?.take()
    }

    /// Puts an entry behind all others.
    fn push(&mut self, key: K, value: V) {
        let place = self.order.last().map_or_else(Place::default, Place::next);
        self.put(place, key, value);
    }

    fn put(&mut self, place: Place, key: K, value: V) -> u32 {
        let slot = self.order.insert(place);
        let entry = Some((key, value));
        match self.slots.get_mut(slot as usize) {
            Some(free) => *free = entry,
            None => self.slots.push(entry),
        }
        slot
    }

    fn value_mut(&mut self, slot: u32) -> Option<&mut V> {
        let entry = self.slots.get_mut(slot as usize)?.as_mut()?;
        Some(&mut entry.1)
    }
}

impl<K: Ord, V> BTreeMap<K, V> {
    fn search<Q: Ord + ?Sized>(&self, key: &Q) -> Result<Place, Place>
    where
        K: Borrow<Q>,
    {
        self.order.search(&|slot| {
            let entry = self.slots.get(slot as usize).and_then(Option::as_ref);
            // Every slot in the order holds an entry.
            entry.map_or(std::cmp::Ordering::Equal, |(held, _)| {
                held.borrow().cmp(key)
            })
        })
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let slot = self.order.slot(self.search(key).ok()?)?;
        let (_, value) = self.slots.get(slot as usize)?.as_ref()?;
        Some(value)
    }

    /// The value of a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let slot = self.order.slot(self.search(key).ok()?)?;
        self.value_mut(slot)
    }

    /// Whether there is an entry of a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.search(key).is_ok()
    }

    /// Puts a value; answers the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.search(&key) {
            Ok(place) => {
                let slot = self.order.slot(place)?;
                Some(std::mem::replace(self.value_mut(slot)?, value))
            }
            Err(place) => {
                self.put(place, key, value);
                None
            }
        }
    }

    /// Takes the value of a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.search(key).ok()?;
        self.take(place).map(|(_, value)| value)
    }

    /// The place of a key.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let found = self.search(&key).map_err(|place| (place, key));
        Entry { map: self, found }
    }

    /// The entries whose keys lie in a range.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Iter<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let rank = |bound: Bound<&Q>, beyond: usize| match bound {
            Bound::Unbounded => None,
            Bound::Included(key) | Bound::Excluded(key) => Some(match self.search(key) {
                Ok(place) => self.order.rank(place) + beyond,
                Err(place) => self.order.rank(place),
            }),
        };
        let (start, end) = (range.start_bound(), range.end_bound());
        let from = rank(start, usize::from(matches!(start, Bound::Excluded(_))));
        let to = rank(end, usize::from(matches!(end, Bound::Included(_))));
        Iter {
            walk: self
                .order
                .walk(from.unwrap_or(0), to.unwrap_or(self.order.len())),
            slots: &self.slots,
        }
    }

    /// Takes the entries from a key on out.
    pub fn split_off<Q: Ord + ?Sized>(&mut self, key: &Q) -> Self
    where
        K: Borrow<Q>,
    {
        let (mut before, mut after) = (Self::new(), Self::new());
        for (held, value) in std::mem::take(self) {
            let to = if held.borrow() < key {
                &mut before
            } else {
                &mut after
            };
            to.push(held, value);
        }
        *self = before;
        after
    }
}

impl<'a, K, V> Entry<'a, K, V> {
    /// The value, put there by `make` if there was none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let Self { map, found } = self;
        let slot = match found {
            Ok(place) => map.order.slot(place),
            Err((place, key)) => Some(map.put(place, key, make())),
        };
        let value = slot.and_then(|slot| map.value_mut(slot));
        #[expect(
            clippy::expect_used,
            reason = "the order names slots that hold an entry"
        )]
        value.expect("the entry was found or put")
    }

    /// The value, put there if there was none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, a default one if there was none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> Default for BTreeMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for BTreeMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for BTreeMap<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for BTreeMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: Serialize, V: Serialize> Serialize for BTreeMap<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self)
    }
}

impl<K: Ord, V> Extend<(K, V)> for BTreeMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for BTreeMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for BTreeMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> IntoIterator for BTreeMap<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(mut self) -> IntoIter<K, V> {
        let mut walk = self.order.all();
        let mut entries = Vec::with_capacity(walk.left());
        while let Some(slot) = walk.forth() {
            entries.extend(self.slots.get_mut(slot as usize).and_then(Option::take));
        }
        IntoIter(entries.into_iter())
    }
}

impl<'a, K, V> IntoIterator for &'a BTreeMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut BTreeMap<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = std::vec::IntoIter<(&'a K, &'a mut V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut().collect::<Vec<_>>().into_iter()
    }
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self {
            walk: self.walk.clone(),
            slots: self.slots,
        }
    }
}

impl<K, V> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iter")
    }
}

impl<'a, K, V> Iter<'a, K, V> {
    fn entry(&self, slot: u32) -> Option<(&'a K, &'a V)> {
        let (key, value) = self.slots.get(slot as usize)?.as_ref()?;
        Some((key, value))
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let slot = self.walk.forth()?;
        self.entry(slot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.walk.left(), Some(self.walk.left()))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let slot = self.walk.back()?;
        self.entry(slot)
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for IntoIter<K, V> {
    fn next_back(&mut self) -> Option<(K, V)> {
        self.0.next_back()
    }
}

impl<K, V> ExactSizeIterator for IntoIter<K, V> {}

impl<K, V> fmt::Debug for IntoIter<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntoIter")
    }
}

impl<K, V> fmt::Debug for Entry<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry")
    }
}
