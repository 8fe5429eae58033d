//! Blanks and full-width characters, as they come out of office files.

/// The text without stray blanks: what a person meant to type.
///
/// Every kind of blank (full-width, no-break, tab, line break) counts; runs become one space; characters
/// without width (byte order marks, joiners, direction marks) and control characters go.
pub(crate) fn blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if !is_invisible(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// [`blanks`], and full-width letters, digits and signs as their ASCII forms: for what is compared or parsed.
pub(crate) fn folded(text: &str) -> String {
    blanks(text).chars().map(fold).collect()
}

/// A name or a post as shown: without stray blanks, and with no blank beside a Chinese character. Offices pad two-character names to the
/// width of three, and `张　三` is `张三`.
pub fn name(text: &str) -> String {
    let cleaned = blanks(text);
    let mut out = String::with_capacity(cleaned.len());
    let mut chars = cleaned.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let padding =
            c == ' ' && (before.is_some_and(is_wide) || chars.peek().copied().is_some_and(is_wide));
        if !padding {
            out.push(c);
        }
        before = Some(c);
    }
    out
}

/// A name as it enters an id or a comparison: the text with full-width letters and signs folded.
pub fn name_key(text: &str) -> String {
    name(text).chars().map(fold).collect()
}

/// The text without any blank, folded, in lower case: for headers and fixed words.
pub(crate) fn word(text: &str) -> String {
    folded(text)
        .chars()
        .filter(|c| *c != ' ')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The digits of a phone number, which is how two spellings of one number are compared.
pub(crate) fn phone_key(text: &str) -> String {
    let digits: String = folded(text).chars().filter(char::is_ascii_digit).collect();
    // A mobile number is the same with and without the country's prefix.
    for prefix in ["0086", "86"] {
        if let Some(rest) = digits.strip_prefix(prefix)
            && rest.len() == 11
        {
            return rest.to_owned();
        }
    }
    digits
}

fn fold(c: char) -> char {
    match c {
        // The full-width forms lie 0xFEE0 above their ASCII originals.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        // A Chinese input method's dashes, in dates and in ranges.
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '∶' | '꞉' | '﹕' => ':',
        '﹟' => '#',
        other => other,
    }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Ideographs, kana, hangul and the punctuation written with them.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_blanks_go() {
        for (text, expected) in [
            ("  前台 ", "前台"),
            ("\u{3000}前台\u{A0}", "前台"),
            ("\u{FEFF}日期", "日期"),
            ("夜班\n补贴", "夜班 补贴"),
            ("a \t\u{3000} b", "a b"),
            ("\u{200B}\u{0}", ""),
        ] {
            assert_eq!(blanks(text), expected, "{text:?}");
        }
    }

    #[test]
    fn padded_names_are_the_same_name() {
        for (text, expected) in [
            ("张　三", "张三"),
            ("张 三", "张三"),
            ("Li  Lei", "Li Lei"),
            ("阿卜杜拉·艾山", "阿卜杜拉·艾山"),
            ("李雷 Li Lei", "李雷Li Lei"),
        ] {
            assert_eq!(name(text), expected, "{text:?}");
        }
        assert_eq!(name_key("Ａ岗（夜）"), "A岗(夜)");
    }

    #[test]
    fn phones_compare_by_digits() {
        for text in [
            "13800138000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "１３８００１３８０００",
        ] {
            assert_eq!(phone_key(text), "13800138000");
        }
        assert_eq!(phone_key("0391-7618662"), "03917618662");
    }
}
