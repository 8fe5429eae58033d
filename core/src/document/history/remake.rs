use automerge::{ActorId, Change, ChangeHash};

use crate::document::live::{Does, Key, Targets, Values};
use crate::document::{Author, Name};
use crate::ordered::BTreeMap;
use crate::records::{Collection, Edit};

/// What a change wrote, to be made again on other ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Remake {
    /// The change.
    pub of: ChangeHash,
    /// Who made it; none when its writer gave no author.
    pub author: Option<Author>,
    /// When it was made, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// Every field that it set or deleted, in its order.
    pub edits: Vec<Edit>,
    /// Its message; empty where it had none.
    pub message: String,
}

impl Remake {
    /// What some changes of a document wrote, in the order in which `all` its changes come.
    ///
    /// It is read from their bytes and nothing is applied, so that it works also for changes that break the document or build on
    /// one that does. What no edit of this library does is left out, such as the letters that a JavaScript peer types into a text.
    pub fn read(name: &Name, all: &[Change], of: impl Fn(&ChangeHash) -> bool) -> Vec<Self> {
        let wanted: Vec<&Change> = all.iter().filter(|change| of(&change.hash())).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let (authors, maps) = (authors(all), maps(name, all));
        let remake = |change: &Change| Self {
            of: change.hash(),
            author: authors
                .get(change.actor_id())
                .map(|(_, author)| author.clone()),
            time: change.timestamp(),
            edits: edits(name, &maps, change).unwrap_or_default(),
            message: change.message().unwrap_or_default().to_owned(),
        };
        wanted.into_iter().map(remake).collect()
    }
}

/// The author of each actor, which comes with the first of its changes that names one.
fn authors(all: &[Change]) -> BTreeMap<&ActorId, (u64, Author)> {
    let mut authors: BTreeMap<&ActorId, (u64, Author)> = BTreeMap::new();
    for change in all {
        let Some(author) = change.author() else {
            continue;
        };
        let sequence = change.seq();
        let known = authors.get(change.actor_id());
        if known.is_none_or(|(first, _)| sequence < *first) {
            let author = Author::from_bytes(author.as_bytes());
            authors.insert(change.actor_id(), (sequence, author));
        }
    }
    authors
}

/// An object, by its counter and actor.
type Object<'a> = (u64, &'a ActorId);

/// The objects that were ever put in the place of a collection's map: usually one, that of the genesis.
fn maps<'a>(name: &Name, all: &'a [Change]) -> BTreeMap<Object<'a>, Collection> {
    let collections = name.kind().collections();
    let mut maps = BTreeMap::new();
    for change in all {
        let places = (change.start_op().get()..).zip(Targets::of(change).into_iter().flatten());
        for (counter, target) in places {
            let key = target.filter(|target| target.object.is_none());
            let key = key.and_then(|target| target.key);
            let made = collections.iter().find(|at| Some(at.as_str()) == key);
            if let Some(collection) = made {
                maps.insert((counter, change.actor_id()), *collection);
            }
        }
    }
    maps
}

/// The fields that a change writes; none where it cannot be read to its end.
fn edits(
    name: &Name,
    maps: &BTreeMap<Object<'_>, Collection>,
    change: &Change,
) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for (target, does) in Targets::of(change)?.zip(Values::of(change)?) {
        let (target, does) = (target?, does?);
        let collection = target.object.and_then(|object| maps.get(&object));
        let key = collection.zip(target.key);
        let Some(key) = key.and_then(|(collection, key)| Key::of(*collection, key)) else {
            continue;
        };
        match does {
            Does::Sets(value) => {
                edits.push(Edit::set(
                    name,
                    key.collection,
                    key.record,
                    &key.field,
                    value,
                ));
            }
            Does::Deletes => edits.push(Edit::clear(name, key.collection, key.record, &key.field)),
            Does::Else => {}
        }
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    //! Goal: what somebody wrote can be told from bytes alone. Method: what was edited is compared with what is read, with
    //! nothing applied in between.
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use automerge::transaction::Transactable as _;
    use automerge::{ObjType, ROOT};

    use super::*;
    use crate::document::LiveDocument;
    use crate::document::replica::{create, name, replica, set, shift};
    use crate::records::Value;

    fn all(live: &LiveDocument) -> Vec<Change> {
        live.automerge().get_changes(&[])
    }

    #[test]
    fn what_an_edit_wrote_is_read_from_its_change() {
        let mut live = replica(1);
        let rows = [shift(1, "孙平"), shift(2, "谢秀兰")];
        live.edit(&create(&rows), "导入", 1_000).unwrap();
        let record = rows[0].id;
        let other =
            |field, value: Value| Edit::set(&name(), Collection::Shifts, record, field, value);
        let edits = [
            Edit::clear(&name(), Collection::Shifts, record, "note"),
            set(record, "start", "2026-12-01T09:00"),
            other("x-hours", 6.into()),
            other("x-part", 0.5.into()),
            other("x-sure", true.into()),
        ];
        live.edit(&[set(record, "note", "顶班")], "", 1_500)
            .unwrap();
        let change = live.edit(&edits, "改时间", 2_000).unwrap().change.unwrap();

        let read = Remake::read(&name(), &all(&live), |at| *at == change.hash());
        let expected = Remake {
            of: change.hash(),
            author: Some("keyun/1".parse().unwrap()),
            time: 2_000,
            edits: edits.to_vec(),
            message: "改时间".to_owned(),
        };
        assert_eq!(read, [expected]);
        // All of an import, in the order of its fields.
        let everything = Remake::read(&name(), &all(&live), |_| true);
        let imported = everything.iter().find(|one| one.message == "导入").unwrap();
        let mut copy = replica(2);
        copy.edit(&imported.edits, "", 0).unwrap();
        let shifts = |live: &LiveDocument| live.view().shifts().cloned().collect::<Vec<_>>();
        assert_eq!(shifts(&copy).len(), 2);
    }

    /// Whoever put another map in the place of the collection's is found out later; what was written in it is not lost.
    #[test]
    fn what_was_written_in_a_map_that_somebody_swapped_is_read() {
        let mut live = replica(1);
        let mut forger = live.automerge().fork();
        let mut transaction = forger.transaction();
        transaction
            .put_object(ROOT, "shifts", ObjType::Map)
            .unwrap();
        transaction.commit();
        live.apply(forger.get_changes(&[])).unwrap();
        let edits = [set(shift(1, "孙平").id, "note", "顶班")];
        let change = live.edit(&edits, "", 1).unwrap().change.unwrap();
        let read = Remake::read(&name(), &all(&live), |at| *at == change.hash());
        assert_eq!(read[0].edits, edits);
    }
}
