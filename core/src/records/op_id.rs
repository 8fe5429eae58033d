use automerge::{ActorId, ObjId};

/// The id of the Automerge operation that wrote a value: a counter above all that its writer knew of, and the writer.
///
/// All replicas order them alike, whatever arrived first and whatever clocks say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpId {
    counter: u64,
    actor: ActorId,
}

impl OpId {
    /// The operation whose id Automerge gives out as that of what it wrote; the root was written by none.
    pub(crate) fn of(written: &ObjId) -> Option<Self> {
        match written {
            ObjId::Id(counter, actor, _) => Some(Self {
                counter: *counter,
                actor: actor.clone(),
            }),
            ObjId::Root => None,
        }
    }
}
