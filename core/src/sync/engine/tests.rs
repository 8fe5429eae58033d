//! A relay's engine as its peers see it: each test speaks the protocol frame by frame.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ROOT};
use bytes::Bytes;

use super::*;
use crate::storage::Quarantined;
use crate::sync::limits::Limits;
use crate::sync::message::{Flags, Have, SyncMessage};
use crate::sync::wire::Extension;

mod cold;
mod expanding;
mod limits;
mod quarantine;

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);
const AUTHOR: ConnectionId = ConnectionId(1);

struct Relay {
    engine: Engine,
    stored: Vec<StoreRequest>,
    closed: Vec<(ConnectionId, CloseReason)>,
    notices: Vec<Notice>,
    /// What is in quarantine, and the heads without it, as last stored.
    aside: Option<(Vec<Quarantined>, Vec<ChangeHash>)>,
}

impl Relay {
    fn new(limits: Limits) -> Self {
        let engine = Engine::new(Config {
            peer_id: "relay".to_owned(),
            storage_id: "storage".to_owned(),
            session_id: "session".to_owned(),
            voice: Voice::Relay,
            limits,
            idle_ms: 10,
        });
        Self {
            engine,
            stored: Vec::new(),
            closed: Vec::new(),
            notices: Vec::new(),
            aside: None,
        }
    }

    fn connect(&mut self, connection: ConnectionId, yilian: bool) {
        let yilian = yilian.then(|| Extension {
            version: 1,
            network: Some("jiaozuo".to_owned()),
        });
        let peer_id = format!("peer{}", connection.0);
        self.engine.connected(
            connection,
            PeerInfo {
                peer_id,
                storage_id: None,
                yilian,
                dialled: false,
            },
        );
    }

    /// Carries out what the engine asks for; commits wait in `stored`.
    fn run(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Close { connection, reason } => self.closed.push((connection, reason)),
                Effect::Expand {
                    document,
                    connection,
                    bytes,
                    limits,
                } => {
                    let changes = examine(&bytes, &limits);
                    self.engine.expanded(document, connection, changes);
                }
                Effect::Load { document, whole } => {
                    assert!(!whole);
                    let graph = ChangeGraph::new(self.engine.config().limits);
                    self.engine
                        .loaded(document, Ok(Loaded { graph, name: None }));
                }
                Effect::Fetch { .. } => panic!("everything is in memory"),
                Effect::Notify(notice) => self.notices.push(notice),
                Effect::Quarantine { listed, heads, .. } => self.aside = Some((listed, heads)),
                Effect::Store(request) => self.stored.push(request),
                Effect::Wake { .. } => {}
            }
        }
    }

    fn commit(&mut self) {
        for request in std::mem::take(&mut self.stored) {
            self.engine.stored(request.document, Ok(()));
        }
        self.run();
    }

    fn says(&mut self, connection: ConnectionId, body: Body) {
        let sender = format!("peer{}", connection.0);
        self.engine.received(
            connection,
            Message {
                sender,
                target: Some("relay".to_owned()),
                body,
            },
        );
        self.run();
    }

    fn sync(&mut self, connection: ConnectionId, message: &SyncMessage) {
        let data = message.encode().into();
        self.says(
            connection,
            Body::Sync {
                document: DOCUMENT,
                data,
                request: false,
                name: None,
            },
        );
    }

    fn hears(&mut self, connection: ConnectionId) -> Option<Body> {
        let frame = self.engine.poll_transmit(connection)?;
        let message = wire::decode(&frame, &Limits::default()).unwrap();
        assert_eq!(message.target, Some(format!("peer{}", connection.0)));
        Some(message.body)
    }

    fn hears_sync(&mut self, connection: ConnectionId) -> Option<(SyncMessage, Bytes)> {
        match self.hears(connection)? {
            Body::Sync { data, .. } => Some((
                SyncMessage::decode(&data, &Limits::default()).unwrap(),
                data,
            )),
            other => panic!("not sync: {other:?}"),
        }
    }

    fn disconnect_all(&mut self) {
        for connection in [AUTHOR, ConnectionId(2)] {
            self.engine.disconnected(connection);
        }
    }

    /// A reader that takes concatenations and is where `heads` are.
    fn reader(&mut self, connection: ConnectionId, heads: Vec<ChangeHash>) {
        self.connect(connection, false);
        self.sync(connection, &at(heads));
        while self.hears_sync(connection).is_some() {}
    }
}

