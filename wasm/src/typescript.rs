//! The TypeScript types of everything that reaches a page, made from the definitions in Rust.
//!
//! Records come from their tables of fields. The other types are described below, each description
//! taking its Rust type apart completely, so that a field or variant that is added there does not
//! compile here until it is described. `cargo xtask wasm` writes the result to `js/generated.ts`.

use std::fmt::Write;

use yilian_core::document::{FieldChange, HistoryEntry, LogEntry, RecordChange, RecordPatch};
use yilian_core::records::{Collection, Edit, Expected, FieldProblem, Label, ProblemKind, Record};
use yilian_core::rules::{Finding, Findings, NotChecked, RecordRef, Repair, Rule, Severity, Text};

/// Describes a struct: its fields with their types in TypeScript and what they mean, which must be all it has.
macro_rules! interface {
    ($out:ident, $doc:literal, $name:ident as $shown:literal { $($field:ident: $type:literal = $about:literal,)* }) => {{
        let _all_of_it = |value: $name| {
            let $name { $($field: _,)* } = value;
        };
        let fields = [$((stringify!($field), $type, $about),)*];
        interface(&mut $out, $doc, $shown, &fields);
    }};
}

mod answers;
mod cases;
mod kinds;
mod school;

pub use kinds::read_type;

use answers::answers;
use cases::cases;
use kinds::{labels, maps, record};

/// The file `js/generated.ts`.
#[must_use]
pub fn generated() -> String {
    let mut out = String::from(
        "// Made from the definitions in Rust by `cargo xtask wasm`. Do not edit.\n\n\
         /** A UUID. */\nexport type RecordId = string;\n\
         /** The key of a site: `keyun`. */\nexport type SiteKey = string;\n\
         /** A time on the wall, in the network's zone: `2026-12-03T08:00`. */\nexport type DateTime = string;\n\
         /** A day: `2026-12-03`. */\nexport type CivilDate = string;\n\
         /** A day of the week, from Monday. */\nexport type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;\n\
         /** Opening hours: `07:00-12:00 13:00-18:00`. */\nexport type Hours = string;\n\
         /** The name of a document: `roster/keyun/2026-12`. */\nexport type Name = string;\n\
         /** What a field holds. */\nexport type Value = boolean | number | string;\n\n",
    );
    union(
        &mut out,
        "Where records are in a document.",
        "Collection",
        Collection::ALL.iter().map(|collection| collection.as_str()),
    );
    for kind in Record::KINDS {
        record(&mut out, kind);
    }
    maps(&mut out);
    others(&mut out);
    answers(&mut out);
    school::school(&mut out);
    cases(&mut out);
    labels(&mut out);
    out
}

