use std::borrow::Cow;
use std::fmt;

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadTableError;

/// The encodings a text file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// What a Chinese Windows calls ANSI; GBK and GB2312 are parts of it.
    Gb18030,
    /// With or without a byte order mark.
    Utf8,
    /// With a byte order mark: "Unicode text" of a spreadsheet.
    Utf16,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gb18030 => "GB18030",
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
        })
    }
}

/// The text of a file. A byte order mark decides; without one, what is valid UTF-8 is UTF-8 (GB18030 text is so only by an accident that
/// needs every Chinese word to be one), and the rest is GB18030.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, ReadTableError> {
    let (encoding, decoder, skip) = if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        (Encoding::Utf8, UTF_8, 3)
    } else if bytes.starts_with(&[0xFF, 0xFE]) {
        (Encoding::Utf16, UTF_16LE, 2)
    } else if bytes.starts_with(&[0xFE, 0xFF]) {
        (Encoding::Utf16, UTF_16BE, 2)
    } else if std::str::from_utf8(bytes).is_ok() {
        (Encoding::Utf8, UTF_8, 0)
    } else {
        (Encoding::Gb18030, GB18030, 0)
    };
    let body = bytes.get(skip..).unwrap_or_default();
    let Some(text) = decoder.decode_without_bom_handling_and_without_replacement(body) else {
        // Decoded once more, with a mark where a character is missing, only to say which line it is on.
        let (marked, _) = decoder.decode_without_bom_handling(body);
        let line = 1 + marked
            .chars()
            .take_while(|c| *c != '\u{FFFD}')
            .filter(|c| *c == '\n')
            .count();
        return Err(ReadTableError::Encoding {
            file: file.to_owned(),
            line,
            encoding,
        });
    };
    // No office writes NUL into a table; a picture or a program is full of them.
    if text.contains('\0') {
        return Err(ReadTableError::NotATable {
            file: file.to_owned(),
            old_excel: false,
        });
    }
    Ok(text)
}
