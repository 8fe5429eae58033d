use serde::Serialize;

use super::{Rule, Text};
use crate::document::Name;

/// What a rule could not look at, because a document is not held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotChecked {
    /// The rule.
    pub rule: Rule,
    /// The documents that are missing, sorted.
    pub documents: Vec<Name>,
    /// What was not checked, for people.
    pub text: Text,
}
