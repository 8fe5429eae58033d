//! Where records are, what they are known by, and what changing one of them comes down to: all of it from the tables.

use jiff::civil::DateTime;

use super::entry::title;
use super::{
    CONFIRMED_BY, CONFIRMED_FOR, Edit, Entry, FieldReader, REMOVED_AT, RecordId, RecordKind, Value,
    write_date_time,
};
use crate::document::{Kind, Month, Name, SiteKey};
use crate::import::phone_key;
use crate::ordered::BTreeMap;

/// The field of a telephone number.
const PHONE: &str = "phone";

/// Why a record cannot be changed as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// Another value makes another record: remove this one and add that one.
    #[error("{field} cannot change: the record is known by it; remove it, and add another")]
    KnownBy {
        /// The field's name.
        field: &'static str,
    },
    /// A record stays at its site: remove it here and add it there.
    #[error("the record stays at {site}; remove it here, and add it there")]
    OtherSite {
        /// Where it is.
        site: SiteKey,
    },
    /// Records of this kind are written once and never changed.
    #[error("a {} is written once and never changed", .kind)]
    Once {
        /// What people call one.
        kind: &'static str,
    },
}

impl RecordKind {
    /// The kind of document that holds records of this kind; none where several kinds do, or where no field of theirs tells the
    /// code in the document's name.
    pub fn document_kind(&self) -> Option<Kind> {
        let mut kinds = Kind::ALL
            .into_iter()
            .filter(|kind| kind.keeps(self.collection));
        match (kinds.next(), kinds.next()) {
            (Some(Kind::Inbox) | None, _) | (_, Some(_)) => None,
            (Some(Kind::Cases), None) if !self.has("case") => None,
            (kind, None) => kind,
        }
    }

