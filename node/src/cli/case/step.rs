use jiff::civil::DateTime;
use serde_json::json;
use yilian_core::document::Name;
use yilian_core::mediation::{self, agree as agree_on, take};
use yilian_core::ordered::BTreeMap;
use yilian_core::records::{Agreement, Edit, FieldReader, Referral, Stage, Step, Typed, Value};
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
    let record = node.new_record()?;
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| match fields.is_empty() {
        true => take(&document, case, vec![step]),
        false => {
            let agreement = Agreement::read(record, &FieldReader::new(&fields));
            agree_on(&document, case, agreement, step)
        }
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
    // Whose it is, what for and when is the step's.
    let referral = Referral {
        to: to.unwrap_or_default(),
        reference: reference.unwrap_or_default(),
        ..Referral::read(node.new_record()?, &FieldReader::new(&BTreeMap::new()))
    };
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| {
        mediation::refer(&document, case, referral, step)
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
