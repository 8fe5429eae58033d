use serde_json::{Value as Json, json};
use yilian_core::document::{Kind, Name};
use yilian_core::import::{plan_records, write_field};
use yilian_core::records::{Entry, Field, Record, RecordKind};

use super::desk::{Desk, site_named, site_of};
use super::show::as_json;
use super::{FileFormat, Scope};
use crate::cli::args::FileArguments;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::people::held;
use crate::cli::{import, out};

pub(crate) async fn import(
    context: &Context,
    kind: &'static RecordKind,
    file: &FileArguments,
    site: Option<String>,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let site = match site {
        Some(text) => Some(site_named(&node, &text).await?),
        None => node.profile().site.clone(),
    };
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
    format: FileFormat,
) -> Result<(), Failure> {
    let desk = Desk::open(context, kind, scope).await?;
    let mut entries = desk.entries().await?;
    entries.retain(|(_, entry)| entry.removed_at().is_none());
    if context.json || format == FileFormat::Json {
        desk.node.stop().await;
        let records: Result<Vec<Json>, Failure> = entries
            .iter()
            .map(|(name, entry)| as_json(name, entry))
            .collect();
        return out::json(&json!({ kind.collection.as_str(): records? }));
    }
    let rows = rows(context, &desk, entries).await?;
    desk.node.stop().await;
    let failed = |error: &(dyn std::error::Error + 'static)| {
        Failure::from_error(("写不出 CSV", "cannot write CSV"), error)
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    out::line(String::from_utf8_lossy(&bytes).trim_end())
}

/// As the importer reads it: a header, and a row for each record. Where its id is drawn, the row says it.
async fn rows(
    context: &Context,
    desk: &Desk,
    entries: Vec<(Name, Entry)>,
) -> Result<Vec<Vec<String>>, Failure> {
    let (kind, language) = (desk.kind, context.language);
    let (with_id, with_site) = (kind.known_by.is_empty(), desk.is_by_document());
    let mut header: Vec<String> = Vec::new();
    header.extend(with_id.then(|| context.pick("编号", "id").to_owned()));
    header.extend(with_site.then(|| context.pick("站点", "site").to_owned()));
    let label = |field: &Field| context.pick(field.label.zh, field.label.en).to_owned();
    header.extend(kind.fields.iter().map(label));
    let rows = desk
        .read(Vec::new(), move |documents| {
            let held = held(documents);
            let row = |(name, entry): &(Name, Entry)| {
                let site = site_of(kind, name, entry);
                let cell = |field: &Field| match entry.fields().get(field.name) {
                    Some(value) => write_field(kind, field, value, site.as_ref(), &held, language),
                    None => String::new(),
                };
                let mut row: Vec<String> = Vec::new();
                row.extend(with_id.then(|| entry.record().id().to_string()));
                row.extend(
                    with_site.then(|| site.as_ref().map(ToString::to_string).unwrap_or_default()),
                );
                row.extend(kind.fields.iter().map(cell));
                row
            };
            entries.iter().map(row).collect::<Vec<_>>()
        })
        .await?;
    Ok([header].into_iter().chain(rows).collect())
}
