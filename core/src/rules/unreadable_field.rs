//! A field is missing or holds what no such field can hold.
//!
//! Reads each document by itself. One finding for a record.

use super::context::Context;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::Name;
use crate::records::{Collection, Edit, Entry, ProblemKind};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let documents = context.holdings.documents.iter();
    for (name, holding) in documents.filter(|(name, _)| context.concerns([*name])) {
        for collection in name.kind().collections().iter().copied() {
            let bad = holding
                .view
                .entries(collection)
                .filter(|entry| !entry.problems().is_empty() && entry.removed_at().is_none());
            findings.extend(bad.map(|entry| report(context, name, collection, entry)));
        }
    }
}

fn report(
    context: &Context<'_>,
    document: &Name,
    collection: Collection,
    entry: &Entry,
) -> Finding {
    let what = context.record(entry, document.site());
    let said: Vec<Text> = entry
        .problems()
        .iter()
        .map(|problem| {
            let label = context.field(Some(entry), &problem.field);
            match &problem.kind {
                ProblemKind::Missing => Text::of(
                    format_args!("缺“{}”", label.zh),
                    format_args!("{} is missing", label.en),
                ),
                ProblemKind::NotAValue => Text::of(
                    format_args!("“{}”无法识别", label.zh),
                    format_args!("{} is not a value", label.en),
                ),
                ProblemKind::Malformed { value, expected } => {
                    let value = context.value(None, Some(value));
                    Text::of(
                        format_args!("“{}”是“{}”，应为{}", label.zh, value.zh, expected.zh),
                        format_args!("{} is \"{}\", expected {}", label.en, value.en, expected.en),
                    )
                }
            }
        })
        .collect();
    let said = list(&said, "项");
    let text = Text::of(
        format_args!("{}读不全：{}", what.zh, said.zh),
        format_args!("{} cannot be read in full: {}", what.en, said.en),
    );
    let id = entry.record().id();
    let remove = Repair::new(
        Text::new("移除这条记录", "remove the record"),
        vec![Edit::remove(document, collection, id, context.holdings.now)],
    );
    let record = RecordRef {
        document: document.clone(),
        collection,
        record: id,
    };
    Finding::new(
        Rule::UnreadableField,
        Severity::Error,
        vec![record],
        None,
        text,
    )
    .on(context.date_of(entry))
    .with_repairs(vec![remove])
}
