//! The fixed first changes of each kind of document.
//!
//! Two replicas that each made the root maps would conflict, and what one of them holds would
//! vanish from view. So the containers are made once and for all by changes that are shipped as
//! bytes. A later version that needs more containers ships one more fixed change, built on the
//! earlier ones alone; a shipped change is never altered.

use automerge::Change;

use super::Kind;

impl Kind {
    /// The fixed changes that every document of this kind begins with: uncompressed Automerge
    /// change chunks, each depending on the one before.
    pub const fn genesis(self) -> &'static [&'static [u8]] {
        match self {
            Self::Sites => &[
                include_bytes!("genesis/sites-1.change"),
                include_bytes!("genesis/sites-2.change"),
                include_bytes!("genesis/sites-3.change"),
            ],
            Self::People => &[include_bytes!("genesis/people-1.change")],
            Self::Roster => &[include_bytes!("genesis/roster-1.change")],
            Self::Bookings => &[include_bytes!("genesis/bookings-1.change")],
            Self::Supplies => &[
                include_bytes!("genesis/supplies-1.change"),
                include_bytes!("genesis/supplies-2.change"),
            ],
            Self::Requests => &[
                include_bytes!("genesis/requests-1.change"),
                include_bytes!("genesis/requests-2.change"),
            ],
            Self::Cases => &[
                include_bytes!("genesis/cases-1.change"),
                include_bytes!("genesis/cases-2.change"),
            ],
            Self::School => &[include_bytes!("genesis/school-1.change")],
            Self::Courses => &[include_bytes!("genesis/courses-1.change")],
            Self::Inbox => &[
                include_bytes!("genesis/inbox-1.change"),
                include_bytes!("genesis/inbox-2.change"),
            ],
        }
    }

    /// The fixed changes, decoded.
    #[expect(
        clippy::expect_used,
        reason = "the bytes are shipped, and tests read each of them"
    )]
    pub fn genesis_changes(self) -> Vec<Change> {
        let decode = |bytes: &&[u8]| Change::try_from(*bytes).expect("shipped bytes are a change");
        self.genesis().iter().map(decode).collect()
    }
}

#[cfg(test)]
mod tests;
