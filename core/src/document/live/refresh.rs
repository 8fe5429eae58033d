use automerge::{ActorId, Automerge, ChangeHash, ObjId, Prop, ReadDoc, Value as AutomergeValue};

use super::maps::Maps;
use super::touched::{Key, Touched};
use super::{EditError, LiveDocument};
use crate::document::patch::{RecordPatch, compare};
use crate::ordered::{self, BTreeMap};
use crate::records::{
    Collection, Edit, Entry, OpId, REMOVED_AT, Record, RecordId, RecordKind, StoredFields, Value,
};

/// A field to write.
pub(super) struct Write<'a> {
    pub(super) key: Key,
    /// None deletes it.
    pub(super) value: Option<&'a Value>,
    /// Its collection's map.
    pub(super) map: ObjId,
}

impl LiveDocument {
    /// Reads again what was touched, and says what changed.
    pub(super) fn refresh(&mut self, touched: &Touched) -> Vec<RecordPatch> {
        let mut keys = touched.keys.clone();
        for object in &touched.objects {
            keys.extend(self.field_around(object));
        }
        if touched.everything || self.is_much(keys.len()) {
            return self.refresh_all();
        }
        let mut records: BTreeMap<(Collection, RecordId), Vec<Key>> = BTreeMap::new();
        for key in keys {
            records
                .entry((key.collection, key.record))
                .or_default()
                .push(key);
        }
        let patch = |((collection, record), keys)| self.refresh_record(collection, record, keys);
        records.into_iter().filter_map(patch).collect()
    }

    /// Whether so many keys are better looked up by walking over all: one lookup costs as much as a few steps of
    /// a walk.
    pub(super) fn is_much(&self, keys: usize) -> bool {
        keys > 1_000.max(self.view.fields_len() / 4)
    }

    /// Reads all records, and says what changed.
    fn refresh_all(&mut self) -> Vec<RecordPatch> {
        self.maps = Maps::of(&self.automerge, self.name.as_ref());
        self.conflicted.clear();
        let mut records: BTreeMap<(Collection, RecordId), StoredFields> = BTreeMap::new();
        let mut last = None;
        for (collection, map) in self.maps.iter() {
            let (kind, once) = (taking_turns(collection), is_written_once(collection));
            for item in self.automerge.map_range(map, ..) {
                let Some(key) = Key::of(collection, &item.key) else {
                    continue;
                };
                let value = read(
                    &self.automerge,
                    item.value.clone().into_value(),
                    || item.id(),
                    None,
                );
                if item.conflict {
                    self.conflicted.insert(key.clone());
                }
                let fields = records.entry((collection, key.record)).or_default();
                if kind.is_some_and(|kind| kind.turn_fields().any(|field| field == key.field)) {
                    fields.written(&key.field, OpId::of(&item.id()));
                }
                if once && key.field != REMOVED_AT.name {
                    let id = item.id();
                    if !fields.is_empty() && !follows(last.as_ref(), &id) {
                        fields.set_patched(true);
                    }
                    last = Some(id);
                }
                fields.put(key.field, Some(value));
            }
        }
        let gone: Vec<_> = self
            .view
            .ids()
            .filter(|place| !records.contains_key(place))
            .collect();
        let mut patches = Vec::new();
        for (collection, record) in gone {
            patches.extend(self.put_record(collection, record, StoredFields::default()));
        }
        for ((collection, record), fields) in records {
            patches.extend(self.put_record(collection, record, fields));
        }
        ordered::sort_by_key(&mut patches, |patch| (patch.collection, patch.record));
        patches
    }

    fn refresh_record(
        &mut self,
        collection: Collection,
        record: RecordId,
        keys: Vec<Key>,
    ) -> Option<RecordPatch> {
        let map = self.maps.get(collection)?;
        let old = self.view.entry(collection, record);
        let mut fields = old.map_or_else(StoredFields::default, |entry| entry.stored().clone());
        for key in keys {
            let mut values = self.automerge.get_all(map, key.name()).unwrap_or_default();
            let several = values.len() > 1;
            // The winner is the last.
            let winner = values.pop();
            let value = winner.map(|(value, id)| read(&self.automerge, value, || id.clone(), None));
            if several {
                self.conflicted.insert(key.clone());
            } else {
                self.conflicted.remove(&key);
            }
            fields.put(key.field, value);
        }
        if let Some(kind) = taking_turns(collection) {
            fields.forget_turn();
            for field in kind.turn_fields() {
                if let Ok(Some((_, written))) = self.automerge.get(map, record.key(field)) {
                    fields.written(field, OpId::of(&written));
                }
            }
        }
        if is_written_once(collection) {
            fields.set_patched(self.is_patched(map, record, &fields));
        }
        self.put_record(collection, record, fields)
    }

    /// Whether the fields of a record were not all written at once, its removal aside. Who writes once writes in the order of the
    /// keys.
    fn is_patched(&self, map: &ObjId, record: RecordId, fields: &StoredFields) -> bool {
        let mut last = None;
        let mut written = fields
            .values()
            .keys()
            .filter(|field| *field != REMOVED_AT.name);
        written.any(|field| {
            let values = self.automerge.get_all(map, record.key(field));
            let Some((_, id)) = values.ok().and_then(|mut values| values.pop()) else {
                return true;
            };
            let patched = last.is_some() && !follows(last.as_ref(), &id);
            last = Some(id);
            patched
        })
    }

