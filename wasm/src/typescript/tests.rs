#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;

use serde_json::Value as Json;
use yilian_core::records::{Field, FieldReader, Form, RecordId, Value};

use super::*;

#[test]
fn committed_types_are_those_of_the_rust_definitions() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/js/generated.ts");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == generated(),
        "wasm/js/generated.ts is stale: run `cargo xtask wasm` and commit it"
    );
}

/// A value that a field of each form takes.
fn sample(field: &Field) -> Value {
    match field.form {
        Form::Choice(choices) => Value::from(choices[0].value),
        Form::Date => Value::from("2026-12-03"),
        Form::DateTime => Value::from("2026-12-03T08:00"),
        Form::Flag => Value::Bool(true),
        Form::Hours => Value::from("07:00-22:00"),
        Form::Number { min, .. } => Value::Int(i64::from(min)),
        Form::Record => Value::from(RecordId::new(1, [1; 10]).to_string()),
        Form::Site => Value::from("keyun"),
        Form::Text => Value::from("顶班"),
        Form::Weekdays => Value::from("1 3 5"),
        Form::Words => Value::from("rest wifi"),
    }
}

fn fits(json: &Json, of: &str) -> bool {
    of.split(" | ").any(|of| match of {
        "null" => json.is_null(),
        "boolean" => json.is_boolean(),
        "number" => json.is_number(),
        list if list.ends_with("[]") => json.is_array(),
        word if word.starts_with('"') => json.as_str() == Some(word.trim_matches('"')),
        _ => json.is_string(),
    })
}

#[test]
fn records_are_serialized_as_their_types_say() {
    for kind in Record::KINDS {
        let full: BTreeMap<String, Value> = kind
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), sample(field)))
            .collect();
        for stored in [BTreeMap::new(), full] {
            let record = Record::read(
                kind.collection,
                RecordId::new(1, [1; 10]),
                &FieldReader::new(&stored),
            );
            let json = serde_json::to_value(&record).unwrap();
            let json = json.as_object().unwrap();
            for field in kind.fields {
                let (value, of) = (&json[field.name], read_type(field));
                assert!(
                    fits(value, &of),
                    "{} {}: {value}, {of}",
                    kind.label.en,
                    field.name
                );
            }
            let known = kind.fields.iter().map(|field| field.name);
            let known: Vec<&str> = known.chain(["id", "removed_at"]).collect();
            let extra: Vec<&String> = json
                .keys()
                .filter(|name| !known.contains(&name.as_str()))
                .collect();
            assert!(extra.is_empty(), "{}: {extra:?}", kind.label.en);
        }
    }
}

#[test]
fn words_are_serialized_as_their_unions_say() {
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.as_str());
    }
    for of in [Severity::Error, Severity::Warning, Severity::Notice] {
        assert_eq!(serde_json::to_value(of).unwrap(), severity(of));
    }
    for change in [
        RecordChange::Added,
        RecordChange::Gone,
        RecordChange::Restored,
    ] {
        assert_eq!(serde_json::to_value(change).unwrap(), record_change(change));
    }
}
