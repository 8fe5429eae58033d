use std::collections::BTreeMap;
use std::time::Instant;

use tokio::sync::mpsc;
use yilian_core::document::DocumentId;
use yilian_core::storage::StoredDocument;
use yilian_core::sync::catalogue::Catalogue;
use yilian_core::sync::engine::{CloseReason, ConnectionId};
use yilian_core::sync::wire::{self, Body, Message};
use yilian_node::driver::{Event, Frame, Outbox, Route};

use crate::published::{Published, PublishedDocument};

/// Subscriptions that may wait for the task.
const FRAMES_MAX: usize = 256;

struct Link {
    peer_id: String,
    network: Option<String>,
    outbox: Outbox,
    _close: mpsc::UnboundedSender<CloseReason>,
}

/// The task that answers subscriptions to names. One for all shards: it hears of commits in order.
pub(crate) struct CatalogueTask {
    peer_id: String,
    catalogue: Catalogue,
    names: BTreeMap<DocumentId, String>,
    links: BTreeMap<ConnectionId, Link>,
    published: mpsc::UnboundedReceiver<Published>,
    frames: mpsc::Receiver<Frame>,
    events: mpsc::UnboundedReceiver<Event>,
    stop: mpsc::UnboundedReceiver<()>,
}

impl CatalogueTask {
    /// The task, the channels that lead to it, and the sender whose end stops it.
    pub(crate) fn new(
        peer_id: String,
        run_id: String,
        stored: &[StoredDocument],
        published: mpsc::UnboundedReceiver<Published>,
    ) -> (Self, Route, mpsc::UnboundedSender<()>) {
        let (frame_sender, frames) = mpsc::channel(FRAMES_MAX);
        let (event_sender, events) = mpsc::unbounded_channel();
        let (stop_sender, stop) = mpsc::unbounded_channel();
        let mut task = Self {
            peer_id,
            catalogue: Catalogue::new(run_id),
            names: BTreeMap::new(),
            links: BTreeMap::new(),
            published,
            frames,
            events,
            stop,
        };
        for document in stored {
            let known = PublishedDocument {
                id: document.id,
                name: document.name.clone(),
                heads: document.heads.clone(),
                taken_back: false,
            };
            task.publish(Published {
                position: document.position,
                documents: vec![known],
            });
        }
        (
            task,
            Route {
                frames: frame_sender,
                events: event_sender,
            },
            stop_sender,
        )
    }

    pub(crate) async fn run(mut self) {
        loop {
            tokio::select! {
                // A connection is announced before it subscribes: in any other order its subscription is lost.
                biased;
                Some(event) = self.events.recv() => self.event(event),
                Some(published) = self.published.recv() => self.publish(published),
                Some(frame) = self.frames.recv() => self.subscribe(frame),
                _ = self.stop.recv() => return,
            }
        }
    }

    fn publish(&mut self, published: Published) {
        let mut named = Vec::with_capacity(published.documents.len());
        for document in published.documents {
            if let Some(name) = document.name {
                self.names.insert(document.id, name);
            }
            // Documents of clients that know nothing of names are in no catalogue.
            if let Some(name) = self.names.get(&document.id) {
                if document.taken_back {
                    self.catalogue.taken_back(name);
                }
                named.push((name.clone(), document.heads));
            }
        }
        let subscribers = self.catalogue.committed(published.position.0, named);
        subscribers
            .into_iter()
            .for_each(|connection| self.transmit(connection));
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Connected {
                connection,
                peer,
                outbox,
                close,
            } => {
                let network = peer.yilian.and_then(|extension| extension.network);
                let link = Link {
                    peer_id: peer.peer_id,
                    network,
                    outbox,
                    _close: close,
                };
                self.links.insert(connection, link);
            }
            Event::Drained(connection) => self.transmit(connection),
            Event::Disconnected(connection) => {
                self.links.remove(&connection);
                self.catalogue.disconnected(connection);
            }
            Event::Loaded(..)
            | Event::Fetched(..)
            | Event::Quarantine(..)
            | Event::Snapshot(..)
            | Event::SetAside(..)
            | Event::Stored(..)
            | Event::Expanded(..) => {}
        }
    }

    fn subscribe(&mut self, frame: Frame) {
        let Body::Subscribe { prefixes, cursor } = frame.message.body else {
            return;
        };
        let Some(network) = self
            .links
            .get(&frame.connection)
            .and_then(|link| link.network.clone())
        else {
            return;
        };
        let started = Instant::now();
        self.catalogue
            .subscribe(frame.connection, network, prefixes, cursor);
        if let Some(account) = &frame.account {
            account.received(started.elapsed(), 0);
        }
        self.transmit(frame.connection);
    }

    fn transmit(&mut self, connection: ConnectionId) {
        let Some(link) = self.links.get(&connection) else {
            return;
        };
        link.outbox.fill(|| {
            let body = self.catalogue.poll(connection)?;
            Some(wire::encode(&Message {
                sender: self.peer_id.clone(),
                target: Some(link.peer_id.clone()),
                body,
            }))
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use tokio::time::timeout;
    use yilian_core::sync::engine::PeerInfo;
    use yilian_core::sync::limits::Limits;
    use yilian_core::sync::wire::Extension;
    use yilian_node::driver::Gate;

    use super::*;

    fn connected(connection: ConnectionId, outbox: Outbox) -> Event {
        let yilian = Extension {
            version: 1,
            network: Some("jiaozuo".to_owned()),
        };
        let peer = PeerInfo {
            peer_id: "node".to_owned(),
            storage_id: None,
            yilian: Some(yilian),
            dialled: false,
        };
        Event::Connected {
            connection,
            peer,
            outbox,
            close: mpsc::unbounded_channel().0,
        }
    }

    fn subscription(connection: ConnectionId) -> Frame {
        let body = Body::Subscribe {
            prefixes: vec![String::new()],
            cursor: None,
        };
        let message = Message {
            sender: "node".to_owned(),
            target: None,
            body,
        };
        Frame {
            connection,
            message,
            place: None,
            account: None,
        }
    }

    /// Under load both wait for the task by the time it runs.
    #[tokio::test]
    async fn a_subscription_that_comes_with_its_connection_is_answered() {
        let (_published, published) = mpsc::unbounded_channel();
        let (task, route, _stop) =
            CatalogueTask::new("relay".to_owned(), "run".to_owned(), &[], published);
        let mut sockets = Vec::new();
        for number in 0..100 {
            let (sender, socket) = mpsc::channel(4);
            let outbox = Outbox::new(sender, Gate::default());
            route
                .events
                .send(connected(ConnectionId(number), outbox))
                .unwrap();
            route
                .frames
                .send(subscription(ConnectionId(number)))
                .await
                .unwrap();
            sockets.push(socket);
        }
        tokio::spawn(task.run());
        for mut socket in sockets {
            let frame = timeout(Duration::from_secs(10), socket.recv()).await;
            let frame = frame.unwrap().unwrap();
            let answer = wire::decode(&frame, &Limits::default()).unwrap();
            assert!(matches!(answer.body, Body::Catalogue { .. }));
        }
    }
}
