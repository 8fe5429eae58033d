//! Which change an operation is from.

use super::ChangeGraph;

impl ChangeGraph {
    /// The index of the change in which an actor made the operation with this counter, or the next that the actor made; with 0, of
    /// its first change. It takes a walk over the graph.
    pub(crate) fn change_with_op(&self, actor: &[u8], counter: u64) -> Option<u32> {
        let actor = *self.actors.get(actor)?;
        let is_it = |node: &super::Node| node.actor == actor && u64::from(node.max_op) >= counter;
        let found = self.nodes.iter().position(is_it)?;
        u32::try_from(found).ok()
    }
}
