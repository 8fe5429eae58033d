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
    /// What it wrote, in its order.
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
    /// When the last of them was made, by its writer's clock: seconds since 1970. What is made again is not newer for it.
    pub time: i64,
    /// Which changes these are.
    pub of: Vec<ChangeHash>,
}

impl Remake {
    /// What `author` wrote in the changes of a graph that are aside and that `of` picks, in the graph's order: in the first of them, if
    /// they have more than [`Remade::EDITS_MAX`] edits together. Changes in which they wrote no field are left out.
    ///
    /// It is read from their bytes and nothing is applied, so that it works also for changes that break the document or build on
    /// one that does. What no edit of this library does is left out, such as the letters that a JavaScript peer types into a text.
    pub fn read(
        name: &Name,
        graph: &ChangeGraph,
        author: &Author,
        of: &dyn Fn(&ChangeHash) -> bool,
    ) -> Vec<Self> {
        let mut reader = Reader::new(name, graph);
        let mut remakes = Vec::new();
        let mut count = 0;
        for index in graph.aside() {
            if count >= Remade::EDITS_MAX {
                break;
            }
            if graph.hash(index).is_none_or(|hash| !of(&hash)) || !reader.is_by(index, author) {
                continue;
            }
            let remake = reader.remake(index).filter(|at| !at.edits.is_empty());
            count += remake.as_ref().map_or(0, |remake| remake.edits.len());
            remakes.extend(remake);
        }
        remakes
    }

    /// Who made the changes of a graph that are aside and that `of` picks, when and why, without what they wrote.
    pub fn describe(
        name: &Name,
        graph: &ChangeGraph,
        of: &dyn Fn(&ChangeHash) -> bool,
    ) -> Vec<Self> {
        let mut reader = Reader::new(name, graph);
        let picked = |index: &u32| graph.hash(*index).is_some_and(|hash| of(&hash));
        let picked = graph.aside().filter(picked);
        picked.filter_map(|index| reader.described(index)).collect()
    }
}

impl LiveDocument {
    /// Makes one change of what several wrote that are not in this document.
    ///
    /// A field stays as it is where somebody has written it since: later by the writers' clocks, and unknown to whoever made the
    /// change.
    pub fn remade(&self, graph: &ChangeGraph, remakes: &[Remake]) -> Remade {
        let mut remade = Remade::default();
        for remake in remakes {
            let edits = remake.edits.iter();
            let due = edits.filter(|edit| !self.is_newer(graph, edit, remake));
            remade.edits.extend(due.cloned());
            remade.of.push(remake.of);
            remade.time = remade.time.max(remake.time);
            let message = &mut remade.message;
            let length = message.len() + remake.message.len();
            if !message.contains(&remake.message) && length < Remade::MESSAGES_BYTES {
                if !message.is_empty() {
                    message.push_str("; ");
                }
                message.push_str(&remake.message);
            }
        }
        remade
    }

    /// Whether somebody has written the field of an edit since.
    fn is_newer(&self, graph: &ChangeGraph, edit: &Edit, remake: &Remake) -> bool {
        let (collection, record, field) = edit.place();
        let map = self.maps.get(collection);
        let last = map.and_then(|map| self.writings(map, &record.key(field), None).pop());
        last.is_some_and(|last| {
            last.time > remake.time && !graph.precedes(&last.change, &remake.of)
        })
    }
}

impl Remade {
    /// No more edits are begun once there are so many.
    pub const EDITS_MAX: usize = 5_000;
    /// Of messages that are longer together the rest is left out.
    const MESSAGES_BYTES: usize = 1_000;
}

/// An object, by its counter and actor.
type Object = (u64, ActorId);

/// Reads single changes of a graph, and what they refer to in others.
struct Reader<'a> {
    name: &'a Name,
    graph: &'a ChangeGraph,
    /// By actors' numbers in the graph, of those that were looked up.
    authors: Vec<Option<Option<Author>>>,
    /// The collections of which objects are, or were, the map.
    maps: Vec<(Object, Collection)>,
    /// Objects of the last change that are no such map.
    misses: usize,
}

impl<'a> Reader<'a> {
    /// Honest changes write to the maps of the collections. Looking for what an object is takes a walk over the graph.
    const MISSES_MAX: usize = 10;
    /// More than anybody writes at once, and a bound on what a few bytes can claim.
    const EDITS_MAX: usize = 100_000;

    const fn new(name: &'a Name, graph: &'a ChangeGraph) -> Self {
        Self {
            name,
            graph,
            authors: Vec::new(),
            maps: Vec::new(),
            misses: 0,
        }
    }

    fn is_by(&mut self, index: u32, author: &Author) -> bool {
        self.author(index).as_ref() == Some(author)
    }

    fn remake(&mut self, index: u32) -> Option<Remake> {
        let edits = self.edits(&self.change(index)?).unwrap_or_default();
        let described = self.described(index)?;
        Some(Remake { edits, ..described })
    }

    fn described(&mut self, index: u32) -> Option<Remake> {
        let change = self.change(index)?;
        Some(Remake {
            of: change.hash(),
            author: self.author(index),
            time: change.timestamp(),
            edits: Vec::new(),
            message: change.message().unwrap_or_default().to_owned(),
        })
    }

    fn change(&self, index: u32) -> Option<Change> {
        Change::try_from(&self.graph.bytes(index)?[..]).ok()
    }

    /// Who made a change. An author comes with the first change of an actor, which may be large.
    fn author(&mut self, index: u32) -> Option<Author> {
        let actor = self.graph.actor_of(index)?;
        if self.authors.len() <= actor {
            self.authors.resize(actor + 1, None);
        }
        if let Some(Some(known)) = self.authors.get(actor) {
            return known.clone();
        }
        let first = self.graph.first_of(actor);
        let first = first.and_then(|first| self.change(first));
        let author = first.as_ref().and_then(Change::author);
        let author = author.map(|author| Author::from_bytes(author.as_bytes()));
        if let Some(known) = self.authors.get_mut(actor) {
            *known = Some(author.clone());
        }
        author
    }

    /// Somebody may have put another map in the place of a collection's: what was written into that is its collection's too.
    fn collection(&mut self, (counter, actor): (u64, &ActorId)) -> Option<Collection> {
        let mut known = self.maps.iter();
        if let Some((_, known)) = known.find(|((at, by), _)| *at == counter && by == actor) {
            return Some(*known);
        }
        if self.misses >= Self::MISSES_MAX {
            return None;
        }
        let collection = self.made_as(counter, actor);
        match collection {
            Some(found) => self.maps.push(((counter, actor.clone()), found)),
            None => self.misses += 1,
        }
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
        self.misses = 0;
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
