//! What happens in a run, all of it: who is there, and step after step. It is drawn from a seed, and can be written down,
//! shortened, and run again.

use std::fmt;
use std::str::FromStr;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// Something that is broken on purpose, to prove that it is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutation {
    /// The relay's disk says that it has synced, and has not.
    AckBeforeSync,
    /// The relay's store reads what is damaged as if it were not.
    Blind,
    /// Connections lose a frame now and then, and go on.
    LoseFrames,
    /// Sessions give shards as much as they get.
    NoPlaces,
    /// Whatever a peer subscribes to, it is subscribed to everything.
    Oversubscribed,
}

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setup {
    /// Sites; the first is the hub, which wants everything, the last may be of another network.
    pub(super) sites: u64,
    /// Shards of the relay.
    pub(super) shards: u64,
    /// Whether sites have one peer id in common, as copies of a store have.
    pub(super) same_ids: u64,
    /// Whether the last site is of another network.
    pub(super) stranger: u64,
    /// What a look at the clock takes, in microseconds: a stand-in for the time that work takes.
    pub(super) look_us: u64,
    /// Peers that run Automerge's own sync.
    pub(super) foreigners: u64,
    pub(super) mutation: Option<Mutation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) setup: Setup,
    pub(super) steps: Vec<Step>,
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident($($field:ident),*) = $word:literal,)*) => {
        /// One step. All numbers are taken modulo what there is, so that any step can be taken at any time.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Step { $($(#[$doc])* $name { $($field: u64),* },)* }

        impl fmt::Display for Step {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name { $($field),* } => {
                        f.write_str($word)?;
                        $(write!(f, " {}", $field)?;)*
                        Ok(())
                    })*
                }
            }
        }

        impl FromStr for Step {
            type Err = String;

            fn from_str(line: &str) -> Result<Self, String> {
                let mut words = line.split_whitespace();
                match words.next() {
                    $(Some($word) => {
                        $(let $field = number(&mut words, line)?;)*
                        Ok(Self::$name { $($field),* })
                    })*
                    _ => Err(format!("no step: {line:?}")),
                }
            }
        }
    };
}

fn number<'a>(words: &mut impl Iterator<Item = &'a str>, line: &str) -> Result<u64, String> {
    let word = words.next().ok_or_else(|| format!("too short: {line:?}"))?;
    word.parse().map_err(|_| format!("no number: {line:?}"))
}

steps! {
    /// So many times, somebody whose turn it is does something: a shard, a thread of the store, a socket.
    Run(picks, seed) = "run",
    /// A site edits a document, so many times.
    Edit(site, document, times, value) = "edit",
    /// A peer that is not ours opens a document, and edits it so many times.
    Foreign(peer, document, times, value) = "foreign",
    /// A site lets go of a document.
    Close(site, document) = "close",
    /// A site says something about a document that is not stored.
    Say(site, document) = "say",
    /// A connection breaks: one end hears of it now, the other some time. What was on its way up arrives yet, or not.
    Cut(link, hears, arrives) = "cut",
    /// Nothing gets through to or from a site, and nobody hears of that.
    Part(site) = "part",
    /// It does again.
    Join(site) = "join",
    /// The power of a process goes, perhaps in the middle of a commit, of which so many bytes are there afterwards.
    Crash(process, keep, garble, committing) = "crash",
    /// A disk takes nothing more, or does again.
    Full(process, on) = "full",
    /// A disk does nothing, or does again.
    Stall(process, on) = "stall",
    /// A site reads nothing from a connection, or does again.
    Slow(link, on) = "slow",
    /// The relay packs old changes, and is stopped after so many steps.
    Pack(steps) = "pack",
    /// The relay looks through its store for damage.
    Look() = "look",
    /// A bit turns in what the relay has stored of a document.
    Rot(pick) = "rot",
    /// Time passes, in milliseconds.
    Wait(ms) = "wait",
    /// A wall clock is set ahead or back, by hours, for the next start.
    Jump(process, hours) = "jump",
}

