//! A removed record was edited by someone who did not know of the removal, or after it.
//!
//! Reads each document by itself.

use super::context::Context;
use super::wording::list;
use super::{Finding, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{LateEdit, Name};
use crate::import::IMPORTED;
use crate::records::{Edit, View};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let documents = context.holdings.documents.iter();
    for (name, holding) in documents.filter(|(name, _)| context.concerns([*name])) {
        for late in &holding.late_edits {
            findings.extend(report(context, name, holding.view, late));
        }
    }
}

fn report(context: &Context<'_>, document: &Name, view: &View, late: &LateEdit) -> Option<Finding> {
    let entry = view.entry(late.collection, late.record)?;
    let edits: Vec<_> = late
        .edits
        .iter()
        .filter(|(field, _)| field != IMPORTED)
        .collect();
    let (_, first) = edits.first()?;
    let what = context.record(entry, document.site());
    let (remover, editor) = (
        context.author(late.removal.author.as_ref()),
        context.author(first.author.as_ref()),
    );
    let said: Vec<Text> = edits
        .iter()
        .map(|(field, writing)| {
            let (label, value) = (
                context.field(Some(entry), field),
                context.value(context.field_of(entry, field), writing.value.as_ref()),
            );
            Text::of(
                format_args!("{}＝{}", label.zh, value.zh),
                format_args!("{} = {}", label.en, value.en),
            )
        })
        .collect();
    let said = list(&said, "项");
    let text = Text::of(
        format_args!(
            "{}已由{}移除，{}却又改了它：{}",
            what.zh, remover.zh, editor.zh, said.zh
        ),
        format_args!(
            "{} was removed by {}, and yet {} edited it: {}",
            what.en, remover.en, editor.en, said.en
        ),
    );
    let repairs = vec![
        Repair::new(
            Text::new(
                "恢复这条记录，保留修改",
                "restore the record with the edits",
            ),
            vec![Edit::restore(document, late.collection, late.record)],
        ),
        Repair::new(
            Text::new("仍然移除", "remove it all the same"),
            vec![Edit::remove(
                document,
                late.collection,
                late.record,
                context.holdings.now,
            )],
        ),
    ];
    let record = RecordRef {
        document: document.clone(),
        collection: late.collection,
        record: late.record,
    };
    Some(
        Finding::new(Rule::LateEdit, Severity::Warning, vec![record], None, text)
            .on(context.date_of(entry))
            .with_repairs(repairs),
    )
}
