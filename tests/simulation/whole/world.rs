//! Everybody in one thread, and whose turn it is.

use std::collections::BTreeSet;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use yilian_core::document::{DocumentId, Name, Network};
use yilian_node::time::Hand;

use super::application::Command;
use super::checks::Ledger;
use super::foreign::Foreign;
use super::link::{Link, RELAY, SITE};
use super::plan::{Plan, Setup, Step};
use super::process::{Process, Role, Running, Shards, TICK};

mod ending;
mod turns;

const NAMES: [&str; 8] = [
    "sites",
    "roster/aa/2026-12",
    "roster/bb/2026-12",
    "roster/bb/2027-01",
    "supplies/aa",
    "supplies/bb",
    "people/aa",
    "requests/bb/2026-12",
];

/// What passes in one pick.
const PICK: Duration = Duration::from_micros(200);

pub(super) struct World {
    setup: Setup,
    hand: Hand,
    processes: Vec<Process>,
    foreigners: Vec<Foreign>,
    links: Vec<Link>,
    parted: BTreeSet<usize>,
    ledger: Ledger,
    /// What is known of what each site has made and been told, by site and life: so many were looked at.
    looked: Vec<(usize, usize)>,
    row_bytes: usize,
    frames: u64,
    trace: u64,
    aloud: bool,
}

fn networks() -> [Network; 2] {
    ["jiaozuo", "heping"].map(|network| network.parse().unwrap())
}

fn prefixes(site: usize) -> Vec<String> {
    let prefixes: &[&str] = match site {
        1 => &["roster/"],
        2 => &["sites", "supplies/"],
        _ => &[""],
    };
    prefixes.iter().map(|prefix| (*prefix).to_owned()).collect()
}

/// What a run came to: the hash of everything that happened, and how many frames went over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) trace: u64,
    pub(super) frames: u64,
}

/// Runs a plan to its end.
///
/// # Panics
/// When something does not hold.
pub(super) fn run(plan: &Plan) -> Outcome {
    let mut world = World::new(plan.setup.clone());
    for step in &plan.steps {
        if world.aloud {
            println!("{step}");
        }
        world.step(*step);
        world.look();
    }
    world.heal();
    world.settle();
    world.check();
    Outcome {
        trace: world.trace,
        frames: world.frames,
    }
}

impl World {
    fn new(setup: Setup) -> Self {
        let relay = Role::Relay {
            shards: setup.shards as usize,
        };
        let mut processes = vec![Process::new("relay".to_owned(), relay, 1)];
        for site in 0..setup.sites as usize {
            let is_stranger = setup.stranger == 1 && site + 1 == setup.sites as usize;
            let role = Role::Site {
                network: networks()[usize::from(is_stranger)].clone(),
                prefixes: if is_stranger {
                    vec![String::new()]
                } else {
                    prefixes(site)
                },
                peer_id: (setup.same_ids == 1).then(|| "the same".to_owned()),
            };
            processes.push(Process::new(format!("site-{site}"), role, site as u128 + 2));
        }
        let hand = Hand::default();
        hand.each_look_takes(Duration::from_micros(setup.look_us));
        let mut world = Self {
            ledger: Ledger::new(processes.len()),
            foreigners: (0..setup.foreigners)
                .map(|at| Foreign::new(format!("foreign-{at}")))
                .collect(),
            looked: vec![(0, 0); processes.len()],
            setup,
            hand,
            processes,
            links: Vec::new(),
            parted: BTreeSet::new(),
            row_bytes: 0,
            frames: 0,
            trace: 0xcbf2_9ce4_8422_2325,
            aloud: std::env::var_os("YILIAN_TRACE").is_some(),
        };
        for process in 0..world.processes.len() {
            world.start(process);
        }
        world
    }

