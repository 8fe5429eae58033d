use super::Holdings;
use crate::document::{Name, SiteKey};
use crate::import::{name_key, phone_key};
use crate::ordered::BTreeMap;
use crate::records::{Person, RecordId, Shift, View};

/// The people held, found by id and by site and name.
#[derive(Debug, Default)]
pub(crate) struct People<'a> {
    sites: BTreeMap<&'a SiteKey, BTreeMap<String, Vec<&'a Person>>>,
    ids: BTreeMap<RecordId, &'a Person>,
    /// Those entered twice (same site, name and phone), to the one they all count as.
    same: BTreeMap<RecordId, RecordId>,
}

/// Whom a record of a night school names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whom<'r> {
    pub(crate) name: &'r str,
    /// Their telephone number, where it says one.
    pub(crate) phone: &'r str,
    pub(crate) person: Option<RecordId>,
    /// The site they work at.
    pub(crate) home: &'r SiteKey,
}

/// Whom a shift names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Who<'a> {
    /// This person.
    Known(&'a Person),
    /// One of several people of the site with this name.
    Namesakes(Vec<&'a Person>),
    /// Nobody of the site.
    Unknown,
    /// The site's people are not held.
    NotHeld,
}

impl<'a> People<'a> {
    pub(super) fn of(holdings: &'a Holdings<'_>) -> Self {
        Self::new(holdings.views())
    }

    /// The people of the `people/<site>` among these documents.
    pub(crate) fn new(documents: impl IntoIterator<Item = (&'a Name, &'a View)>) -> Self {
        let mut people = Self::default();
        for (name, view) in documents {
            let Name::People { site } = name else {
                continue;
            };
            let mut names: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
            for (person, _) in View::present::<Person>(view) {
                people.ids.insert(person.id, person);
                names
                    .entry(name_key(&person.name))
                    .or_default()
                    .push(person);
            }
            for namesakes in names.values_mut() {
                let mut distinct: Vec<&Person> = Vec::new();
                for person in namesakes.drain(..) {
                    let phone = phone_key(&person.phone);
                    let same = distinct
                        .iter()
                        .find(|other| !phone.is_empty() && phone_key(&other.phone) == phone);
                    match same {
                        Some(other) => {
                            people.same.insert(person.id, other.id);
                        }
                        None => distinct.push(person),
                    }
                }
                *namesakes = distinct;
            }
            // A list without anyone in it says nothing about who is unknown.
            if !names.is_empty() {
                people.sites.insert(site, names);
            }
        }
        people
    }

    pub(super) fn by_id(&self, id: RecordId) -> Option<&'a Person> {
        self.ids.get(&id).copied()
    }

    pub(crate) fn are_held(&self, site: &SiteKey) -> bool {
        self.sites.contains_key(site)
    }

    /// Whether a site has somebody of this name.
    pub(super) fn has(&self, site: &SiteKey, name: &str) -> bool {
        let names = self.sites.get(site);
        names.is_some_and(|names| names.contains_key(&name_key(name)))
    }

    /// The sites that have someone of this name, other than `but`.
    pub(super) fn elsewhere(&self, name: &str, but: &SiteKey) -> Vec<(&'a SiteKey, &'a Person)> {
        let wanted = name_key(name);
        self.sites
            .iter()
            .filter(|(site, _)| **site != but)
            .filter_map(|(site, names)| match names.get(&wanted)?.as_slice() {
                [person] => Some((*site, *person)),
                _ => None,
            })
            .collect()
    }

    /// Whom a shift at `site` names.
    pub(super) fn who(&self, shift: &Shift, site: &SiteKey) -> Who<'a> {
        if let Some(person) = shift.person.and_then(|id| self.by_id(id)) {
            return Who::Known(person);
        }
        let Some(names) = self.sites.get(shift.lent_by.as_ref().unwrap_or(site)) else {
            return Who::NotHeld;
        };
        match names.get(&name_key(&shift.name)).map(Vec::as_slice) {
            None | Some([]) => Who::Unknown,
            Some([person]) => Who::Known(person),
            Some(several) => Who::Namesakes(several.to_vec()),
        }
    }

    /// Whom a record of a night school names; none where several may be meant. One whose telephone number is none of theirs is
    /// nobody of the site, whatever the name.
    pub(crate) fn whom(&self, whom: &Whom<'_>) -> Option<RecordId> {
        let key = name_key(whom.name);
        if let Some(id) = whom.person {
            return Some(self.one(id));
        }
        if key.is_empty() {
            return None;
        }
        let phone = phone_key(whom.phone);
        let of_name = self.sites.get(whom.home).and_then(|names| names.get(&key));
        let of_name = of_name.map_or(&[][..], Vec::as_slice);
        let number = |person: &&&Person| phone_key(&person.phone);
        let mut exact = of_name
            .iter()
            .filter(|person| !phone.is_empty() && number(person) == phone);
        if let Some(person) = exact.next() {
            return Some(self.one(person.id));
        }
        let may_be = |person: &&&Person| phone.is_empty() || number(person).is_empty();
        let mut candidates = of_name.iter().filter(may_be);
        match (candidates.next(), candidates.next()) {
            (Some(person), None) => Some(self.one(person.id)),
            (Some(_), Some(_)) => None,
            // Where the people are not held, the id that an import gives to the only one of this name.
            (None, _) if !self.are_held(whom.home) => Some(Person::id_of_row(whom.home, &key, "")),
            (None, _) => Some(Person::id_of_row(whom.home, &key, &phone)),
        }
    }

    /// The one whom those count as that were entered twice.
    pub(crate) fn one(&self, id: RecordId) -> RecordId {
        self.same.get(&id).copied().unwrap_or(id)
    }

    /// What is the same for two shifts of one person; none where it cannot be told.
    pub(crate) fn identity(&self, shift: &Shift, site: &SiteKey) -> Option<RecordId> {
        let id = match self.who(shift, site) {
            Who::Known(person) => person.id,
            Who::Namesakes(_) => return None,
            Who::Unknown | Who::NotHeld => match shift.person {
                Some(id) => id,
                None if shift.name.is_empty() => return None,
                // The id that an import gives to the only one of this name, whether or not their record is held.
                None => {
                    let home = shift.lent_by.as_ref().unwrap_or(site);
                    Person::id_of_row(home, &name_key(&shift.name), "")
                }
            },
        };
        Some(self.one(id))
    }
}
