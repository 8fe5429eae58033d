//! How long something takes, on a machine that others use too.

use std::time::{Duration, Instant};

/// A question is asked until that took so long, or so often.
const ENOUGH_MS: f64 = 400.0;
const TIMES_MAX: f64 = 100_000.0;

/// Times what is computed: on a core, or where the system does not tell, on the wall.
#[derive(Debug)]
pub(crate) struct Clock {
    begun: Instant,
    used: fn() -> Option<Duration>,
    before: Option<Duration>,
}

impl Clock {
    /// What this thread does.
    pub(crate) fn start() -> Clock {
        Clock::of(own_cpu)
    }

    /// What the whole program does.
    pub(crate) fn of_program() -> Clock {
        Clock::of(program_cpu)
    }

    fn of(used: fn() -> Option<Duration>) -> Clock {
        Clock {
            begun: Instant::now(),
            used,
            before: used(),
        }
    }

    pub(crate) fn ms(&self) -> f64 {
        let used = (self.used)().zip(self.before);
        let took = used.map_or_else(|| self.begun.elapsed(), |(now, then)| now - then);
        took.as_secs_f64() * 1_000.0
    }
}

/// What asking takes, of as many times as it takes to tell: a core's time is counted in ticks of milliseconds.
pub(crate) fn asked<T>(mut question: impl FnMut() -> T) -> f64 {
    let (clock, mut times) = (Clock::start(), 0.0);
    while times == 0.0 || clock.ms() < ENOUGH_MS && times < TIMES_MAX {
        std::hint::black_box(question());
        times += 1.0;
    }
    clock.ms() / times
}

/// The memory that this process has resident, in MiB; zero where there is no `/proc`.
pub(crate) fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let kib: Option<f64> = number.and_then(|number| number.parse().ok());
    kib.unwrap_or_default() / 1_024.0
}

/// How long this thread has had a core, ever. None where the system does not tell.
fn own_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let ns = stat.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(ns))
}

/// How long all threads of this program have had cores. None where the system does not tell.
fn program_cpu() -> Option<Duration> {
    // Clock ticks to user space are hundredths of a second on Linux, whatever the kernel's own are.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in brackets and may hold anything; user and system time are the 12th and 13th fields after it.
    let fields = stat.rsplit(") ").next()?.split(' ').skip(11).take(2);
    let ticks: Option<Vec<u32>> = fields.map(|field| field.parse().ok()).collect();
    Some(TICK * ticks?.into_iter().sum())
}
