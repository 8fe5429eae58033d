use automerge::{ActorId, Change};

use super::columns::{Column, each_column};

/// Where one operation of a change writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::document) struct Target<'a> {
    /// The object's counter and actor; none for the root.
    pub(in crate::document) object: Option<(u64, &'a ActorId)>,
    /// The key in a map; none in a list or a text.
    pub(in crate::document) key: Option<&'a str>,
}

/// Where the operations of a change write, in their order.
///
/// It reads three columns and no more: Automerge's own decoder makes every operation anew, with its
/// value and predecessors.
#[derive(Clone, Debug)]
pub(in crate::document) struct Targets<'a> {
    actors: Vec<&'a ActorId>,
    object_actor: Column<'a>,
    object_counter: Column<'a>,
    key: Column<'a>,
    /// The last key, and the bytes that it was read from.
    last: (&'a [u8], &'a str),
    left: usize,
}

const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const KEY: u64 = 0x15;

impl<'a> Targets<'a> {
    /// The targets of a change; none where its bytes are not as a change's are.
    pub(in crate::document) fn of(change: &'a Change) -> Option<Self> {
        let mut targets = Self {
            actors: change.actors().collect(),
            object_actor: Column::default(),
            object_counter: Column::default(),
            key: Column::default(),
            last: (&[], ""),
            left: change.len(),
        };
        each_column(change, |specification, data| match specification {
            OBJECT_ACTOR => targets.object_actor = Column::of(data, false),
            OBJECT_COUNTER => targets.object_counter = Column::of(data, false),
            KEY => targets.key = Column::of(data, true),
            _ => {}
        })
        .ok()?;
        Some(targets)
    }

    fn target(&mut self) -> Option<Target<'a>> {
        let actor = self.object_actor.next().ok()?;
        let counter = self.object_counter.next().ok()?;
        let object = match (actor, counter) {
            (_, None | Some((0, _))) => None,
            (actor, Some((counter, _))) => {
                let actor = usize::try_from(actor?.0).ok()?;
                Some((counter, *self.actors.get(actor)?))
            }
        };
        let key = match self.key.next().ok()? {
            Some((_, text)) => {
                // A run repeats one key, which may be long.
                if !std::ptr::eq(self.last.0, text) {
                    self.last = (text, std::str::from_utf8(text).ok()?);
                }
                Some(self.last.1)
            }
            None => None,
        };
        Some(Target { object, key })
    }
}

/// The targets; none inside, and then no more, where the columns are not as a change's are.
impl<'a> Iterator for Targets<'a> {
    type Item = Option<Target<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let target = self.target();
        if target.is_none() {
            self.left = 0;
        }
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use automerge::legacy::{self, ObjectId};
    use automerge::transaction::Transactable as _;
    use automerge::{ActorId, AutoCommit, ObjType, ROOT};

    use super::Targets;

    /// What Automerge's own decoder says of the same changes.
    fn check(document: &mut AutoCommit) {
        let changes = document.get_changes(&[]);
        assert!(!changes.is_empty());
        for change in changes {
            let targets: Option<Vec<_>> = Targets::of(&change).unwrap().collect();
            let targets = targets.unwrap();
            let operations = change.decode().operations;
            assert_eq!(targets.len(), operations.len());
            for (target, operation) in targets.iter().zip(&operations) {
                let object = match &operation.obj {
                    ObjectId::Root => None,
                    ObjectId::Id(id) => Some((id.0, &id.1)),
                };
                assert_eq!(target.object, object);
                let key = match &operation.key {
                    legacy::Key::Map(key) => Some(key.as_str()),
                    legacy::Key::Seq(_) => None,
                };
                assert_eq!(target.key, key);
            }
        }
    }

    #[test]
    fn targets_are_what_automerge_decodes() {
        let mut document = AutoCommit::new().with_actor(ActorId::from([1; 16]));
        let map = document.put_object(ROOT, "map", ObjType::Map).unwrap();
        let list = document.put_object(&map, "list", ObjType::List).unwrap();
        document.commit();
        for number in 0..300_i64 {
            document
                .put(&map, format!("{}", number % 7), number)
                .unwrap();
            document.put(&map, "same", number).unwrap();
            if number % 5 == 0 {
                document.insert(&list, 0, "first").unwrap();
                document.put(ROOT, "根", "值").unwrap();
                document.commit();
            }
        }
        let mut other = document.fork().with_actor(ActorId::from([2; 5]));
        other.delete(&map, "same").unwrap();
        other.delete(&list, 1).unwrap();
        let text = other.put_object(&map, "text", ObjType::Text).unwrap();
        other.splice_text(&text, 0, 0, "岗位 text").unwrap();
        other.commit();
        document.put(&map, "same", "again").unwrap();
        document.merge(&mut other).unwrap();
        document.splice_text(&text, 2, 1, "").unwrap();
        document.put(&map, "", "an empty key").unwrap();
        check(&mut document);
    }
}
