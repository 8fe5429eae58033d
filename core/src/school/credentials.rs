use jiff::civil::Date;

use super::validity::covers;
use crate::document::{Name, SiteKey};
use crate::import::word;
use crate::ordered::{self, BTreeMap};
use crate::records::{Certificate, Qualification, RecordId, Shift, View};
use crate::rules::{People, Whom};

/// Which certificates people have: the one place that says whose are valid on a day.
///
/// Two sorts count alike: what a school of the network issued ([`Certificate`]), and what somebody brought along and their site
/// has on file ([`Qualification`]). Each is valid from the day of its issue to the last of its days, both included, and no longer
/// than until it was revoked. A certificate's name is compared without blanks and in any case.
///
/// Whose one is follows as for shifts: the person it names, or else the one of that name at their site.
#[derive(Debug, Default)]
pub struct Credentials<'a> {
    people: People<'a>,
    all: BTreeMap<RecordId, Vec<Credential<'a>>>,
}

/// A certificate that somebody has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credential<'a> {
    /// The document it is in.
    pub document: &'a Name,
    /// The record.
    pub source: Source<'a>,
}

/// What somebody has it from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each holds the record of its name")]
pub enum Source<'a> {
    Certificate(&'a Certificate),
    Qualification(&'a Qualification),
}

impl<'a> Credentials<'a> {
    /// What the `people/<site>` and `school/<site>` among these documents say.
    pub fn new<D>(documents: D) -> Self
    where
        D: IntoIterator<Item = (&'a Name, &'a View)> + Clone,
    {
        let mut credentials = Self {
            people: People::new(documents.clone()),
            all: BTreeMap::new(),
        };
        for (name, view) in documents {
            match name {
                Name::School { site } => credentials.add_certificates(name, site, view),
                Name::People { .. } => credentials.add_qualifications(name, view),
                _ => {}
            }
        }
        for of_person in credentials.all.values_mut() {
            ordered::sort_by_key(of_person, |one| (one.from(), one.record()));
        }
        credentials
    }

    fn add_certificates(&mut self, document: &'a Name, site: &'a SiteKey, view: &'a View) {
        for (certificate, _) in view.present::<Certificate>() {
            let whom = Whom {
                name: &certificate.name,
                phone: &certificate.phone,
                person: certificate.person,
                home: certificate.home.as_ref().unwrap_or(site),
            };
            let source = Source::Certificate(certificate);
            self.add(self.people.whom(&whom), Credential { document, source });
        }
    }

    fn add_qualifications(&mut self, document: &'a Name, view: &'a View) {
        for (qualification, _) in view.present::<Qualification>() {
            let person = qualification.person.map(|id| self.people.one(id));
            let source = Source::Qualification(qualification);
            self.add(person, Credential { document, source });
        }
    }

    fn add(&mut self, person: Option<RecordId>, credential: Credential<'a>) {
        if let Some(person) = person {
            self.all.entry(person).or_default().push(credential);
        }
    }

    /// Who is on a shift at a site, as these answers know people; none where several may be meant.
    #[must_use]
    pub fn on_duty(&self, shift: &Shift, site: &SiteKey) -> Option<RecordId> {
        self.people.on_duty(shift, site)
    }

    /// Who somebody is, as these answers know people; none where several may be meant. `home` is the site they work at.
    #[must_use]
    pub fn known_as(
        &self,
        name: &str,
        phone: &str,
        person: Option<RecordId>,
        home: &SiteKey,
    ) -> Option<RecordId> {
        self.people.whom(&Whom {
            name,
            phone,
            person,
            home,
        })
    }

    /// Everything that somebody has, valid or not, the oldest first.
    #[must_use]
    pub fn of(&self, person: RecordId) -> &[Credential<'a>] {
        self.all
            .get(&self.people.one(person))
            .map_or(&[], Vec::as_slice)
    }

    /// Everything that anybody has, by person.
    pub fn all(&self) -> impl Iterator<Item = (RecordId, &[Credential<'a>])> {
        self.all.iter().map(|(person, of)| (*person, of.as_slice()))
    }

    /// What of one name somebody has, valid or not, the oldest first.
    pub fn of_name(
        &self,
        person: RecordId,
        certificate: &str,
    ) -> impl DoubleEndedIterator<Item = &Credential<'a>> {
        let wanted = word(certificate);
        let of_person = self.of(person).iter();
        of_person.filter(move |one| word(one.name()) == wanted)
    }

    /// What makes somebody hold a certificate on a day: of several, the one that is valid for longest.
    #[must_use]
    pub fn valid(&self, person: RecordId, certificate: &str, day: Date) -> Option<&Credential<'a>> {
        let held = self.of_name(person, certificate);
        let held = held.filter(|one| one.is_valid(day));
        held.max_by_key(|one| (one.until().is_none(), one.until(), one.record()))
    }
}

impl<'a> Credential<'a> {
    /// What it certifies.
    #[must_use]
    pub fn name(&self) -> &'a str {
        match self.source {
            Source::Certificate(one) => &one.certificate,
            Source::Qualification(one) => &one.certificate,
        }
    }

    /// The first day on which it is valid, where that is stated.
    #[must_use]
    pub const fn from(&self) -> Option<Date> {
        match self.source {
            Source::Certificate(one) => one.issued_on,
            Source::Qualification(one) => one.issued_on,
        }
    }

    /// The last day on which it is valid; none where it is for ever.
    #[must_use]
    pub fn until(&self) -> Option<Date> {
        match self.source {
            Source::Certificate(one) => {
                let revoked = one.revoked_on;
                let last = revoked.map(|day| day.yesterday().unwrap_or(day));
                match (one.expires_on, last) {
                    (Some(expires), Some(last)) => Some(expires.min(last)),
                    (expires, last) => expires.or(last),
                }
            }
            Source::Qualification(one) => one.expires_on,
        }
    }

    /// Whether it is valid on a day.
    #[must_use]
    pub fn is_valid(&self, day: Date) -> bool {
        // A school's certificate that does not say since when was never issued.
        let issued = matches!(self.source, Source::Qualification(_)) || self.from().is_some();
        issued && covers(self.from(), self.until(), day)
    }

    /// The record's id.
    #[must_use]
    pub const fn record(&self) -> RecordId {
        match self.source {
            Source::Certificate(one) => one.id,
            Source::Qualification(one) => one.id,
        }
    }
}
