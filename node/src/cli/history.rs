use serde_json::json;
use yilian_core::document::HistoryEntry;
use yilian_core::import::IMPORTED;
use yilian_core::records::{Collection, Field, Form, Record, Value};
use yilian_core::rules::Language;
use yilian_node::Node;

use super::context::Context;
use super::failure::Failure;
use super::out;
use super::shift_id::{self, Found};

pub(crate) async fn run(context: &Context, asked: &str) -> Result<(), Failure> {
    let node = context.open().await?;
    let found = shift_id::find(&node, asked, |_| true).await?;
    of(context, node, found).await
}

/// The history of a record that was found.
pub(crate) async fn of(context: &Context, node: Node, found: Found) -> Result<(), Failure> {
    let (name, collection, record) = (found.document.clone(), found.collection, found.record);
    let entries = node
        .read(vec![name.clone()], move |documents| {
            documents
                .get(&name)
                .map(|document| document.history(collection, record))
        })
        .await?
        .unwrap_or_default();
    let clock = node.clock().clone();
    node.stop().await;
    let at = |entry: &HistoryEntry| {
        clock
            .civil_at(entry.time)
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    };
    if context.json {
        let entries = entries.iter().map(|entry| {
            let fields: Vec<_> = shown(entry).map(|change| json!(change)).collect();
            json!({
                "change": entry.hash.to_string(),
                "time": at(entry),
                "author": entry.author,
                "message": entry.message,
                "undoes": entry.undoes.map(|hash| hash.to_string()),
                "what": entry.patch.change,
                "fields": fields,
            })
        });
        return out::json(
            &json!({ "record": record, "document": found.document, "history": entries.collect::<Vec<_>>() }),
        );
    }
    for entry in &entries {
        let author = entry
            .author
            .as_ref()
            .map_or(context.pick("（未署名）", "(no author)"), |author| {
                author.as_str()
            });
        let message = match entry.undoes {
            Some(hash) => {
                let hash = hash.to_string();
                let undone = hash.get(..8).unwrap_or(&hash);
                format!("{} {undone}", context.pick("撤销", "undo of"))
            }
            None => entry.message.clone().unwrap_or_default(),
        };
        out::line(&format!("{}  {author}  {message}", at(entry)))?;
        for change in shown(entry) {
            let field = field_of(collection, &change.field);
            if field.is_some_and(|field| field.form == Form::Record) {
                // The id behind a name tells a person nothing; `--json` has it.
                continue;
            }
            let label = field.map_or(change.field.as_str(), |field| {
                context.pick(field.label.zh, field.label.en)
            });
            let old = text(context, field, change.old.as_ref());
            let new = text(context, field, change.new.as_ref());
            out::line(&format!("    {label}: {old} → {new}"))?;
        }
    }
    Ok(())
}

fn field_of(collection: Collection, field: &str) -> Option<&'static Field> {
    Record::kind_of(collection)?.field(field).ok()
}

/// What people care for: not what the importer keeps for itself.
fn shown(entry: &HistoryEntry) -> impl Iterator<Item = &yilian_core::document::FieldChange> {
    entry
        .patch
        .fields
        .iter()
        .filter(|change| change.field != IMPORTED)
}

fn text(context: &Context, field: Option<&Field>, value: Option<&Value>) -> String {
    match value {
        None => context.pick("（无）", "(none)").to_owned(),
        Some(Value::Text(text)) if text.is_empty() => context.pick("（空）", "(empty)").to_owned(),
        Some(Value::Text(text)) => choice(context, field, text).unwrap_or(text).to_owned(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Float(number)) => number.to_string(),
    }
}

/// What people call one of a field's choices.
fn choice<'a>(context: &Context, field: Option<&Field>, text: &str) -> Option<&'a str> {
    let Form::Choice(choices) = field?.form else {
        return None;
    };
    let choice = choices.iter().find(|choice| choice.value == text)?;
    Some(match context.language {
        Language::Zh => choice.label.zh,
        Language::En => choice.label.en,
    })
}
