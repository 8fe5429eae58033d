use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::{Rule, Severity, Text};
use crate::document::{Month, Name};
use crate::ordered;
use crate::records::{Collection, Edit, RecordId};

/// Drawn once. It is part of every finding's id, so it never changes.
const FINDINGS: Uuid = Uuid::from_u128(0x8f0f_6a0b_38a4_4ab1_9d5c_51c6_84c2_0e37);

/// The id of a finding: it follows from the rule and the records, so it is the same on every replica and stays the same while the
/// finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingId(Uuid);

impl FindingId {
    fn of(rule: Rule, records: &[RecordRef], field: Option<&str>) -> Self {
        let mut ids: Vec<RecordId> = records.iter().map(|record| record.record).collect();
        ordered::sort(&mut ids);
        ids.dedup();
        let mut key = rule.as_str().to_owned();
        for id in ids {
            key.push('/');
            key.push_str(&id.to_string());
        }
        if let Some(field) = field {
            key.push('#');
            key.push_str(field);
        }
        Self(Uuid::new_v5(&FINDINGS, key.as_bytes()))
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A record and the document it is in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// The document.
    pub document: Name,
    /// The collection in it.
    pub collection: Collection,
    /// The record.
    pub record: RecordId,
}

/// One thing that the documents held, taken together, make no sense of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// The rule that is broken.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The day it is about, the first of several.
    #[serde(serialize_with = "date_text")]
    pub date: Option<Date>,
    /// The records it is about, sorted.
    pub records: Vec<RecordRef>,
    /// The field, where it is about one.
    pub field: Option<String>,
    /// What is wrong, for people.
    pub text: Text,
    /// Ways to put it right, the likeliest first. None where only people can know.
    pub repairs: Vec<Repair>,
}

/// One way to put a finding right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repair {
    /// What it does, for people.
    pub label: Text,
    /// The edits to make: all of them.
    pub edits: Vec<Edit>,
}

impl Repair {
    pub(super) fn new(label: Text, edits: Vec<Edit>) -> Self {
        Self { label, edits }
    }
}

impl Finding {
    pub(super) fn new(
        rule: Rule,
        severity: Severity,
        mut records: Vec<RecordRef>,
        field: Option<&str>,
        text: Text,
    ) -> Self {
        let id = FindingId::of(rule, &records, field);
        ordered::sort(&mut records);
        records.dedup();
        Self {
            id,
            rule,
            severity,
            date: None,
            records,
            field: field.map(str::to_owned),
            text,
            repairs: Vec::new(),
        }
    }

    pub(super) fn on(mut self, date: Option<Date>) -> Self {
        self.date = date;
        self
    }

    pub(super) fn with_repairs(mut self, repairs: Vec<Repair>) -> Self {
        self.repairs = repairs;
        self
    }

    /// Whether it is about a record of `month`, or about records that belong to no month.
    #[must_use]
    pub fn concerns(&self, month: Month) -> bool {
        concerns(month, self.records.iter().map(|record| &record.document))
    }
}

/// Whether one of some documents is of `month`, or none is of any.
pub(super) fn concerns<'n>(month: Month, documents: impl IntoIterator<Item = &'n Name>) -> bool {
    let mut months = documents.into_iter().filter_map(Name::month).peekable();
    months.peek().is_none() || months.any(|of| of == month)
}

fn date_text<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => to.collect_str(date),
        None => to.serialize_none(),
    }
}
