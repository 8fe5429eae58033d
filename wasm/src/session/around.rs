use yilian_core::document::{Month, Name};
use yilian_core::ordered::BTreeSet;
use yilian_core::rules::{Findings, Holdings, findings, reads};

use super::Session;

impl Session {
    /// What is known here that the findings of a month read. Open them before [`Session::findings`].
    #[must_use]
    pub fn around(&self, month: Month) -> Vec<Name> {
        let read = self.known.names();
        let read = read.filter(|name| reads(name, Some(month)));
        let mut names: BTreeSet<Name> = read.cloned().collect();
        names.insert(Name::Sites);
        names.into_iter().collect()
    }

    /// What the open documents, taken together, make no sense of; with a month, only what concerns it.
    #[must_use]
    pub fn findings(&self, month: Option<Month>, now_ms: u64) -> Findings {
        let mut holdings = Holdings::new(self.civil(now_ms));
        holdings.set_network(self.network.clone());
        for live in self.open.values().filter_map(|open| open.live.as_ref()) {
            holdings.add(live);
        }
        // What is kept in step and is not here, nobody has begun.
        let courses = self.known.names().filter_map(|name| match name {
            Name::Courses { site } => Some(Name::School { site: site.clone() }),
            _ => None,
        });
        for name in courses {
            if !self.known.is_known(&name) && self.is_kept_in_step(&name) {
                holdings.add_empty(name);
            }
        }
        findings(&holdings, month)
    }
}
