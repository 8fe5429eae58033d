//! The history of a document that one thing has to itself: what was sent, or a case.

use serde_json::json;
use yilian_core::document::{LogEntry, Name};
use yilian_core::records::{Stage, Step, Typed as _};
use yilian_node::Node;

use super::context::Context;
use super::failure::Failure;
use super::out;
use super::timeline::{clean, when};

/// The most changes that are told.
const CHANGES_MAX: usize = 500;

/// What a history is of.
#[derive(Debug)]
pub(crate) struct Told {
    /// What programs call the next.
    pub(crate) key: &'static str,
    /// What people call it.
    pub(crate) called: String,
    /// The message of the change that began it, and the stage that it began at.
    pub(crate) first: (&'static str, Stage),
}

/// Tells who did what in a document, and when.
pub(crate) async fn tell(
    context: &Context,
    node: Node,
    name: Name,
    told: Told,
) -> Result<(), Failure> {
    let of = name.clone();
    let mut log = node
        .read(vec![name], move |documents| {
            let document = documents.get(&of);
            document.map_or_else(Vec::new, |document| document.log(CHANGES_MAX))
        })
        .await?;
    let clock = node.clock().clone();
    node.stop().await;
    log.reverse();
    // The fixed first changes are nobody's.
    log.retain(|entry| entry.records > 0);
    let at = |entry: &LogEntry| when(clock.civil_at(entry.time));
    if context.json {
        let entries = log.iter().map(|entry| {
            json!({
                "change": entry.hash.to_string(),
                "time": at(entry),
                "author": entry.author,
                "message": entry.message,
                "patches": entry.patches,
            })
        });
        let entries: Vec<_> = entries.collect();
        return out::json(&json!({ told.key: told.called, "history": entries }));
    }
    for entry in &log {
        let nobody = context.pick("（未署名）", "(no author)");
        let author = entry.author.as_ref().map(|author| clean(author.as_str()));
        let did = did(context, &told, entry);
        out::line(&format!(
            "{}  {}  {did}",
            at(entry),
            author.as_deref().unwrap_or(nobody)
        ))?;
    }
    Ok(())
}

/// What a change did: the stages that it led to, or else its message.
fn did(context: &Context, told: &Told, entry: &LogEntry) -> String {
    let stages = Stage::CHOICES;
    let steps = entry
        .patches
        .iter()
        .filter(|patch| patch.collection == Step::KIND.collection)
        .flat_map(|patch| &patch.fields)
        .filter(|change| change.field == "stage")
        .filter_map(|change| change.new.as_ref()?.as_text())
        .filter_map(|text| stages.iter().find(|choice| choice.value == text))
        .map(|choice| context.pick(choice.label.zh, choice.label.en));
    let steps: Vec<_> = steps.collect();
    let (began, stage) = told.first;
    match (steps.is_empty(), entry.message.as_deref()) {
        (false, _) => steps.join(" "),
        (true, Some(message)) if message == began => {
            let label = stage.label();
            context.pick(label.zh, label.en).to_owned()
        }
        (true, message) => clean(message.unwrap_or_default()),
    }
}
