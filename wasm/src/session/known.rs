use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::ordered::BTreeMap;

/// The documents that are here, and which of them changed.
#[derive(Debug, Default)]
pub(super) struct Known {
    documents: BTreeMap<Name, State>,
    /// What changed since it was asked last, once each.
    touched: Vec<Name>,
    /// Something changed that all answers depend on.
    all: bool,
}

#[derive(Debug, Default)]
struct State {
    is_here: bool,
    is_touched: bool,
    /// How often it changed.
    version: u32,
}

impl Known {
    /// A document is here.
    pub(super) fn learn(&mut self, name: &Name) {
        let state = self.documents.entry(name.clone()).or_default();
        if !std::mem::replace(&mut state.is_here, true) {
            self.note(name);
        }
    }

    /// A document is another than it was.
    pub(super) fn touch(&mut self, name: &Name) {
        let state = self.documents.entry(name.clone()).or_default();
        state.version += 1;
        self.note(name);
    }

    fn note(&mut self, name: &Name) {
        let state = self.documents.get_mut(name);
        if state.is_some_and(|state| !std::mem::replace(&mut state.is_touched, true)) {
            self.touched.push(name.clone());
        }
    }

    pub(super) const fn touch_all(&mut self) {
        self.all = true;
    }

    /// What is another whenever the document is.
    pub(super) fn version(&self, name: &Name) -> u32 {
        self.documents.get(name).map_or(0, |state| state.version)
    }

    pub(super) fn is_known(&self, name: &Name) -> bool {
        self.documents.get(name).is_some_and(|state| state.is_here)
    }

    /// The documents of a kind that are here, of one site or of all.
    pub(super) fn of(&self, kind: Kind, site: Option<&SiteKey>) -> impl Iterator<Item = &Name> {
        let wanted = move |name: &&Name| {
            name.kind() == kind && site.is_none_or(|site| name.site() == Some(site))
        };
        self.names().filter(wanted)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let documents = self.documents.iter();
        documents.filter_map(|(name, state)| state.is_here.then_some(name))
    }

    pub(super) const fn is_touched(&self) -> bool {
        self.all || !self.touched.is_empty()
    }

    /// What changed since the last time; `*` is everything.
    pub(super) fn take_touched(&mut self) -> Vec<String> {
        let touched = std::mem::take(&mut self.touched);
        let mut names = Vec::new();
        if std::mem::take(&mut self.all) {
            names.push("*".to_owned());
        }
        for name in touched {
            if let Some(state) = self.documents.get_mut(&name) {
                state.is_touched = false;
            }
            names.push(name.to_string());
        }
        names
    }
}
