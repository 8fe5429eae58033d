use super::{
    Collection, Field, FieldError, FieldProblem, Label, ProblemKind, REMOVED_AT, RecordId, Value,
};
use crate::ordered::BTreeMap;

/// The field of every kind with claims that says who promised what is claimed.
pub const CONFIRMED_BY: &str = "confirmed_by";
/// The field that says what was promised, written along with [`CONFIRMED_BY`] where something is claimed.
pub const CONFIRMED_FOR: &str = "confirmed_for";

/// A kind of record: its collection, and its fields with their labels and checks.
///
/// Reading, checking and labelling are driven from this table. A new kind is one module that
/// defines both with `record!`, and one line in the registry of `record.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordKind {
    /// Where records of this kind are.
    pub collection: Collection,
    /// What people call one.
    pub label: Label,
    /// Its fields in the order people expect; [`REMOVED_AT`] goes without saying.
    pub fields: &'static [Field],
    /// The fields that its id follows from, which never change; empty where ids are drawn.
    pub known_by: &'static [&'static str],
    /// Where ids are drawn: the fields that make two rows of a file one record.
    pub rows_by: &'static [&'static str],
    /// The fields that say from when to when it is.
    pub lasts: Option<(&'static str, &'static str)>,
    /// The fields that a confirmation is about: changing one takes it back.
    pub claims: &'static [&'static str],
    /// Whether they are written once, by the program itself, and never changed.
    pub once: bool,
}

impl RecordKind {
    /// The field with a name, which may be its label in either language.
    ///
    /// # Errors
    ///
    /// [`FieldError::Unknown`], naming the fields there are.
    pub fn field(&self, name: &str) -> Result<&'static Field, FieldError> {
        let name = name.trim();
        let called = |field: &&Field| {
            field.name == name
                || field.label.zh == name
                || field.label.en.eq_ignore_ascii_case(name)
        };
        self.fields
            .iter()
            .chain([&REMOVED_AT])
            .find(called)
            .ok_or_else(|| FieldError::Unknown {
                field: name.chars().take(64).collect(),
                known: self
                    .fields
                    .iter()
                    .map(|field| field.name)
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }

    /// Whether records of this kind have a field of this name.
    pub(super) fn defines(&self, name: &str) -> bool {
        name == REMOVED_AT.name || self.has(name)
    }

    /// Whether records of this kind take turns: what they claim goes to whoever wrote it first.
    pub(crate) const fn takes_turns(&self) -> bool {
        !self.claims.is_empty()
    }

    /// The fields whose writing decides whose turn it is.
    pub(crate) fn turn_fields(&self) -> impl Iterator<Item = &'static str> {
        let confirmed = self.takes_turns().then_some(CONFIRMED_BY);
        self.claims.iter().copied().chain(confirmed)
    }

    /// What a record with these fields claims, as a confirmation repeats it: the fields in order, `<venue>/<start>/<end>`.
    pub fn claimed(&self, fields: &BTreeMap<String, Value>) -> String {
        let texts = self.claims.iter().map(|field| fields.get(*field));
        let texts: Vec<String> = texts
            .map(|value| value.map_or_else(String::new, Value::to_string))
            .collect();
        texts.join("/")
    }

    /// Reads what a person typed for a field: the field, and the value to store.
    ///
    /// # Errors
    ///
    /// When there is no such field, or the text is not what it holds.
    pub fn parse(&self, field: &str, text: &str) -> Result<(&Field, Value), FieldError> {
        let field = self.field(field)?;
        Ok((field, field.parse(text)?))
    }

    /// What is wrong with the stored fields of a record of this kind.
    pub fn problems(&self, fields: &BTreeMap<String, Value>) -> Vec<FieldProblem> {
        let problem = |field: &Field| {
            let kind = match fields.get(field.name) {
                Some(Value::Text(text)) if text.is_empty() && !field.required => return None,
                Some(Value::Text(text)) if text.is_empty() => ProblemKind::Missing,
                Some(value) if field.form.accepts(value) => return None,
                Some(value) => ProblemKind::Malformed {
                    value: value.clone(),
                    expected: field.form.expected(),
                },
                None if field.required => ProblemKind::Missing,
                None => return None,
            };
            Some(FieldProblem {
                field: field.name.to_owned(),
                kind,
            })
        };
        self.fields
            .iter()
            .chain([&REMOVED_AT])
            .filter_map(problem)
            .collect()
    }

    /// The id of the record that `parts` identify among those of this kind.
    pub fn natural_id(&self, parts: &[&str]) -> RecordId {
        RecordId::natural(self.collection, parts)
    }
}
