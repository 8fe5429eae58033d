//! Changes that the relay refused or that break documents: what they were, and what becomes of them.

use automerge::ChangeHash;
use clap::Subcommand;
use serde_json::json;
use yilian_core::storage::Quarantined;
use yilian_node::{Node, Refused, RefusedFailed};

use super::context::Context;
use super::failure::Failure;
use super::out;
use super::timeline::{clean, when};

#[derive(Debug, Subcommand)]
pub(crate) enum RefusedCommand {
    #[command(about = "列出被拒收的改动及原因 | list what was refused, and why")]
    List,
    #[command(about = "把自己的一处改动重做一遍 | make a change of your own once more")]
    Retry(OneChange),
    #[command(about = "放弃一处改动，不再列出 | give a change up, and list it no more")]
    Discard(OneChange),
}

#[derive(Debug, clap::Args)]
pub(crate) struct OneChange {
    #[arg(
        value_name = "CHANGE",
        help = "改动编号，或其开头几位 | the change, or its first digits"
    )]
    change: String,
}

pub(crate) async fn run(context: &Context, command: RefusedCommand) -> Result<(), Failure> {
    let node = context.open().await?;
    let refused = node.refused().await?;
    let outcome = match command {
        RefusedCommand::List => list(context, &node, &refused),
        RefusedCommand::Retry(one) => retry(context, &node, find(&refused, &one.change)?).await,
        RefusedCommand::Discard(one) => discard(context, &node, find(&refused, &one.change)?).await,
    };
    node.stop().await;
    outcome
}

fn list(context: &Context, node: &Node, refused: &[Refused]) -> Result<(), Failure> {
    let at = |one: &Refused| match one.time {
        0 => "?".to_owned(),
        time => when(node.clock().civil_at(time)),
    };
    if context.json {
        let listed = refused.iter().map(|one| {
            json!({
                "change": one.change.to_string(),
                "document": one.document,
                "reason": one.reason,
                "author": one.author,
                "time": at(one),
                "message": one.message,
                "edits": one.edits.len(),
                "retry": one.retry,
            })
        });
        return out::json(&json!({ "refused": listed.collect::<Vec<_>>() }));
    }
    if refused.is_empty() {
        return context.say("没有被拒收的改动", "nothing was refused");
    }
    let header = [
        context.pick("改动", "change"),
        context.pick("文档", "document"),
        context.pick("时间", "time"),
        context.pick("编辑人", "author"),
        context.pick("原因", "reason"),
        context.pick("可重做", "retry"),
    ];
    let rows = refused.iter().map(|one| {
        let author = one.author.as_ref().map(|author| clean(author.as_str()));
        let reason = match one.reason == Quarantined::BREAKS {
            true => context.pick("它会弄坏文档", Quarantined::BREAKS).to_owned(),
            false => clean(&one.reason),
        };
        vec![
            short(one.change),
            one.document.to_string(),
            at(one),
            author.unwrap_or_else(|| "?".to_owned()),
            reason,
            context
                .pick(
                    if one.retry { "是" } else { "否" },
                    if one.retry { "yes" } else { "no" },
                )
                .to_owned(),
        ]
    });
    out::table(&header, rows.collect())
}

/// So much of a hash as tells it from all others in practice.
fn short(change: ChangeHash) -> String {
    change.to_string().chars().take(12).collect()
}

fn find<'a>(refused: &'a [Refused], asked: &str) -> Result<&'a Refused, Failure> {
    let mut found = refused
        .iter()
        .filter(|one| !asked.is_empty() && one.change.to_string().starts_with(asked));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::usage(
            format!("以“{asked}”开头的改动不止一处，请多写几位"),
            format!("more than one change begins with {asked:?}: give more digits"),
        )),
        (None, _) => Err(Failure::usage(
            format!("被拒收的改动里没有“{asked}”；用 refused list 列出"),
            format!("no refused change begins with {asked:?}: see refused list"),
        )),
    }
}

async fn retry(context: &Context, node: &Node, one: &Refused) -> Result<(), Failure> {
    node.retry_refused(one.change).await?;
    told(context, one, ("已重做", "made once more"), "retried")
}

async fn discard(context: &Context, node: &Node, one: &Refused) -> Result<(), Failure> {
    node.discard_refused(one.change).await?;
    told(context, one, ("已放弃", "given up"), "discarded")
}

fn told(context: &Context, one: &Refused, done: (&str, &str), key: &str) -> Result<(), Failure> {
    let (zh, en) = done;
    let (change, document) = (short(one.change), &one.document);
    if context.json {
        return out::json(&json!({ key: one.change.to_string(), "document": document }));
    }
    context.say(
        &format!("{zh}：{document} 的改动 {change}"),
        &format!("{en}: change {change} of {document}"),
    )
}

impl From<RefusedFailed> for Failure {
    fn from(error: RefusedFailed) -> Self {
        let en = error.to_string();
        match error {
            RefusedFailed::NotOurs { .. } => Self::new(
                "这处改动不是本机编辑人做的，或内容读不出来：请由原编辑人重做",
                en,
            ),
            RefusedFailed::Edit(error) => error.into(),
            RefusedFailed::Read(error) => error.into(),
            _ => Self::from_error(("没有记下来", "it was not kept"), &error),
        }
    }
}
