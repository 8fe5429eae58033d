use jiff::civil::DateTime;
use yilian_core::document::Name;
use yilian_core::ordered::{BTreeMap, BTreeSet};
use yilian_core::records::{
    Collection, Edit, Entry, Field, FieldError, REMOVED_AT, Record, RecordId, Value, View,
};

use super::SessionError;
use super::json::{Fields, Json, maybe, parsed, wrong};

/// One thing that a page asks to be changed in a document.
#[derive(Clone, Debug)]
pub struct Order {
    op: Op,
    collection: Collection,
    /// None for a record that is to be made: it gets its natural id, or a new one.
    record: Option<RecordId>,
}

#[derive(Clone, Debug)]
enum Op {
    Add(Fields),
    /// Null empties a field.
    Set(Fields),
    Remove,
    Restore,
    /// An edit as it is: what a repair offers.
    Make(Edit),
}

impl Order {
    /// Reads a list of orders: `{op, collection, record, fields}`, or `{op: "make", edit}`.
    ///
    /// # Errors
    /// It is no such list.
    pub fn read_all(json: &str) -> Result<Vec<Self>, SessionError> {
        let json = Json::read(json)?;
        let orders = json.as_array().ok_or_else(|| wrong("orders"))?;
        orders.iter().map(Self::read).collect()
    }

    fn read(json: &Json) -> Result<Self, SessionError> {
        let fields = || {
            let fields = json.get("fields").and_then(Json::as_object);
            fields.cloned().ok_or_else(|| wrong("fields"))
        };
        let op = match json.get("op").and_then(Json::as_str) {
            Some("add") => Op::Add(fields()?),
            Some("set") => Op::Set(fields()?),
            Some("remove") => Op::Remove,
            Some("restore") => Op::Restore,
            Some("make") => {
                let edit = json.get("edit").ok_or_else(|| wrong("edit"))?;
                let edit = read_edit(edit)?;
                let (collection, record, _) = edit.place();
                return Ok(Self {
                    collection,
                    record: Some(record),
                    op: Op::Make(edit),
                });
            }
            _ => return Err(wrong("op")),
        };
        Ok(Self {
            op,
            collection: parsed(json, "collection")?,
            record: maybe(json, "record")?,
        })
    }
}

/// An edit as it is serialized.
fn read_edit(json: &Json) -> Result<Edit, SessionError> {
    let set = json.get("set");
    let of = set
        .or_else(|| json.get("clear"))
        .ok_or_else(|| wrong("edit"))?;
    let document: Name = parsed(of, "document")?;
    let (collection, record) = (parsed(of, "collection")?, parsed(of, "record")?);
    let field: String = parsed(of, "field")?;
    if set.is_none() {
        return Ok(Edit::clear(&document, collection, record, &field));
    }
    let value = of
        .get("value")
        .and_then(value)
        .ok_or_else(|| wrong("value"))?;
    Ok(Edit::set(&document, collection, record, &field, value))
}

/// What orders are carried out on.
pub(super) struct Place<'a> {
    pub(super) name: &'a Name,
    pub(super) view: &'a View,
    /// The time on the wall.
    pub(super) now: DateTime,
}

/// What orders come down to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) edits: Vec<Edit>,
    /// The record of each order.
    pub(super) records: Vec<RecordId>,
}

impl Plan {
    /// Plans orders; `new_id` makes an id for a record that has no natural one.
    pub(super) fn of(
        place: &Place<'_>,
        orders: Vec<Order>,
        mut new_id: impl FnMut() -> RecordId,
    ) -> Result<Self, SessionError> {
        let mut plan = Self::default();
        for order in orders {
            let record = plan.one(place, order, &mut new_id)?;
            plan.records.push(record);
        }
        Ok(plan)
    }

