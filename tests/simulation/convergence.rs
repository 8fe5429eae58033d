//! Every mix of peers around a relay comes to rest with equal heads once the faults stop. How: see
//! `main.rs`.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use yilian_core::sync::sync_state::Voice;

use crate::network::{Leaf, Network};
use crate::peer::{Node, Plain};

/// Which peers a run has around its relay.
#[derive(Clone, Copy)]
enum Mix {
    /// Our engines with live documents.
    Live,
    /// Our engines, some of them with the graph alone, beside Automerge's own sync.
    Mixed,
    /// Automerge's own sync only.
    Plain,
}

fn leaves(mix: Mix) -> Vec<Leaf> {
    let node = |name: &str, live| Leaf::Node(Box::new(Node::new(name, Voice::Replica, live)));
    let plain = |name: &str| Leaf::Plain(Box::new(Plain::new(name)), None);
    match mix {
        Mix::Live => vec![node("a", true), node("b", true), node("c", true)],
        Mix::Mixed => vec![node("a", true), node("b", false), plain("c"), plain("d")],
        Mix::Plain => vec![plain("a"), plain("b"), plain("c")],
    }
}

fn run(seed: u64, mix: Mix) -> u64 {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut network = Network::new(leaves(mix));
    let faults = !seed.is_multiple_of(4);
    for _ in 0..30 {
        for at in 0..network.leaves.len() {
            for _ in 0..rng.random_range(0..4) {
                match &mut network.leaves[at] {
                    Leaf::Node(node) => node.edit(&mut rng),
                    Leaf::Plain(plain, _) => plain.edit(&mut rng),
                }
            }
            match rng.random_range(0..30) {
                0..2 => network.disconnect(at),
                2 if faults => network.restart_leaf(at, false),
                3 if faults => network.restart_leaf(at, rng.random_bool(0.3)),
                4 if faults && rng.random_bool(0.3) => {
                    let lose_disk = rng.random_bool(0.3);
                    network.restart_relay(lose_disk);
                }
                _ => {}
            }
            if !network.is_connected(at) && rng.random_bool(0.4) {
                network.connect(at, &mut rng);
            }
        }
        for link in network.leaves.len()..network.link_count() {
            match rng.random_range(0..6) {
                0 => network.disconnect(link),
                1 if !network.is_connected(link) => network.connect(link, &mut rng),
                _ => {}
            }
        }
        for _ in 0..rng.random_range(0..8) {
            network.step(&mut rng, faults);
        }
    }
    assert!(
        network.settle(&mut rng, 5_000),
        "seed {seed}: does not come to rest"
    );
    let heads = network.relay.heads();
    for leaf in network.leaf_heads() {
        assert_eq!(leaf, heads, "seed {seed}: heads differ");
    }
    assert!(!heads.is_empty(), "seed {seed}: nothing happened");
    network.relay.check(seed);
    for leaf in &mut network.leaves {
        if let Leaf::Node(node) = leaf {
            node.check(seed);
        }
    }
    network.frames
}

/// Runs seeds, and says which one failed.
pub(crate) fn for_each_seed<T>(run: impl Fn(u64) -> T) -> Vec<T> {
    let usual = if std::env::var_os("YILIAN_LONG").is_some() {
        10_000
    } else {
        200
    };
    let seeds = match std::env::var("YILIAN_SEED") {
        Ok(seed) => {
            let seed = seed.parse().unwrap();
            seed..seed + 1
        }
        Err(_) => 0..std::env::var("YILIAN_SEEDS").map_or(usual, |seeds| seeds.parse().unwrap()),
    };
    let run = std::panic::AssertUnwindSafe(run);
    let one = |seed| match std::panic::catch_unwind(|| run(seed)) {
        Ok(outcome) => outcome,
        Err(panic) => {
            eprintln!("failing seed: {seed} (run it alone with YILIAN_SEED={seed})");
            std::panic::resume_unwind(panic);
        }
    };
    seeds.map(one).collect()
}

fn check(mix: Mix) {
    let frames: u64 = for_each_seed(|seed| run(seed, mix)).into_iter().sum();
    println!("{frames} frames");
}

#[test]
fn engines_with_live_documents_converge() {
    check(Mix::Live);
}

#[test]
fn engines_and_automerge_peers_converge() {
    check(Mix::Mixed);
}

#[test]
fn automerge_peers_converge_through_the_relay() {
    check(Mix::Plain);
}

#[test]
fn the_same_seed_takes_the_same_course() {
    assert_eq!(run(5, Mix::Mixed), run(5, Mix::Mixed));
}
