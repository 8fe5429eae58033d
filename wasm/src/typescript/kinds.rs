//! The types of records, and what forms need to know of them: from their tables of fields.

use std::collections::BTreeSet;
use std::fmt::Write;

use yilian_core::records::{Choice, Field, Form, Label, Record, RecordKind};

use super::{alias, union};

/// A kind of record: as it is read, as it is written, as it is made.
pub(super) fn record(out: &mut String, kind: &RecordKind) {
    let name = type_name(kind);
    let _ = write!(
        out,
        "/** {}: {}. */\nexport interface {name} {{\n",
        kind.label.zh, kind.label.en
    );
    let _ = writeln!(
        out,
        "  /** The same wherever it is. */\n  readonly id: RecordId;"
    );
    for field in kind.fields {
        let (doc, of) = (field_doc(field), read_type(field));
        let _ = writeln!(out, "  {doc}\n  readonly {}: {of};", field.name);
    }
    let _ = writeln!(
        out,
        "  /** When it was removed, if it was. */\n  readonly removed_at: DateTime | null;"
    );
    let _ = writeln!(out, "  /** What is wrong with its fields, if anything. */");
    let _ = writeln!(out, "  readonly problems?: readonly FieldProblem[];\n}}\n");
    let _ = write!(
        out,
        "/** The fields of a {} as they are set; null empties one. */\nexport interface {name}Fields {{\n",
        kind.label.en
    );
    for field in kind.fields.iter().filter(|field| !is_known_by(kind, field)) {
        let (doc, of) = (field_doc(field), write_type(field));
        let _ = writeln!(out, "  {doc}\n  {}?: {of};", field.name);
    }
    let required: Vec<String> = kind
        .fields
        .iter()
        .filter(|field| field.required && !is_known_by(kind, field))
        .map(|field| format!("\"{}\"", field.name))
        .collect();
    let _ = writeln!(out, "}}\n");
    let fields = if required.is_empty() {
        format!("{name}Fields")
    } else {
        let required = required.join(" | ");
        format!("{name}Fields & Required<Pick<{name}Fields, {required}>>")
    };
    if kind.known_by.is_empty() {
        let about = format!("A new {}.", kind.label.en);
        alias(out, &about, &format!("New{name}"), &fields);
        return;
    }
    let _ = writeln!(
        out,
        "/** What a {} is known by: its id follows from it, so it never changes. */\nexport interface {name}Identity {{",
        kind.label.en
    );
    for field in kind.fields.iter().filter(|field| is_known_by(kind, field)) {
        let (doc, of) = (field_doc(field), write_type(field));
        let _ = writeln!(out, "  {doc}\n  {}: {of};", field.name);
    }
    let _ = writeln!(out, "}}\n");
    let about = format!("A new {}.", kind.label.en);
    alias(
        out,
        &about,
        &format!("New{name}"),
        &format!("{name}Identity & {fields}"),
    );
}

fn is_known_by(kind: &RecordKind, field: &Field) -> bool {
    kind.known_by.contains(&field.name)
}

fn field_doc(field: &Field) -> String {
    let needed = if field.required { "; needed" } else { "" };
    format!("/** {}: {}{needed}. */", field.label.zh, field.label.en)
}

/// Which type belongs to which collection.
pub(super) fn maps(out: &mut String) {
    let untyped = "/** A record of a collection whose fields are not typed yet: as stored. */\n\
        export interface UntypedRecord {\n  /** The same wherever it is. */\n  readonly id: RecordId;\n  \
        /** Where it is in its document. */\n  readonly collection: Collection;\n  \
        /** When it was removed, if it was. */\n  readonly removed_at?: DateTime | null;\n  readonly [field: string]: unknown;\n}\n\n";
    out.push_str(untyped);
    for (doc, map, suffix, prefix, other) in [
        (
            "The records of each collection.",
            "RecordOf",
            "",
            "",
            "UntypedRecord",
        ),
        (
            "The fields that can be set in each collection.",
            "RecordFields",
            "Fields",
            "",
            "{ [field: string]: Value | null }",
        ),
        (
            "What a new record of each collection needs.",
            "NewRecord",
            "",
            "New",
            "{ [field: string]: Value | null }",
        ),
    ] {
        let _ = write!(
            out,
            "/** {doc} */\nexport type {map}<C extends Collection> = "
        );
        for kind in Record::KINDS {
            let of = type_name(kind);
            let _ = write!(
                out,
                "C extends \"{}\"\n  ? {prefix}{of}{suffix}\n  : ",
                kind.collection
            );
        }
        let _ = writeln!(out, "{other};\n");
    }
}

