use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Serialize, Serializer};

/// Days of the week, Monday to Sunday: stored `1 3 5`, typed also `1-5` or `周一 周三`.
///
/// None at all stands for every day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weekdays(u8);

/// Why a text is not days of the week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not days of the week: expected a form like 1-5, or 6 7")]
pub struct ParseWeekdaysError(String);

impl Weekdays {
    /// Whether `date` is on one of the days.
    pub fn contains(self, date: Date) -> bool {
        self.0 == 0 || self.0 & bit(date.weekday().to_monday_one_offset()) != 0
    }

    /// The days as numbers from Monday, 1; empty stands for every day.
    pub fn numbers(self) -> impl Iterator<Item = i8> {
        (1..=7).filter(move |day| self.0 & bit(*day) != 0)
    }
}

const fn bit(day: i8) -> u8 {
    1 << (day - 1)
}

/// The day a word means: `1`, `一`, `mon`, with `周`, `星期` or `礼拜` before it or not.
fn day(word: &str) -> Option<i8> {
    let bare = ["周", "星期", "礼拜"]
        .iter()
        .find_map(|before| word.strip_prefix(before))
        .unwrap_or(word);
    let day = match bare {
        "1" | "一" | "mon" => Weekday::Monday,
        "2" | "二" | "tue" => Weekday::Tuesday,
        "3" | "三" | "wed" => Weekday::Wednesday,
        "4" | "四" | "thu" => Weekday::Thursday,
        "5" | "五" | "fri" => Weekday::Friday,
        "6" | "六" | "sat" => Weekday::Saturday,
        "7" | "日" | "天" | "sun" => Weekday::Sunday,
        _ => return None,
    };
    Some(day.to_monday_one_offset())
}

impl FromStr for Weekdays {
    type Err = ParseWeekdaysError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseWeekdaysError(text.chars().take(64).collect());
        let text = text
            .to_ascii_lowercase()
            .replace(['至', '到', '~', '–'], "-");
        let mut days = 0;
        for word in text.split([' ', ',', '，', '、', ';', '；']) {
            if word.is_empty() {
                continue;
            }
            let (from, to) = word.split_once('-').unwrap_or((word, word));
            let (from, to) = (day(from).ok_or_else(error)?, day(to).ok_or_else(error)?);
            if from > to {
                return Err(error());
            }
            days = (from..=to).fold(days, |days, day| days | bit(day));
        }
        if days == 0 {
            return Err(error());
        }
        Ok(Self(days))
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, day) in self.numbers().enumerate() {
            let blank = if index == 0 { "" } else { " " };
            write!(f, "{blank}{day}")?;
        }
        Ok(())
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.numbers())
    }
}
