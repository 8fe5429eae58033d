use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use yilian_core::document::Name;
use yilian_core::import::write_field;
use yilian_core::records::{
    CONFIRMED_FOR, Collection, Entry, Field, ProblemKind, REMOVED_AT, RecordKind, Value,
};
use yilian_core::rules::Text;

use super::desk::{Desk, site_of};
use super::{One, Scope, claim, file};
use crate::cli::args::{Format, OutputArguments};
use crate::cli::context::Context;
use crate::cli::documents::held;
use crate::cli::failure::Failure;
use crate::cli::sheet::Target;
use crate::cli::shift_id::{self, short};
use crate::cli::{history, out};

pub(crate) async fn list(
    context: &Context,
    kind: &'static RecordKind,
    scope: &Scope,
    removed: bool,
    output: OutputArguments,
) -> Result<(), Failure> {
    let target = Target::new(context, output)?;
    let desk = Desk::open(context, kind, scope).await?;
    let mut entries = desk.entries().await?;
    keep(&mut entries, removed);
    let turns = match kind.claims.is_empty() {
        true => BTreeMap::new(),
        false => claim::turns(&desk).await?,
    };
    if target.format == Format::Json {
        let record = |(name, entry): &(Name, Entry)| {
            let mut record = as_json(name, entry)?;
            claim::tell(&mut record, turns.get(&entry.record().id()));
            Ok(record)
        };
        let records: Result<Vec<Json>, Failure> = entries.iter().map(record).collect();
        desk.node.stop().await;
        let value = json!({ kind.collection.as_str(): records? });
        return target.text(context, &format!("{value:#}"));
    }
    if target.format != Format::Table {
        let more = match kind.claims.is_empty() {
            true => Vec::new(),
            false => vec![claim::column(&entries, &turns)],
        };
        let report = file::report(&desk, &target, entries, more).await?;
        desk.node.stop().await;
        return file::write(context, kind, &target, &report);
    }
    let ids: Vec<String> = entries
        .iter()
        .map(|(_, entry)| short(&entry.record().id()))
        .collect();
    let mut columns = vec![Column {
        title: context.pick("编号", "id").to_owned(),
        cells: ids,
    }];
    if !kind.claims.is_empty() {
        let grant = |(_, entry): &(Name, Entry)| turns.get(&entry.record().id());
        let cells = entries
            .iter()
            .map(|entry| claim::said(context, grant(entry)));
        columns.push(Column {
            title: context.pick("结果", "grant").to_owned(),
            cells: cells.collect(),
        });
    }
    if desk.is_by_document() {
        columns.push(sites(context, kind, &entries));
    }
    columns.extend(fields(context, &desk, entries, false).await?);
    desk.node.stop().await;
    target.text(context, &text(context, kind, &columns))
}

/// A column of a table.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) cells: Vec<String>,
}

/// Present ones, or those that were removed and are nowhere else.
fn keep(entries: &mut Vec<(Name, Entry)>, removed: bool) {
    let present: std::collections::BTreeSet<_> = entries
        .iter()
        .filter(|(_, entry)| entry.removed_at().is_none())
        .map(|(name, entry)| (name.site().cloned(), entry.record().id()))
        .collect();
    entries.retain(|(name, entry)| match removed {
        false => entry.removed_at().is_none(),
        true => !present.contains(&(name.site().cloned(), entry.record().id())),
    });
}

/// Whose each record is, where no field of the kind says so.
fn sites(context: &Context, kind: &RecordKind, entries: &[(Name, Entry)]) -> Column {
    let site = |(name, entry): &(Name, Entry)| site_of(kind, name, entry);
    Column {
        title: context.pick("站点", "site").to_owned(),
        cells: entries
            .iter()
            .map(|entry| site(entry).map(|site| site.to_string()).unwrap_or_default())
            .collect(),
    }
}

/// Whether a field would make a list too wide for a screen: `show` has it, and so has a file.
fn is_left_to_show(kind: &RecordKind, field: &Field) -> bool {
    let left: &[&str] = match kind.collection {
        Collection::Sites => &["address", "amenities", "lat", "lng", "notice"],
        Collection::Bookings => &[CONFIRMED_FOR],
        _ => &[],
    };
    left.contains(&field.name)
}

