use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::SiteKey;

/// Who writes: a site and a name, written `zhanqian/王芳`.
///
/// Automerge keeps it as bytes with the first change of each actor. What other software wrote
/// there is kept as it is, so an author read from a document may be any text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Author(String);

/// Why a text cannot be an author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be an author: expected 1 to 200 bytes without control characters")]
pub struct ParseAuthorError(String);

impl Author {
    /// The longest author, in bytes.
    pub const BYTES_MAX: usize = 200;

    /// The author `name` at `site`.
    ///
    /// # Errors
    ///
    /// When the two together are too long or hold control characters.
    pub fn new(site: &SiteKey, name: &str) -> Result<Self, ParseAuthorError> {
        format!("{site}/{name}").try_into()
    }

    /// The author in the bytes of a change; bytes that are not UTF-8 are replaced.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The author as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The site, when there is one before a slash.
    pub fn site(&self) -> Option<SiteKey> {
        self.0.split_once('/')?.0.parse().ok()
    }

    /// The name: what follows the site, or all of it.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, name)| name)
    }
}

impl FromStr for Author {
    type Err = ParseAuthorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Author {
    type Error = ParseAuthorError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if (1..=Self::BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err(ParseAuthorError(text.chars().take(64).collect()))
        }
    }
}

impl From<Author> for String {
    fn from(author: Author) -> Self {
        author.0
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
