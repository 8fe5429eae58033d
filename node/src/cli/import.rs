use serde_json::{Value, json};
use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::import::{
    Held, ImportError, Plan, Table, plan_people, plan_posts, plan_roster, plan_sites,
};
use yilian_node::Node;
use yilian_node::read_table::{ReadTableError, read_table};

use super::args::FileArguments;
use super::context::{Context, names};
use super::documents::held;
use super::failure::Failure;
use super::out;
use super::site::RowSite;

/// The most lines of one kind that are printed; `--json` has all.
const LINES_MAX: usize = 20;

pub(crate) async fn sites(
    context: &Context,
    node: &Node,
    file: &FileArguments,
) -> Result<(), Failure> {
    run(context, node, file, vec![Name::Sites], plan_sites).await
}

pub(crate) async fn posts(
    context: &Context,
    node: &Node,
    file: &FileArguments,
) -> Result<(), Failure> {
    run(context, node, file, vec![Name::Sites], plan_posts).await
}

pub(crate) async fn people(
    context: &Context,
    node: &Node,
    file: &FileArguments,
    site: Option<SiteKey>,
) -> Result<(), Failure> {
    let read = known(node, &site, |name| matches!(name, Name::People { .. })).await?;
    run(context, node, file, read, move |table, held| {
        plan_people(table, site.as_ref(), held)
    })
    .await
}

pub(crate) async fn roster(
    context: &Context,
    file: &FileArguments,
    month: Month,
    site: &RowSite,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    let wanted = move |name: &Name| {
        matches!(name, Name::People { .. })
            || matches!(name, Name::Roster { .. } if name.month() == Some(month))
    };
    let mut read = known(&node, &site, wanted).await?;
    read.extend(site.clone().map(|site| Name::Roster { site, month }));
    read.sort_unstable();
    read.dedup();
    run(context, &node, file, read, move |table, held| {
        plan_roster(table, month, site.as_ref(), held)
    })
    .await
}

/// Documents that an import looks into: the sites, the site's people, and those of a kind that are here.
async fn known(
    node: &Node,
    site: &Option<SiteKey>,
    wanted: impl Fn(&Name) -> bool,
) -> Result<Vec<Name>, Failure> {
    let people = site.clone().map(|site| Name::People { site });
    names(
        node,
        wanted,
        people.into_iter().chain([Name::Sites]).collect(),
    )
    .await
}

pub(crate) async fn run(
    context: &Context,
    node: &Node,
    arguments: &FileArguments,
    read: Vec<Name>,
    plan: impl FnOnce(&Table, &Held<'_>) -> Result<Plan, ImportError> + Send + 'static,
) -> Result<(), Failure> {
    let table = read_table(&arguments.file, arguments.sheet.as_deref()).map_err(unreadable)?;
    let plan = node
        .read(read, move |documents| plan(&table, &held(documents)))
        .await?
        .map_err(refused)?;
    if !arguments.dry_run {
        node.edit(plan.edits.clone(), &format!("import {}", plan.file))
            .await?;
    }
    node.stop().await;
    report(context, &plan, arguments.dry_run)
}

pub(crate) fn unreadable(error: ReadTableError) -> Failure {
    let text = error.text();
    Failure::new(text.zh, text.en)
}

pub(crate) fn refused(error: ImportError) -> Failure {
    let lines = error
        .errors
        .iter()
        .map(yilian_core::import::RowError::text)
        .collect::<Vec<_>>();
    let count = lines.len();
    Failure::Failed(
        yilian_core::rules::Text::new(
            format!("文件有 {count} 处看不懂，什么也没有导入"),
            format!("{count} places in the file cannot be understood; nothing was imported"),
        ),
        lines,
    )
}

pub(crate) fn report(context: &Context, plan: &Plan, dry_run: bool) -> Result<(), Failure> {
    if context.json {
        let mut value = json!(plan);
        if let Value::Object(fields) = &mut value {
            fields.remove("edits");
            fields.insert("dry_run".to_owned(), dry_run.into());
        }
        return out::json(&value);
    }
    if dry_run {
        context.say(
            "只是试算，什么也没有写：",
            "nothing was written; this is what would be:",
        )?;
    }
    let (added, updated, unchanged) = (plan.added.len(), plan.updated.len(), plan.unchanged.len());
    context.say(
        &format!(
            "{}：新增 {added}，更新 {updated}，不变 {unchanged}",
            plan.file
        ),
        &format!(
            "{}: {added} added, {updated} updated, {unchanged} unchanged",
            plan.file
        ),
    )?;
    let updates = plan.updated.iter().map(|row| {
        let fields: Vec<&str> = row
            .fields
            .iter()
            .map(|update| update.field.as_str())
            .collect();
        format!("{}: {}", row.row.label, fields.join(", "))
    });
    list(context, ("更新", "updated"), updates.collect())?;
    list(
        context,
        ("以前已移除，没有恢复", "removed before, and left so"),
        plan.removed.iter().map(|row| row.label.clone()).collect(),
    )?;
    list(
        context,
        (
            "文件里已没有，没有移除",
            "gone from the file, and not removed",
        ),
        plan.gone
            .iter()
            .map(|record| record.label.clone())
            .collect(),
    )?;
    let warnings = plan.warnings.iter().map(|warning| {
        let line = warning.line;
        format!(
            "{} {}",
            context.pick(&format!("第{line}行"), &format!("line {line}")),
            context.text(&warning.text)
        )
    });
    list(context, ("注意", "note"), warnings.collect())
}

fn list(context: &Context, (zh, en): (&str, &str), lines: Vec<String>) -> Result<(), Failure> {
    if lines.is_empty() {
        return Ok(());
    }
    context.say(
        &format!("{zh}（{}）：", lines.len()),
        &format!("{en} ({}):", lines.len()),
    )?;
    for text in lines.iter().take(LINES_MAX) {
        out::line(&format!("  {text}"))?;
    }
    if lines.len() > LINES_MAX {
        context.say("  ……其余用 --json 看", "  … the rest with --json")?;
    }
    Ok(())
}
