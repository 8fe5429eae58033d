//! One field was set to several values by people who did not know of each other.
//!
//! Reads each document by itself. Every replica shows the same one of the values; here the others are said, and by whom they are.

use super::contest::Contest;
use super::context::Context;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{FieldConflict, Name, Writing};
use crate::import::IMPORTED;
use crate::records::{Edit, Field, REMOVED_AT, View};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let documents = context.holdings.documents.iter();
    for (name, holding) in documents.filter(|(name, _)| context.concerns([*name])) {
        for contest in &holding.contests {
            findings.extend(report(context, name, holding.view, contest));
        }
    }
}

fn report(
    context: &Context<'_>,
    document: &Name,
    view: &View,
    contest: &Contest,
) -> Option<Finding> {
    let conflict = &contest.conflict;
    let entry = view.entry(conflict.collection, conflict.record)?;
    let field = conflict.field.as_str();
    // What the last import said is bookkeeping; who else removed a record, or what it still says, is of no matter.
    if field == IMPORTED || field == REMOVED_AT.name || entry.removed_at().is_some() {
        return None;
    }
    let what = context.record(entry, document.site());
    let label = context.field(Some(entry), field);
    let of = context.field_of(entry, field);
    let said = |writing: &Writing| {
        let value = context.value(of, writing.value.as_ref());
        let author = context.author(writing.author.as_ref());
        Text::of(
            format_args!("“{}”（{}）", value.zh, author.zh),
            format_args!("\"{}\" by {}", value.en, author.en),
        )
    };
    let winner = said(&conflict.winner);
    let others: Vec<Text> = conflict.others.iter().map(said).collect();
    let others = list(&others, "个");
    let text = if contest.hides {
        Text::of(
            format_args!(
                "{}的“{}”改成了{}，却被另一处录入的原值{}盖住",
                what.zh, label.zh, others.zh, winner.zh
            ),
            format_args!(
                "{} of {} was set to {}, which is hidden by the original {} entered elsewhere",
                label.en, what.en, others.en, winner.en
            ),
        )
    } else {
        Text::of(
            format_args!(
                "{}的“{}”被同时改成不同的值：现为{}，另有{}",
                what.zh, label.zh, winner.zh, others.zh
            ),
            format_args!(
                "{} of {} was set to different values at once: now {}, else {}",
                label.en, what.en, winner.en, others.en
            ),
        )
    };
    let record = RecordRef {
        document: document.clone(),
        collection: conflict.collection,
        record: conflict.record,
    };
    let mut repairs = repairs(context, document, of, conflict);
    // The likeliest first: what somebody chose, not what they began with.
    if contest.hides {
        repairs.rotate_left(1);
    }
    let finding = Finding::new(
        Rule::FieldConflict,
        Severity::Warning,
        vec![record],
        Some(field),
        text,
    );
    Some(finding.on(context.date_of(entry)).with_repairs(repairs))
}

/// Each value that a field can hold, the one that is shown first: setting it settles the matter.
fn repairs(
    context: &Context<'_>,
    document: &Name,
    field: Option<&Field>,
    conflict: &FieldConflict,
) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let writings = std::iter::once(&conflict.winner).chain(&conflict.others);
    for (index, writing) in writings.enumerate() {
        let Some(value) = &writing.value else {
            continue;
        };
        let shown = context.value(field, Some(value));
        let label = if index == 0 {
            Text::of(
                format_args!("保留“{}”", shown.zh),
                format_args!("keep \"{}\"", shown.en),
            )
        } else {
            Text::of(
                format_args!("改用“{}”", shown.zh),
                format_args!("take \"{}\"", shown.en),
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
