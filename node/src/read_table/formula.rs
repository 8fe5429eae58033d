//! Text that a spreadsheet would take for a formula. A CSV file has no types: what begins with an equals sign is computed when
//! it is opened, whoever wrote it. An apostrophe in front keeps it a text, and is taken off again when the file is read.

use std::borrow::Cow;

/// The text as a CSV cell: with an apostrophe in front if a spreadsheet would compute it.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    match is_formula(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// The text of a cell that [`guarded`] may have written.
pub(super) fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text.to_owned(),
        _ => cell,
    }
}

/// Whether it is a formula, or one with apostrophes in front, which have to survive as well. A sign alone is none.
fn is_formula(text: &str) -> bool {
    let mut chars = text.trim_start_matches('\'').chars();
    let signs = "=+-@＝＋－＠\t\r";
    chars.next().is_some_and(|first| signs.contains(first)) && chars.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_computed_is_guarded_and_read_back() {
        for text in [
            "=1+1", "+86 391", "-2天", "@SUM(A1)", "＝1", "\t=1", "'=1", "''-x",
        ] {
            let cell = guarded(text);
            assert_eq!(cell, format!("'{text}"));
            assert_eq!(unguarded(cell.into_owned()), text);
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "-", "顶班", "a=b", "'早'", "'", "12-3"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text.to_owned()), text);
        }
    }
}
