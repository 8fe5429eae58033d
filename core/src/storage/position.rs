use std::fmt;

/// How far a store has come: the number of its last commit that changed a document.
///
/// Positions of one store only grow, and every document knows the position of its last change, so "what changed since
/// position *p*" is answered without reading changes. A position says nothing to another store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl Position {
    /// Before the first commit.
    pub const START: Self = Self(0);

    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        // 2^64 commits take longer than any machine lives.
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
