use std::fmt;
use std::str::FromStr;

use crate::document::{Name, SiteKey};
use crate::rules::Text;

/// The code of a submission: its site and 84 random bits, `keyun-k3j-9mf-2pq-x7v-wtd-4hn`. Knowing it is the right to follow
/// the submission, and enough for it.
///
/// It is read out and typed by people: no character looks like another, case, blanks and hyphens make no difference, and the last
/// character tells a typo, in the site's key as well.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    site: SiteKey,
    characters: [u8; Code::CHARACTERS],
}

/// Without 0, 1, i, l and o. That there are 31 makes the check character tell every wrong character and every two that changed
/// places: 31 is prime.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
const BASE: u32 = 31;
const GROUP: usize = 3;

/// Why a text is no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseCodeError {
    /// It has a character that no code has.
    #[error("no code has the character {0:?}: there is no 0, 1, i, l or o in it")]
    Character(char),
    /// It is no site's key and eighteen characters.
    #[error("a code is the site's key and 18 characters, like keyun-k3j-9mf-2pq-x7v-wtd-4hn")]
    Form,
    /// The last character does not go with the others.
    #[error("there is a typo in the code: its last character does not go with the others")]
    Typo,
}

impl ParseCodeError {
    /// What is wrong, for people.
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Character(character) => {
                format!("查询码里不会有“{character}”：其中没有 0、1、i、l、o")
            }
            Self::Form => {
                "查询码是站点代码加 18 个字符，形如 keyun-k3j-9mf-2pq-x7v-wtd-4hn".to_owned()
            }
            Self::Typo => "查询码有打错的地方：校验位对不上，请再核对一遍".to_owned(),
        };
        Text::new(zh, self.to_string())
    }
}

impl Code {
    /// How many characters follow the site's key; the last is the check character.
    pub const CHARACTERS: usize = 18;

    /// The code that sixteen random bytes make at a site.
    pub fn new(site: SiteKey, random: [u8; 16]) -> Self {
        let mut number = u128::from_le_bytes(random);
        let mut values = [0; Self::CHARACTERS];
        for value in values.iter_mut().take(Self::CHARACTERS - 1) {
            *value = u8::try_from(number % u128::from(BASE)).unwrap_or(0);
            number /= u128::from(BASE);
        }
        // The weight of the last character is 18, and 18 · 19 = 1 modulo 31.
        let check = (BASE - sum(&site, &values)) * 19 % BASE;
        if let Some(last) = values.last_mut() {
            *last = u8::try_from(check).unwrap_or(0);
        }
        Self {
            site,
            characters: values
                .map(|value| ALPHABET.get(usize::from(value)).copied().unwrap_or(b'-')),
        }
    }

    /// The code of the submission in a document of that name; none where it was not made by this library.
    pub fn of(name: &Name) -> Option<Self> {
        match name {
            Name::Inbox { site, code } => format!("{site}-{code}").parse().ok(),
            _ => None,
        }
    }

    /// The site that receives the submission.
    pub const fn site(&self) -> &SiteKey {
        &self.site
    }

    /// The name of the submission's document.
    pub fn name(&self) -> Name {
        Name::Inbox {
            site: self.site.clone(),
            code: self.characters(),
        }
    }

    /// The characters without the site and without hyphens.
    pub fn characters(&self) -> String {
        self.characters.iter().copied().map(char::from).collect()
    }
}

/// What is zero for a code without a typo: the site's key, and each character by its place.
fn sum(site: &SiteKey, values: &[u8; Code::CHARACTERS]) -> u32 {
    let site = site.as_str().bytes();
    let start = site.fold(0, |sum, byte| (sum * 3 + u32::from(byte)) % BASE);
    let weighted = (1..).zip(values);
    weighted.fold(start, |sum, (weight, value)| {
        (sum + weight * u32::from(*value)) % BASE
    })
}

/// What an input method for Chinese makes of ASCII is taken for that.
fn plain(character: char) -> char {
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '/' | '.' | '·' => Some('-'),
        blank if blank.is_whitespace() => Some('-'),
        _ => None,
    };
    narrow.unwrap_or(character).to_ascii_lowercase()
}

impl FromStr for Code {
    type Err = ParseCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const TEXT_CHARS_MAX: usize = 200;
        let text: String = text
            .trim()
            .chars()
            .take(TEXT_CHARS_MAX)
            .map(plain)
            .collect();
        let mut values = [0; Self::CHARACTERS];
        let mut characters = [0; Self::CHARACTERS];
        let mut rest = text.strip_prefix("inbox-").unwrap_or(&text).chars().rev();
        for (value, kept) in values.iter_mut().zip(&mut characters).rev() {
            let character = rest.find(|character| *character != '-');
            let character = character.ok_or(ParseCodeError::Form)?;
            let place = ALPHABET.iter().position(|of| char::from(*of) == character);
            let place = place.ok_or(ParseCodeError::Character(character))?;
            *value = u8::try_from(place).unwrap_or(0);
            *kept = ALPHABET.get(place).copied().unwrap_or(b'-');
        }
        let site: String = rest.rev().collect();
        // Without something in between, a character too few is made up for by the site's key.
        let key = site.trim_end_matches('-');
        if key.len() == site.len() {
            return Err(ParseCodeError::Form);
        }
        let site: SiteKey = key.parse().map_err(|_| ParseCodeError::Form)?;
        match sum(&site, &values) {
            0 => Ok(Self { site, characters }),
            _ => Err(ParseCodeError::Typo),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.site.as_str())?;
        for (index, character) in self.characters.iter().enumerate() {
            let hyphen = if index % GROUP == 0 { "-" } else { "" };
            write!(f, "{hyphen}{}", char::from(*character))?;
        }
        Ok(())
    }
}

/// A code is a right: logs show whose, not which.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({}-…)", self.site)
    }
}
