//! Goal: nothing that was acknowledged is lost, nobody else is held up, and everything heals, whatever happens to
//! processes, disks, lines and clocks.
//!
//! Method: real processes, real SQLite files, real sockets. Faults are done to them from outside (signals, bytes on the
//! disk, limits of the operating system, a proxy); a seed chooses where and when, and `YILIAN_SEED` another one. States are
//! asserted and times printed. `YILIAN_LONG=1` runs more rounds. What was seen goes to `FAULTS.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod author;
#[cfg(target_os = "linux")]
mod clocks;
mod damage;
mod disk;
mod kills;
mod line;
mod lines;
mod report;
#[cfg(target_os = "linux")]
mod room;

/// A relay that packs all the time.
const EAGER: [(&str, &str); 2] = [
    ("YILIAN_COMPACT_EVERY", "1"),
    ("YILIAN_COMPACT_PERCENT", "100"),
];

/// Whether to take all the time it takes.
fn is_long() -> bool {
    std::env::var_os("YILIAN_LONG").is_some()
}

/// The seed of what is random.
fn seed() -> u64 {
    let seed = std::env::var("YILIAN_SEED");
    seed.map_or(1, |seed| seed.parse().unwrap())
}
