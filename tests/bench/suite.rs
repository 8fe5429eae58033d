//! Round after round, scenario by scenario, each server in turn.

use clap::ValueEnum;

use crate::Options;
use crate::scenario::{Sample, Scenario};
use crate::target::Target;

/// What took longer is measured once: that is no matter of chance, and there are limits to patience.
const REPEATED_SECONDS_MAX: f64 = 15.0;

/// What one server gave in one scenario.
#[derive(Debug)]
pub(crate) struct Result {
    pub(crate) scenario: Scenario,
    pub(crate) target: Target,
    pub(crate) samples: Vec<Sample>,
    /// Why there are no more.
    pub(crate) problem: Option<Problem>,
}

/// Why a run gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It took more than the scenario's time.
    TooSlow,
    /// It broke.
    Failed(String),
}

pub(crate) async fn run(options: &Options) -> Vec<Result> {
    let mut results = chosen(options);
    for round in 1..=options.rounds {
        for result in &mut results {
            let slow = |sample: &Sample| sample.used.seconds > REPEATED_SECONDS_MAX;
            let enough = result.samples.last().is_some_and(slow);
            if result.problem.is_some() || enough || round > result.scenario.rounds_max() {
                continue;
            }
            let (scenario, target) = (result.scenario, result.target);
            eprint!(
                "round {round} of {}: {scenario:?}, {}",
                options.rounds,
                target.title()
            );
            match tokio::time::timeout(scenario.time_max(), scenario.run(target)).await {
                Ok(Ok(sample)) => {
                    eprintln!(": {}", told(&sample));
                    result.samples.push(sample);
                }
                Ok(Err(error)) => {
                    eprintln!(": {error:#}");
                    result.problem = Some(Problem::Failed(format!("{error:#}")));
                }
                Err(_) => {
                    eprintln!(": more than {} s", scenario.time_max().as_secs());
                    result.problem = Some(Problem::TooSlow);
                }
            }
        }
    }
    results
}

fn told(sample: &Sample) -> String {
    let mut text = format!("{:.3?}", sample.values);
    if sample.used.seconds > 0.0 {
        let used = &sample.used;
        let (driver, server) = (used.driver_cores(), used.server_cores());
        text += &format!(
            "; {:.1} s, driver {driver:.2}, server {server:.2} cores",
            used.seconds
        );
    }
    if let Some(beside) = &sample.text {
        text += &format!("; {beside}");
    }
    text
}

fn chosen(options: &Options) -> Vec<Result> {
    let mut results = Vec::new();
    for scenario in Scenario::value_variants() {
        for target in Target::ALL {
            let wanted = (options.only.is_empty() || options.only.contains(scenario))
                && (options.targets.is_empty() || options.targets.contains(&target));
            if wanted && scenario.is_for(target) {
                results.push(Result {
                    scenario: *scenario,
                    target,
                    samples: Vec::new(),
                    problem: None,
                });
            }
        }
    }
    results
}
