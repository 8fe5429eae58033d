use super::Holdings;
use super::context::PlacedShift;
use crate::document::{Name, SiteKey};
use crate::import::{name_key, phone_key};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Person, RecordId, Shift, View};

/// The people held, found by id and by name and site.
#[derive(Debug, Default)]
pub(super) struct People<'a> {
    sites: BTreeSet<&'a SiteKey>,
    /// By name, then by site, in the order of the sites' keys.
    names: BTreeMap<String, Vec<(&'a SiteKey, Vec<&'a Person>)>>,
    ids: BTreeMap<RecordId, &'a Person>,
    /// Those entered twice (same site, name and phone), to the one they all count as.
    same: BTreeMap<RecordId, RecordId>,
}

/// Whom a shift names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Who<'a> {
    /// This person.
    Known(&'a Person),
    /// One of [several](People::namesakes) people of the site with this name.
    Namesakes,
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
            // A list without anyone in it says nothing about who is unknown.
            for (person, _) in View::present::<Person>(holding.view) {
                people.sites.insert(site);
                people.add(site, person);
            }
        }
        people.tell_apart();
        people
    }

    /// Adds a person of a site; the sites come in the order of their keys.
    fn add(&mut self, site: &'a SiteKey, person: &'a Person) {
        self.ids.insert(person.id, person);
        let places = self.names.entry(name_key(&person.name)).or_default();
        match places.last_mut() {
            Some((last, namesakes)) if *last == site => namesakes.push(person),
            _ => places.push((site, vec![person])),
        }
    }

    /// Makes one of those who were entered twice.
    fn tell_apart(&mut self) {
        let places = self.names.values_mut().flatten();
        for (_, namesakes) in places.filter(|(_, namesakes)| namesakes.len() > 1) {
            let mut phones: BTreeMap<String, RecordId> = BTreeMap::new();
            namesakes.retain(|person| {
                let phone = phone_key(&person.phone);
                if phone.is_empty() {
                    return true;
                }
                let first = *phones.entry(phone).or_insert(person.id);
                if first != person.id {
                    self.same.insert(person.id, first);
                }
                first == person.id
            });
        }
    }

    pub(super) fn by_id(&self, id: RecordId) -> Option<&'a Person> {
        self.ids.get(&id).copied()
    }

    pub(super) fn are_held(&self, site: &SiteKey) -> bool {
        self.sites.contains(site)
    }

    /// The sites that have someone of this name, other than `but`.
    pub(super) fn elsewhere(&self, name: &str, but: &SiteKey) -> Vec<(&'a SiteKey, &'a Person)> {
        let places = self.names.get(&name_key(name)).into_iter().flatten();
        let others = places.filter(|(site, _)| *site != but);
        others
            .filter_map(|(site, people)| match people.as_slice() {
                [person] => Some((*site, *person)),
                _ => None,
            })
            .collect()
    }

    /// The people of a site who have a name, each once.
    pub(super) fn namesakes(&self, name: &str, site: &SiteKey) -> &[&'a Person] {
        let places = self.names.get(&name_key(name));
        let places = places.map_or(&[][..], Vec::as_slice);
        let place = places.binary_search_by_key(&site, |(site, _)| site);
        let place = place.ok().and_then(|place| places.get(place));
        place.map_or(&[], |(_, people)| people)
    }

    /// Whom a shift at `site` names.
    pub(super) fn who(&self, shift: &Shift, site: &SiteKey) -> Who<'a> {
        if let Some(person) = shift.person.and_then(|id| self.by_id(id)) {
            return Who::Known(person);
        }
        let home = shift.lent_by.as_ref().unwrap_or(site);
        if !self.are_held(home) {
            return Who::NotHeld;
        }
        match self.namesakes(&shift.name, home) {
            [] => Who::Unknown,
            [person] => Who::Known(person),
            [..] => Who::Namesakes,
        }
    }

    /// What is the same for two shifts of one person; none where it cannot be told.
    pub(super) fn identity(&self, placed: &PlacedShift<'_>) -> Option<RecordId> {
        let shift = placed.shift;
        let id = match placed.who {
            Who::Known(person) => person.id,
            Who::Namesakes => return None,
            Who::Unknown | Who::NotHeld => match shift.person {
                Some(id) => id,
                None if shift.name.is_empty() => return None,
                // The id that an import gives to the only one of this name, whether or not their record is held.
                None => {
                    let home = shift.lent_by.as_ref().unwrap_or(placed.site);
                    Person::id_of_row(home, &name_key(&shift.name), "")
                }
            },
        };
        Some(self.same.get(&id).copied().unwrap_or(id))
    }
}
