//! How long something takes, on a machine that others use too.

use std::time::{Duration, Instant};

/// A question is asked until that took so long, or so often.
const ENOUGH_MS: f64 = 400.0;
const TIMES_MAX: f64 = 100_000.0;

/// Times what one thread does by itself: on a core, or where the system does not tell, on the wall.
#[derive(Debug)]
pub(crate) struct Clock {
    begun: Instant,
    cpu: Option<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        Clock {
            begun: Instant::now(),
            cpu: own_cpu(),
        }
    }

    pub(crate) fn ms(&self) -> f64 {
        let cpu = own_cpu().zip(self.cpu);
        ms(cpu.map_or_else(|| self.begun.elapsed(), |(now, then)| now - then))
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

pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
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
