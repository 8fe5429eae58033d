//! Whose turn it is does one thing, if there is one to do.

use bytes::Bytes;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::message::SyncMessage;
use yilian_core::sync::wire::{self, Body};

use super::super::foreign::Foreign;
use super::super::link::{End, Link, RELAY, SITE};
use super::super::plan::Mutation;
use super::super::process::{Running, Shards};
use super::World;

impl World {
    pub(super) fn turn(&mut self, process: usize, part: usize) -> bool {
        let Some(running) = &mut self.processes[process].running else {
            return false;
        };
        let part = part % running.parts();
        if !running.turn(part) {
            return false;
        }
        self.note("turn", &[process, part], &[]);
        self.hear_of_site(process);
        true
    }

    /// What a site has made, and what it was told is safe.
    pub(super) fn hear_of_site(&mut self, process: usize) {
        let Some(running) = &self.processes[process].running else {
            return;
        };
        let Shards::Site(shard, _) = &running.shards else {
            return;
        };
        let site = shard.application();
        assert!(site.damaged.is_empty(), "a document of a site is damaged");
        let (made, saved) = &mut self.looked[process];
        for made in &site.made[*made..] {
            self.ledger.makes(made.clone());
        }
        let volume = running.store.volume();
        for (document, hash) in &site.saved[*saved..] {
            self.ledger.promises(process, *document, &[*hash], &volume);
        }
        (*made, *saved) = (site.made.len(), site.saved.len());
    }

    pub(super) fn commit(&mut self, process: usize) -> bool {
        let here = &self.processes[process];
        let did = !here.stalled && here.running.as_ref().is_some_and(Running::commit);
        if did {
            self.note("commit", &[process], &[]);
        }
        did
    }

    pub(super) fn load(&mut self, process: usize) -> bool {
        let here = &mut self.processes[process];
        let did = !here.stalled && here.running.as_mut().is_some_and(Running::load);
        if did {
            self.note("load", &[process], &[]);
        }
        did
    }

    pub(super) fn expand(&mut self, process: usize) -> bool {
        let here = self.processes[process].running.as_mut();
        let did = here.is_some_and(Running::expand);
        if did {
            self.note("expand", &[process], &[]);
        }
        did
    }

    /// A site, or a peer that is not ours (their numbers follow), that has no connection dials the relay.
    pub(super) fn dial(&mut self, process: usize) -> bool {
        let connected = |link: &Link| link.site == process && link.ends[SITE].is_some();
        if process == 0 || self.parted.contains(&process) || self.links.iter().any(connected) {
            return false;
        }
        let Some(relay) = &self.processes[0].running else {
            return false;
        };
        let site = match self.processes.get(process) {
            Some(site) => match &site.running {
                Some(site) => Some(&site.endpoint),
                None => return false,
            },
            None => {
                self.foreigners[process - self.processes.len()].connected();
                None
            }
        };
        let greedy = self.setup.mutation == Some(Mutation::NoPlaces);
        let link = Link::dial(process, site, &relay.endpoint, greedy);
        self.links.push(link);
        self.note("dial", &[process], &[]);
        true
    }

    /// The peer that is not ours at an end of a connection.
    pub(super) fn foreign_at(&mut self, link: usize, end: usize) -> Option<&mut Foreign> {
        let at = self.at(link, end).checked_sub(self.processes.len())?;
        self.foreigners.get_mut(at)
    }

    /// The process at an end of a connection.
    pub(super) fn at(&self, link: usize, end: usize) -> usize {
        if end == SITE {
            self.links[link].site
        } else {
            0
        }
    }