    fn one(
        &mut self,
        place: &Place<'_>,
        order: Order,
        new_id: &mut impl FnMut() -> RecordId,
    ) -> Result<RecordId, SessionError> {
        let Order {
            op,
            collection,
            record,
        } = order;
        let name = place.name;
        let known = || {
            let record = record.ok_or_else(|| wrong("record"))?;
            place.find(collection, record)?;
            Ok::<_, SessionError>(record)
        };
        Ok(match op {
            Op::Add(fields) => {
                let values = stored(collection, &fields)?;
                complete(collection, &values)?;
                let natural = natural_id(collection, &values);
                if natural.is_some() && record.is_some() && record != natural {
                    return Err(wrong("record"));
                }
                let record = record.or(natural).unwrap_or_else(new_id);
                self.put(name, collection, record, values);
                let entry = place.view.entry(collection, record);
                if entry.and_then(Entry::removed_at).is_some() {
                    self.edits.push(Edit::restore(name, collection, record));
                }
                record
            }
            Op::Set(fields) => {
                let record = known()?;
                let values = stored(collection, &fields)?;
                self.set(place, (collection, record), values)?;
                record
            }
            Op::Remove => {
                let record = known()?;
                let edit = Edit::remove(name, collection, record, place.now);
                self.edits.push(edit);
                record
            }
            Op::Restore => {
                let record = known()?;
                self.edits.push(Edit::restore(name, collection, record));
                record
            }
            Op::Make(edit) => {
                let (_, record, _) = edit.place();
                self.edits.push(edit);
                record
            }
        })
    }

    /// Sets fields of a record, with what follows from that: it may move to another document.
    fn set(
        &mut self,
        place: &Place<'_>,
        (collection, record): (Collection, RecordId),
        values: BTreeMap<String, Value>,
    ) -> Result<(), SessionError> {
        match Record::kind_of(collection) {
            Some(kind) => {
                let entry = place.find(collection, record)?;
                let edits = kind.change(place.name, entry, values, place.now)?;
                self.edits.extend(edits);
            }
            None => self.put(place.name, collection, record, values),
        }
        Ok(())
    }

    fn put(
        &mut self,
        name: &Name,
        collection: Collection,
        record: RecordId,
        values: BTreeMap<String, Value>,
    ) {
        let edits = values
            .into_iter()
            .map(|(field, value)| Edit::set(name, collection, record, &field, value));
        self.edits.extend(edits);
    }
}

impl<'a> Place<'a> {
    fn find(&self, collection: Collection, record: RecordId) -> Result<&'a Entry, SessionError> {
        self.view
            .entry(collection, record)
            .ok_or_else(|| SessionError::NoRecord(self.name.clone(), record, collection))
    }
}

/// The values to store for what JavaScript gives.
pub(super) fn stored(
    collection: Collection,
    fields: &Fields,
) -> Result<BTreeMap<String, Value>, SessionError> {
    let kind = Record::kind_of(collection);
    let one = |(name, json): &(String, Json)| {
        let value = match kind {
            None => value(json).ok_or_else(|| {
                SessionError::Text(format!("{name} holds what is no field's value"))
            })?,
            Some(kind) => {
                let field = kind.fields.iter().find(|field| field.name == name);
                // For the error that names the fields there are.
                let field = field.map_or_else(|| kind.field(name), Ok)?;
                typed(field, json)?
            }
        };
        Ok((name.clone(), value))
    };
    fields.iter().map(one).collect()
}

fn typed(field: &Field, json: &Json) -> Result<Value, FieldError> {
    let value = value(json);
    match value {
        Some(Value::Text(text)) if text.is_empty() => {
            if field.required {
                return Err(FieldError::Empty { field: field.name });
            }
            Ok(Value::from(""))
        }
        Some(value) if field.form.accepts(&value) && field.name != REMOVED_AT.name => Ok(value),
        _ => Err(FieldError::Malformed {
            field: field.name,
            text: said(json),
            expected: field.form.expected(),
        }),
    }
}

/// What somebody gave for a field, as a message says it.
fn said(json: &Json) -> String {
    match value(json) {
        Some(value) => value.to_string().chars().take(64).collect(),
        None => "an object".to_owned(),
    }
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::from(""),
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Int(whole) => Value::Int(*whole),
        Json::Float(number) => Value::Float(*number),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(words) => {
            let words: Option<BTreeSet<String>> = words.iter().map(word).collect();
            Value::from(words?.into_iter().collect::<Vec<_>>().join(" "))
        }
        Json::Object(_) => return None,
    })
}

/// One of a set: a word, or the number of a day.
fn word(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A new record has everything that its kind requires.
pub(super) fn complete(
    collection: Collection,
    values: &BTreeMap<String, Value>,
) -> Result<(), FieldError> {
    let fields = Record::kind_of(collection).map_or(&[][..], |kind| kind.fields);
    let missing = |field: &&Field| field.required && !values.contains_key(field.name);
    match fields.iter().find(missing) {
        Some(field) => Err(FieldError::Empty { field: field.name }),
        None => Ok(()),
    }
}

/// The id of a record that its own content identifies.
fn natural_id(collection: Collection, values: &BTreeMap<String, Value>) -> Option<RecordId> {
    Record::kind_of(collection)?.own_id(values)
}
