//! `cargo xtask simulate`: seeds of the whole simulation for as long as one likes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::project::cargo;
use crate::step;

/// The test that runs seeds.
const TEST: &str = "whole::whatever_happens_nothing_is_lost_and_all_come_to_be_alike";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How long: a number and s, m or h, such as 90s.
    #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = duration)]
    lasts: Duration,
    /// The first seed; the others follow it. Unless it is said, every run begins at another.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs seeds until one fails or the time is over. Not optimised: assertions that a release leaves out are part of it.
///
/// # Errors
/// A seed failed: it was printed, and a plan that fails in the same way with it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH)?;
    // A second has room for more seeds than are run in one.
    let seed = options.seed.unwrap_or(since_1970.as_secs() * 10_000);
    step::run(
        cargo()
            .args(["test", "-p", "yilian-tests", "--locked"])
            .args(["--test", "simulation", "--", "--exact", TEST, "--nocapture"])
            .env("YILIAN_SIMULATE_S", options.lasts.as_secs().to_string())
            .env("YILIAN_SEED", seed.to_string()),
    )
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time such as 90s, 30m or 1h");
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(seconds).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7_200)));
        for wrong in ["", "h", "90", "1.5h", "3d", "一时", "99999999999999999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