    fn put_record(
        &mut self,
        collection: Collection,
        record: RecordId,
        fields: StoredFields,
    ) -> Option<RecordPatch> {
        let old = self.view.entry(collection, record);
        if old.map_or(fields.is_empty(), |entry| *entry.stored() == fields) {
            return None;
        }
        self.hydrated += 1;
        let new = (!fields.is_empty()).then(|| Entry::new(collection, record, fields));
        let patch = compare(collection, record, old, new.as_ref());
        self.view.put(collection, record, new);
        Some(patch)
    }

    /// The field that an object is in: the value itself, or something inside it.
    fn field_around(&self, (counter, actor): &(u64, Vec<u8>)) -> Option<Key> {
        // The index is a hint only.
        let object = ObjId::Id(*counter, ActorId::from(&actor[..]), 0);
        let path: Vec<_> = self.automerge.parents(&object).ok()?.collect();
        path.iter().rev().take(2).find_map(|parent| {
            let (collection, _) = self.maps.iter().find(|(_, map)| **map == parent.obj)?;
            match &parent.prop {
                Prop::Map(name) => Key::of(collection, name),
                Prop::Seq(_) => None,
            }
        })
    }

    /// What edits come down to: each field once, without those that already are as asked. Records that take turns are written in the
    /// order of the edits, so that of one list whoever stands first comes first; the others in the order of their keys.
    pub(super) fn writes<'a>(&self, edits: &'a [Edit]) -> Result<Vec<Write<'a>>, EditError> {
        let mut asked: BTreeMap<Key, Option<&Value>> = BTreeMap::new();
        let mut turns: BTreeMap<(Collection, RecordId), usize> = BTreeMap::new();
        for edit in edits {
            let (collection, record, field) = edit.place();
            if Some(edit.document()) != self.name.as_ref() {
                return Err(EditError::OtherDocument(edit.document().clone()));
            }
            if self.maps.get(collection).is_none() {
                return Err(EditError::NoCollection(collection));
            }
            if !is_field_name(field) {
                return Err(EditError::BadField(field.chars().take(64).collect()));
            }
            if taking_turns(collection).is_some() {
                let next = turns.len();
                turns.entry((collection, record)).or_insert(next);
            }
            let field = field.to_owned();
            asked.insert(
                Key {
                    collection,
                    record,
                    field,
                },
                edit.value(),
            );
        }
        let write = |(key, value): (Key, Option<&'a Value>)| {
            let map = self.maps.get(key.collection)?;
            (!self.is_already(map, &key, value)).then(|| Write {
                key,
                value,
                map: map.clone(),
            })
        };
        let mut writes: Vec<Write<'a>> = asked.into_iter().filter_map(write).collect();
        if turns.len() > 1 {
            ordered::sort_by_key(&mut writes, |write| {
                let turn = turns
                    .get(&(write.key.collection, write.key.record))
                    .copied();
                (turn, write.key.clone())
            });
        }
        Ok(writes)
    }

    /// Whether a field holds a value and no other; for none, whether it is not there.
    fn is_already(&self, map: &ObjId, key: &Key, value: Option<&Value>) -> bool {
        let stored = self
            .view
            .entry(key.collection, key.record)
            .map(Entry::stored);
        let Some(value) = value else {
            return stored.is_none_or(|fields| !fields.contains(&key.field));
        };
        if stored.and_then(|fields| fields.value(&key.field)) != Some(value) {
            return false;
        }
        // Two replicas that import the same row set the same value twice: nothing to decide.
        let same = |(other, id): (AutomergeValue<'_>, ObjId)| {
            read(&self.automerge, other, || id.clone(), None).as_ref() == Some(value)
        };
        let values = || self.automerge.get_all(map, key.name()).unwrap_or_default();
        !self.conflicted.contains(key) || values().into_iter().all(same)
    }
}

/// The table of a collection whose records take turns.
fn taking_turns(collection: Collection) -> Option<&'static RecordKind> {
    Record::kind_of(collection).filter(|kind| kind.takes_turns())
}

/// Whether records of a collection are written once and never changed.
fn is_written_once(collection: Collection) -> bool {
    Record::kind_of(collection).is_some_and(|kind| kind.once)
}

/// Whether an operation is the next after another, by the same actor.
fn follows(last: Option<&ObjId>, next: &ObjId) -> bool {
    match (last, next) {
        (Some(ObjId::Id(last, before, _)), ObjId::Id(next, actor, _)) => {
            *next == last + 1 && before == actor
        }
        _ => false,
    }
}

/// Reads what a field holds, or held at some heads; none when it is no value.
pub(in crate::document) fn read(
    automerge: &Automerge,
    value: AutomergeValue<'_>,
    object: impl Fn() -> ObjId,
    heads: Option<&[ChangeHash]>,
) -> Option<Value> {
    match value {
        AutomergeValue::Scalar(scalar) => Value::from_scalar(&scalar),
        // JavaScript peers store a plain string as a text object.
        AutomergeValue::Object(automerge::ObjType::Text) => {
            let text = match heads {
                Some(heads) => automerge.text_at(object(), heads),
                None => automerge.text(object()),
            };
            Some(Value::Text(text.ok()?))
        }
        AutomergeValue::Object(_) => None,
    }
}

pub(super) fn is_field_name(text: &str) -> bool {
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-')
    };
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}
