use yilian_core::report::Cell;
use yilian_core::rules::Language;

/// A cell as people read it.
pub(super) fn of(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Named(_, text) => text.in_language(language).to_owned(),
        Cell::Count(count) => count.to_string(),
        Cell::Amount(count) => count.to_string(),
        Cell::Hours(minutes) => hours(*minutes).to_string(),
        Cell::Tenths(tenths) => self::tenths(*tenths).to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Time(time) => time.strftime("%H:%M").to_string(),
        Cell::DateTime(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Minutes as hours, to a hundredth: what offices add up.
pub(crate) fn hours(minutes: i64) -> f64 {
    (minutes as f64 / 60.0 * 100.0).round() / 100.0
}

/// A number of tenths.
pub(super) fn tenths(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// How many columns of a terminal or a sheet a text takes: a Chinese character takes two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}')
}
