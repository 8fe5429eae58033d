use super::clean;
use super::plan::{FieldUpdate, Plan, PlannedRow, UpdatedRow};
use crate::document::Name;
use crate::ordered::BTreeMap;
use crate::records::{Collection, Edit, Entry, RecordId, Value, View};

/// The field that keeps what the last import said of a record. It makes a re-import a three-way merge: what the file did not
/// change is left as people have it, what the file corrects is corrected. And it tells imported records from typed ones.
pub const IMPORTED: &str = "imported";

/// What a row says of one record.
#[derive(Debug)]
pub(super) struct RowRecord {
    pub(super) line: usize,
    pub(super) document: Name,
    pub(super) collection: Collection,
    pub(super) record: RecordId,
    pub(super) label: String,
    /// What the record is known by: set when it is made, and never by a later import.
    pub(super) known_by: Vec<(&'static str, Value)>,
    /// What the row says about it. None where the file has no such column; an empty text where the cell is blank.
    pub(super) says: Vec<(&'static str, Option<Value>)>,
    /// What the row implies, such as whom a name means: set where nothing is held.
    pub(super) implies: Vec<(&'static str, Value)>,
}

impl RowRecord {
    /// Adds to the plan what this row changes of what is held.
    pub(super) fn reconcile(self, held: Option<&View>, plan: &mut Plan) {
        let entry = held.and_then(|view| view.entry(self.collection, self.record));
        let row = PlannedRow {
            line: self.line,
            document: self.document.clone(),
            record: self.record,
            label: self.label.clone(),
        };
        let Some(entry) = entry else {
            self.create(&mut plan.edits);
            plan.added.push(row);
            return;
        };
        if entry.removed_at().is_some() {
            plan.removed.push(row);
            return;
        }
        let changes = self.changes(entry);
        let stamp = self.stamp(entry);
        for change in &changes {
            plan.edits.push(self.set(&change.field, change.to.clone()));
        }
        if entry.fields().get(IMPORTED) != Some(&stamp) {
            plan.edits.push(self.set(IMPORTED, stamp));
        }
        if changes.is_empty() {
            plan.unchanged.push(row);
        } else {
            plan.updated.push(UpdatedRow {
                row,
                fields: changes,
            });
        }
    }

    fn create(&self, edits: &mut Vec<Edit>) {
        let said = self
            .says
            .iter()
            .filter_map(|(field, value)| Some((*field, value.clone()?)));
        let fields = self
            .known_by
            .iter()
            .cloned()
            .chain(said)
            .chain(self.implies.iter().cloned());
        for (field, value) in fields {
            if !is_blank(&value) {
                edits.push(self.set(field, value));
            }
        }
        edits.push(self.set(IMPORTED, write(&self.said_before(&BTreeMap::new()))));
    }

    /// What the row changes of what is held.
    pub(super) fn changes(&self, entry: &Entry) -> Vec<FieldUpdate> {
        let before = entry
            .fields()
            .get(IMPORTED)
            .and_then(Value::as_text)
            .map(read);
        let held = |field: &str| entry.fields().get(field).filter(|value| !is_blank(value));
        let mut changes = Vec::new();
        let mut change = |field: &str, to: &Value| {
            changes.push(FieldUpdate {
                field: field.to_owned(),
                from: held(field).cloned(),
                to: to.clone(),
            });
        };
        for (field, value) in self.known_by.iter().chain(&self.implies) {
            if held(field).is_none() && !is_blank(value) {
                change(field, value);
            }
        }
        for (field, value) in &self.says {
            let Some(value) = value else { continue };
            let said = value.to_string();
            let corrected = match &before {
                Some(before) => before.get(*field).map_or("", String::as_str) != said,
                // Typed by a person, not imported: a blank cell says nothing about it.
                None => !said.is_empty(),
            };
            let differs = match held(field) {
                Some(held) => !is_same(held, value),
                None => !is_blank(value),
            };
            if corrected && differs {
                change(field, value);
            }
        }
        changes
    }

    /// What [`IMPORTED`] is to hold after this import.
    pub(super) fn stamp(&self, entry: &Entry) -> Value {
        let before = entry.fields().get(IMPORTED).and_then(Value::as_text);
        write(&self.said_before(&before.map(read).unwrap_or_default()))
    }

    /// What the file says, over what an earlier one said in columns that this one does not have.
    fn said_before(&self, before: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut said = before.clone();
        for (field, value) in &self.says {
            if let Some(value) = value {
                said.insert((*field).to_owned(), value.to_string());
            }
        }
        said
    }

    fn set(&self, field: &str, value: Value) -> Edit {
        Edit::set(&self.document, self.collection, self.record, field, value)
    }
}

/// Whether a cell can only say what is held: files hold no line breaks, and do not tell `113` from `113.0`.
fn is_same(held: &Value, said: &Value) -> bool {
    match (held.as_text(), said.as_text()) {
        (Some(held), Some(said)) => held == said || clean::blanks(held) == said,
        _ => {
            held == said
                || held
                    .as_float()
                    .is_some_and(|held| Some(held) == said.as_float())
        }
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_text().is_some_and(str::is_empty)
}

/// One `field value` per line: cells hold no line breaks once their blanks are cleaned.
fn write(said: &BTreeMap<String, String>) -> Value {
    let lines: Vec<String> = said
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| format!("{field} {value}"))
        .collect();
    lines.join("\n").into()
}

pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect()
}
