//! The whole of it from one seed: the shards, sessions, catalogue and engines of a relay and of sites, and the threads of
//! their stores, in one thread.
//!
//! Goal: whatever the network, the disks, the clocks and the processes do, nothing that was said to be safe is lost,
//! nobody holds more than its limits or hears of what it did not ask for, and once the faults are over all come to be alike.
//! Method: a seed draws a [plan](plan): who is there, and what happens, step after step. The real parts are driven turn by
//! turn; time, sockets and disks are [virtual](disk). The same plan takes the same course to the last byte. Checks are made
//! of every frame and after every step; then the faults stop, and what must hold in the end is looked at.
//! A plan that fails is [shortened](shrink) and printed, to be kept in `regressions`.

mod application;
mod checks;
mod disk;
mod foreign;
mod link;
mod plan;
mod process;
mod record;
mod salvage;
mod shrink;
mod store;
mod volume;
mod world;

use std::path::Path;

use plan::{Mutation, Plan, Step};
use world::run;

#[test]
fn whatever_happens_nothing_is_lost_and_all_come_to_be_alike() {
    let frames: u64 = shrink::for_each_seed()
        .into_iter()
        .map(|run| run.frames)
        .sum();
    println!("{frames} frames");
    assert!(frames > 0, "nothing was said");
}

#[test]
fn the_same_seed_takes_the_same_course() {
    for seed in 0..10 {
        let plan = Plan::draw(seed);
        assert_eq!(run(&plan), run(&plan), "seed {seed}");
    }
}

#[test]
fn a_plan_that_fails_becomes_a_short_one_that_fails_alike() {
    let mut plan = Plan::draw(0);
    plan.setup.mutation = Some(Mutation::AckBeforeSync);
    let failure = shrink::failure_of(&plan).unwrap();
    let short = shrink::shrink(&plan, &failure);
    assert!(short.steps.len() < 10, "{short}");
    let again = shrink::failure_of(&short).unwrap();
    assert!(again.starts_with("durability: "), "{again}");
}

#[test]
fn plans_that_once_failed_pass() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("simulation/regressions");
    let folder = std::env::var_os("YILIAN_PLANS").map_or(kept, Into::into);
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let plan: Plan = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        println!("{}", path.display());
        run(&plan);
        count += 1;
    }
    assert!(count > 0, "there are none");
}

/// A relay whose disk does nothing, and a site that goes on.
fn busy(seed: u64) -> Plan {
    let run = |at| Step::Run {
        picks: 60,
        seed: seed * 1_000 + at,
    };
    let edit = |at| Step::Edit {
        site: 0,
        document: at,
        times: 1,
        value: at,
    };
    let begin = (0..10).map(run);
    let stall = Step::Stall { process: 0, on: 1 };
    let steps = (10..100).flat_map(|at| [edit(at), run(at)]);
    let steps = begin.chain([stall]).chain(steps).collect();
    let setup = Plan::draw(seed).setup;
    Plan { setup, steps }
}

/// A checker that cannot fail checks nothing: each of these is broken on purpose, and must be noticed by the right one.
#[test]
fn what_is_broken_on_purpose_is_noticed() {
    for (mutation, complaint) in [
        (Mutation::AckBeforeSync, "durability: "),
        (Mutation::Blind, "convergence: "),
        (Mutation::LoseFrames, "convergence: "),
        (Mutation::NoPlaces, "memory: "),
        (Mutation::Oversubscribed, "access: "),
    ] {
        let noticed = (0..200).find_map(|seed| {
            let mut plan = match mutation {
                Mutation::NoPlaces => busy(seed),
                _ => Plan::draw(seed),
            };
            plan.setup.mutation = Some(mutation);
            let failure = shrink::failure_of(&plan)?;
            failure.starts_with(complaint).then_some((seed, failure))
        });
        let (seed, failure) = noticed.unwrap_or_else(|| panic!("nobody noticed {mutation:?}"));
        println!("{mutation:?}, seed {seed}: {failure}");
    }
}
