use std::collections::VecDeque;

use bytes::Bytes;

use super::{ConnectionId, Effect, Engine, Notice};
use crate::document::DocumentId;
use crate::ordered::BTreeMap;
use crate::sync::limits::Limits;
use crate::sync::wire::{self, Body, Message};

/// The last ephemeral message of each session, so that what JavaScript clients bounce back ends here.
#[derive(Debug, Default)]
pub(super) struct Seen {
    last: BTreeMap<(String, String), (u64, u64)>,
    clock: u64,
}

impl Seen {
    const SESSIONS_MAX: usize = 10_000;

    /// Whether this message is new; remembers it.
    fn is_new(&mut self, sender: &str, session: &str, count: u64) -> bool {
        self.clock += 1;
        let entry = self.last.entry((sender.to_owned(), session.to_owned()));
        let (last, used) = entry.or_insert((0, 0));
        if *used != 0 && count <= *last {
            return false;
        }
        (*last, *used) = (count, self.clock);
        if self.last.len() > Self::SESSIONS_MAX {
            // Those that spoke longest ago go, half of them at once so that it is rarely needed.
            let oldest = self.clock.saturating_sub(Self::SESSIONS_MAX as u64 / 2);
            self.last.retain(|_, (_, used)| *used > oldest);
        }
        true
    }
}

impl Engine {
    /// Sends an ephemeral message of the application to every peer of a document. Answers whether there
    /// is one.
    pub fn send_ephemeral(&mut self, document: DocumentId, data: &Bytes) -> bool {
        self.count += 1;
        let (count, sender, session) = (
            self.count,
            self.config.peer_id.clone(),
            self.config.session_id.clone(),
        );
        self.spread(None, &sender, document, count, &session, data)
    }

    pub(super) fn take_ephemeral(
        &mut self,
        from: ConnectionId,
        sender: String,
        document: DocumentId,
        count: u64,
        session: String,
        data: Bytes,
    ) {
        if data.len() > self.config.limits.ephemeral_bytes {
            return self.hits.note("ephemeral_bytes");
        }
        if sender == self.config.peer_id || !self.seen.is_new(&sender, &session, count) {
            return;
        }
        self.spread(Some(from), &sender, document, count, &session, &data);
        if self
            .documents
            .get(&document)
            .is_some_and(|document| document.held > 0)
        {
            self.effects.push_back(Effect::Notify(Notice::Ephemeral {
                document,
                sender,
                session,
                data,
            }));
        }
    }

    fn spread(
        &mut self,
        from: Option<ConnectionId>,
        sender: &str,
        document: DocumentId,
        count: u64,
        session: &str,
        data: &Bytes,
    ) -> bool {
        let Some(peers) = self
            .documents
            .get(&document)
            .map(|document| &document.peers)
        else {
            return false;
        };
        let peers: Vec<ConnectionId> = peers
            .keys()
            .copied()
            .filter(|peer| Some(*peer) != from)
            .collect();
        let mut heard = false;
        for connection in peers {
            let Some(link) = self.connections.get_mut(&connection) else {
                continue;
            };
            if link.peer.peer_id == sender {
                continue;
            }
            let body = Body::Ephemeral {
                document,
                count,
                session: session.to_owned(),
                data: data.clone(),
            };
            let target = Some(link.peer.peer_id.clone());
            let frame = wire::encode(&Message {
                sender: sender.to_owned(),
                target,
                body,
            });
            if let Some(limit) = make_room(&mut link.ephemerals, frame.len(), &self.config.limits) {
                self.hits.note(limit);
            }
            link.ephemerals.push_back(frame);
            self.wake(connection);
            heard = true;
        }
        heard
    }
}

/// Drops the oldest of what waits for a connection until there is room for `bytes` more; the limit, if any had to go.
fn make_room(waiting: &mut VecDeque<Bytes>, bytes: usize, limits: &Limits) -> Option<&'static str> {
    let mut reached = None;
    if waiting.len() >= limits.ephemerals && waiting.pop_front().is_some() {
        reached = Some("ephemerals");
    }
    let mut sum = bytes + waiting.iter().map(Bytes::len).sum::<usize>();
    while sum > limits.ephemeral_queue_bytes
        && let Some(oldest) = waiting.pop_front()
    {
        sum -= oldest.len();
        reached = Some("ephemeral_queue_bytes");
    }
    reached
}