/// What people call kinds, fields and choices: a value, for forms and tables.
pub(super) fn labels(out: &mut String) {
    out.push_str(
        "/** What people call a kind of record and its fields, and what the fields hold: all that a form needs. */\n\
         export interface KindLabels {\n  /** Of one such record. */\n  readonly label: Label;\n  \
         /** The fields that its id follows from, which never change; empty where ids are drawn. */\n  readonly knownBy: readonly string[];\n  \
         /** The fields that say from when to when it is, where it is for a time. */\n  readonly lasts?: readonly [string, string];\n  \
         /** Its fields by name, in the order people expect. */\n  readonly fields: Readonly<Record<string, FieldLabels>>;\n}\n\n\
         /** What people call a field, and what it holds. */\n\
         export interface FieldLabels {\n  /** Of the field. */\n  readonly label: Label;\n  \
         /** Whether a record needs it. */\n  readonly required: boolean;\n  \
         /** What it holds. */\n  readonly form: FieldForm;\n  \
         /** The least number it may hold. */\n  readonly min?: number;\n  \
         /** The greatest number it may hold. */\n  readonly max?: number;\n  \
         /** Where the record is that it names. */\n  readonly refersTo?: Collection;\n  \
         /** The words it may hold, where these are given. */\n  readonly choices?: Readonly<Record<string, Label>>;\n}\n\n",
    );
    let forms = Record::KINDS.iter().flat_map(|kind| kind.fields);
    let forms: BTreeSet<&str> = forms.map(|field| form(field.form)).collect();
    union(out, "What a field can hold.", "FieldForm", forms);
    out.push_str(
        "/** What people call every kind of record, by collection. */\nexport const KINDS = {\n",
    );
    for kind in Record::KINDS {
        let _ = writeln!(out, "  {}: {{", kind.collection);
        let _ = writeln!(out, "    label: {},", label(kind.label));
        let _ = writeln!(out, "    knownBy: {},", strings(kind.known_by));
        if let Some((start, end)) = kind.lasts {
            let _ = writeln!(out, "    lasts: {},", strings(&[start, end]));
        }
        let _ = writeln!(out, "    fields: {{");
        for field in kind.fields {
            field_labels(out, field);
        }
        out.push_str("    },\n  },\n");
    }
    out.push_str("} as const satisfies Partial<Record<Collection, KindLabels>>;\n");
}

fn field_labels(out: &mut String, field: &Field) {
    let _ = write!(
        out,
        "      {}: {{ label: {}, required: {}, form: \"{}\"",
        field.name,
        label(field.label),
        field.required,
        form(field.form)
    );
    if let Form::Number { min, max } = field.form {
        let _ = write!(out, ", min: {min}, max: {max}");
    }
    if let Some(to) = field.refers_to {
        let _ = write!(out, ", refersTo: \"{to}\"");
    }
    if let Form::Choice(choices) = field.form {
        let choices: Vec<String> = choices
            .iter()
            .map(|choice| format!("{}: {}", key(choice.value), label(choice.label)))
            .collect();
        let _ = write!(out, ", choices: {{ {} }}", choices.join(", "));
    }
    out.push_str(" },\n");
}

fn strings(texts: &[&str]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("[{}]", texts.join(", "))
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Choice(_) => "choice",
        Form::Date => "date",
        Form::DateTime => "datetime",
        Form::Flag => "flag",
        Form::Hours => "hours",
        Form::Number { .. } => "number",
        Form::Record => "record",
        Form::Site => "site",
        Form::Text => "text",
        Form::Weekdays => "weekdays",
        Form::Words => "words",
    }
}

/// What a field is read as.
#[must_use]
pub fn read_type(field: &Field) -> String {
    let of = value_type(field);
    if field.nullable {
        format!("{of} | null")
    } else {
        of
    }
}

fn write_type(field: &Field) -> String {
    let of = value_type(field);
    if field.required {
        of
    } else {
        format!("{of} | null")
    }
}

fn value_type(field: &Field) -> String {
    match field.form {
        Form::Choice(choices) => return words(choices),
        Form::Date => "CivilDate",
        Form::DateTime => "DateTime",
        Form::Flag => "boolean",
        Form::Hours => "Hours",
        Form::Number { .. } => "number",
        Form::Record => "RecordId",
        Form::Site => "SiteKey",
        Form::Text => "string",
        Form::Weekdays => "readonly Weekday[]",
        Form::Words => "readonly string[]",
    }
    .to_owned()
}

fn words(choices: &[Choice]) -> String {
    let words: Vec<String> = choices
        .iter()
        .map(|choice| format!("\"{}\"", choice.value))
        .collect();
    words.join(" | ")
}

/// The name of a kind's type: its English label, `service request` as `ServiceRequest`.
fn type_name(kind: &RecordKind) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    kind.label
        .en
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .map(capital)
        .collect()
}

fn key(text: &str) -> String {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
    {
        text.to_owned()
    } else {
        format!("\"{text}\"")
    }
}

fn label(label: Label) -> String {
    format!("{{ zh: \"{}\", en: \"{}\" }}", label.zh, label.en)
}
