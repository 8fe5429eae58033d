use super::clean;
use crate::document::{Name, SiteKey};
use crate::ordered::BTreeMap;
use crate::records::{Entry, Person, RecordKind, Site, View};

/// What is held when a file is imported: `sites`, and for the sites a file may name, `people/<site>` and
/// `roster/<site>/<month>`.
///
/// A document that is not here counts as not held: names of its people are then kept as written, and its rows are new.
#[derive(Debug, Clone, Default)]
pub struct Held<'a> {
    views: BTreeMap<Name, &'a View>,
}

impl<'a> Held<'a> {
    /// Nothing held.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document.
    #[must_use]
    pub fn with(mut self, name: Name, view: &'a View) -> Self {
        self.views.insert(name, view);
        self
    }

    /// A document, if it is held.
    #[must_use]
    pub fn view(&self, name: &Name) -> Option<&'a View> {
        self.views.get(name).copied()
    }

    /// The records of a kind in every document that holds some, removed ones included.
    pub(super) fn records(
        &self,
        kind: &RecordKind,
    ) -> impl Iterator<Item = (&Name, &'a Entry)> + use<'_, 'a> {
        let (collection, holder) = (kind.collection, kind.document_kind());
        self.views
            .iter()
            .filter(move |(name, _)| Some(name.kind()) == holder)
            .flat_map(move |(name, view)| view.entries(collection).map(move |entry| (name, entry)))
    }

    fn sites(&self) -> impl Iterator<Item = &'a Site> {
        let view = self.view(&Name::Sites);
        view.into_iter()
            .flat_map(View::present::<Site>)
            .map(|(site, _)| site)
    }

    pub(super) fn knows_sites(&self) -> bool {
        self.sites().next().is_some()
    }

    /// The site that a cell names by its key or its name.
    pub(super) fn site(&self, text: &str) -> SiteRef {
        let key = clean::word(text).parse::<SiteKey>().ok();
        if let Some(key) = &key
            && self.sites().any(|site| site.key == *key)
        {
            return SiteRef::Known(key.clone());
        }
        let wanted = clean::name_key(text);
        let mut named = self
            .sites()
            .filter(|site| clean::name_key(&site.name) == wanted);
        match (named.next(), named.next()) {
            (Some(site), None) => return SiteRef::Known(site.key.clone()),
            (Some(_), Some(_)) => return SiteRef::Several,
            (None, _) => {}
        }
        key.map_or(SiteRef::None, SiteRef::Unheard)
    }

    /// The people of a site who have this name, removed ones not among them; none where they are not held.
    pub(super) fn people(&self, site: &SiteKey, name: &str) -> Option<Vec<&'a Person>> {
        let view = self.view(&Name::People { site: site.clone() })?;
        let wanted = clean::name_key(name);
        Some(
            view.present::<Person>()
                .map(|(person, _)| person)
                .filter(|person| clean::name_key(&person.name) == wanted)
                .collect(),
        )
    }
}

/// What a cell that names a site means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SiteRef {
    /// One of the network's sites.
    Known(SiteKey),
    /// A well-formed key that no held site has.
    Unheard(SiteKey),
    /// A name that several sites have.
    Several,
    /// Neither a key nor a site's name.
    None,
}
