use crate::ordered;

/// Some numbers of days, and how they spread. The same numbers give the same, in whatever order they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    days: Vec<i64>,
}

impl Spread {
    /// Adds one.
    pub fn add(&mut self, days: i64) {
        self.days.push(days);
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The median in tenths of a day: of an even number, half way between the middle two.
    pub fn median_tenths(&self) -> Option<i64> {
        let days = self.sorted();
        let lower = days.get(days.len().saturating_sub(1) / 2)?;
        let upper = days.get(days.len() / 2)?;
        Some((lower + upper) * 5)
    }

    /// The smallest of them that nine of ten do not exceed.
    pub fn p90(&self) -> Option<i64> {
        let days = self.sorted();
        let index = (9 * days.len()).div_ceil(10).checked_sub(1)?;
        days.get(index).copied()
    }

    fn sorted(&self) -> Vec<i64> {
        let mut days = self.days.clone();
        ordered::sort(&mut days);
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(days: &[i64]) -> (Option<i64>, Option<i64>) {
        let mut spread = Spread::default();
        days.iter().for_each(|days| spread.add(*days));
        (spread.median_tenths(), spread.p90())
    }

    #[test]
    fn medians_and_nine_of_ten_are_those_of_sorted_numbers() {
        assert_eq!(of(&[]), (None, None));
        assert_eq!(of(&[7]), (Some(70), Some(7)));
        assert_eq!(of(&[4, 1]), (Some(25), Some(4)));
        assert_eq!(of(&[9, 1, 3, 2, 5, 4, 6, 8, 7, 100]), (Some(55), Some(9)));
    }
}
