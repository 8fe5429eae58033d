use serde_json::json;
use yilian_core::civil::WorkCalendar;
use yilian_core::document::Name;
use yilian_core::records::{Step, Typed as _};

use super::is_case;
use super::show::Shown;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::site::OnlySite;
use crate::cli::timeline::{clean, when};

/// Which cases.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) site: OnlySite,
    pub(super) stage: Option<String>,
    pub(super) open: bool,
    pub(super) overdue: bool,
}

pub(super) async fn run(context: &Context, wanted: Wanted) -> Result<(), Failure> {
    let stage = match wanted.stage {
        Some(text) => Some(Step::parse_field("stage", &text)?.1),
        None => None,
    };
    let node = context.open().await?;
    let site = wanted.site.named(context, &node).await?;
    let is_of = |name: &Name| is_case(name) && (site.is_none() || name.site() == site.as_ref());
    let read = names(&node, is_of, vec![Name::Sites]).await?;
    let now = node.clock().civil();
    let mut found = node
        .read(read, move |documents| {
            let sites = documents.get(&Name::Sites).map(|sites| sites.view());
            let calendar = WorkCalendar::of(sites);
            let shown = documents.iter();
            shown
                .filter_map(|document| Shown::of(document.name()?, document.view(), &calendar, now))
                .collect::<Vec<_>>()
        })
        .await?;
    node.stop().await;
    found.retain(|shown| {
        let at = stage
            .as_ref()
            .is_none_or(|of| of.as_text() == Some(shown.stage.as_str()));
        at && (!wanted.overdue || shown.is_overdue) && (!wanted.open || shown.is_open)
    });
    // What is due first comes first; what nobody waits for comes last, the newest first.
    found.sort_by_key(|shown| {
        let due = shown.deadline.map(|deadline| deadline.due);
        let newest = std::cmp::Reverse(shown.case.received);
        (due.is_none(), due, newest, shown.document.clone())
    });
    if context.json {
        let rows: Vec<_> = found.iter().map(Shown::row_json).collect();
        return out::json(&json!({ "cases": rows }));
    }
    if found.is_empty() {
        return context.say("没有案件", "there are none");
    }
    let header = match context.pick("zh", "en") {
        "zh" => [
            "编号",
            "站点",
            "方式",
            "案件",
            "阶段",
            "调解员",
            "待办",
            "期限",
        ],
        _ => [
            "number", "site", "mode", "case", "stage", "with", "next", "due",
        ],
    };
    let rows = found.iter().map(|shown| {
        let (mode, stage) = (shown.case.mode.label(), shown.stage.label());
        let duty = shown.deadline.map(|deadline| deadline.duty.label());
        let due = shown.deadline.map(|deadline| when(deadline.due));
        let late = match shown.is_overdue {
            true => context.pick("，超期", ", late"),
            false => "",
        };
        vec![
            shown.case.case.clone(),
            shown.site(),
            context.pick(mode.zh, mode.en).to_owned(),
            clean(context.pick(&shown.title.0, &shown.title.1)),
            context.pick(stage.zh, stage.en).to_owned(),
            clean(&shown.mediators(context.pick("、", ", "))),
            duty.map(|duty| context.pick(duty.zh, duty.en).to_owned())
                .unwrap_or_default(),
            due.map(|due| format!("{due}{late}")).unwrap_or_default(),
        ]
    });
    out::table(&header, rows.collect())
}
