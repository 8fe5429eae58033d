use std::time::Duration;

/// How long to wait before dialling again: exponentially longer, and each time a random part of it, so that the sites
/// of a county do not all come back in the same second.
#[derive(Clone, Debug, PartialEq)]
pub struct Backoff {
    min: Duration,
    max: Duration,
    factor: f64,
    ceiling: Duration,
}

impl Backoff {
    /// The first wait is up to `min`, each further one up to `factor` times the one before, none above `max`. A factor
    /// below 1 counts as 1, and a `max` below `min` as `min`.
    #[must_use]
    pub fn new(min: Duration, max: Duration, factor: f64) -> Self {
        Self {
            min,
            max: max.max(min),
            factor: if factor.is_finite() {
                factor.max(1.0)
            } else {
                1.0
            },
            ceiling: min,
        }
    }

    /// The next wait, uniform between nothing and the ceiling: the random number is handed in.
    pub fn next(&mut self, random: u64) -> Duration {
        let ceiling = self.ceiling;
        let further = ceiling.as_secs_f64() * self.factor;
        self.ceiling =
            Duration::try_from_secs_f64(further).map_or(self.max, |further| further.min(self.max));
        ceiling
            .mul_f64(random as f64 / u64::MAX as f64)
            .min(ceiling)
    }

    /// Starts from `min` again. For when a connection has proved itself, not merely opened: a relay that accepts and
    /// closes at once would otherwise be dialled without end.
    pub fn reset(&mut self) {
        self.ceiling = self.min;
    }

    /// The longest that [`Backoff::next`] may answer now.
    #[must_use]
    pub fn ceiling(&self) -> Duration {
        self.ceiling
    }
}

impl Default for Backoff {
    /// From half a second to a minute, doubling.
    fn default() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(60), 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn ceiling_grows_to_the_maximum_and_stays() {
        let mut backoff = Backoff::new(ms(100), ms(1_000), 3.0);
        let waits: Vec<Duration> = (0..5).map(|_| backoff.next(u64::MAX)).collect();
        assert_eq!(waits, [ms(100), ms(300), ms(900), ms(1_000), ms(1_000)]);
        backoff.reset();
        assert_eq!(backoff.next(u64::MAX), ms(100));
    }

    #[test]
    fn wait_is_a_random_part_of_the_ceiling() {
        let waits = [0, u64::MAX / 4, u64::MAX / 2, u64::MAX]
            .map(|random| Backoff::new(ms(400), ms(400), 2.0).next(random).as_millis());
        assert_eq!(waits, [0, 100, 200, 400]);
    }

    #[test]
    fn odd_settings_are_put_right() {
        let mut backoff = Backoff::new(ms(200), ms(100), 0.5);
        assert_eq!(
            [backoff.next(u64::MAX), backoff.next(u64::MAX)],
            [ms(200), ms(200)]
        );
        let mut backoff = Backoff::new(ms(200), Duration::MAX, f64::NAN);
        assert_eq!(
            [backoff.next(u64::MAX), backoff.next(u64::MAX)],
            [ms(200), ms(200)]
        );
        let mut backoff = Backoff::new(ms(200), ms(300), f64::MAX);
        assert_eq!(
            [backoff.next(u64::MAX), backoff.next(u64::MAX)],
            [ms(200), ms(300)]
        );
    }
}
