use std::fmt;

use serde::{Deserialize, Serialize};

/// A language the library speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// What a person reads, in both languages.
///
/// Both are written at the same place in the source, so that neither lags behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The two wordings of one thing.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The two wordings of one thing, each with what it is about filled in.
    #[must_use]
    pub fn of(zh: fmt::Arguments<'_>, en: fmt::Arguments<'_>) -> Self {
        Self {
            zh: zh.to_string(),
            en: en.to_string(),
        }
    }

    /// The wording in `language`.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}