/// The columns of the fields that say anything: of the `whole` records, or for a list.
async fn fields(
    context: &Context,
    desk: &Desk,
    entries: Vec<(Name, Entry)>,
    whole: bool,
) -> Result<Vec<Column>, Failure> {
    let (kind, language) = (desk.kind, context.language);
    let columns = desk
        .read(Vec::new(), move |documents| {
            let held = held(documents);
            let column = |field: &Field| -> Vec<String> {
                let cell = |(name, entry): &(Name, Entry)| {
                    let site = site_of(kind, name, entry);
                    let value = shown(entry, field)?;
                    Some(write_field(
                        kind,
                        field,
                        &value,
                        site.as_ref(),
                        &held,
                        language,
                    ))
                };
                let cells = entries.iter().map(|entry| cell(entry).unwrap_or_default());
                cells.map(|cell| one_line(&cell)).collect()
            };
            let fields = kind.fields.iter().chain([&REMOVED_AT]);
            let fields = fields.filter(|field| whole || !is_left_to_show(kind, field));
            fields
                .map(|field| (field, column(field)))
                .collect::<Vec<_>>()
        })
        .await?;
    let said = columns
        .into_iter()
        .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
    let titled = said.map(|(field, cells)| Column {
        title: context.pick(field.label.zh, field.label.en).to_owned(),
        cells,
    });
    Ok(titled.collect())
}

/// What a field holds, or what stands for it where nothing is stored; as stored where it cannot be read.
fn shown(entry: &Entry, field: &Field) -> Option<Value> {
    let read = entry.record().fields().into_iter();
    let mut read = read.filter(|(name, _)| *name == field.name);
    let value = read.next().map(|(_, value)| value);
    match entry.is_readable(field.name) {
        true => entry.fields().get(field.name).cloned(),
        false => entry.fields().get(field.name).cloned().or(value),
    }
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).collect::<Vec<_>>().join(" ")
}

/// Columns side by side.
fn text(context: &Context, kind: &RecordKind, columns: &[Column]) -> String {
    let count = columns.first().map_or(0, |column| column.cells.len());
    if count == 0 {
        let (zh, en) = (kind.label.zh, kind.label.en);
        let none = Text::new(format!("没有{zh}"), format!("there is no {en}"));
        return context.text(&none).to_owned();
    }
    let header: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    let row = |row: usize| {
        let cells = columns.iter().map(|column| column.cells.get(row).cloned());
        cells.map(Option::unwrap_or_default).collect()
    };
    out::table_text(&header, (0..count).map(row).collect())
}

/// A record as JSON, with the document it is in.
pub(super) fn as_json(name: &Name, entry: &Entry) -> Result<Json, Failure> {
    let record = serde_json::to_value(entry.record())
        .map_err(|error| Failure::from_error(("写不出 JSON", "cannot write JSON"), &error))?;
    Ok(match record {
        Json::Object(mut fields) => {
            fields.insert("document".to_owned(), json!(name));
            Json::Object(fields)
        }
        other => other,
    })
}

pub(crate) async fn one(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let outcome = claim::outcome(&desk, &found.entry).await?;
    if context.json {
        desk.node.stop().await;
        let mut record = as_json(&found.document, &found.entry)?;
        claim::tell(&mut record, outcome.as_ref().map(|outcome| &outcome.turn));
        if let (Json::Object(fields), Some(outcome)) = (&mut record, &outcome) {
            fields.insert("alternatives".to_owned(), outcome.as_json());
        }
        return out::json(&record);
    }
    let entries = vec![(found.document.clone(), found.entry.clone())];
    let columns = fields(context, &desk, entries, true).await?;
    desk.node.stop().await;
    let mut rows = vec![
        vec![
            context.pick("编号", "id").to_owned(),
            found.record.to_string(),
        ],
        vec![
            context.pick("文档", "document").to_owned(),
            found.document.to_string(),
        ],
    ];
    let said = columns
        .into_iter()
        .map(|column| vec![column.title, column.cells.concat()]);
    rows.extend(said);
    rows.extend(problems(context, kind, &found.entry));
    rows.extend(outcome.iter().flat_map(|outcome| outcome.rows(context)));
    out::table(
        &[context.pick("字段", "field"), context.pick("内容", "value")],
        rows,
    )
}

/// What is wrong with the fields.
fn problems(context: &Context, kind: &RecordKind, entry: &Entry) -> Vec<Vec<String>> {
    let row = |problem: &yilian_core::records::FieldProblem| {
        let field = kind.field(&problem.field).ok();
        let label = field.map_or(problem.field.as_str(), |field| {
            context.pick(field.label.zh, field.label.en)
        });
        let text = match &problem.kind {
            ProblemKind::Missing => context.pick("缺少", "missing").to_owned(),
            ProblemKind::NotAValue => context.pick("看不懂", "unreadable").to_owned(),
            ProblemKind::Malformed { expected, .. } => {
                let (zh, en) = (&expected.zh, &expected.en);
                context
                    .pick(&format!("应为{zh}"), &format!("expected {en}"))
                    .to_owned()
            }
        };
        vec![label.to_owned(), format!("! {text}")]
    };
    entry.problems().iter().map(row).collect()
}

pub(crate) async fn history(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found: shift_id::Found = desk.find(&one.record).await?;
    history::of(context, desk.node, found).await
}
