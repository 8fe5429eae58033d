//! The clock that the core is handed: it has none of its own.

use std::time::Instant;

use jiff::{Timestamp, civil, tz::TimeZone};
use thiserror::Error;

/// Wall-clock time in a network's zone, and a clock that never goes back.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    start: Instant,
    start_ms: u64,
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
        let mut clock = Self {
            zone,
            start: Instant::now(),
            start_ms: 0,
        };
        clock.start_ms = clock.unix_ms();
        Ok(clock)
    }

    /// What people's clocks show in the zone now.
    #[must_use]
    pub fn civil(&self) -> civil::DateTime {
        self.zone.to_datetime(Timestamp::now())
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
        Timestamp::now().as_second()
    }

    /// Milliseconds since 1970, as record ids carry them; 0 for a clock set before 1970.
    #[must_use]
    pub fn unix_ms(&self) -> u64 {
        u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0)
    }

    /// Milliseconds since this clock was made, whatever happens to the wall clock meanwhile.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
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
    fn unknown_zone_is_named() {
        let error = Clock::new("Asia/Atlantis").unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"there is no time zone "Asia/Atlantis""#
        );
    }
}
