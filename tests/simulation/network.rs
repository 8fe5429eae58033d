//! A star of peers around one relay: connections are ordered, slow, and cut at will. The first peer,
//! where it is ours, has a second connection, on which the same arrives again and in another order.

use std::collections::VecDeque;

use automerge::ChangeHash;
use automerge::sync::State;
use bytes::Bytes;
use rand::RngExt as _;
use rand::rngs::StdRng;
use yilian_core::sync::engine::ConnectionId;
use yilian_core::sync::sync_state::Voice;

use crate::peer::{Node, Plain};
use crate::trace::trace;

pub(crate) enum Leaf {
    Node(Box<Node>),
    Plain(Box<Plain>, Option<State>),
}

struct Link {
    leaf: usize,
    connection: Option<ConnectionId>,
    up: VecDeque<Bytes>,
    down: VecDeque<Bytes>,
}

pub(crate) struct Network {
    pub(crate) relay: Node,
    pub(crate) leaves: Vec<Leaf>,
    links: Vec<Link>,
    next: u64,
    pub(crate) frames: u64,
}

impl Network {
    pub(crate) fn new(leaves: Vec<Leaf>) -> Self {
        let second = leaves
            .first()
            .filter(|leaf| matches!(leaf, Leaf::Node(_)))
            .map(|_| 0);
        let links = (0..leaves.len()).chain(second).map(|leaf| Link {
            leaf,
            connection: None,
            up: VecDeque::new(),
            down: VecDeque::new(),
        });
        Self {
            relay: Node::new("relay", Voice::Relay, false),
            links: links.collect(),
            leaves,
            next: 0,
            frames: 0,
        }
    }

    /// Connections there can be; the first are the leaves' own, in their order.
    pub(crate) fn link_count(&self) -> usize {
        self.links.len()
    }

    pub(crate) fn is_connected(&self, at: usize) -> bool {
        self.links[at].connection.is_some()
    }

    pub(crate) fn connect(&mut self, at: usize, rng: &mut StdRng) {
        self.next += 1;
        let connection = ConnectionId(self.next);
        self.links[at].connection = Some(connection);
        match &mut self.leaves[self.links[at].leaf] {
            Leaf::Node(node) => {
                self.relay
                    .connected(connection, &format!("peer-{}", node.name), false);
                node.connected(connection, "peer-relay", true);
            }
            Leaf::Plain(plain, state) => {
                self.relay
                    .connected(connection, &format!("peer-{}", plain.name), false);
                plain.connected(rng, state);
            }
        }
    }

    /// Both ends lose the connection, and everything that was on its way.
    pub(crate) fn disconnect(&mut self, at: usize) {
        let link = &mut self.links[at];
        let Some(connection) = link.connection.take() else {
            return;
        };
        link.up.clear();
        link.down.clear();
        let leaf = link.leaf;
        self.relay.disconnected(connection);
        match &mut self.leaves[leaf] {
            Leaf::Node(node) => node.disconnected(connection),
            Leaf::Plain(plain, state) => *state = plain.disconnected(),
        }
    }

    pub(crate) fn restart_relay(&mut self, lose_disk: bool) {
        for at in 0..self.links.len() {
            self.disconnect(at);
        }
        if lose_disk {
            self.relay.lose_disk()
        } else {
            self.relay.restart()
        }
    }

    pub(crate) fn restart_leaf(&mut self, at: usize, lose_disk: bool) {
        for link in 0..self.links.len() {
            if self.links[link].leaf == at {
                self.disconnect(link);
            }
        }
        match &mut self.leaves[at] {
            Leaf::Node(node) if lose_disk => node.lose_disk(),
            Leaf::Node(node) => node.restart(),
            Leaf::Plain(plain, state) if lose_disk => {
                plain.lose_disk();
                *state = None;
            }
            Leaf::Plain(..) => {}
        }
    }

    /// One round: everybody may send, receive and commit something. Returns whether nothing happened.
    pub(crate) fn step(&mut self, rng: &mut StdRng, faults: bool) -> bool {
        let mut idle = true;
        let first = rng.random_range(0..self.links.len());
        for offset in 0..self.links.len() {
            let at = (first + offset) % self.links.len();
            idle &= self.step_link(at, rng);
        }
        let fails = faults && rng.random_bool(0.02);
        if rng.random_bool(0.7) {
            idle &= !self.relay.disk_step(fails);
        }
        if rng.random_bool(0.1) {
            self.relay.tick();
        }
        for leaf in &mut self.leaves {
            if let Leaf::Node(node) = leaf {
                idle &= !node.disk_step(faults && rng.random_bool(0.02));
            }
        }
        for at in 0..self.links.len() {
            self.close_asked(at);
        }
        idle
    }

    fn step_link(&mut self, at: usize, rng: &mut StdRng) -> bool {
        let Some(connection) = self.links[at].connection else {
            return true;
        };
        let mut idle = true;
        let sent = match &mut self.leaves[self.links[at].leaf] {
            Leaf::Node(node) => node.transmit(connection),
            Leaf::Plain(plain, _) => plain.transmit("peer-relay"),
        };
        self.links[at].up.extend(sent);
        // The relay's socket takes a frame now and then only.
        if self.links[at].down.len() < 3 && rng.random_bool(0.7) {
            let sent = self.relay.transmit(connection);
            idle &= sent.is_none();
            self.links[at].down.extend(sent);
        }
        if !self.links[at].up.is_empty() || !self.links[at].down.is_empty() {
            idle = false;
        }
        if rng.random_bool(0.6)
            && let Some(frame) = self.links[at].up.pop_front()
        {
            self.frames += 1;
            trace(at, "up", &frame);
            self.relay.receive(connection, &frame);
        }
        if rng.random_bool(0.6)
            && let Some(frame) = self.links[at].down.pop_front()
        {
            self.frames += 1;
            trace(at, "down", &frame);
            match &mut self.leaves[self.links[at].leaf] {
                Leaf::Node(node) => node.receive(connection, &frame),
                Leaf::Plain(plain, _) => plain.receive(&frame),
            }
        }
        idle
    }

    /// Does what an engine asked for: an orderly end of a connection.
    fn close_asked(&mut self, at: usize) {
        let Some(connection) = self.links[at].connection else {
            return;
        };
        let leaf_asks = match &self.leaves[self.links[at].leaf] {
            Leaf::Node(node) => node.closing.contains(&connection),
            Leaf::Plain(..) => false,
        };
        if leaf_asks || self.relay.closing.contains(&connection) {
            self.disconnect(at);
        }
    }

    /// Runs without faults until nothing happens any more.
    pub(crate) fn settle(&mut self, rng: &mut StdRng, rounds: usize) -> bool {
        for at in 0..self.links.len() {
            if !self.is_connected(at) {
                self.connect(at, rng);
            }
        }
        let mut quiet = 0;
        for _ in 0..rounds {
            quiet = if self.step(rng, false) { quiet + 1 } else { 0 };
            // Whoever is passed over in one round has its turn in one of the next.
            if quiet > 30 {
                return true;
            }
            for at in 0..self.links.len() {
                if !self.is_connected(at) {
                    self.connect(at, rng);
                }
            }
        }
        false
    }

    pub(crate) fn leaf_heads(&mut self) -> Vec<Vec<ChangeHash>> {
        self.leaves
            .iter_mut()
            .map(|leaf| match leaf {
                Leaf::Node(node) => node.heads(),
                Leaf::Plain(plain, _) => plain.heads(),
            })
            .collect()
    }
}