fn others(out: &mut String) {
    let mut out = out;
    union(
        out,
        "The rules there are.",
        "Rule",
        Rule::ALL.iter().map(|rule| rule.as_str()),
    );
    let severities = [Severity::Error, Severity::Warning, Severity::Notice].map(severity);
    union(out, "How bad a finding is.", "Severity", severities);
    let changes = [
        RecordChange::Added,
        RecordChange::Changed,
        RecordChange::Removed,
        RecordChange::Restored,
        RecordChange::Gone,
    ];
    union(
        out,
        "What became of a record.",
        "RecordChange",
        changes.map(record_change),
    );
    interface!(out, "What a person reads, in both languages.", Text as "Text" {
        zh: "string" = "In Chinese.",
        en: "string" = "In English.",
    });
    interface!(out, "What people call something.", Label as "Label" {
        zh: "string" = "In Chinese.",
        en: "string" = "In English.",
    });
    interface!(out, "What a field holds, said to people.", Expected as "Expected" {
        zh: "string" = "In Chinese.",
        en: "string" = "In English.",
    });
    interface!(out, "What is wrong with a field of a record.", FieldProblem as "FieldProblem" {
        field: "string" = "The name of the field.",
        kind: "ProblemKind" = "What is wrong with it.",
    });
    alias(
        out,
        "What can be wrong with a field.",
        "ProblemKind",
        problem_kinds(),
    );
    interface!(out, "A record and the document it is in.", RecordRef as "RecordRef" {
        document: "Name" = "The document it is in.",
        collection: "Collection" = "Where in the document.",
        record: "RecordId" = "Its id.",
    });
    alias(
        out,
        "One field to write, as a repair offers it.",
        "Edit",
        edits(),
    );
    interface!(out, "One way to put a finding right: make all of its edits.", Repair as "Repair" {
        label: "Text" = "What to call it on a button.",
        edits: "readonly Edit[]" = "What it writes; `Yilian.repair` makes them.",
    });
    interface!(out, "Something that the documents, taken together, make no sense of.", Finding as "Finding" {
        id: "string" = "The same on every device that sees it.",
        rule: "Rule" = "The rule that found it.",
        severity: "Severity" = "How bad it is.",
        date: "string | null" = "The day it is about, `2026-12-03`, where there is one.",
        records: "readonly RecordRef[]" = "The records it is about, by which to show it beside them.",
        field: "string | null" = "The field it is about, where it is one.",
        text: "Text" = "What to tell people.",
        repairs: "readonly Repair[]" = "What would put it right, the likeliest first.",
    });
    interface!(out, "What a rule could not look at, because a document is not here.", NotChecked as "NotChecked" {
        rule: "Rule" = "The rule that could not look.",
        documents: "readonly Name[]" = "What is not here.",
        text: "Text" = "What to tell people.",
    });
    interface!(out, "What was found: the worst first.", Findings as "Findings" {
        findings: "readonly Finding[]" = "What was found.",
        not_checked: "readonly NotChecked[]" = "What could not be looked at.",
    });
    interface!(out, "What changed in one field.", FieldChange as "FieldChange" {
        field: "string" = "The name of the field.",
        old: "Value | null" = "What it held; null when it was empty.",
        new: "Value | null" = "What it holds then; null when it is empty.",
    });
    interface!(out, "What changed in one record.", RecordPatch as "RecordPatch" {
        collection: "Collection" = "Where the record is in its document.",
        record: "RecordId" = "Its id.",
        change: "RecordChange" = "What became of it.",
        fields: "readonly FieldChange[]" = "Which of its fields are others, and how.",
    });
    interface!(out, "One change of a record's past; `time` is in seconds since 1970.", HistoryEntry as "HistoryEntry" {
        hash: "string" = "The hash of the change, which names it everywhere.",
        time: "number" = "When it was made, by the clock of whoever made it: seconds since 1970.",
        author: "string | null" = "Who made it, as far as they said.",
        message: "string | null" = "What they said of it.",
        undoes: "string | null" = "The hash of the change that it takes back, if it does.",
        patch: "RecordPatch" = "What it did to the record.",
    });
    interface!(out, "One change of a document; `time` is in seconds since 1970. `records` are how many it may have written to, `patches` the first of them.", LogEntry as "ChangeEntry" {
        hash: "string" = "The hash of the change, which names it everywhere.",
        time: "number" = "When it was made, by the clock of whoever made it: seconds since 1970.",
        author: "string | null" = "Who made it, as far as they said.",
        message: "string | null" = "What they said of it.",
        undoes: "string | null" = "The hash of the change that it takes back, if it does.",
        records: "number" = "How many records it may have written to.",
        patches: "readonly RecordPatch[]" = "What it did to the first of them.",
    });
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    }
}

fn record_change(change: RecordChange) -> &'static str {
    match change {
        RecordChange::Added => "added",
        RecordChange::Changed => "changed",
        RecordChange::Removed => "removed",
        RecordChange::Restored => "restored",
        RecordChange::Gone => "gone",
    }
}

fn problem_kinds() -> &'static str {
    let _all_of_it = |kind: ProblemKind| match kind {
        ProblemKind::Missing | ProblemKind::NotAValue => {}
        ProblemKind::Malformed {
            value: _,
            expected: _,
        } => {}
    };
    r#""missing" | "not_a_value" | {
      /** It holds something that does not fit. */
      readonly malformed: {
        /** What it holds. */
        readonly value: Value;
        /** What would fit. */
        readonly expected: Expected;
      };
    }"#
}

fn edits() -> &'static str {
    let _all_of_it = |edit: Edit| match edit {
        Edit::Set {
            document: _,
            collection: _,
            record: _,
            field: _,
            value: _,
        } => {}
        Edit::Clear {
            document: _,
            collection: _,
            record: _,
            field: _,
        } => {}
    };
    r"
  | {
      /** Gives a field a value. */
      readonly set: RecordRef & {
        /** The field's name. */
        readonly field: string;
        /** What it holds then. */
        readonly value: Value;
      };
    }
  | {
      /** Empties a field. */
      readonly clear: RecordRef & {
        /** The field's name. */
        readonly field: string;
      };
    }"
}

fn union<'a>(out: &mut String, doc: &str, name: &str, words: impl IntoIterator<Item = &'a str>) {
    let words: Vec<String> = words
        .into_iter()
        .map(|word| format!("\n  | \"{word}\""))
        .collect();
    alias(out, doc, name, &words.concat());
}

fn alias(out: &mut String, doc: &str, name: &str, of: &str) {
    let blank = if of.starts_with('\n') { "" } else { " " };
    let _ = writeln!(out, "/** {doc} */\nexport type {name} ={blank}{of};\n");
}

fn interface(out: &mut String, doc: &str, name: &str, fields: &[(&str, &str, &str)]) {
    let _ = writeln!(out, "/** {doc} */\nexport interface {name} {{");
    for (field, of, about) in fields {
        let _ = writeln!(out, "  /** {about} */\n  readonly {field}: {of};");
    }
    out.push_str("}\n\n");
}

#[cfg(test)]
mod tests;
