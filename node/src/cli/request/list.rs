use serde_json::json;
use yilian_core::document::{Kind, Name};
use yilian_core::records::{Stage, Step, Submission, Typed as _, Value};
use yilian_core::report::Report;
use yilian_core::rules::Text;

use super::args::Which;
use super::shown::{self, Shown, overdue_text};
use super::{code_of, is_inbox};
use crate::cli::args::Format;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::noun::{FileOutput, write};
use crate::cli::out;
use crate::cli::sheet::Target;
use crate::cli::timeline::{clean, when};

pub(super) async fn run(context: &Context, which: Which) -> Result<(), Failure> {
    let found = select(context, which, |_| false).await?;
    if context.json {
        let rows: Vec<_> = found.iter().map(Shown::row_json).collect();
        return out::json(&json!({ "submissions": rows }));
    }
    if found.is_empty() {
        return context.say("没有来件", "there are none");
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["时间", "类型", "姓名", "阶段", "经办人", "超期", "查询码"],
        _ => ["sent", "kind", "name", "stage", "with", "late", "code"],
    };
    let rows = found.iter().map(|shown| {
        let (kind, stage) = (shown.submission.kind.label(), shown.stage.label());
        vec![
            when(shown.submission.at),
            context.pick(kind.zh, kind.en).to_owned(),
            clean(&shown.submission.name),
            context.pick(stage.zh, stage.en).to_owned(),
            shown.assignee.as_deref().map(clean).unwrap_or_default(),
            shown
                .overdue
                .map_or_else(String::new, |late| overdue_text(context, late).to_owned()),
            code_of(&shown.document),
        ]
    });
    out::table(&header, rows.collect())
}

/// As a table for an office, with all that each says.
pub(super) async fn export(
    context: &Context,
    which: Which,
    output: FileOutput,
) -> Result<(), Failure> {
    let target = Target::new(context, output.into())?;
    // What venues and items are called.
    let around = |name: &Name| matches!(name, Name::Sites | Name::Supplies { .. });
    let found = select(context, which, around).await?;
    if target.format == Format::Json {
        let rows: Vec<_> = found.iter().map(Shown::json).collect();
        return target.text(context, &format!("{:#}", json!({ "submissions": rows })));
    }
    let report = Report {
        name: "submissions",
        title: Text::new("", ""),
        subtitle: Text::new("", ""),
        columns: shown::columns(),
        rows: found.iter().map(|shown| shown.cells(context)).collect(),
        totals: Vec::new(),
        notes: Vec::new(),
    };
    write(context, &Submission::KIND, &target, &report)
}

/// Those that are asked for, the first to come first, read with the documents `around` them.
async fn select(
    context: &Context,
    which: Which,
    around: impl Fn(&Name) -> bool,
) -> Result<Vec<Shown>, Failure> {
    let stage = match which.stage {
        Some(text) => Some(Step::parse_field("stage", &text)?.1),
        None => None,
    };
    let node = context.open().await?;
    let site = which.site.named(context, &node).await?;
    let waiting = [Stage::Submitted, Stage::Accepted, Stage::Assigned].map(Stage::as_str);
    let at = stage.as_ref().and_then(Value::as_text);
    let only_waiting = which.overdue || at.is_some_and(|stage| waiting.contains(&stage));
    let month = which.month;
    // What is settled is opened only where it may be shown.
    let settled = node.settled(&[Kind::Inbox]).await?;
    let may_be_shown = |name: &Name| match settled.get(name) {
        Some(_) if only_waiting => false,
        Some(Some(sent)) => month.is_none_or(|month| month.contains(*sent)),
        Some(None) | None => true,
    };
    let wanted = |name: &Name| {
        is_inbox(name) && (site.is_none() || name.site() == site.as_ref()) && may_be_shown(name)
    };
    let inbox = names(&node, wanted, Vec::new()).await?;
    let mut read = names(&node, around, Vec::new()).await?;
    read.extend(inbox.iter().cloned());
    let now = node.clock().civil();
    let mut found = node
        .read(read, move |documents| {
            let shown = |name| Shown::of(name, documents, now);
            inbox.iter().filter_map(shown).collect::<Vec<_>>()
        })
        .await?;
    node.stop().await;
    found.retain(|shown| {
        let stage = stage.as_ref().and_then(|stage| stage.as_text());
        stage.is_none_or(|stage| stage == shown.stage.as_str())
            && month.is_none_or(|month| month.contains(shown.submission.at.date()))
            && (!which.overdue || shown.overdue.is_some())
    });
    found.sort_by(|a, b| (a.submission.at, &a.document).cmp(&(b.submission.at, &b.document)));
    Ok(found)
}