    fn note(&mut self, what: &str, numbers: &[usize], bytes: &[u8]) {
        let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
        for byte in what.bytes().chain(numbers).chain(bytes.iter().copied()) {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn say(&self, what: &str, numbers: &[usize]) {
        if self.aloud {
            println!("  {what} {numbers:?} at {:?}", self.hand.now());
        }
    }

    fn site(&self, pick: u64) -> usize {
        1 + pick as usize % (self.processes.len() - 1)
    }

    fn start(&mut self, process: usize) {
        if self.processes[process].running.is_none() {
            self.say("start", &[process]);
            self.looked[process] = (0, 0);
            self.processes[process].start(&self.hand, &self.setup);
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Run { picks, seed } => {
                let mut rng = StdRng::seed_from_u64(seed);
                for _ in 0..picks {
                    self.pick(&mut rng);
                }
            }
            Step::Edit {
                site,
                document,
                times,
                value,
            } => {
                for at in 0..times {
                    let value = value.wrapping_mul(31).wrapping_add(at);
                    self.command(site, document, |name| Command::Edit(name, value));
                }
            }
            Step::Foreign {
                peer,
                document,
                times,
                value,
            } => self.foreign(peer as usize, document as usize, times, value),
            Step::Close { site, document } => self.command(site, document, Command::Close),
            Step::Say { site, document } => self.command(site, document, Command::Say),
            Step::Cut {
                link,
                hears,
                arrives,
            } => self.cut(link as usize, hears as usize % 2, arrives == 1),
            Step::Part { site } => drop(self.parted.insert(self.site(site))),
            Step::Join { site } => {
                let site = self.site(site);
                self.parted.remove(&site);
            }
            Step::Crash {
                process,
                keep,
                garble,
                committing,
            } => {
                let process = process as usize % self.processes.len();
                self.crash(process, keep as usize, garble == 1, committing == 1);
            }
            Step::Full { process, on } => {
                let at = process as usize % self.processes.len();
                if let Some(running) = &self.processes[at].running {
                    running.store.volume().disk.full = on == 1;
                }
            }
            Step::Stall { process, on } => {
                let at = process as usize % self.processes.len();
                self.processes[at].stalled = on == 1;
            }
            Step::Slow { link, on } => {
                let count = self.links.len().max(1);
                if let Some(link) = self.links.get_mut(link as usize % count) {
                    link.slow = on == 1;
                }
            }
            Step::Pack { steps } => self.relay(|relay| relay.pack(steps)),
            Step::Look {} => self.relay(Running::look_through),
            Step::Rot { pick } => self.rot(pick as usize),
            Step::Wait { ms } => self.wait(ms),
            Step::Jump { process, hours } => {
                let at = process as usize % self.processes.len();
                self.processes[at].ahead_ms = (hours as i64 - 500) * 3_600_000;
            }
        }
    }

    fn command(&mut self, site: u64, document: u64, command: impl FnOnce(Name) -> Command) {
        let name = NAMES[document as usize % NAMES.len()].parse().unwrap();
        let site = self.site(site);
        if let Some(Running {
            shards: Shards::Site(_, commands),
            ..
        }) = &self.processes[site].running
        {
            // A shard lives as long as its process.
            commands.send(command(name)).unwrap();
        }
    }

    fn foreign(&mut self, peer: usize, document: usize, times: u64, value: u64) {
        let count = self.foreigners.len().max(1);
        let Some(foreign) = self.foreigners.get_mut(peer % count) else {
            return;
        };
        let name = NAMES[document % NAMES.len()].parse().unwrap();
        let id = DocumentId::of(&networks()[0], &name);
        foreign.edit(id, None);
        for at in 0..times {
            let made = foreign.edit(id, Some(value + at));
            self.ledger.makes(made.unwrap());
        }
    }

    fn relay(&mut self, act: impl FnOnce(&mut Running)) {
        let relay = &mut self.processes[0];
        if let Some(running) = relay.running.as_mut().filter(|_| !relay.stalled) {
            act(running);
        }
    }

    /// A bit turns in a row that is not the last in the log: that one might not have been finished, for all that anybody
    /// could tell.
    fn rot(&mut self, pick: usize) {
        let Some(running) = &self.processes[0].running else {
            return;
        };
        let mut volume = running.store.volume();
        let end = volume.disk.len();
        let rows = volume.documents.iter();
        let rows = rows.flat_map(|(id, kept)| kept.rows.iter().map(move |row| (*id, row.clone())));
        let rows: Vec<_> = rows
            .filter(|(_, row)| row.chunk.len > 0 && row.chunk.at + row.chunk.len + 64 < end)
            .collect();
        let Some((id, row)) = rows.get(pick % rows.len().max(1)) else {
            return;
        };
        let hashes = volume.hashes(row);
        volume.disk.rot(row.chunk.at + pick % row.chunk.len);
        let at = row.chunk.at + row.chunk.len;
        drop(volume);
        self.ledger.damages(*id, hashes, at);
        self.say("rot", &[at]);
    }

    fn wait(&mut self, ms: u64) {
        self.hand.advance(Duration::from_millis(ms));
        for process in 0..self.processes.len() {
            self.tick(process);
        }
        // Ends that have heard nothing for a minute give up.
        if ms >= 60_000 {
            for at in 0..self.links.len() {
                if self.links[at].cut || self.parted.contains(&self.links[at].site) {
                    self.links[at].cut = true;
                    self.links[at]
                        .pipes
                        .iter_mut()
                        .for_each(|pipe| pipe.clear());
                    self.end(at, SITE);
                    self.end(at, RELAY);
                }
            }
            self.links.retain(|link| !link.is_over());
        }
    }

    fn tick(&mut self, process: usize) {
        let now = self.hand.now();
        if let Some(running) = &mut self.processes[process].running
            && running.tick_at <= now
        {
            running.tick_at = now + TICK;
            running.tick();
            self.hear_of_site(process);
        }
    }

    fn cut(&mut self, pick: usize, hears: usize, arrives: bool) {
        if self.links.is_empty() {
            return;
        }
        let at = pick % self.links.len();
        let link = &mut self.links[at];
        link.cut = true;
        link.pipes[RELAY].clear();
        if !arrives {
            link.pipes[SITE].clear();
        }
        self.say("cut", &[at, hears]);
        self.end(at, hears);
        self.links.retain(|link| !link.is_over());
    }

    /// A process ends and takes its ends of connections with it; the others are told by nobody.
    fn crash(&mut self, process: usize, keep: usize, garble: bool, committing: bool) {
        if self.processes[process].running.is_none() {
            return;
        }
        self.say("crash", &[process, keep]);
        self.processes[process].crash(keep, garble, committing);
        for link in &mut self.links {
            let end = if process == 0 { RELAY } else { SITE };
            if process == 0 || link.site == process {
                link.vanish(end);
                link.cut = true;
                link.pipes[1 - end].clear();
            }
        }
        self.links.retain(|link| !link.is_over());
        let store = self.processes[process].after_power_loss();
        let name = &self.processes[process].name;
        self.ledger.check_kept(process, name, &store.volume());
    }

    /// Somebody whose turn it may be does something.
    fn pick(&mut self, rng: &mut StdRng) {
        self.hand.advance(PICK);
        let (processes, links) = (self.processes.len(), self.links.len());
        if !self.foreigners.is_empty() && rng.random_bool(0.02) {
            let foreign = rng.random_range(0..self.foreigners.len());
            self.dial(processes + foreign);
        }
        let pick = rng.random_range(0..processes * 6 + links * 8);
        if pick < processes * 6 {
            let (process, what) = (pick / 6, pick % 6);
            self.tick(process);
            if self.processes[process].running.is_none() {
                if rng.random_bool(0.05) {
                    self.start(process);
                }
                return;
            }
            match what {
                0..3 => {
                    let part = rng.random_range(0..4);
                    self.turn(process, part);
                }
                3 => drop(self.commit(process)),
                4 => drop(self.load(process)),
                _ if rng.random_bool(0.3) => drop(self.dial(process)),
                _ => drop(self.expand(process)),
            }
            return;
        }
        let (link, what) = ((pick - processes * 6) / 8, (pick - processes * 6) % 8);
        let end = what % 2;
        match what / 2 {
            0 => drop(self.write(link, end)),
            1 | 2 => drop(self.read(link, end)),
            _ => drop(self.over(link, end, rng.random_bool(0.2))),
        }
        self.links.retain(|link| !link.is_over());
    }
}
