//! What processes use, from `/proc`: zero where there is none.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// A span of time in which the CPU of driver and server is counted.
#[derive(Debug)]
pub(crate) struct Meter {
    begun: Instant,
    driver: Duration,
    server: Duration,
    process: u32,
}

/// What was used in a span.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    pub(crate) seconds: f64,
    /// CPU time, in seconds.
    driver: f64,
    server: f64,
}

impl Used {
    /// Cores that the driver used on average.
    pub(crate) fn driver_cores(&self) -> f64 {
        self.driver / self.seconds
    }

    /// Cores that the server used on average.
    pub(crate) fn server_cores(&self) -> f64 {
        self.server / self.seconds
    }
}

impl AddAssign for Used {
    fn add_assign(&mut self, other: Used) {
        self.seconds += other.seconds;
        self.driver += other.driver;
        self.server += other.server;
    }
}

impl Meter {
    /// Begins to count; `process` is the server's.
    pub(crate) fn start(process: u32) -> Meter {
        Meter {
            driver: cpu(std::process::id()),
            server: cpu(process),
            process,
            begun: Instant::now(),
        }
    }

    /// What was used since.
    pub(crate) fn stop(&self) -> Used {
        let seconds = self.begun.elapsed().as_secs_f64();
        let since = |process, before| cpu(process).saturating_sub(before).as_secs_f64();
        Used {
            seconds,
            driver: since(std::process::id(), self.driver),
            server: since(self.process, self.server),
        }
    }
}

/// The memory that a process has resident, in KiB.
pub(crate) fn resident_kib(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

fn cpu(process: u32) -> Duration {
    // Clock ticks to user space are hundredths of a second on Linux, whatever the kernel's own are.
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The program's name stands in brackets and may hold anything; user and system time are the
    // 12th and 13th fields after it.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u32 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u32>().ok())
        .sum();
    TICK * ticks
}
