//! Which change an operation is from, and which actor a change.

use super::{ChangeGraph, Node};

impl ChangeGraph {
    /// The number of the actor that made a change.
    pub(crate) fn actor_of(&self, index: u32) -> Option<usize> {
        Some(self.nodes.get(index as usize)?.actor as usize)
    }

    /// The index of an actor's first change. It takes a walk over the graph.
    pub(crate) fn first_of(&self, actor: usize) -> Option<u32> {
        self.position(|node| node.actor as usize == actor)
    }

    /// The index of the change in which an actor made the operation with this counter, or the next that the actor made. It takes a
    /// walk over the graph.
    pub(crate) fn change_with_op(&self, actor: &[u8], counter: u64) -> Option<u32> {
        let actor = *self.actors.get(actor)?;
        self.position(|node| node.actor == actor && u64::from(node.max_op) >= counter)
    }

    fn position(&self, is_it: impl Fn(&Node) -> bool) -> Option<u32> {
        u32::try_from(self.nodes.iter().position(is_it)?).ok()
    }
}
