use super::Holdings;
use crate::document::{Name, SiteKey};
use crate::import::{name_key, phone_key};
use crate::ordered::BTreeMap;
use crate::records::{Person, RecordId, Shift, View};

/// The people held, found by id and by site and name.
#[derive(Debug, Default)]
pub(super) struct People<'a> {
    sites: BTreeMap<&'a SiteKey, BTreeMap<String, Vec<&'a Person>>>,
    ids: BTreeMap<RecordId, &'a Person>,
    /// Those entered twice (same site, name and phone), to the one they all count as.
    same: BTreeMap<RecordId, RecordId>,
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
        let mut people = Self::default();
        for (name, holding) in &holdings.documents {
            let Name::People { site } = name else {
                continue;
            };
            let mut names: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
            for (person, _) in View::present::<Person>(holding.view) {
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

    pub(super) fn are_held(&self, site: &SiteKey) -> bool {
        self.sites.contains_key(site)
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

    /// What is the same for two shifts of one person; none where it cannot be told.
    pub(super) fn identity(&self, shift: &Shift, site: &SiteKey) -> Option<RecordId> {
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
        Some(self.same.get(&id).copied().unwrap_or(id))
    }
}
