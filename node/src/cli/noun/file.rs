use jiff::civil::{Date, DateTime};
use serde_json::{Value as Json, json};
use yilian_core::document::{Kind, Name};
use yilian_core::import::{plan_records, write_field};
use yilian_core::mediation::proceedings;
use yilian_core::records::{
    Collection, Entry, Field, Form, Record, RecordKind, Value, write_date_time,
};
use yilian_core::report::cases::outcomes;
use yilian_core::report::{Cell, Column, ColumnKind, Report};
use yilian_core::rules::{Language, Text};

use super::desk::{Desk, no_site, site_of};
use super::show::as_json;
use super::{FileOutput, Scope};
use crate::cli::args::{FileArguments, Format};
use crate::cli::context::{Context, names};
use crate::cli::documents::held;
use crate::cli::failure::Failure;
use crate::cli::import;
use crate::cli::sheet::{self, Target, Workbook};
use crate::cli::site::RowSite;

pub(super) async fn import(
    context: &Context,
    kind: &'static RecordKind,
    file: &FileArguments,
    site: &RowSite,
) -> Result<(), Failure> {
    no_site(kind, site.site.as_ref())?;
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    // What offices write of these is more than a column for each field.
    match kind.collection {
        Collection::Persons => return import::people(context, &node, file, site).await,
        Collection::Posts => return import::posts(context, &node, file).await,
        Collection::Sites => return import::sites(context, &node, file).await,
        _ => {}
    }
    let refers = kind.fields.iter().filter_map(|field| field.refers_to);
    let refers = refers.filter_map(|to| Record::kind_of(to)?.document_kind());
    // A record that the file is about may be in any of them: it may have moved.
    let kinds: Vec<Kind> = refers.chain(kind.document_kind()).collect();
    let read = names(
        &node,
        |name| kinds.contains(&name.kind()),
        vec![Name::Sites],
    )
    .await?;
    let now = node.clock().civil();
    import::run(context, &node, file, read, move |table, held| {
        plan_records(kind, table, site.as_ref(), held, now)
    })
    .await
}

pub(crate) async fn export(
    context: &Context,
    kind: &'static RecordKind,
    scope: &Scope,
    output: FileOutput,
) -> Result<(), Failure> {
    let target = Target::new(context, output.into())?;
    let desk = Desk::open(context, kind, scope).await?;
    let mut entries = desk.entries().await?;
    entries.retain(|(_, entry)| entry.removed_at().is_none());
    if target.format == Format::Json {
        desk.node.stop().await;
        let records: Result<Vec<Json>, Failure> = entries
            .iter()
            .map(|(name, entry)| as_json(name, entry))
            .collect();
        let value = json!({ kind.collection.as_str(): records? });
        return target.text(context, &format!("{value:#}"));
    }
    let more = match kind.collection {
        Collection::Case => came_of(&desk, &entries).await?,
        _ => Vec::new(),
    };
    let report = report(&desk, &target, entries, more).await?;
    desk.node.stop().await;
    write(context, kind, &target, &report)
}

/// What came of cases.
async fn came_of(
    desk: &Desk,
    entries: &[(Name, Entry)],
) -> Result<Vec<(Column, Vec<Cell>)>, Failure> {
    let names: Vec<Name> = entries.iter().map(|(name, _)| name.clone()).collect();
    desk.read(Vec::new(), move |documents| {
        let cases = names
            .iter()
            .map(|name| proceedings(documents.get(name)?.view()));
        outcomes(cases)
    })
    .await
}

/// Writes records to a file, for spreadsheets and to be imported again.
pub(crate) fn write(
    context: &Context,
    kind: &RecordKind,
    target: &Target,
    report: &Report,
) -> Result<(), Failure> {
    match target.format {
        Format::Xlsx => {
            let mut workbook = Workbook::new(context.language);
            let name = context.pick(kind.label.zh, kind.label.en);
            workbook.add_report(report, name)?;
            target.bytes(context, &workbook.save()?)
        }
        _ => sheet::csv(context, target, std::slice::from_ref(report)),
    }
}

/// Records as the importer reads them: a column for each field, and a row for each record. Where its id is drawn, the row says it.
/// `more` are columns that say what is not stored, with a cell for each record.
pub(super) async fn report(
    desk: &Desk,
    target: &Target,
    entries: Vec<(Name, Entry)>,
    more: Vec<(Column, Vec<Cell>)>,
) -> Result<Report, Failure> {
    let kind = desk.kind;
    let (with_id, with_site) = (kind.known_by.is_empty(), desk.is_by_document());
    let days = target.format == Format::Xlsx;
    let mut columns: Vec<Column> = Vec::new();
    columns.extend(with_id.then(|| Column::new("id", "编号", "id", ColumnKind::Text)));
    columns.extend(with_site.then(|| Column::new("site", "站点", "site", ColumnKind::Text)));
    let column = |field: &Field| {
        let label = field.label;
        Column::new(field.name, label.zh, label.en, column_kind(field.form))
    };
    columns.extend(kind.fields.iter().map(column));
    let mut rows = desk
        .read(Vec::new(), move |documents| {
            let held = held(documents);
            let row = |(name, entry): &(Name, Entry)| {
                let site = site_of(kind, name, entry);
                let key = || site.as_ref().map(ToString::to_string).unwrap_or_default();
                let cell = |field: &Field| match entry.fields().get(field.name) {
                    Some(value) => typed(field.form, value, days).unwrap_or_else(|| {
                        let text = |language| {
                            write_field(kind, field, value, site.as_ref(), &held, language)
                        };
                        let words = Text::new(text(Language::Zh), text(Language::En));
                        Cell::Named(value.to_string(), words)
                    }),
                    None => Cell::Empty,
                };
                let mut row: Vec<Cell> = Vec::new();
                row.extend(with_id.then(|| Cell::Text(entry.record().id().to_string())));
                row.extend(with_site.then(|| Cell::Text(key())));
                row.extend(kind.fields.iter().map(cell));
                row
            };
            entries.iter().map(row).collect::<Vec<_>>()
        })
        .await?;
    for (column, cells) in more {
        columns.push(column);
        rows.iter_mut()
            .zip(cells)
            .for_each(|(row, cell)| row.push(cell));
    }
    Ok(Report {
        name: kind.collection.as_str(),
        // Nothing but the header and the rows: it is imported again.
        title: Text::new("", ""),
        subtitle: Text::new("", ""),
        columns,
        rows,
        totals: Vec::new(),
        notes: Vec::new(),
    })
}

const fn column_kind(form: Form) -> ColumnKind {
    match form {
        Form::Date => ColumnKind::Date,
        Form::DateTime => ColumnKind::DateTime,
        Form::Number { .. } => ColumnKind::Amount,
        _ => ColumnKind::Text,
    }
}

/// A value with its type, where a spreadsheet has one for it and it stands for exactly that. Days only where they are asked for:
/// as text they keep their seconds.
fn typed(form: Form, value: &Value, days: bool) -> Option<Cell> {
    match (form, value) {
        (Form::Number { .. }, Value::Int(number)) => Some(Cell::Amount(*number)),
        (Form::Date, Value::Text(text)) if days => {
            let date: Date = text.parse().ok()?;
            (date.to_string() == *text).then_some(Cell::Date(date))
        }
        (Form::DateTime, Value::Text(text)) if days => {
            let at: DateTime = text.parse().ok()?;
            (write_date_time(at) == *text).then_some(Cell::DateTime(at))
        }
        _ => None,
    }
}
