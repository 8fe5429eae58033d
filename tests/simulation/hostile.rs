//! A relay that is sent rubbish, and two honest replicas of the same document meanwhile.
//!
//! Goal: nothing that a peer sends makes the engine panic or keep more than its limits allow, and the
//! honest pair converges all the same. Method: valid frames, sync messages and changes are damaged
//! from a seed, the latter with their length and checksum made good again, so that they reach the
//! checks behind. A damaged change may pass: the graph cannot see everything; how many do is printed.

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Change, ChangeHash, ObjType, ROOT};
use bytes::Bytes;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use yilian_core::sync::engine::{ConnectionId, PeerInfo};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::message::{Flags, Have, SyncMessage};
use yilian_core::sync::sync_state::Voice;
use yilian_core::sync::wire::{self, Body, Extension, Message};
use yilian_tests::forge::{damage, damaged, templates};

use crate::peer::{DOCUMENT, Node};

/// Each starts with an empty relay: changes that pass would fill it.
const EPOCH: usize = 1_000;

/// How many are sent of each kind.
fn mutations() -> usize {
    match std::env::var_os("YILIAN_LONG") {
        Some(_) => 60_000,
        None => 20_000,
    }
}

struct Honest {
    node: Node,
    doc: AutoCommit,
    made: Vec<ChangeHash>,
    connection: ConnectionId,
}

struct Scene {
    relay: Node,
    honest: Vec<Honest>,
    attacker: ConnectionId,
    next: u64,
}

impl Scene {
    fn new(shared: &[Change]) -> Self {
        let honest = |name: &str| {
            let actor = ActorId::from(name.as_bytes());
            let mut doc = AutoCommit::new().with_actor(actor);
            doc.apply_changes(shared.to_vec()).unwrap();
            Honest {
                node: Node::new(name, Voice::Replica, false),
                doc,
                made: Vec::new(),
                connection: ConnectionId(0),
            }
        };
        let mut scene = Self {
            relay: Node::new("relay", Voice::Relay, false),
            honest: vec![honest("honest a"), honest("honest b")],
            attacker: ConnectionId(0),
            next: 0,
        };
        for at in 0..scene.honest.len() {
            while scene.honest[at].node.disk_step(false) {}
            scene.connect(at);
        }
        let shared: Vec<Bytes> = shared
            .iter()
            .map(|change| Bytes::copy_from_slice(change.raw_bytes()))
            .collect();
        let first = &mut scene.honest[0].node;
        first.engine.edited(DOCUMENT, &shared).unwrap();
        first.run_effects();
        scene.attack_anew(false);
        scene.settle();
        scene
    }

    fn connect(&mut self, at: usize) {
        self.next += 1;
        let connection = ConnectionId(self.next);
        let name = self.honest[at].node.name.clone();
        self.relay
            .connected(connection, &format!("peer-{name}"), false);
        self.honest[at]
            .node
            .connected(connection, "peer-relay", true);
        self.honest[at].connection = connection;
    }

    fn attack_anew(&mut self, ours: bool) {
        self.relay.disconnected(self.attacker);
        self.next += 1;
        self.attacker = ConnectionId(self.next);
        let yilian = ours.then(|| Extension {
            version: 1,
            network: Some("jiaozuo".to_owned()),
        });
        let peer = PeerInfo {
            peer_id: "attacker".to_owned(),
            storage_id: Some("attackers store".to_owned()),
            yilian,
            dialled: false,
        };
        self.relay.engine.connected(self.attacker, peer);
    }

    /// Whatever a frame says; one that is none would end the connection.
    fn attack(&mut self, frame: &Bytes, rng: &mut StdRng) {
        match wire::decode(frame, &Limits::default()) {
            Ok(message) => self.relay.engine.received(self.attacker, message),
            Err(_) => self.attack_anew(rng.random()),
        }
        self.relay.run_effects();
        while rng.random_bool(0.3) && self.relay.disk_step(false) {}
        let mut refused = false;
        while rng.random_bool(0.8)
            && let Some(frame) = self.relay.transmit(self.attacker)
        {
            let message = wire::decode(&frame, &Limits::default()).unwrap();
            refused |= matches!(message.body, Body::Refusal { .. });
        }
        // Whoever was refused is not heard on this connection any more.
        if refused || self.relay.closing.contains(&self.attacker) {
            self.attack_anew(rng.random());
        }
    }

    fn edit(&mut self, at: usize, value: i64) {
        let honest = &mut self.honest[at];
        honest.doc.put(ROOT, format!("{at}"), value).unwrap();
        honest
            .doc
            .commit_with(CommitOptions::default().with_time(0));
        let change = honest.doc.get_last_local_change().unwrap();
        honest.made.push(change.hash());
        let bytes = Bytes::copy_from_slice(change.raw_bytes());
        honest.node.engine.edited(DOCUMENT, &[bytes]).unwrap();
        honest.node.run_effects();
    }