impl Setup {
    fn draw(rng: &mut StdRng) -> Self {
        Self {
            sites: rng.random_range(2..5),
            shards: rng.random_range(1..4),
            same_ids: rng.random_range(0..4_u64) / 3,
            stranger: rng.random_range(0..2),
            look_us: [0, 10, 500, 3_000][rng.random_range(0..4)],
            foreigners: rng.random_range(0..3),
            mutation: None,
        }
    }
}

impl Plan {
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let setup = Setup::draw(&mut rng);
        // Some runs are calm, some have one kind of fault, most have all.
        let faults: u64 = match rng.random_range(0..8) {
            0 => 0,
            1..3 => 1 << rng.random_range(0..FAULTS),
            3 => rng.random(),
            _ => u64::MAX,
        };
        let steps = (0..rng.random_range(40..160)).map(|_| step(&mut rng, faults));
        let steps = steps.collect();
        Self { setup, steps }
    }
}

const FAULTS: u32 = 10;

fn step(rng: &mut StdRng, faults: u64) -> Step {
    let fault = rng.random_range(0..FAULTS);
    if rng.random_bool(0.25) && faults & (1 << fault) != 0 {
        return fault_step(rng, fault);
    }
    let (site, document) = (rng.random_range(0..8), rng.random_range(0..8));
    match rng.random_range(0..20) {
        0..7 => Step::Edit {
            site,
            document,
            times: rng.random_range(1..6),
            value: rng.random_range(0..1_000_000),
        },
        7 if rng.random_bool(0.5) => Step::Close { site, document },
        7 => Step::Foreign {
            peer: site,
            document,
            times: rng.random_range(0..4),
            value: rng.random_range(0..1_000_000),
        },
        8 => Step::Say { site, document },
        9 => Step::Pack {
            steps: [1, 2, 4, 1_000][rng.random_range(0..4)],
        },
        10 => Step::Wait {
            ms: rng.random_range(1..6_000),
        },
        _ => Step::Run {
            picks: rng.random_range(1..150),
            seed: rng.random_range(0..1_000_000),
        },
    }
}

fn fault_step(rng: &mut StdRng, fault: u32) -> Step {
    let pick = rng.random_range(0..60);
    let on = rng.random_range(0..2);
    match fault {
        0 => Step::Cut {
            link: pick,
            hears: on,
            arrives: rng.random_range(0..2),
        },
        1 if on == 0 => Step::Part { site: pick },
        1 => Step::Join { site: pick },
        2 | 3 => Step::Crash {
            // The relay in every third case.
            process: if fault == 2 { pick } else { 0 },
            keep: [0, 0, rng.random_range(0..400), 100_000][rng.random_range(0..4)],
            garble: rng.random_range(0..2),
            committing: on,
        },
        4 => Step::Full { process: pick, on },
        5 => Step::Stall { process: pick, on },
        6 => Step::Slow { link: pick, on },
        7 if on == 0 => Step::Look {},
        7 => Step::Rot {
            pick: rng.random_range(0..1_000_000),
        },
        8 => Step::Wait {
            ms: [70_000, 3_600_000, 30 * 86_400_000][rng.random_range(0..3)],
        },
        _ => Step::Jump {
            process: pick,
            hours: rng.random_range(0..1_000),
        },
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Setup {
            sites,
            shards,
            same_ids,
            stranger,
            look_us,
            foreigners,
            ..
        } = self.setup;
        writeln!(
            f,
            "setup {sites} {shards} {same_ids} {stranger} {look_us} {foreigners}"
        )?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl FromStr for Plan {
    type Err = String;

    /// Lines that begin with `#` are for people.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let first = lines.next().ok_or("no setup")?;
        let mut words = first.split_whitespace().skip(1);
        let mut next = || number(&mut words, first);
        let setup = Setup {
            sites: next()?,
            shards: next()?,
            same_ids: next()?,
            stranger: next()?,
            look_us: next()?,
            foreigners: next()?,
            mutation: None,
        };
        let steps = lines.map(Step::from_str).collect::<Result<_, _>>()?;
        Ok(Self { setup, steps })
    }
}

#[test]
fn a_plan_that_is_written_down_is_read_as_it_was() {
    for seed in 0..50 {
        let plan = Plan::draw(seed);
        assert_eq!(plan.to_string().parse(), Ok(plan));
    }
}
