//! What every whole-system test stands on: relays as real processes, unmodified `automerge-repo`
//! and `samod` clients, raw sockets, the command line, the sample network, and a county from a seed.
//!
//! Everything listens on 127.0.0.1 on a free port, keeps its files in a directory of its
//! own, and is stopped when it is dropped. What goes wrong here fails the test with the reason, so
//! helpers panic rather than return errors nobody could handle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test harness: a failed expectation is a failed test"
)]

pub mod ammunition;
pub mod binaries;
pub mod cbor;
pub mod cli;
pub mod county;
pub mod forge;
pub mod http;
pub mod js;
pub mod process;
pub mod raw;
pub mod relay;
pub mod release;
pub mod samod_client;
pub mod samples;

use std::time::Duration;

/// How long anything that should happen may take before its test fails. Generous, because a loaded
/// machine is no defect; nothing waits this long when it works.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Awaits `future`, failing the test with `what` after [`PATIENCE`].
pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited {} s for {what}", PATIENCE.as_secs()),
    }
}

/// Polls `probe` until it answers; for state that nothing announces (a log line, a file, a metric).
pub async fn until<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    in_time(what, async {
        loop {
            if let Some(value) = probe() {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// The README's examples compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