    /// Whether records of this kind have a field of this name.
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known.name == field)
    }

    /// The document for a record with these fields. `site` is whose it is where no field tells.
    pub fn place(&self, site: Option<&SiteKey>, fields: &BTreeMap<String, Value>) -> Option<Name> {
        let reader = FieldReader::new(fields);
        let site = || {
            let own = self.has("site").then(|| reader.site("site")).flatten();
            own.or_else(|| site.cloned())
        };
        let month = || Month::of(reader.time(self.lasts?.0)?.date()).ok();
        Some(match self.document_kind()? {
            Kind::Sites => Name::Sites,
            Kind::People => Name::People { site: site()? },
            Kind::Roster => Name::Roster {
                site: site()?,
                month: month()?,
            },
            Kind::Bookings => Name::Bookings {
                site: site()?,
                month: month()?,
            },
            Kind::Supplies => Name::Supplies { site: site()? },
            Kind::Requests => Name::Requests {
                site: site()?,
                month: month()?,
            },
            Kind::School => Name::School { site: site()? },
            Kind::Courses => Name::Courses { site: site()? },
            Kind::Cases => Name::case(site()?, reader.str("case")?)?,
            Kind::Inbox => return None,
        })
    }

    /// The id that follows from a record's own fields, the same on every replica; none where ids are drawn, or a required field
    /// is missing that it follows from. A telephone number counts by its digits.
    pub fn own_id(&self, fields: &BTreeMap<String, Value>) -> Option<RecordId> {
        if self.known_by.is_empty() {
            return None;
        }
        let may_be_empty = |field: &str| {
            let known = self.fields.iter().find(|known| known.name == field);
            known.is_some_and(|known| !known.required)
        };
        let part = |field: &&str| {
            let text = fields.get(*field).map(Value::to_string);
            let text = text.unwrap_or_default();
            let text = match *field {
                PHONE => phone_key(&text),
                _ => text,
            };
            (!text.is_empty() || may_be_empty(field)).then_some(text)
        };
        let parts: Option<Vec<String>> = self.known_by.iter().map(part).collect();
        let parts = parts?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Some(self.natural_id(&parts))
    }

    /// The field that says an end which is not after the start: of what lasts, and of days `from` one `until` another.
    pub fn ends_early(&self, fields: &BTreeMap<String, Value>) -> Option<&'static str> {
        let reader = FieldReader::new(fields);
        let (start, end) = match self.lasts {
            Some((start, end)) => (start, end),
            None if self.has("from") && self.has("until") => ("from", "until"),
            None => return None,
        };
        let is_early = match self.lasts {
            Some(_) => reader.time(end)? <= reader.time(start)?,
            // As text, days are in the order that they are in.
            None => reader.str(end)? < reader.str(start)?,
        };
        is_early.then_some(end)
    }

    /// What people call a record with these fields: when it starts, and its name or else the first of its texts.
    pub fn caption(&self, fields: &BTreeMap<String, Value>) -> String {
        let reader = FieldReader::new(fields);
        let start = self.lasts.and_then(|(start, _)| reader.time(start));
        let start = start.map(|start| write_date_time(start).replace('T', " "));
        let mut words: Vec<String> = start.into_iter().collect();
        let title = title(Some(self), reader);
        if title.is_empty() {
            let known = self.known_by.iter().filter_map(|field| fields.get(*field));
            words.extend(known.map(Value::to_string));
        } else {
            words.push(title.to_owned());
        }
        words.join(" ")
    }

    /// The edits that set fields of a record, which is in `document`.
    ///
    /// A record that starts in another month now moves to that month's document: it keeps its id there, and is removed here.
    /// Changing what a confirmation is about takes the confirmation back.
    ///
    /// # Errors
    /// The fields cannot change so; see [`ChangeError`].
    pub fn change(
        &self,
        document: &Name,
        entry: &Entry,
        mut fields: BTreeMap<String, Value>,
        now: DateTime,
    ) -> Result<Vec<Edit>, ChangeError> {
        if self.once && !fields.is_empty() {
            return Err(ChangeError::Once {
                kind: self.label.en,
            });
        }
        let held = entry.fields();
        let is_new = |field: &str| {
            let held = held.get(field);
            fields.get(field).is_some_and(|value| Some(value) != held)
        };
        let known = |field: &&&str| is_new(field) && held.contains_key(**field);
        if let Some(field) = self.known_by.iter().find(known) {
            return Err(ChangeError::KnownBy { field });
        }
        let was_confirmed = FieldReader::new(held).str(CONFIRMED_BY).is_some();
        let takes_back = was_confirmed && self.claims.iter().any(|field| is_new(field));
        if takes_back && !fields.contains_key(CONFIRMED_BY) {
            fields.insert(CONFIRMED_BY.to_owned(), Value::from(""));
        }
        let mut all = held.clone();
        for (field, value) in &fields {
            all.insert(field.clone(), value.clone());
        }
        if self.takes_turns() && fields.contains_key(CONFIRMED_BY) {
            let is_confirmed = FieldReader::new(&all).str(CONFIRMED_BY).is_some();
            let promised = is_confirmed.then(|| self.claimed(&all));
            let promised = Value::from(promised.unwrap_or_default());
            if held.contains_key(CONFIRMED_FOR) || is_confirmed {
                fields.insert(CONFIRMED_FOR.to_owned(), promised.clone());
                all.insert(CONFIRMED_FOR.to_owned(), promised);
            }
        }
        let record = entry.record().id();
        let to = self.place(document.site(), &all);
        let to = to.filter(|to| to != document);
        match (to, document.site()) {
            (Some(to), Some(site)) if to.site() != Some(site) => {
                Err(ChangeError::OtherSite { site: site.clone() })
            }
            (Some(to), _) => Ok(self.transfer(record, document, &to, all, now)),
            (None, _) => Ok(self.put(document, record, fields)),
        }
    }

    /// The edits that store fields of a record.
    pub fn put(
        &self,
        document: &Name,
        record: RecordId,
        fields: BTreeMap<String, Value>,
    ) -> Vec<Edit> {
        let set = |(field, value): (String, Value)| {
            Edit::set(document, self.collection, record, &field, value)
        };
        fields.into_iter().map(set).collect()
    }

    /// The edits that move a record to another document. It is there before it is gone here, and one that was there before and
    /// left is there again.
    fn transfer(
        &self,
        record: RecordId,
        from: &Name,
        to: &Name,
        mut fields: BTreeMap<String, Value>,
        now: DateTime,
    ) -> Vec<Edit> {
        fields.remove(REMOVED_AT.name);
        let mut edits = self.put(to, record, fields);
        edits.push(Edit::restore(to, self.collection, record));
        edits.push(Edit::remove(from, self.collection, record, now));
        edits
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;
    use crate::records::{
        Booking, Certificate, Collection, ContestEntry, CourseSession, Enrolment, Item,
        LedgerEntry, Record, StoredFields, Submission, Typed, Venue,
    };

    const NOW: DateTime = date(2026, 12, 5).at(9, 30, 0, 0);

    fn fields(fields: &[(&str, &str)]) -> BTreeMap<String, Value> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), Value::from(*value));
        fields.iter().map(owned).collect()
    }

    fn booking() -> (Name, Entry) {
        let stored = fields(&[
            ("site", "keyun"),
            ("start", "2026-12-30T09:00"),
            ("end", "2026-12-30T11:00"),
            ("name", "王芳"),
            (CONFIRMED_BY, "keyun/王芳"),
        ]);
        let id = RecordId::new(1, [1; 10]);
        let stored: StoredFields = stored.into_iter().collect();
        let document = "bookings/keyun/2026-12".parse().unwrap();
        (document, Entry::new(Collection::Bookings, id, stored))
    }

    #[test]
    fn a_record_s_place_follows_from_its_table() {
        let site = "jiefang-1".parse().unwrap();
        let stored = fields(&[
            ("site", "keyun"),
            ("start", "2026-12-30T09:00"),
            ("name", "厅"),
        ]);
        let place = |kind: &RecordKind| {
            kind.place(Some(&site), &stored)
                .map(|name| name.to_string())
        };
        assert_eq!(place(&Venue::KIND).as_deref(), Some("sites"));
        assert_eq!(
            place(&Booking::KIND).as_deref(),
            Some("bookings/keyun/2026-12")
        );
        // No field says whose it is.
        assert_eq!(place(&Item::KIND).as_deref(), Some("supplies/jiefang-1"));
        assert_eq!(place(&Submission::KIND), None);
        assert_eq!(
            Booking::KIND.place(None, &fields(&[("site", "keyun")])),
            None
        );
        for kind in Record::KINDS {
            let holds = |holder: Kind| holder.collections().contains(&kind.collection);
            assert!(
                kind.document_kind().is_none_or(holds),
                "{:?}",
                kind.collection
            );
        }
        let venue = Venue::id_of(&"keyun".parse().unwrap(), "厅");
        assert_eq!(Venue::KIND.own_id(&stored), Some(venue));
        assert_eq!(Venue::KIND.own_id(&fields(&[("name", "厅")])), None);
        assert_eq!(Booking::KIND.own_id(&stored), None);
    }

    #[test]
    fn what_may_be_empty_is_part_of_what_a_record_is_known_by() {
        let course = Collection::Courses;
        let course = RecordId::natural(course, &["keyun", "急救员第3期"]);
        let own = |kind: &RecordKind, said: &[(&str, &str)]| {
            let course = course.to_string();
            let said: Vec<_> = [("course", course.as_str()), ("contest", course.as_str())]
                .into_iter()
                .chain(said.iter().copied())
                .collect();
            kind.own_id(&fields(&said))
        };
        for phone in ["", "138 0000 1111", "+86 13800001111"] {
            let said = [("name", "王芳"), ("phone", phone)];
            assert_eq!(
                own(&Enrolment::KIND, &said),
                Some(Enrolment::id_of(course, "王芳", phone))
            );
            assert_eq!(
                own(&Certificate::KIND, &said),
                Some(Certificate::id_of(course, "王芳", phone))
            );
        }
        assert_ne!(
            Enrolment::id_of(course, "王芳", ""),
            Enrolment::id_of(course, "王芳", "13800001111")
        );
        let site = "keyun".parse().unwrap();
        assert_eq!(
            own(&ContestEntry::KIND, &[("name", "王芳"), ("home", "keyun")]),
            Some(ContestEntry::id_of(course, "王芳", Some(&site)))
        );
        // What is required is not left out.
        assert_eq!(own(&Enrolment::KIND, &[("phone", "1")]), None);
        assert_eq!(own(&CourseSession::KIND, &[]), None);
        assert_eq!(CourseSession::KIND.document_kind(), Some(Kind::Courses));
    }

    #[test]
    fn a_promise_is_taken_back_when_what_it_is_about_changes() {
        let (document, entry) = booking();
        let takes_back = |said: &[(&str, &str)]| {
            let edits = Booking::KIND
                .change(&document, &entry, fields(said), NOW)
                .unwrap();
            edits.iter().any(|edit| edit.place().2 == CONFIRMED_BY)
        };
        let written = |said: &[(&str, &str)]| {
            let edits = Booking::KIND.change(&document, &entry, fields(said), NOW);
            let mut edits = edits.unwrap().into_iter();
            edits
                .find(|edit| edit.place().2 == CONFIRMED_FOR)
                .and_then(|edit| edit.value().cloned())
        };
        let again = [(CONFIRMED_BY, "keyun/孙平"), ("end", "2026-12-30T12:00")];
        let claimed = "/2026-12-30T09:00/2026-12-30T12:00";
        assert_eq!(written(&again), Some(claimed.into()));
        assert_eq!(written(&[("note", "投影")]), None);
        assert!(takes_back(&[("end", "2026-12-30T12:00")]));
        assert!(!takes_back(&[
            ("end", "2026-12-30T11:00"),
            ("note", "投影")
        ]));
    }

    #[test]
    fn what_makes_another_record_is_refused() {
        let (document, entry) = booking();
        let elsewhere =
            Booking::KIND.change(&document, &entry, fields(&[("site", "jiefang-1")]), NOW);
        assert_eq!(
            elsewhere,
            Err(ChangeError::OtherSite {
                site: "keyun".parse().unwrap()
            })
        );
        let stored: StoredFields = fields(&[("site", "keyun"), ("name", "厅")])
            .into_iter()
            .collect();
        let venue = Entry::new(Collection::Venues, RecordId::new(1, [1; 10]), stored);
        let change =
            |name: &str| Venue::KIND.change(&Name::Sites, &venue, fields(&[("name", name)]), NOW);
        assert_eq!(change("大厅"), Err(ChangeError::KnownBy { field: "name" }));
        assert!(change("厅").is_ok());
        let line = Entry::new(
            Collection::Ledger,
            RecordId::new(1, [2; 10]),
            StoredFields::default(),
        );
        let changed = LedgerEntry::KIND.change(&document, &line, fields(&[("note", "改")]), NOW);
        assert!(matches!(changed, Err(ChangeError::Once { .. })));
    }
}