/// "I am here, with all of it."
fn at(heads: Vec<ChangeHash>) -> SyncMessage {
    let have = vec![Have {
        last_sync: heads.clone(),
        ..Have::default()
    }];
    SyncMessage {
        heads,
        have,
        flags: Some(Flags::default()),
        chunks: true,
        ..SyncMessage::default()
    }
}

fn made(count: i64) -> Vec<Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
    for number in 0..count {
        doc.put(ROOT, "key", number).unwrap();
        doc.commit_with(CommitOptions::default().with_time(0));
    }
    doc.get_changes(&[])
}

fn with(changes: &[Change]) -> SyncMessage {
    let heads = vec![changes.last().unwrap().hash()];
    let changes = changes
        .iter()
        .map(|change| Bytes::copy_from_slice(change.raw_bytes()))
        .collect();
    SyncMessage {
        changes,
        ..at(heads)
    }
}

/// A relay that has the first change on disk, and its author connected.
fn with_first(changes: &[Change]) -> Relay {
    let mut relay = Relay::new(Limits::default());
    relay.connect(AUTHOR, false);
    relay.sync(AUTHOR, &with(&changes[..1]));
    relay.commit();
    while relay.hears_sync(AUTHOR).is_some() {}
    relay
}
#[test]
fn a_change_is_acknowledged_and_passed_on_only_when_it_is_on_disk() {
    let changes = made(2);
    let mut relay = with_first(&changes);
    relay.reader(ConnectionId(2), vec![changes[0].hash()]);
    relay.sync(AUTHOR, &with(&changes[1..]));
    assert_eq!(relay.hears(AUTHOR), None);
    assert_eq!(relay.hears(ConnectionId(2)), None);
    relay.commit();
    let (acknowledgement, _) = relay.hears_sync(AUTHOR).unwrap();
    assert_eq!(
        (acknowledgement.heads, acknowledgement.changes.len()),
        (vec![changes[1].hash()], 0)
    );
    let (news, _) = relay.hears_sync(ConnectionId(2)).unwrap();
    assert_eq!(
        news.changes,
        [Bytes::copy_from_slice(changes[1].raw_bytes())]
    );
    assert_eq!(relay.hears(AUTHOR), None);
    assert_eq!(relay.hears(ConnectionId(2)), None);
}

#[test]
fn who_comes_back_with_a_change_that_is_being_stored_hears_when_it_is_on_disk() {
    let changes = made(2);
    let mut relay = with_first(&changes);
    relay.sync(AUTHOR, &with(&changes[1..]));
    relay.engine.disconnected(AUTHOR);
    let again = ConnectionId(2);
    relay.connect(again, false);
    relay.sync(again, &at(vec![changes[1].hash()]));
    let (answer, _) = relay.hears_sync(again).unwrap();
    assert_eq!(answer.heads, [changes[0].hash()]);
    assert!(relay.hears_sync(again).is_none());
    relay.commit();
    let (answer, _) = relay.hears_sync(again).unwrap();
    assert_eq!(answer.heads, [changes[1].hash()]);
    assert!(relay.hears_sync(again).is_none());
}

#[test]
fn a_relay_sends_no_flags_so_that_peers_upload_changes() {
    let changes = made(2);
    let mut relay = with_first(&changes);
    relay.sync(AUTHOR, &with(&changes[1..]));
    relay.commit();
    assert_eq!(relay.hears_sync(AUTHOR).unwrap().0.flags, None);
}

