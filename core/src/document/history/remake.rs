use automerge::{ActorId, Change, ChangeHash};

use crate::document::live::{Does, Key, Targets, Values};
use crate::document::{Author, LiveDocument, Name};
use crate::records::{Collection, Edit};
use crate::sync::change_graph::ChangeGraph;

/// What a change that is aside wrote, to be made again on other ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Remake {
    /// The change.
    pub of: ChangeHash,
    /// Who made it; none when its writer gave no author.
    pub author: Option<Author>,
    /// When it was made, by its writer's clock: seconds since 1970.
    pub time: i64,
    /// What it wrote, in its order; nothing where somebody else made it.
    pub edits: Vec<Edit>,
    /// Its message; empty where it had none.
    pub message: String,
}

/// What several changes that are aside wrote, as one change that is to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remade {
    /// Everything that was written, in its order, without what somebody has written since.
    pub edits: Vec<Edit>,
    /// Their messages.
    pub message: String,
    /// Those of which nothing is left out.
    pub of: Vec<ChangeHash>,
}

impl Remake {
    /// The changes of a graph that are aside and that `of` picks, in the graph's order, with what `author` wrote in theirs.
    ///
    /// It is read from their bytes and nothing is applied, so that it works also for changes that break the document or build on
    /// one that does. What no edit of this library does is left out, such as the letters that a JavaScript peer types into a text.
    pub fn read(
        name: &Name,
        graph: &ChangeGraph,
        author: Option<&Author>,
        of: &dyn Fn(&ChangeHash) -> bool,
    ) -> Vec<Self> {
        let mut reader = Reader {
            name,
            graph,
            maps: Vec::new(),
        };
        let picked = |index: &u32| graph.hash(*index).is_some_and(|hash| of(&hash));
        graph
            .aside()
            .filter(picked)
            .filter_map(|index| reader.remake(index, author))
            .collect()
    }
}

impl LiveDocument {
    /// Makes one change of what several wrote that are not in this document: at most about
    /// [`Remade::EDITS_MAX`] edits, of the first of them.
    ///
    /// A field that somebody wrote later than a change did, by the writers' clocks, is not taken back to what that wrote.
    pub fn remade(&self, remakes: &[Remake]) -> Remade {
        let mut remade = Remade::default();
        for remake in remakes {
            if remade.edits.len() >= Remade::EDITS_MAX {
                break;
            }
            let before = remade.edits.len();
            let edits = remake.edits.iter();
            remade.edits.extend(
                edits
                    .filter(|edit| !self.is_newer(edit, remake.time))
                    .cloned(),
            );
            if remade.edits.len() - before == remake.edits.len() {
                remade.of.push(remake.of);
            }
            let message = &mut remade.message;
            if !message.contains(&remake.message) && message.len() < Remade::MESSAGE_BYTES {
                if !message.is_empty() {
                    message.push_str("; ");
                }
                message.push_str(&remake.message);
            }
        }
        remade
    }

    /// Whether somebody has written the field of an edit since.
    fn is_newer(&self, edit: &Edit, time: i64) -> bool {
        let (collection, record, field) = edit.place();
        let map = self.maps.get(collection);
        let last = map.and_then(|map| self.writings(map, &record.key(field), None).pop());
        last.is_some_and(|last| last.time > time)
    }
}

impl Remade {
    /// No more edits are begun once there are so many.
    pub const EDITS_MAX: usize = 5_000;
    /// Of so many bytes, messages are long enough.
    const MESSAGE_BYTES: usize = 200;
}

/// An object, by its counter and actor.
type Object = (u64, ActorId);

/// Reads single changes of a graph, and what they refer to in others.
struct Reader<'a> {
    name: &'a Name,
    graph: &'a ChangeGraph,
    /// The collections of which objects are, or were, the map.
    maps: Vec<(Object, Option<Collection>)>,
}

impl Reader<'_> {
    /// Honest changes write to the maps of the collections. Looking for what an object is takes a walk over the graph.
    const OBJECTS_MAX: usize = 20;
    /// More than anybody writes at once, and a bound on what a few bytes can claim.
    const EDITS_MAX: usize = 100_000;

    fn remake(&mut self, index: u32, author: Option<&Author>) -> Option<Remake> {
        let change = self.change(index)?;
        let by = self.author(change.actor_id());
        let edits = match by.is_some() && by.as_ref() == author {
            true => self.edits(&change).unwrap_or_default(),
            false => Vec::new(),
        };
        Some(Remake {
            of: change.hash(),
            author: by,
            time: change.timestamp(),
            edits,
            message: change.message().unwrap_or_default().to_owned(),
        })
    }

    fn change(&self, index: u32) -> Option<Change> {
        Change::try_from(&self.graph.bytes(index)?[..]).ok()
    }

    /// An author comes with the first change of an actor.
    fn author(&self, actor: &ActorId) -> Option<Author> {
        let first = self.change(self.graph.change_with_op(actor.to_bytes(), 0)?)?;
        Some(Author::from_bytes(first.author()?.as_bytes()))
    }

    /// Somebody may have put another map in the place of a collection's: what was written into that is its collection's too.
    fn collection(&mut self, (counter, actor): (u64, &ActorId)) -> Option<Collection> {
        let mut known = self.maps.iter();
        if let Some((_, known)) = known.find(|((at, by), _)| *at == counter && by == actor) {
            return *known;
        }
        if self.maps.len() >= Self::OBJECTS_MAX {
            return None;
        }
        let collection = self.made_as(counter, actor);
        self.maps.push(((counter, actor.clone()), collection));
        collection
    }

    /// The collection in whose place an object was made.
    fn made_as(&self, counter: u64, actor: &ActorId) -> Option<Collection> {
        let maker = self.change(self.graph.change_with_op(actor.to_bytes(), counter)?)?;
        let number = counter.checked_sub(maker.start_op().get())?;
        let made = Targets::of(&maker)?.nth(usize::try_from(number).ok()?)??;
        let key = made.key.filter(|_| made.object.is_none())?;
        let collections = self.name.kind().collections().iter();
        collections.copied().find(|at| at.as_str() == key)
    }

    /// What a change writes, in its order; none where it cannot be read to its end.
    fn edits(&mut self, change: &Change) -> Option<Vec<Edit>> {
        let mut edits: Vec<Edit> = Vec::new();
        for (target, does) in Targets::of(change)?.zip(Values::of(change)?) {
            let (target, does) = (target?, does?);
            let key = target.object.zip(target.key);
            let key = key.and_then(|(object, key)| Key::of_edit(self.collection(object)?, key));
            let (Some(key), false) = (key, edits.len() >= Self::EDITS_MAX) else {
                continue;
            };
            let edit = match does {
                Does::Sets(value) => {
                    Edit::set(self.name, key.collection, key.record, &key.field, value)
                }
                Does::Deletes => Edit::clear(self.name, key.collection, key.record, &key.field),
                Does::Else => continue,
            };
            // A few bytes can say a million times that a field is written.
            edits.pop_if(|last| last.place() == edit.place());
            edits.push(edit);
        }
        Some(edits)
    }
}

#[cfg(test)]
mod tests;
