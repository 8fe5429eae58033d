use super::Holdings;
use super::context::PlacedShift;
use crate::document::{Name, SiteKey};
use crate::import::{name_key, phone_key};
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{Person, RecordId, Shift, View};

/// The people held, found by id and by name and site.
#[derive(Debug, Default)]
pub(crate) struct People<'a> {
    sites: BTreeSet<&'a SiteKey>,
    /// By name, then by site, in the order of the sites' keys.
    names: BTreeMap<String, Vec<(&'a SiteKey, Vec<&'a Person>)>>,
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
        Self::new(holdings.views())
    }

    /// The people of the `people/<site>` among these documents.
    pub(crate) fn new(documents: impl IntoIterator<Item = (&'a Name, &'a View)>) -> Self {
        let mut people = Self::default();
        let of_site = |(name, view): (&'a Name, &'a View)| match name {
            Name::People { site } => Some((site, view)),
            _ => None,
        };
        let mut sites: Vec<(&SiteKey, &View)> = documents.into_iter().filter_map(of_site).collect();
        ordered::sort_by_key(&mut sites, |(site, _)| *site);
        for (site, view) in sites {
            // A list without anyone in it says nothing about who is unknown.
            for (person, _) in View::present::<Person>(view) {
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

    pub(crate) fn are_held(&self, site: &SiteKey) -> bool {
        self.sites.contains(site)
    }

    /// Whether a site has somebody of this name.
    pub(super) fn has(&self, site: &SiteKey, name: &str) -> bool {
        !self.namesakes(name, site).is_empty()
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
        let of_name = self.namesakes(whom.name, whom.home);
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
    pub(super) fn identity(&self, placed: &PlacedShift<'_>) -> Option<RecordId> {
        self.identity_as(placed.who, placed.shift, placed.site)
    }

    /// Who is on a shift at a site, likewise.
    pub(crate) fn on_duty(&self, shift: &Shift, site: &SiteKey) -> Option<RecordId> {
        self.identity_as(self.who(shift, site), shift, site)
    }

    fn identity_as(&self, who: Who<'_>, shift: &Shift, site: &SiteKey) -> Option<RecordId> {
        let id = match who {
            Who::Known(person) => person.id,
            Who::Namesakes => return None,
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
