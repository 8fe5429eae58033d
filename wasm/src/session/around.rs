use yilian_core::document::{Month, Name};
use yilian_core::ordered::BTreeSet;
use yilian_core::rules::{Findings, Holdings, findings};

use super::Session;

impl Session {
    /// What is known here that the findings of a month read: what has no month, and what is of the month or of those beside
    /// it. Open them before [`Session::findings`].
    #[must_use]
    pub fn around(&self, month: Month) -> Vec<Name> {
        let months: BTreeSet<Month> = [month.prev(), Some(month), month.next()]
            .into_iter()
            .flatten()
            .collect();
        let read = |name: &Name| match name {
            Name::Sites | Name::People { .. } | Name::Supplies { .. } | Name::Inbox { .. } => true,
            Name::Roster { month, .. } | Name::Bookings { month, .. } => months.contains(month),
            _ => false,
        };
        let mut names: BTreeSet<Name> = self.names().into_iter().filter(read).collect();
        names.insert(Name::Sites);
        names.into_iter().collect()
    }

    /// What the open documents, taken together, make no sense of; with a month, only what concerns it.
    #[must_use]
    pub fn findings(&self, month: Option<Month>, now_ms: u64) -> Findings {
        let mut holdings = Holdings::new(self.civil(now_ms));
        for live in self.open.values().filter_map(|open| open.live.as_ref()) {
            holdings.add(live);
        }
        findings(&holdings, month)
    }
}
