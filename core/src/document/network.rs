use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a network: what a hub and its sites have in common.
///
/// It is part of every document id, so two networks on one relay never share a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(String);

/// Why a text is not a network's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a network name: expected 1 to 64 of a-z, 0-9 and hyphen")]
pub struct ParseNetworkError(String);

impl Network {
    /// The longest name, in characters.
    pub const CHARS_MAX: usize = 64;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Network {
    type Error = ParseNetworkError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if super::name::is_slug(&text, Self::CHARS_MAX) {
            Ok(Self(text))
        } else {
            Err(ParseNetworkError(text))
        }
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.0
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
