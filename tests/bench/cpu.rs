//! The CPU time of a process, from `/proc`: zero where there is none.

use std::time::Duration;

/// A process and what it had used when we began to look.
#[derive(Debug)]
pub(crate) struct Cpu {
    process: u32,
    before: Duration,
}

impl Cpu {
    pub(crate) fn of(process: u32) -> Cpu {
        Cpu {
            process,
            before: used(process),
        }
    }

    /// What it has used since.
    pub(crate) fn since(&self) -> Duration {
        used(self.process).saturating_sub(self.before)
    }
}

fn used(process: u32) -> Duration {
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
