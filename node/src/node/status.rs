use serde::Serialize;
use yilian_core::document::Name;
use yilian_core::sync::replica::Progress;

use super::LinkState;

/// How far a node and its relay are from each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The connection.
    pub link: LinkState,
    /// Whether the relay's catalogue has been read to the end.
    pub catalogue_read: bool,
    /// Documents that the relay has more of than is on disk here.
    pub arriving: usize,
    /// Documents with changes that are not durable at the relay.
    pub waiting: Vec<DocumentWaiting>,
    /// Reasons for which the relay refused changes.
    pub refused: Vec<String>,
    /// Whether everything here is durable at the relay, and everything subscribed is here.
    pub in_step: bool,
}

/// A document with changes that are not durable at the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentWaiting {
    /// Its name; its id if it has none.
    pub name: String,
    /// How many changes; unknown until the document has been looked at.
    pub changes: Option<usize>,
}

impl Status {
    pub(super) fn new(link: LinkState, progress: Progress) -> Self {
        let in_step = progress.is_in_step();
        let name = |name: Option<Name>, id: &dyn std::fmt::Display| {
            name.map_or_else(|| id.to_string(), |name| name.to_string())
        };
        Self {
            link,
            catalogue_read: progress.catalogue_read,
            arriving: progress.arriving,
            waiting: progress
                .waiting
                .into_iter()
                .map(|waiting| DocumentWaiting {
                    name: name(waiting.name, &waiting.document),
                    changes: waiting.changes,
                })
                .collect(),
            refused: progress
                .refused
                .into_iter()
                .map(|(_, reason)| reason)
                .collect(),
            in_step,
        }
    }

    /// Changes that are known to wait.
    #[must_use]
    pub fn changes_waiting(&self) -> usize {
        self.waiting
            .iter()
            .filter_map(|waiting| waiting.changes)
            .sum()
    }
}