    /// Frames go both ways until there are none; whoever was cut off comes back.
    fn settle(&mut self) {
        for _ in 0..100_000 {
            let mut busy = self.relay.disk_step(false);
            for at in 0..self.honest.len() {
                let connection = self.honest[at].connection;
                if self.relay.closing.contains(&connection) {
                    self.relay.disconnected(connection);
                    self.honest[at].node.disconnected(connection);
                    self.connect(at);
                    busy = true;
                    continue;
                }
                let node = &mut self.honest[at].node;
                busy |= node.disk_step(false);
                if let Some(frame) = node.transmit(connection) {
                    self.relay.receive(connection, &frame);
                    busy = true;
                }
                if let Some(frame) = self.relay.transmit(connection) {
                    self.honest[at].node.receive(connection, &frame);
                    busy = true;
                }
            }
            // What the last to be served asked the disk for is still to come.
            if !busy && !self.relay.disk_step(false) {
                return;
            }
        }
        panic!("does not come to rest");
    }

    fn check(&self) {
        let heads = self.relay.heads();
        for honest in &self.honest {
            assert_eq!(honest.node.heads(), heads);
            let graph = self.relay.engine.graph(DOCUMENT).unwrap();
            assert!(honest.made.iter().all(|hash| graph.is_durable(hash)));
            assert!(graph.waiting() <= Limits::default().orphans);
        }
    }
}

/// What the honest pair begins with: two actors, a list, a text.
fn shared() -> Vec<Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
    let list = doc.put_object(ROOT, "list", ObjType::List).unwrap();
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    doc.commit();
    let mut other = doc.fork().with_actor(ActorId::from(vec![2; 16]));
    other.insert(&list, 0, "first").unwrap();
    other.splice_text(&text, 0, 0, "驿联").unwrap();
    other.commit();
    doc.merge(&mut other).unwrap();
    doc.get_changes(&[])
}

fn message_of(hash: ChangeHash, chunk: Bytes, rng: &mut StdRng) -> SyncMessage {
    SyncMessage {
        heads: vec![hash],
        have: vec![Have::default(); rng.random_range(0..3)],
        need: vec![hash; rng.random_range(0..2)],
        changes: vec![chunk],
        flags: rng.random_bool(0.5).then(Flags::default),
        chunks: rng.random(),
    }
}

fn frame_of(body: Body) -> Bytes {
    wire::encode(&Message {
        sender: "attacker".to_owned(),
        target: Some("peer-relay".to_owned()),
        body,
    })
}

fn sync(data: Vec<u8>, rng: &mut StdRng) -> Bytes {
    frame_of(Body::Sync {
        document: DOCUMENT,
        data: data.into(),
        request: rng.random_bool(0.2),
        name: rng.random_bool(0.1).then(|| "sites".to_owned()),
    })
}

/// One of every kind of message that a peer may send.
fn any_frame(change: Bytes, rng: &mut StdRng) -> Bytes {
    let heads = BTreeMap::from([("store".to_owned(), (vec![ChangeHash([3; 32])], 5.0))]);
    let document = DOCUMENT;
    match rng.random_range(0..8) {
        0 => frame_of(Body::Ephemeral {
            document,
            count: rng.random_range(0..5),
            session: "session".to_owned(),
            data: Bytes::from_static(&[0xa0]),
        }),
        1 => frame_of(Body::RemoteSubscription {
            add: vec!["storage-relay".to_owned(), "store".to_owned()],
            remove: vec!["other".to_owned()],
        }),
        2 => frame_of(Body::RemoteHeads { document, heads }),
        3 => frame_of(Body::Unavailable { document }),
        4 => frame_of(Body::Refusal {
            document,
            changes: vec![ChangeHash([4; 32])],
            reason: "why".to_owned(),
        }),
        _ => {
            let data = message_of(ChangeHash([5; 32]), change, rng).encode();
            sync(data, rng)
        }
    }
}

fn bombard(name: &str, mut make: impl FnMut(&[Change], &mut StdRng) -> Bytes) {
    let shared = shared();
    let templates = templates(&shared);
    let mut passed = 0;
    let mutations = mutations();
    for epoch in 0..mutations / EPOCH {
        let mut rng = StdRng::seed_from_u64(epoch as u64);
        let mut scene = Scene::new(&shared);
        for number in 0..EPOCH {
            let frame = make(&templates, &mut rng);
            scene.attack(&frame, &mut rng);
            if number % 250 == 0 {
                scene.edit(number / 250 % 2, number as i64);
                scene.settle();
            }
        }
        scene.settle();
        scene.check();
        let made: usize = scene.honest.iter().map(|honest| honest.made.len()).sum();
        let len = scene.relay.engine.graph(DOCUMENT).unwrap().len() as usize;
        passed += len - made - shared.len();
    }
    println!("{name}: {mutations} sent, {passed} changes passed");
}

#[test]
fn damaged_frames_harm_nobody() {
    bombard("frames", |templates, rng| {
        let template = &templates[rng.random_range(0..templates.len())];
        let change = Bytes::copy_from_slice(template.raw_bytes());
        let mut frame = any_frame(change, rng).to_vec();
        damage(&mut frame, rng);
        frame.into()
    });
}

#[test]
fn damaged_sync_messages_harm_nobody() {
    bombard("sync messages", |templates, rng| {
        let template = &templates[rng.random_range(0..templates.len())];
        let change = Bytes::copy_from_slice(template.raw_bytes());
        let mut data = message_of(template.hash(), change, rng).encode();
        damage(&mut data, rng);
        sync(data, rng)
    });
}

#[test]
fn damaged_changes_harm_nobody() {
    bombard("changes", |templates, rng| {
        let template = &templates[rng.random_range(0..templates.len())];
        let (hash, chunk) = damaged(template, rng);
        let data = message_of(hash, chunk.into(), rng).encode();
        sync(data, rng)
    });
}
