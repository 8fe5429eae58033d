//! Running seeds, and making a plan that fails as short as it goes.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::plan::{Plan, Step};
use super::world::{Outcome, run};

/// After so many that failed, no more seeds are run.
const FAILURES_MAX: usize = 5;
/// So many runs are spent on making a plan shorter.
const RUNS_MAX: usize = 2_000;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static RUNNING: RefCell<bool> = const { RefCell::new(false) };
}

/// Why a plan fails, if it does.
pub(super) fn failure_of(plan: &Plan) -> Option<String> {
    outcome_of(plan).err()
}

fn outcome_of(plan: &Plan) -> Result<Outcome, String> {
    hush();
    RUNNING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(|| run(plan)));
    RUNNING.set(false);
    outcome.map_err(|panic| {
        let where_it_was = LAST_PANIC.take().unwrap_or_default();
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        format!("{} {where_it_was}", text.unwrap_or_default())
    })
}

/// Panics of runs are reported once, by whoever asked for the run.
fn hush() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let from_here = info
                .location()
                .filter(|_| std::env::var_os("YILIAN_TRACE").is_none());
            match from_here {
                Some(location) if RUNNING.with_borrow(|running| *running) => {
                    LAST_PANIC.set(Some(format!("({location})")));
                }
                _ => usual(info),
            }
        }));
    });
}

/// The first sentence of a failure says of which kind it is.
fn kind(failure: &str) -> &str {
    failure.split([':', '(']).next().unwrap_or_default()
}

/// The shortest plan that was found to fail in the same way.
pub(super) fn shrink(plan: &Plan, failure: &str) -> Plan {
    let mut best = plan.clone();
    let mut runs = 0;
    let mut fails = |plan: &Plan| {
        runs += 1;
        runs <= RUNS_MAX && failure_of(plan).is_some_and(|other| kind(&other) == kind(failure))
    };
    let mut size = best.steps.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        while at < best.steps.len() {
            let mut shorter = best.clone();
            let end = (at + size).min(shorter.steps.len());
            shorter.steps.drain(at..end);
            if fails(&shorter) {
                best = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    for at in 0..best.steps.len() {
        while let Some(less) = best.steps.get(at).and_then(|step| halved(*step)) {
            let mut shorter = best.clone();
            shorter.steps[at] = less;
            if !fails(&shorter) {
                break;
            }
            best = shorter;
        }
    }
    for simpler in [
        |plan: &mut Plan| plan.setup.stranger = 0,
        |plan: &mut Plan| plan.setup.same_ids = 0,
        |plan: &mut Plan| plan.setup.look_us = 0,
        |plan: &mut Plan| plan.setup.shards = 1,
        |plan: &mut Plan| plan.setup.foreigners = 0,
        |plan: &mut Plan| plan.setup.sites = plan.setup.sites.saturating_sub(1).max(1),
    ] {
        let mut shorter = best.clone();
        simpler(&mut shorter);
        if shorter != best && fails(&shorter) {
            best = shorter;
        }
    }
    best
}

/// The same with less of it.
fn halved(step: Step) -> Option<Step> {
    match step {
        Step::Run { picks, seed } if picks > 1 => Some(Step::Run {
            picks: picks / 2,
            seed,
        }),
        Step::Edit {
            site,
            document,
            times,
            value,
        } if times > 1 => Some(Step::Edit {
            site,
            document,
            times: times / 2,
            value,
        }),
        Step::Foreign {
            peer,
            document,
            times,
            value,
        } if times > 0 => Some(Step::Foreign {
            peer,
            document,
            times: times / 2,
            value,
        }),
        _ => None,
    }
}

/// Which seeds are run, and for how long.
struct Seeds {
    next: AtomicU64,
    end: u64,
    lasts: Option<Duration>,
    started: Instant,
}

impl Seeds {
    /// As many as usual, one, or for a while.
    fn asked_for() -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
        let usual = if std::env::var_os("YILIAN_LONG").is_some() {
            2_000
        } else {
            200
        };
        let seed = number("YILIAN_SEED");
        let lasts = number("YILIAN_SIMULATE_S").map(Duration::from_secs);
        let count = match (lasts, seed) {
            (Some(_), _) => u64::MAX,
            (None, Some(_)) => 1,
            (None, None) => number("YILIAN_SEEDS").unwrap_or(usual),
        };
        let first = seed.unwrap_or(0);
        Self {
            next: AtomicU64::new(first),
            end: first.saturating_add(count),
            lasts,
            started: Instant::now(),
        }
    }

    fn take(&self) -> Option<u64> {
        let seed = self.next.fetch_add(1, Ordering::Relaxed);
        let over = self
            .lasts
            .is_some_and(|lasts| self.started.elapsed() > lasts);
        if self.lasts.is_some() && seed.is_multiple_of(500) {
            println!("seed {seed} after {} s", self.started.elapsed().as_secs());
        }
        (seed < self.end && !over).then_some(seed)
    }

    /// Runs seeds until there are no more, or enough of them have failed.
    fn run(&self) -> (Vec<Outcome>, Vec<(u64, String)>) {
        let (mut outcomes, mut failed) = (Vec::new(), Vec::new());
        while failed.len() < FAILURES_MAX
            && let Some(seed) = self.take()
        {
            match outcome_of(&Plan::draw(seed)) {
                Ok(outcome) => outcomes.push(outcome),
                Err(failure) => {
                    eprintln!(
                        "failing seed: {seed} (run it alone with YILIAN_SEED={seed}): {failure}"
                    );
                    failed.push((seed, failure));
                }
            }
        }
        (outcomes, failed)
    }
}

/// Runs seeds. Those that fail are named, and the first of them is shortened.
pub(super) fn for_each_seed() -> Vec<Outcome> {
    let seeds = Seeds::asked_for();
    // Beside other tests one thread is enough.
    let threads = match seeds.lasts {
        Some(_) => std::thread::available_parallelism().map_or(1, usize::from),
        None => 1,
    };
    let (mut outcomes, mut failed) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| seeds.run())).collect();
        for thread in threads {
            let (passed, not) = thread.join().unwrap();
            outcomes.extend(passed);
            failed.extend(not);
        }
    });
    if let Some((seed, failure)) = failed.first() {
        give_up(*seed, &Plan::draw(*seed), failure);
    }
    println!(
        "{} seeds in {} s",
        outcomes.len(),
        seeds.started.elapsed().as_secs()
    );
    outcomes
}

fn give_up(seed: u64, plan: &Plan, failure: &str) -> ! {
    let short = shrink(plan, failure);
    eprintln!(
        "shortened from {} steps to {}; to be kept in tests/simulation/regressions:\n# seed {seed}: {failure}\n{short}",
        plan.steps.len(),
        short.steps.len()
    );
    panic!("seed {seed}: {failure}");
}
