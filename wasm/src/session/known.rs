use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::ordered::{BTreeMap, BTreeSet};

/// The documents that are here, and which of them changed.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: BTreeMap<(Kind, Option<SiteKey>), BTreeSet<Name>>,
    /// How often each changed; those that never did are left out.
    versions: BTreeMap<Name, u32>,
    /// What changed since it was asked last.
    touched: BTreeSet<Name>,
    /// Something changed that all answers depend on.
    all: bool,
}

impl Known {
    /// A document is here.
    pub(super) fn learn(&mut self, name: &Name) {
        let of = (name.kind(), name.site().cloned());
        if self.names.entry(of).or_default().insert(name.clone()) {
            self.touched.insert(name.clone());
        }
    }

    /// A document is another than it was.
    pub(super) fn touch(&mut self, name: &Name) {
        *self.versions.entry(name.clone()).or_default() += 1;
        self.touched.insert(name.clone());
    }

    pub(super) const fn touch_all(&mut self) {
        self.all = true;
    }

    /// What is another whenever the document is.
    pub(super) fn version(&self, name: &Name) -> u32 {
        self.versions.get(name).copied().unwrap_or(0)
    }

    pub(super) fn is_known(&self, name: &Name) -> bool {
        let of = (name.kind(), name.site().cloned());
        let names = self.names.get(&of);
        names.is_some_and(|names| names.contains(name))
    }

    /// The documents of a kind that are here, of one site or of all.
    pub(super) fn of<'a>(
        &'a self,
        kind: Kind,
        site: Option<&'a SiteKey>,
    ) -> impl Iterator<Item = &'a Name> {
        let wanted = move |of: &(Kind, Option<SiteKey>)| {
            of.0 == kind && site.is_none_or(|site| of.1.as_ref() == Some(site))
        };
        let all = self.names.iter();
        let found = all.filter(move |(of, _)| wanted(of));
        found.flat_map(|(_, names)| names.iter())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.names.values().flat_map(|names| names.iter())
    }

    pub(super) fn is_touched(&self) -> bool {
        self.all || !self.touched.is_empty()
    }

    /// What changed since the last time; `*` is everything.
    pub(super) fn take_touched(&mut self) -> Vec<String> {
        let touched = std::mem::take(&mut self.touched);
        let all = std::mem::take(&mut self.all).then(|| "*".to_owned());
        let names = touched.iter().map(ToString::to_string);
        all.into_iter().chain(names).collect()
    }
}
