//! Goal: replicas and relays converge, go quiet and lose nothing that was durable, whatever the
//! network and the processes do.
//!
//! Method: engines, and peers that run Automerge's own sync, in one thread on a network and disks
//! that a seed drives. A seed draws the configuration and the faults: slow and cut connections,
//! commits that take long or fail, processes that restart with what was durable. Then faults stop,
//! and everything must come to rest with equal heads. A failing seed is printed; run it alone with
//! `YILIAN_SEED=<seed>`, and more of them with `YILIAN_SEEDS=<count>` or `cargo xtask test --long`.
//! `whole` does the same with everything around the engine: shards, sessions, catalogue and the threads of a store.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod convergence;
mod hostile;
mod names;
mod network;
mod packed;
mod peer;
mod trace;
mod whole;
