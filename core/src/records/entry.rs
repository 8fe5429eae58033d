use jiff::civil::DateTime;
use serde::Serialize;

use super::{
    Collection, FieldProblem, FieldReader, Form, OpId, ProblemKind, Record, RecordId, RecordKind,
    StoredFields, Value,
};
use crate::ordered::BTreeMap;

/// A record as a document holds it: typed, with every stored field and what is wrong with them.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    record: Record,
    #[serde(skip)]
    stored: StoredFields,
    problems: Vec<FieldProblem>,
}

/// The record and the problems follow from what is stored.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.record.id() == other.record.id()
            && self.record.collection() == other.record.collection()
            && self.stored == other.stored
    }
}

impl Entry {
    /// The record `id` with these stored fields.
    pub(crate) fn new(collection: Collection, id: RecordId, stored: StoredFields) -> Self {
        let record = Record::read(collection, id, &FieldReader::new(stored.values()));
        let mut problems = record
            .kind()
            .map_or_else(Vec::new, |kind| kind.problems(stored.values()));
        // A field that is there but no value is not missing.
        problems.retain(|problem| !stored.unreadable().contains(&problem.field));
        problems.extend(stored.unreadable().iter().map(|field| FieldProblem {
            field: field.clone(),
            kind: ProblemKind::NotAValue,
        }));
        Self {
            record,
            stored,
            problems,
        }
    }

    /// The record.
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// What people call it: its name, or else the first of its texts; empty where it has none.
    pub fn title(&self) -> &str {
        title(self.record.kind(), FieldReader::new(self.fields()))
    }

    /// Every stored field, those of the kind and others.
    pub const fn fields(&self) -> &BTreeMap<String, Value> {
        self.stored.values()
    }

    /// The fields as the document holds them.
    pub(crate) const fn stored(&self) -> &StoredFields {
        &self.stored
    }

    /// The stored fields that the kind does not know: kept and shown, never checked.
    pub fn extra(&self) -> impl Iterator<Item = (&str, &Value)> {
        let kind = self.record.kind();
        let known = move |name: &str| kind.is_some_and(|kind| kind.defines(name));
        self.fields()
            .iter()
            .filter(move |(name, _)| !known(name))
            .map(|(name, value)| (name.as_str(), value))
    }

    /// What is wrong with the fields.
    pub fn problems(&self) -> &[FieldProblem] {
        &self.problems
    }

    /// Whether a field is there and can be read.
    pub fn is_readable(&self, field: &str) -> bool {
        self.fields().contains_key(field)
            && !self.problems.iter().any(|problem| problem.field == field)
    }

    /// The last operation that wrote one of the fields that its kind claims something by; none for kinds that do not.
    pub fn claimed(&self) -> Option<&OpId> {
        self.stored.turn()?.claimed.as_ref()
    }

    /// The operation that wrote who confirmed the claim.
    pub fn confirmed(&self) -> Option<&OpId> {
        self.stored.turn()?.confirmed.as_ref()
    }

    /// Whether its fields were not all written at once, so that somebody edited it after it was made; removing it aside. Known of
    /// kinds that are written once, which nobody is to edit; false for all else.
    pub const fn is_patched(&self) -> bool {
        self.stored.is_patched()
    }

    /// When the record was removed, if it was.
    pub fn removed_at(&self) -> Option<DateTime> {
        FieldReader::new(self.fields()).removed_at()
    }
}

/// What people call a record of a kind: its name, or else the first of its texts; empty where it has none.
pub(super) fn title<'a>(kind: Option<&RecordKind>, fields: FieldReader<'a>) -> &'a str {
    let texts = kind.map_or(&[][..], |kind| kind.fields).iter();
    let mut texts = texts.filter(|field| field.form == Form::Text);
    fields
        .str("name")
        .or_else(|| texts.find_map(|field| fields.str(field.name)))
        .unwrap_or_default()
}