    /// An end's next frame goes into the socket.
    pub(super) fn write(&mut self, at: usize, end: usize) -> bool {
        let frame = match self.links[at].ends[end] {
            None => None,
            Some(End::Foreign) if self.links[at].has_room(end) => {
                let frame = self.foreign_at(at, end).and_then(Foreign::transmit);
                if let Some(frame) = &frame {
                    self.links[at].send(end, frame);
                }
                frame
            }
            Some(End::Foreign) => None,
            Some(End::Ours(_)) if end == RELAY && self.links[at].slow => None,
            Some(End::Ours(_)) => {
                let running = self.processes[self.at(at, end)].running.as_ref();
                self.links[at].write(end, &running.unwrap().endpoint)
            }
        };
        let Some(frame) = frame else {
            return false;
        };
        self.spoken(at, end, &frame);
        self.note("write", &[at, end], &frame);
        if self.setup.mutation == Some(Mutation::LoseFrames) && self.trace.is_multiple_of(12) {
            self.links[at].pipes[end].pop_back();
        }
        true
    }

    /// Heads on the wire are safe.
    pub(super) fn spoken(&mut self, at: usize, end: usize, frame: &Bytes) {
        self.frames += 1;
        crate::trace::trace(at, ["up", "down"][end], frame);
        let process = self.at(at, end);
        let message = wire::decode(frame, &Limits::default()).unwrap();
        if end == SITE {
            self.links[at].shown.says(&message);
        }
        let Body::Sync { document, data, .. } = &message.body else {
            return;
        };
        let heads = SyncMessage::decode(data, &Limits::default()).unwrap().heads;
        // What is in memory only is all that a foreign peer has.
        if let Some(process) = self.processes.get(process) {
            let volume = process.running.as_ref().unwrap().store.volume();
            self.ledger
                .promises(self.at(at, end), *document, &heads, &volume);
        }
    }

    /// The next frame arrives at an end.
    pub(super) fn read(&mut self, at: usize, end: usize) -> bool {
        let process = self.at(at, end);
        if self.links[at].is_held(end) {
            let running = self.processes[process].running.as_ref();
            return self.links[at].pass_on(end, &running.unwrap().endpoint);
        }
        let link = &mut self.links[at];
        let stuck = end == SITE && link.slow;
        if stuck || self.parted.contains(&link.site) || link.ends[end].is_none() {
            return false;
        }
        let Some(mut frame) = link.pipes[1 - end].pop_front() else {
            return false;
        };
        self.note("read", &[at, end], &[]);
        if end == SITE {
            let message = wire::decode(&frame, &Limits::default()).unwrap();
            self.links[at].shown.check(&message, &self.ledger);
        } else if self.setup.mutation == Some(Mutation::Oversubscribed) {
            frame = oversubscribe(frame);
        }
        if let Some(foreign) = self.foreign_at(at, end) {
            foreign.receive(&frame);
            return true;
        }
        let running = self.processes[process].running.as_ref().unwrap();
        if let Some(session) = self.links[at].session(end)
            && !session.hear(&running.endpoint, &frame)
        {
            self.end(at, end);
        }
        true
    }

    /// A connection is over at one end, if a shard there wants that, or if the end notices that the other is gone.
    pub(super) fn over(&mut self, at: usize, end: usize, notices: bool) -> bool {
        let parted = self.parted.contains(&self.links[at].site);
        let link = &mut self.links[at];
        let over = link.wants_end(end) || (notices && !parted && link.has_ended(end));
        if over {
            self.end(at, end);
        }
        over
    }

    pub(super) fn end(&mut self, at: usize, end: usize) {
        if self.links[at].ends[end].is_none() {
            return;
        }
        self.note("end", &[at, end], &[]);
        self.say("end", &[at, end]);
        if let Some(foreign) = self.foreign_at(at, end) {
            foreign.disconnected();
            return self.links[at].vanish(end);
        }
        let running = self.processes[self.at(at, end)].running.as_ref();
        self.links[at].finish(end, &running.unwrap().endpoint);
    }
}

fn oversubscribe(frame: Bytes) -> Bytes {
    let mut message = wire::decode(&frame, &Limits::default()).unwrap();
    match &mut message.body {
        Body::Subscribe { prefixes, .. } => *prefixes = vec![String::new()],
        _ => return frame,
    }
    wire::encode(&message)
}
