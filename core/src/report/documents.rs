use super::Cell;
use crate::document::{Kind, Name, SiteKey};
use crate::matrix::Directory;
use crate::ordered::BTreeMap;
use crate::records::{Entry, Person, RecordId, Shift, Site, View};
use crate::rules::Text;

/// The documents that a report is made from: the views of those that are at hand, by name.
#[derive(Debug, Clone, Default)]
pub struct Documents<'a> {
    views: BTreeMap<Name, &'a View>,
}

impl<'a> Documents<'a> {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document.
    pub fn add(&mut self, name: Name, view: &'a View) {
        self.views.insert(name, view);
    }

    /// The documents of a kind, by name.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Name, &'a View)> {
        self.views
            .iter()
            .filter(move |(name, _)| name.kind() == kind)
            .map(|(name, view)| (name, *view))
    }

    /// A document, where it is at hand.
    pub(super) fn view(&self, name: &Name) -> Option<&'a View> {
        self.views.get(name).copied()
    }

    /// The site of a key, where the network's list is at hand and has it.
    #[must_use]
    pub fn site(&self, key: &SiteKey) -> Option<&'a Site> {
        self.views.get(&Name::Sites)?.get(Site::id_of(key))
    }

    /// What people call a site: its name, or its key where nothing else is known.
    #[must_use]
    pub fn site_name(&self, key: &SiteKey) -> String {
        self.site(key)
            .map(|site| site.name.trim())
            .filter(|name| !name.is_empty())
            .map_or_else(|| key.to_string(), str::to_owned)
    }

    /// A site as a cell.
    #[must_use]
    pub fn site_cell(&self, key: &SiteKey) -> Cell {
        let name = self.site_name(key);
        Cell::Named(key.to_string(), Text::new(name.clone(), name))
    }

    /// A title, which begins with the site where it is about one.
    pub(super) fn title(&self, site: Option<&SiteKey>, zh: &str, en: &str) -> Text {
        match site.map(|site| self.site_name(site)) {
            Some(site) => Text::new(format!("{site}　{zh}"), format!("{site}: {en}")),
            None => Text::new(zh, en),
        }
    }

    /// What the network's list says of sites and venues.
    pub(super) fn directory(&self) -> Directory<'a> {
        let sites = self.view(&Name::Sites);
        sites.map_or_else(Directory::empty, Directory::new)
    }

    /// Someone of a site, where its people are at hand.
    pub(super) fn person(&self, site: &SiteKey, id: RecordId) -> Option<&'a Person> {
        let name = Name::People { site: site.clone() };
        self.views.get(&name)?.get(id)
    }

    /// Every shift with its entry and the site whose roster it is on, removed ones included. The roster says whose it is: a
    /// field may be lost or contested, a name is not.
    pub(super) fn shifts(&self) -> impl Iterator<Item = (&Name, &SiteKey, &'a Shift, &'a Entry)> {
        self.of_kind(Kind::Roster)
            .filter_map(|(name, view)| Some((name, name.site()?, view)))
            .flat_map(|(name, site, view)| {
                let shifts = view.all::<Shift>();
                shifts.map(move |(shift, entry)| (name, site, shift, entry))
            })
    }
}
