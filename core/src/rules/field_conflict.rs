//! One field was set to several values by people who did not know of each other.
//!
//! Reads each document by itself. Every replica shows the same one of the values; here the others are said, and by whom they are.

use super::context::Context;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{FieldConflict, Name, Writing};
use crate::import::IMPORTED;
use crate::records::{Edit, Entry, REMOVED_AT, Value, View};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (name, holding) in &context.holdings.documents {
        for conflict in &holding.conflicts {
            findings.extend(report(context, name, holding.view, conflict));
        }
    }
}

fn report(
    context: &Context<'_>,
    document: &Name,
    view: &View,
    conflict: &FieldConflict,
) -> Option<Finding> {
    let entry = view.entry(conflict.collection, conflict.record)?;
    let field = conflict.field.as_str();
    // What the last import said is bookkeeping; and who else removed a record, or what it still says, is of no matter.
    if field == IMPORTED || field == REMOVED_AT.name || entry.removed_at().is_some() {
        return None;
    }
    let (what, label) = (
        context.record(entry, document.site()),
        context.field(Some(entry), field),
    );
    let said = |writing: &Writing| {
        let (value, author) = (
            context.value(field, writing.value.as_ref()),
            context.author(writing.author.as_ref()),
        );
        Text::new(
            format!("“{}”（{}）", value.zh, author.zh),
            format!("\"{}\" by {}", value.en, author.en),
        )
    };
    let (winner, others) = (
        said(&conflict.winner),
        conflict.others.iter().map(said).collect::<Vec<_>>(),
    );
    let others = list(&others, "个");
    let mut text = Text::new(
        format!(
            "{}的“{}”被同时改成不同的值：现为{}，另有{}",
            what.zh, label.zh, winner.zh, others.zh
        ),
        format!(
            "{} of {} was set to different values at once: now {}, else {}",
            label.en, what.en, winner.en, others.en
        ),
    );
    // Two sites imported one file offline, and one of them edited a row since: the other has changed nothing.
    let only_imported = conflict
        .others
        .iter()
        .all(|other| is_as_imported(entry, field, other.value.as_ref()));
    let severity = if only_imported {
        Severity::Notice
    } else {
        Severity::Warning
    };
    if only_imported {
        text.zh.push_str("（导入文件里的原值）");
        text.en.push_str(" (as the imported file has it)");
    }
    let record = RecordRef {
        document: document.clone(),
        collection: conflict.collection,
        record: conflict.record,
    };
    let finding = Finding::new(
        Rule::FieldConflict,
        severity,
        vec![record],
        Some(field),
        text,
    );
    Some(
        finding
            .on(context.date_of(entry))
            .with_repairs(repairs(context, document, conflict)),
    )
}

fn is_as_imported(entry: &Entry, field: &str, value: Option<&Value>) -> bool {
    let imported = entry.fields().get(IMPORTED).and_then(Value::as_text);
    let said = imported.and_then(|text| {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines
            .filter(|(name, _)| *name == field)
            .map(|(_, value)| value)
            .next()
    });
    match (said, value) {
        (Some(said), Some(value)) => value.to_string() == said,
        _ => false,
    }
}

/// Each value that a field can hold, the one that is shown first: setting it settles the matter.
fn repairs(context: &Context<'_>, document: &Name, conflict: &FieldConflict) -> Vec<Repair> {
    let mut repairs = Vec::new();
    for (index, writing) in std::iter::once(&conflict.winner)
        .chain(&conflict.others)
        .enumerate()
    {
        let Some(value) = &writing.value else {
            continue;
        };
        let shown = context.value(&conflict.field, Some(value));
        let label = if index == 0 {
            Text::new(
                format!("保留“{}”", shown.zh),
                format!("keep \"{}\"", shown.en),
            )
        } else {
            Text::new(
                format!("改用“{}”", shown.zh),
                format!("take \"{}\"", shown.en),
            )
        };
        let edit = Edit::set(
            document,
            conflict.collection,
            conflict.record,
            &conflict.field,
            value.clone(),
        );
        repairs.push(Repair::new(label, vec![edit]));
    }
    repairs
}
