use automerge::{ActorId, Automerge, ObjId, ObjType, ROOT, ReadDoc, Value};

use crate::document::Name;
use crate::ordered::BTreeMap;
use crate::records::Collection;

/// The map object of each collection of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::document) struct Maps(BTreeMap<Collection, ObjId>);

impl Maps {
    /// The maps that the root of a document of this name has, for its kind's collections.
    pub(super) fn of(automerge: &Automerge, name: Option<&Name>) -> Self {
        let collections = name.map_or(&[][..], |name| name.kind().collections());
        let map = |collection: &Collection| {
            match automerge.get(ROOT, collection.as_str()).ok()?? {
                (Value::Object(ObjType::Map), id) => Some((*collection, id)),
                // Someone put something else in its place; so the collection cannot be read.
                _ => None,
            }
        };
        Self(collections.iter().filter_map(map).collect())
    }

    /// The map of a collection.
    pub(in crate::document) fn get(&self, collection: Collection) -> Option<&ObjId> {
        self.0.get(&collection)
    }

    /// Every collection with its map.
    pub(in crate::document) fn iter(&self) -> impl Iterator<Item = (Collection, &ObjId)> {
        self.0.iter().map(|(collection, map)| (*collection, map))
    }

    /// The collection whose map an object is, by its counter and actor.
    pub(super) fn collection(&self, (counter, actor): (u64, &ActorId)) -> Option<Collection> {
        let is = |map: &ObjId| match map {
            ObjId::Id(of, by, _) => *of == counter && by == actor,
            ObjId::Root => false,
        };
        self.iter()
            .find_map(|(collection, map)| is(map).then_some(collection))
    }
}
