use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value as Json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{
    Collection, Edit, Entry, Field, FieldError, Post, REMOVED_AT, Record, RecordId, Site, Value,
    View,
};

use super::SessionError;

/// One thing that a page asks to be changed in a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op", rename_all = "camelCase")]
pub enum Order {
    /// Make a record.
    Add {
        /// Where.
        collection: Collection,
        /// Under this id; otherwise under its natural id, or a new one.
        #[serde(default)]
        record: Option<RecordId>,
        /// Its fields.
        fields: BTreeMap<String, Json>,
    },
    /// Set fields of a record.
    Set {
        /// Where it is.
        collection: Collection,
        /// The record.
        record: RecordId,
        /// The fields; null empties one.
        fields: BTreeMap<String, Json>,
    },
    /// Mark a record as removed.
    Remove {
        /// Where it is.
        collection: Collection,
        /// The record.
        record: RecordId,
    },
    /// Take a removal back.
    Restore {
        /// Where it is.
        collection: Collection,
        /// The record.
        record: RecordId,
    },
    /// Make an edit as it is: what a repair offers.
    Make {
        /// The edit.
        edit: Edit,
    },
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
        let name = place.name;
        match order {
            Order::Add {
                collection,
                record,
                fields,
            } => {
                let values = stored(collection, &fields)?;
                complete(collection, &values)?;
                let record = record
                    .or_else(|| natural_id(collection, &values))
                    .unwrap_or_else(new_id);
                self.put(name, collection, record, values);
                let entry = place.view.entry(collection, record);
                if entry.and_then(Entry::removed_at).is_some() {
                    self.edits.push(Edit::restore(name, collection, record));
                }
                Ok(record)
            }
            Order::Set {
                collection,
                record,
                fields,
            } => {
                place.find(collection, record)?;
                self.put(name, collection, record, stored(collection, &fields)?);
                Ok(record)
            }
            Order::Remove { collection, record } => {
                place.find(collection, record)?;
                let edit = Edit::remove(name, collection, record, place.now);
                self.edits.push(edit);
                Ok(record)
            }
            Order::Restore { collection, record } => {
                place.find(collection, record)?;
                self.edits.push(Edit::restore(name, collection, record));
                Ok(record)
            }
            Order::Make { edit } => {
                let (_, record, _) = edit.place();
                self.edits.push(edit);
                Ok(record)
            }
        }
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
    pub(super) fn find(
        &self,
        collection: Collection,
        record: RecordId,
    ) -> Result<&'a Entry, SessionError> {
        self.view
            .entry(collection, record)
            .ok_or_else(|| SessionError::NoRecord(self.name.clone(), record, collection))
    }
}

/// The values to store for what JavaScript gives.
pub(super) fn stored(
    collection: Collection,
    fields: &BTreeMap<String, Json>,
) -> Result<BTreeMap<String, Value>, SessionError> {
    let kind = Record::kind_of(collection);
    let one = |(name, json): (&String, &Json)| {
        let value = match kind {
            None => value(json).ok_or_else(|| {
                SessionError::Text(format!("{name} holds {json}, which is no field's value"))
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
            text: json.to_string().chars().take(64).collect(),
            expected: field.form.expected(),
        }),
    }
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::from(""),
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64()?),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(words) => {
            let words: Option<BTreeSet<&str>> = words.iter().map(Json::as_str).collect();
            Value::from(words?.into_iter().collect::<Vec<_>>().join(" "))
        }
        Json::Object(_) => return None,
    })
}

/// A new record has everything that its kind requires.
fn complete(collection: Collection, values: &BTreeMap<String, Value>) -> Result<(), FieldError> {
    let fields = Record::kind_of(collection).map_or(&[][..], |kind| kind.fields);
    let missing = |field: &&Field| field.required && !values.contains_key(field.name);
    match fields.iter().find(missing) {
        Some(field) => Err(FieldError::Empty { field: field.name }),
        None => Ok(()),
    }
}

/// The id of a record that its own content identifies.
fn natural_id(collection: Collection, values: &BTreeMap<String, Value>) -> Option<RecordId> {
    let text = |field: &str| values.get(field)?.as_text();
    match collection {
        Collection::Sites => Some(Site::id_of(&text("key")?.parse::<SiteKey>().ok()?)),
        Collection::Posts => Some(Post::id_of(text("name")?)),
        _ => None,
    }
}
