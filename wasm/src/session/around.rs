use yilian_core::document::{Month, Name};
use yilian_core::ordered::BTreeSet;
use yilian_core::rules::{Findings, Holdings, findings, is_settled, may_settle, reads};

use super::Session;

/// As many documents are looked at in one go for whether they are settled: each takes all rules.
const LOOKED_AT: usize = 1_000;

impl Session {
    /// What is known here that the findings of a month read. Open them before [`Session::findings`].
    ///
    /// Submissions and cases that no rule will say anything about until they change need not be open; which these are is learnt by
    /// looking for findings.
    #[must_use]
    pub fn around(&self, month: Month) -> Vec<Name> {
        let read = self.known.names();
        let read = read.filter(|name| reads(name, Some(month)) && !self.is_settled(name));
        let mut names: BTreeSet<Name> = read.cloned().collect();
        names.insert(Name::Sites);
        names.into_iter().collect()
    }

    /// What the open documents, taken together, make no sense of; with a month, only what concerns it.
    #[must_use]
    pub fn findings(&self, month: Option<Month>, now_ms: u64) -> Findings {
        let mut holdings = Holdings::new(self.civil(now_ms));
        holdings.set_network(self.network.clone());
        let settled = self.known.names().filter(|name| self.is_settled(name));
        settled.for_each(|name| holdings.add_settled(name.clone()));
        let mut looks = LOOKED_AT;
        for open in self.open.values() {
            let Some(live) = &open.live else { continue };
            holdings.add(live);
            let state = self.known.version(&open.name).to_string();
            let is_news = may_settle(&open.name)
                && open.applied >= open.durable
                && self.kept.get::<bool>(&key(&open.name), &state).is_none();
            if is_news && looks > 0 {
                looks -= 1;
                self.kept
                    .put(key(&open.name), state, true, is_settled(live));
            }
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

    /// Whether it is known that no rule will say anything about a document until it changes, and a change would be heard of.
    fn is_settled(&self, name: &Name) -> bool {
        may_settle(name) && self.is_kept_in_step(name) && {
            let state = self.known.version(name).to_string();
            let settled = self.kept.get::<bool>(&key(name), &state);
            settled.is_some_and(|settled| *settled)
        }
    }
}

fn key(name: &Name) -> String {
    format!("settled {name}")
}
