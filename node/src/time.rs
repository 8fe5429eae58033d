//! The clock that the core is handed: it has none of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{Timestamp, civil, tz::TimeZone};
use thiserror::Error;

/// Wall-clock time in a network's zone, and a clock that never goes back.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    source: Source,
    start_ms: u64,
}

#[derive(Clone, Debug)]
enum Source {
    /// The machine's clocks, since it was made.
    Machine(Instant),
    /// A hand's, and how it stood when it was made.
    Hand(Hand, Duration),
}

/// Moves clocks by hand ([`Clock::by_hand`]), so that a run can be repeated exactly. Clones move the same clocks.
#[derive(Clone, Debug, Default)]
pub struct Hand(Arc<Moved>);

#[derive(Debug, Default)]
struct Moved {
    now_ns: AtomicU64,
    look_ns: AtomicU64,
}

impl Hand {
    /// Moves the clocks on.
    pub fn advance(&self, time: Duration) {
        self.0
            .now_ns
            .fetch_add(nanoseconds(time), Ordering::Relaxed);
    }

    /// Every look at a clock moves it on by so much from now on: a stand-in for the time that work takes. Default: 0.
    pub fn each_look_takes(&self, time: Duration) {
        self.0.look_ns.store(nanoseconds(time), Ordering::Relaxed);
    }

    /// How far it has moved since it was made.
    #[must_use]
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.0.now_ns.load(Ordering::Relaxed))
    }

    fn look(&self) -> Duration {
        self.advance(Duration::from_nanos(self.0.look_ns.load(Ordering::Relaxed)));
        self.now()
    }
}

fn nanoseconds(time: Duration) -> u64 {
    // 584 years.
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A time zone that nobody knows: the caller should name one as the IANA database does, such as `Asia/Shanghai`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no time zone {zone:?}")]
pub struct ZoneError {
    zone: String,
}

impl Clock {
    /// The zone of a network that sets none.
    pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

    /// A clock for a zone of the IANA database. The process's own zone plays no part.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn new(zone: &str) -> Result<Self, ZoneError> {
        let zone = TimeZone::get(zone).map_err(|_| ZoneError {
            zone: zone.to_owned(),
        })?;
        let start_ms = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
        Ok(Self {
            zone,
            source: Source::Machine(Instant::now()),
            start_ms,
        })
    }

    /// A clock in UTC that only `hand` moves, whose wall clock shows `start_ms` milliseconds since 1970 now.
    #[must_use]
    pub fn by_hand(hand: &Hand, start_ms: u64) -> Self {
        Self {
            zone: TimeZone::UTC,
            source: Source::Hand(hand.clone(), hand.now()),
            start_ms,
        }
    }

    fn timestamp(&self) -> Timestamp {
        match &self.source {
            Source::Machine(_) => Timestamp::now(),
            Source::Hand(..) => {
                let now_ms = i64::try_from(self.steady_ms()).unwrap_or(i64::MAX);
                Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// What people's clocks show in the zone now.
    #[must_use]
    pub fn civil(&self) -> civil::DateTime {
        self.zone.to_datetime(self.timestamp())
    }

    /// What they showed so many seconds after 1970; for a time that no calendar has, its start.
    #[must_use]
    pub fn civil_at(&self, unix_s: i64) -> civil::DateTime {
        let at = Timestamp::from_second(unix_s).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_datetime(at)
    }

    /// Seconds since 1970, as changes carry them.
    #[must_use]
    pub fn unix_s(&self) -> i64 {
        self.timestamp().as_second()
    }

    /// Milliseconds since 1970, as record ids carry them; 0 for a clock set before 1970.
    #[must_use]
    pub fn unix_ms(&self) -> u64 {
        u64::try_from(self.timestamp().as_millisecond()).unwrap_or(0)
    }

    /// Time since this clock was made, whatever happens to the wall clock meanwhile.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match &self.source {
            Source::Machine(start) => start.elapsed(),
            Source::Hand(hand, start) => hand.look().saturating_sub(*start),
        }
    }

    /// Milliseconds since this clock was made, whatever happens to the wall clock meanwhile.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Milliseconds since 1970 as the wall clock had it when this clock was made, and steady since: for intervals, which a
    /// wall clock that is set back a day would stretch by a day.
    #[must_use]
    pub fn steady_ms(&self) -> u64 {
        self.start_ms.saturating_add(self.elapsed_ms())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn civil_time_is_the_zone_s_own() {
        let shanghai = Clock::new(Clock::DEFAULT_ZONE).unwrap();
        let utc = Clock::new("UTC").unwrap();
        let hours = shanghai
            .civil()
            .since(utc.civil())
            .unwrap()
            .total(jiff::Unit::Hour)
            .unwrap();
        assert!((hours - 8.0).abs() < 0.1, "{hours}");
    }

    #[test]
    fn a_hand_moves_all_its_clocks_and_nothing_else_does() {
        let hand = Hand::default();
        let early = Clock::by_hand(&hand, 1_000);
        hand.advance(Duration::from_millis(500));
        let late = Clock::by_hand(&hand, 9_000);
        hand.advance(Duration::from_millis(20));
        assert_eq!((early.steady_ms(), early.elapsed_ms()), (1_520, 520));
        assert_eq!((late.unix_ms(), late.unix_s()), (9_020, 9));
        hand.each_look_takes(Duration::from_millis(1));
        assert_eq!([late.elapsed_ms(), late.elapsed_ms()], [21, 22]);
    }

    #[test]
    fn unknown_zone_is_named() {
        let error = Clock::new("Asia/Atlantis").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"there is no time zone "Asia/Atlantis""#
        );
    }
}