#[test]
fn peers_at_the_same_heads_get_the_same_bytes() {
    let changes = made(3);
    let mut relay = with_first(&changes);
    let readers: Vec<ConnectionId> = (2..6).map(ConnectionId).collect();
    readers
        .iter()
        .for_each(|reader| relay.reader(*reader, vec![changes[0].hash()]));
    for change in &changes[1..] {
        relay.sync(AUTHOR, &with(std::slice::from_ref(change)));
        relay.commit();
        let heard: Vec<Bytes> = readers
            .iter()
            .map(|reader| relay.hears_sync(*reader).unwrap().1)
            .collect();
        assert!(
            heard
                .iter()
                .all(|data| data.as_ptr() == heard[0].as_ptr() || *data == heard[0])
        );
        // An acknowledgement takes no answer, even one that comes late.
        readers
            .iter()
            .for_each(|reader| relay.sync(*reader, &at(vec![changes[0].hash()])));
        readers
            .iter()
            .for_each(|reader| assert_eq!(relay.hears(*reader), None));
    }
}

#[test]
fn what_a_slow_reader_missed_becomes_one_message() {
    let changes = made(50);
    let mut relay = with_first(&changes);
    relay.reader(ConnectionId(2), vec![changes[0].hash()]);
    for change in &changes[1..] {
        relay.sync(AUTHOR, &with(std::slice::from_ref(change)));
        relay.commit();
    }
    let (news, _) = relay.hears_sync(ConnectionId(2)).unwrap();
    assert_eq!(news.heads, [changes[49].hash()]);
    let expected: Vec<u8> = changes[1..]
        .iter()
        .flat_map(|change| change.raw_bytes().to_vec())
        .collect();
    assert_eq!(news.changes.concat(), expected);
    assert_eq!(relay.hears(ConnectionId(2)), None);
}

#[test]
fn a_commit_that_fails_drops_its_changes_and_the_connections_they_came_from() {
    let changes = made(2);
    let mut relay = with_first(&changes);
    relay.reader(ConnectionId(2), vec![changes[0].hash()]);
    relay.sync(AUTHOR, &with(&changes[1..]));
    let request = relay.stored.pop().unwrap();
    relay.engine.stored(request.document, Err(StoreFailed));
    relay.run();
    assert_eq!(relay.closed, [(AUTHOR, CloseReason::StoreFailed)]);
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 1);
    assert_eq!(relay.hears(ConnectionId(2)), None);
    // On a new connection it comes again.
    relay.engine.disconnected(AUTHOR);
    relay.connect(ConnectionId(3), false);
    relay.sync(ConnectionId(3), &with(&changes[1..]));
    relay.commit();
    assert_eq!(
        relay.hears_sync(ConnectionId(2)).unwrap().0.heads,
        [changes[1].hash()]
    );
}

#[test]
fn what_arrives_during_a_commit_shares_the_next() {
    let changes = made(4);
    let mut relay = with_first(&changes);
    for change in &changes[1..] {
        relay.sync(AUTHOR, &with(std::slice::from_ref(change)));
    }
    assert_eq!(
        relay
            .stored
            .iter()
            .map(|request| request.changes.len())
            .collect::<Vec<_>>(),
        [1]
    );
    let first = relay.stored.pop().unwrap();
    relay.engine.stored(first.document, Ok(()));
    relay.run();
    assert_eq!(
        relay
            .stored
            .iter()
            .map(|request| request.changes.len())
            .collect::<Vec<_>>(),
        [2]
    );
}

#[test]
fn a_large_upload_and_download_go_in_parts() {
    let changes = made(100);
    let limits = Limits {
        message_bytes: 1_000,
        ..Limits::default()
    };
    let mut relay = Relay::new(limits);
    relay.connect(AUTHOR, false);
    relay.sync(AUTHOR, &with(&changes));
    relay.commit();
    relay.connect(ConnectionId(2), true);
    relay.sync(
        ConnectionId(2),
        &SyncMessage {
            have: vec![Have::default()],
            ..at(vec![])
        },
    );
    let (mut parts, mut size) = (0, 0);
    while let Some((part, _)) = relay.hears_sync(ConnectionId(2)) {
        let bytes: usize = part.changes.iter().map(Bytes::len).sum();
        assert!(bytes <= 1_000);
        (parts, size) = (parts + 1, size + bytes);
    }
    assert!(parts > 5, "{parts} parts");
    assert_eq!(
        size,
        changes
            .iter()
            .map(|change| change.raw_bytes().len())
            .sum::<usize>()
    );
}

