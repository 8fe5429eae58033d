//! What must hold after every step, and in the end, once the faults are over.

use std::collections::BTreeSet;
use std::time::Duration;

use automerge::ChangeHash;
use yilian_core::document::DocumentId;

use super::super::checks::{check_queue, check_usage};
use super::super::link::{RELAY, SITE};
use super::super::process::{IDLE_MS, Role, Running, Shards, limits};
use super::super::volume::Volume;
use super::{NAMES, World};

/// After so many rounds without anything to do, everything is quiet: longer than notes wait.
const QUIET: usize = 30;
const ROUNDS_MAX: usize = 20_000;

impl World {
    /// What must hold after every step.
    pub(super) fn look(&mut self) {
        for process in &self.processes {
            let Some(running) = &process.running else {
                continue;
            };
            let volume = running.store.volume();
            let rows = volume.documents.values().flat_map(|kept| &kept.rows);
            // Packed rows are larger when they are read.
            let largest = rows.map(|row| row.chunk.len * 4).max().unwrap_or_default();
            self.row_bytes = self.row_bytes.max(largest + volume.snapshot_bytes_max());
            let engines = match &running.shards {
                Shards::Relay { shards, .. } => shards
                    .iter()
                    .map(|shard| (shard.machine().usage(), shard.waiting()))
                    .collect(),
                Shards::Site(shard, _) => {
                    vec![(shard.machine().engine().usage(), shard.waiting())]
                }
            };
            for (usage, waiting) in engines {
                check_usage(&process.name, &usage, &limits(), self.row_bytes);
                check_queue(&process.name, waiting);
            }
        }
    }

    /// The faults are over.
    pub(super) fn heal(&mut self) {
        self.parted.clear();
        for at in 0..self.processes.len() {
            self.processes[at].stalled = false;
            self.start(at);
            if let Some(running) = &self.processes[at].running {
                running.store.volume().disk.full = false;
            }
        }
        self.links.iter_mut().for_each(|link| link.slow = false);
        self.relay(Running::look_through);
        // Whoever kept quiet for long enough to be given up is.
        self.wait(70_000);
    }

    /// Until nothing happens any more.
    pub(super) fn settle(&mut self) {
        let mut quiet = 0;
        for _ in 0..ROUNDS_MAX {
            let mut busy = false;
            for foreign in 0..self.foreigners.len() {
                busy |= self.dial(self.processes.len() + foreign);
            }
            for process in 0..self.processes.len() {
                self.tick(process);
                busy |= self.dial(process);
                let parts = self.processes[process].running.as_ref().unwrap().parts();
                for part in 0..parts {
                    busy |= self.turn(process, part);
                }
                busy |= self.commit(process) | self.load(process) | self.expand(process);
            }
            for link in 0..self.links.len() {
                for end in [SITE, RELAY] {
                    busy |= self.write(link, end);
                    busy |= self.read(link, end);
                    busy |= self.over(link, end, true);
                }
            }
            self.links.retain(|link| !link.is_over());
            self.look();
            self.hand
                .advance(Duration::from_millis(if busy { 1 } else { 100 }));
            quiet = if busy { 0 } else { quiet + 1 };
            if quiet > QUIET {
                return;
            }
        }
        panic!("convergence: it does not come to rest");
    }

    /// What must hold in the end.
    pub(super) fn check(&mut self) {
        self.check_step();
        self.check_alike();
        for at in 0..self.processes.len() {
            let store = self.processes[at].after_power_loss();
            let name = &self.processes[at].name;
            self.ledger.check_kept(at, name, &store.volume());
        }
        self.check_sleep();
    }

    /// Everybody says that it is in step.
    pub(super) fn check_step(&self) {
        for process in &self.processes {
            if let Shards::Site(shard, _) = &process.running.as_ref().unwrap().shards {
                let progress = shard.machine().progress();
                let name = &process.name;
                assert!(
                    progress.is_in_step(),
                    "convergence: {name} is not: {progress:?}"
                );
                let unsaved = shard.application().unsaved();
                assert_eq!(
                    unsaved, 0,
                    "convergence: {name} waits for edits to be saved"
                );
            }
        }
    }

    /// And it is true: equal heads, and equal bytes.
    pub(super) fn check_alike(&mut self) {
        self.check_foreigners();
        let relay = self.processes[0].running.as_ref().unwrap().store.clone();
        let relay = relay.volume();
        for (document, hash) in self.ledger.promised() {
            assert!(
                relay.is_safe(document, hash),
                "convergence: the relay has not got {hash} of {document}, which somebody was told is safe"
            );
        }
        for process in &self.processes[1..] {
            let Role::Site {
                network, prefixes, ..
            } = &process.role
            else {
                continue;
            };
            let running = process.running.as_ref().unwrap();
            let volume = running.store.volume();
            for name in NAMES {
                let id = DocumentId::of(network, &name.parse().unwrap());
                let theirs = volume.changes(&id);
                // What only foreign peers have, nobody knows the name of.
                let named = relay.documents.get(&id);
                let named = named.is_some_and(|kept| kept.name.is_some());
                let wants = prefixes.iter().any(|prefix| name.starts_with(&prefix[..]));
                let open = running.is_open(id);
                // What it wrote once outside of its prefixes, and does not look at any more, goes up and does not come down.
                if !(open || wants && named) {
                    continue;
                }
                let who = &process.name;
                let ours = relay.changes(&id);
                let differ: BTreeSet<&ChangeHash> = theirs
                    .keys()
                    .chain(ours.keys())
                    .filter(|hash| theirs.get(*hash) != ours.get(*hash))
                    .collect();
                assert!(
                    differ.is_empty(),
                    "convergence: {who} and the relay differ in {name}: {} changes here, {} there, and other or missing {differ:?}",
                    theirs.len(),
                    ours.len()
                );
                let heads = |volume: &Volume| {
                    let kept = volume.documents.get(&id);
                    kept.map(|kept| kept.heads.clone()).unwrap_or_default()
                };
                assert_eq!(
                    heads(&volume),
                    heads(&relay),
                    "convergence: heads of {name}"
                );
            }
        }
    }

    pub(super) fn check_foreigners(&mut self) {
        let relay = self.processes[0].running.as_ref().unwrap().store.clone();
        for foreign in &mut self.foreigners {
            for (id, (doc, _)) in &mut foreign.documents {
                let mut heads = doc.get_heads();
                heads.sort();
                let volume = relay.volume();
                let kept = volume.documents.get(id);
                let theirs = kept.map(|kept| kept.heads.clone()).unwrap_or_default();
                assert_eq!(
                    heads, theirs,
                    "convergence: a foreign peer and the relay differ"
                );
            }
        }
    }

    /// What nobody uses leaves the relay's memory.
    pub(super) fn check_sleep(&mut self) {
        for _ in 0..4 {
            self.hand.advance(Duration::from_millis(IDLE_MS));
            self.tick(0);
            self.settle();
        }
        if let Shards::Relay { shards, .. } = &self.processes[0].running.as_ref().unwrap().shards {
            for shard in shards {
                let usage = shard.machine().usage();
                assert_eq!(usage.awake, 0, "memory: documents stay awake at the relay");
                assert_eq!(usage.fetched_bytes, 0, "memory: bytes stay at the relay");
            }
        }
    }
}
