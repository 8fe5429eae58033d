use jiff::civil::DateTime;
use serde_json::json;
use yilian_core::document::Name;
use yilian_core::mediation::{MediationError, Proceedings, take};
use yilian_core::ordered::BTreeMap;
use yilian_core::records::{
    Agreement, Edit, FieldReader, RecordId, Referral, ReferralKind, Stage, Step, Typed, Value,
};
use yilian_node::Node;

use super::args::{CaseArgument, Said, StepArguments};
use super::{find_of, number, with_case};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;

pub(super) async fn run(
    context: &Context,
    stage: Stage,
    asked: StepArguments,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find_of(context, &node, &asked.case).await?;
    let step = step(&node, stage, asked.said)?;
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| take(&document, case, vec![step])).await?;
    write(context, node, &name, edits, stage).await
}

/// The parties agreed: with fields, on what.
pub(super) async fn agree(
    context: &Context,
    case: &CaseArgument,
    fields: &[String],
    said: Said,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find_of(context, &node, case).await?;
    let step = step(&node, Stage::Agreed, said)?;
    let fields = fields_of(fields)?;
    let (record, at) = (node.new_record()?, step.at);
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| {
        if fields.is_empty() {
            return take(&document, case, vec![step]);
        }
        let agreement = agreement(case, record, &fields, at);
        let mut with = case.clone();
        with.agreements.push(&agreement);
        let mut edits = agreement.create(&document);
        edits.extend(take(&document, &with, vec![step])?);
        Ok(edits)
    });
    let edits = edits.await?;
    write(context, node, &name, edits, Stage::Agreed).await
}

fn fields_of(assignments: &[String]) -> Result<BTreeMap<String, Value>, Failure> {
    let mut fields = BTreeMap::new();
    for assignment in assignments {
        let (field, text) = assignment.split_once('=').ok_or_else(|| {
            Failure::usage(
                format!("“{assignment}”应形如 字段=值"),
                format!("\"{assignment}\" should look like FIELD=VALUE"),
            )
        })?;
        let (field, value) = Agreement::parse_field(field, text)?;
        if matches!(field, "site" | "case") {
            return Err(Failure::usage(
                format!("{field}= 是案件自己的，不用写"),
                format!("{field}= is the case's own: leave it out"),
            ));
        }
        fields.insert(field.to_owned(), value);
    }
    Ok(fields)
}

/// The agreement that fields say, signed when the step was taken unless they say otherwise.
fn agreement(
    case: &Proceedings<'_>,
    record: RecordId,
    fields: &BTreeMap<String, Value>,
    at: DateTime,
) -> Agreement {
    let read = Agreement::read(record, &FieldReader::new(fields));
    Agreement {
        site: case.case.site.clone(),
        case: case.case.case.clone(),
        signed: read.signed.or(Some(at.date())),
        ..read
    }
}

/// The agreement goes to be confirmed.
pub(super) async fn refer(
    context: &Context,
    case: &CaseArgument,
    (to, reference): (Option<String>, Option<String>),
    said: Said,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find_of(context, &node, case).await?;
    let step = step(&node, Stage::Referred, said)?;
    let record = node.new_record()?;
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| {
        let referral = Referral {
            id: record,
            site: case.case.site.clone(),
            case: case.case.case.clone(),
            kind: ReferralKind::Confirmation,
            to: to.unwrap_or_default(),
            to_site: None,
            sent: step.at,
            reference: reference.unwrap_or_default(),
            note: String::new(),
            removed_at: None,
        };
        let step = Step {
            made: Some(record),
            ..step
        };
        let mut edits = take(&document, case, vec![step])?;
        edits.extend(referral.create(&document));
        Ok::<_, MediationError>(edits)
    });
    let edits = edits.await?;
    write(context, node, &name, edits, Stage::Referred).await
}

fn step(node: &Node, stage: Stage, said: Said) -> Result<Step, Failure> {
    let (by, at, note) = spoken(node, said);
    Ok(Step {
        id: node.new_record()?,
        about: None,
        after: None,
        stage,
        at,
        by,
        note,
        made: None,
        removed_at: None,
    })
}

/// Who says what, and when: whoever edits here, now.
pub(super) fn spoken(node: &Node, said: Said) -> (String, DateTime, String) {
    let author = || node.author().map(|author| author.name().to_owned());
    let by = said.by.or_else(author).unwrap_or_default();
    let at = said.at.unwrap_or_else(|| node.clock().civil());
    (by, at, said.note.unwrap_or_default())
}

pub(super) async fn write(
    context: &Context,
    node: Node,
    name: &Name,
    edits: Vec<Edit>,
    stage: Stage,
) -> Result<(), Failure> {
    node.edit(edits, stage.as_str()).await?;
    node.stop().await;
    let case = number(name);
    if context.json {
        return out::json(&json!({ "case": case, "document": name, "stage": stage }));
    }
    let label = stage.label();
    context.say(
        &format!("{case} {}", label.zh),
        &format!("{case} is {}", label.en),
    )
}
