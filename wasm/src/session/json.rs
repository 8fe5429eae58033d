//! JSON by hand, for what is written and read at this boundary alone: derived code for it would be a
//! fifth of the module.

use std::fmt::Display;

use serde::Serialize;

use super::SessionError;

mod read;

pub(super) use read::{Fields, Json};

/// A JSON object that is being written.
#[derive(Debug)]
pub(super) struct Object(String);

impl Object {
    pub(super) fn new() -> Self {
        Self(String::from("{"))
    }

    /// One that says what it is in its first field.
    pub(super) fn of_type(name: &str) -> Self {
        Self::new().text("type", name)
    }

    /// A field whose value is JSON already.
    pub(super) fn raw(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_text(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    pub(super) fn text(self, name: &str, value: &str) -> Self {
        let mut json = String::new();
        push_text(&mut json, value);
        self.raw(name, &json)
    }

    pub(super) fn shown(self, name: &str, value: &dyn Display) -> Self {
        self.text(name, &value.to_string())
    }

    pub(super) fn maybe(self, name: &str, value: Option<&dyn Display>) -> Self {
        match value {
            Some(value) => self.shown(name, value),
            None => self.raw(name, "null"),
        }
    }

    pub(super) fn number(self, name: &str, value: u64) -> Self {
        self.raw(name, &value.to_string())
    }

    pub(super) fn flag(self, name: &str, value: bool) -> Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    pub(super) fn texts(self, name: &str, values: &[String]) -> Self {
        let texts = values.iter().map(|value| {
            let mut json = String::new();
            push_text(&mut json, value);
            json
        });
        let list = array(texts);
        self.raw(name, &list)
    }

    /// A value that serializes itself.
    pub(super) fn value(self, name: &str, value: &impl Serialize) -> Self {
        let json = write(value);
        self.raw(name, &json)
    }

    /// The fields of an object that is JSON already.
    pub(super) fn fields_of(mut self, object: &str) -> Self {
        let fields = object
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(fields) = fields.filter(|fields| !fields.is_empty()) {
            if self.0.len() > 1 {
                self.0.push(',');
            }
            self.0.push_str(fields);
        }
        self
    }

    pub(super) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A list of what is JSON already.
pub(super) fn array(items: impl IntoIterator<Item = String>) -> String {
    let mut list = String::from("[");
    for item in items {
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&item);
    }
    list.push(']');
    list
}

/// A value of ours as JSON.
pub(crate) fn write(value: &impl Serialize) -> String {
    // Keys of what we write are texts, the one thing that could fail.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

fn push_text(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            letter if letter < ' ' => {
                json.push_str("\\u00");
                let code = u32::from(letter);
                for digit in [code >> 4, code & 15] {
                    json.extend(char::from_digit(digit, 16));
                }
            }
            letter => json.push(letter),
        }
    }
    json.push('"');
}

/// What a text field of an object holds, parsed.
pub(super) fn parsed<T: std::str::FromStr>(object: &Json, name: &str) -> Result<T, SessionError> {
    maybe(object, name)?.ok_or_else(|| wrong(name))
}

/// What a text field of an object holds, if it is there.
pub(super) fn maybe<T: std::str::FromStr>(
    object: &Json,
    name: &str,
) -> Result<Option<T>, SessionError> {
    match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => text.parse().map(Some).map_err(|_| wrong(name)),
        Some(_) => Err(wrong(name)),
    }
}

/// The list that a field of an object holds; empty if it is not there.
pub(super) fn list<'a>(object: &'a Json, name: &str) -> &'a [Json] {
    object
        .get(name)
        .and_then(Json::as_array)
        .unwrap_or_default()
}

/// The texts in the list that a field of an object holds.
pub(super) fn texts(object: &Json, name: &str) -> Vec<String> {
    let texts = list(object, name).iter().filter_map(Json::as_str);
    texts.map(str::to_owned).collect()
}

pub(super) fn wrong(name: &str) -> SessionError {
    SessionError::Text(format!("{name} is missing, or not what is expected there"))
}
