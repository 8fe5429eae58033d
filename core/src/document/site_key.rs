use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a key: what a hub and its sites have in common.
///
/// It is part of every document id, so two networks on one relay never share a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteKey(String);

/// Why a text is not a site's key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a site key: expected 1 to 40 of a-z, 0-9 and hyphen")]
pub struct ParseSiteKeyError(String);

impl SiteKey {
    /// The longest key, in characters.
    pub const CHARS_MAX: usize = 40;

    /// The key that stands where a record's site cannot be read: `-`, which no site should have.
    pub fn unreadable() -> Self {
        Self("-".to_owned())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SiteKey {
    type Err = ParseSiteKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for SiteKey {
    type Error = ParseSiteKeyError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if super::name::is_slug(&text, Self::CHARS_MAX) {
            Ok(Self(text))
        } else {
            Err(ParseSiteKeyError(text))
        }
    }
}

impl From<SiteKey> for String {
    fn from(key: SiteKey) -> Self {
        key.0
    }
}

impl fmt::Display for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
