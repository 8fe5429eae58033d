use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{Step, Typed as _};

use super::shown::{Shown, overdue_text};
use super::{code_of, is_inbox};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::timeline::{clean, when};

pub(super) async fn run(
    context: &Context,
    site: Option<SiteKey>,
    stage: Option<String>,
    overdue: bool,
) -> Result<(), Failure> {
    let stage = match stage {
        Some(text) => Some(Step::parse_field("stage", &text)?.1),
        None => None,
    };
    let node = context.open().await?;
    let wanted = |name: &Name| is_inbox(name) && (site.is_none() || name.site() == site.as_ref());
    let inbox = names(&node, wanted, Vec::new()).await?;
    let (read, now) = (inbox.clone(), node.clock().civil());
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
            && (!overdue || shown.overdue.is_some())
    });
    found.sort_by(|a, b| (a.submission.at, &a.document).cmp(&(b.submission.at, &b.document)));
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