#[test]
fn a_request_for_nothing_is_answered_at_once_and_again_when_there_is_something() {
    let changes = made(1);
    let mut relay = Relay::new(Limits::default());
    relay.connect(ConnectionId(2), false);
    let data = at(vec![]).encode().into();
    relay.says(
        ConnectionId(2),
        Body::Sync {
            document: DOCUMENT,
            data,
            request: true,
            name: None,
        },
    );
    assert_eq!(
        relay.hears(ConnectionId(2)),
        Some(Body::Unavailable { document: DOCUMENT })
    );
    while relay.hears(ConnectionId(2)).is_some() {}
    relay.connect(AUTHOR, false);
    relay.sync(AUTHOR, &with(&changes));
    relay.commit();
    assert_eq!(
        relay.hears_sync(ConnectionId(2)).unwrap().0.changes.len(),
        1
    );
}

#[test]
fn an_ephemeral_message_goes_once_to_everybody_else() {
    let changes = made(1);
    let mut relay = with_first(&changes);
    relay.reader(ConnectionId(2), vec![changes[0].hash()]);
    let body = |count| Body::Ephemeral {
        document: DOCUMENT,
        count,
        session: "s".to_owned(),
        data: Bytes::from_static(&[1]),
    };
    relay.says(AUTHOR, body(1));
    assert_eq!(relay.hears(ConnectionId(2)), Some(body(1)));
    // A JavaScript client bounces it back, with its author's name.
    relay.engine.received(
        ConnectionId(2),
        Message {
            sender: "peer1".to_owned(),
            target: None,
            body: body(1),
        },
    );
    relay.run();
    assert_eq!(
        (relay.hears(AUTHOR), relay.hears(ConnectionId(2))),
        (None, None)
    );
    relay.says(AUTHOR, body(2));
    assert_eq!(relay.hears(ConnectionId(2)), Some(body(2)));
}

#[test]
fn a_document_leaves_memory_when_nobody_has_it_open() {
    let changes = made(1);
    let mut relay = with_first(&changes);
    relay.engine.tick(100);
    assert_eq!(relay.engine.document_count(), 1);
    relay.engine.disconnected(AUTHOR);
    relay.engine.tick(200);
    assert_eq!(relay.engine.document_count(), 0);
}

#[test]
fn a_document_of_many_heads_is_shared_as_well() {
    // As when three hundred sites began one document offline.
    let changes: Vec<Change> = (0..300_u16)
        .map(|actor| {
            let mut doc = AutoCommit::new().with_actor(ActorId::from(actor.to_be_bytes().to_vec()));
            doc.put(ROOT, format!("key{actor}"), 1).unwrap();
            doc.commit_with(CommitOptions::default().with_time(0));
            doc.get_changes(&[]).remove(0)
        })
        .collect();
    let mut heads: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    heads.sort_unstable();
    let mut relay = Relay::new(Limits {
        message_bytes: 1_000,
        ..Limits::default()
    });
    relay.connect(AUTHOR, false);
    for change in &changes {
        relay.sync(AUTHOR, &with(std::slice::from_ref(change)));
        relay.commit();
    }
    relay.connect(ConnectionId(2), true);
    relay.sync(
        ConnectionId(2),
        &SyncMessage {
            have: vec![Have::default()],
            ..at(vec![])
        },
    );
    let mut received = 0;
    while let Some((part, _)) = relay.hears_sync(ConnectionId(2)) {
        received += part.changes.iter().map(Bytes::len).sum::<usize>();
        relay.sync(ConnectionId(2), &at(part.heads));
    }
    assert_eq!(
        received,
        changes
            .iter()
            .map(|change| change.raw_bytes().len())
            .sum::<usize>()
    );
    let document = relay.engine.documents.get(&DOCUMENT).unwrap();
    assert_eq!(
        document.peers.get(&ConnectionId(2)).unwrap().exactly_at(),
        Some(&heads[..])
    );
}
