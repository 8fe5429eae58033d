use std::collections::BTreeMap as Map;

use serde_json::json;
use yilian_core::document::{Kind, SiteKey};
use yilian_core::import::read_field;
use yilian_core::ordered::BTreeMap;
use yilian_core::records::{
    CONFIRMED_BY, CONFIRMED_FOR, Collection, Edit, Field, REMOVED_AT, RecordKind, Value,
};
use yilian_core::rules::Text;

use super::desk::{Desk, of_kind};
use super::{One, Several};
use crate::cli::case;
use crate::cli::context::{Context, site_of as site_given};
use crate::cli::documents::held;
use crate::cli::failure::Failure;
use crate::cli::label::label;
use crate::cli::roster::edit::{done, set_done};
use crate::cli::site::{self, AtSite};

pub(crate) async fn add(
    context: &Context,
    kind: &'static RecordKind,
    site: &AtSite,
    assignments: &[String],
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, site.site.as_ref()).await?;
    let texts = assigned(kind, assignments)?;
    let site = site_meant(context, &desk, &texts).await?;
    let mut fields = read(&desk, site.clone(), texts).await?;
    if kind.collection == Collection::Case {
        case::fill(&desk.node, &mut fields)?;
    }
    if let Some(site) = site.as_ref().filter(|_| needs_site(kind)) {
        fields.insert("site".to_owned(), site.as_str().into());
    }
    let missing = kind.fields.iter().filter(|field| field.required);
    let missing: Vec<&str> = missing
        .map(|field| field.name)
        .filter(|name| fields.get(*name).is_none_or(is_blank))
        .collect();
    if !missing.is_empty() {
        let all: Vec<String> = missing.iter().map(|name| format!("{name}=")).collect();
        return Err(Failure::usage(
            format!("还缺 {}", all.join("、")),
            format!("{} is missing", all.join(", ")),
        ));
    }
    lasts(kind, &fields)?;
    let document = kind
        .place(site.as_ref(), &fields)
        .ok_or_else(|| nowhere(kind))?;
    if kind.collection != Collection::Case && document.kind() == Kind::Cases {
        case::expect(&desk.node, &document).await?;
    }
    let record = match kind.own_id(&fields) {
        Some(id) => id,
        None => desk.node.new_record()?,
    };
    let name = document.clone();
    let held = desk
        .read(vec![document.clone()], move |documents| {
            let mut all = of_kind(kind, documents);
            let found = all.find(|(at, entry)| **at == name && entry.record().id() == record);
            found.map(|(_, entry)| entry.clone())
        })
        .await?;
    let mut edits = Vec::new();
    if let Some(entry) = &held {
        if entry.removed_at().is_none() {
            let called = label(entry);
            return Err(Failure::new(
                format!("已经有“{called}”了；要修改它，用 set {record}"),
                format!("there is {called} already; to change it, set {record}"),
            ));
        }
        edits.push(Edit::restore(&document, kind.collection, record));
    }
    // An emergency waits for nobody.
    let given = match held.is_none() && kind.collection == Collection::Case {
        true => case::give_at_once(&desk.node, &document, record, &fields).await?,
        false => None,
    };
    edits.extend(kind.put(&document, record, fields));
    let (zh, en) = match &given {
        Some(given) => (
            format!("，交给 {}", given.name),
            format!(", given to {}", given.name),
        ),
        None => (String::new(), String::new()),
    };
    let mut json = json!({ "id": record, "document": document });
    if let (Some(json), Some(given)) = (json.as_object_mut(), &given) {
        json.insert("mediator".to_owned(), given.name.clone().into());
    }
    edits.extend(given.into_iter().flat_map(|given| given.edits));
    desk.node.edit(edits, "add").await?;
    desk.node.stop().await;
    done(
        context,
        &json,
        (
            &format!("已增加 {record}{zh}"),
            &format!("added {record}{en}"),
        ),
    )
}

pub(crate) async fn set(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
    assignments: &[String],
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let texts = assigned(kind, assignments)?;
    let found = desk.find(&one.record).await?;
    let site = super::desk::site_of(kind, &found.document, &found.entry);
    let fields = read(&desk, site, texts).await?;
    let mut all = found.entry.fields().clone();
    for (field, value) in &fields {
        all.insert(field.clone(), value.clone());
    }
    // What was wrong before may be put right one field at a time.
    if kind.ends_early(found.entry.fields()).is_none() {
        lasts(kind, &all)?;
    }
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let message = format!("set {}", names.join(", "));
    let now = desk.node.clock().civil();
    let edits = kind.change(&found.document, &found.entry, fields, now)?;
    let changed = desk.node.edit(edits, &message).await? > 0;
    desk.node.stop().await;
    set_done(context, found.record, changed)
}

pub(crate) async fn remove(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let now = desk.node.clock().civil();
    let (mut edits, mut ids) = (Vec::new(), Vec::new());
    for asked in &several.records {
        let found = desk.find(asked).await?;
        ids.push(found.record);
        // Another time of removal would say nothing.
        if found.entry.removed_at().is_none() {
            edits.push(Edit::remove(
                &found.document,
                kind.collection,
                found.record,
                now,
            ));
        }
    }
    let count = edits.len();
    desk.node.edit(edits, "remove").await?;
    desk.node.stop().await;
    done(
        context,
        &json!({ "removed": ids }),
        (&format!("已移除 {count} 条"), &format!("{count} removed")),
    )
}

pub(crate) async fn restore(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let (mut edits, mut ids) = (Vec::new(), Vec::new());
    for asked in &several.records {
        let found = desk.find(asked).await?;
        ids.push(found.record);
        if found.entry.removed_at().is_some() {
            edits.push(Edit::restore(
                &found.document,
                kind.collection,
                found.record,
            ));
        }
    }
    let count = edits.len();
    desk.node.edit(edits, "restore").await?;
    desk.node.stop().await;
    done(
        context,
        &json!({ "restored": ids }),
        (&format!("已恢复 {count} 条"), &format!("{count} restored")),
    )
}

/// Why there is no document for a new record.
fn nowhere(kind: &RecordKind) -> Failure {
    match kind.document_kind() {
        Some(Kind::Cases) => Failure::usage(
            "案件编号（case=）应为 1 到 64 个英文字母、数字或连字符",
            "the case's number (case=) should be 1 to 64 letters a-z or A-Z, digits and hyphens",
        ),
        _ => Failure::usage("要用 --site 指明站点", "name the site with --site"),
    }
}

/// Whether every record of a kind names a site.
fn needs_site(kind: &RecordKind) -> bool {
    kind.fields
        .iter()
        .any(|field| field.name == "site" && field.required)
}

/// The field that is called so, in either language.
fn field_called(kind: &'static RecordKind, name: &str) -> Result<&'static Field, Failure> {
    kind.field(name).map_err(|_| {
        let labels: Vec<&str> = kind.fields.iter().map(|field| field.label.zh).collect();
        let names: Vec<&str> = kind.fields.iter().map(|field| field.name).collect();
        Failure::new(
            format!("没有字段“{name}”，有：{}", labels.join("、")),
            format!(
                "there is no field \"{name}\"; there are {}",
                names.join(", ")
            ),
        )
    })
}

/// The texts of `FIELD=VALUE`s by the names of the fields.
fn assigned(
    kind: &'static RecordKind,
    assignments: &[String],
) -> Result<Map<&'static str, String>, Failure> {
    let mut texts = Map::new();
    for assignment in assignments {
        let (name, text) = assignment.split_once('=').ok_or_else(|| {
            Failure::usage(
                format!("“{assignment}”应形如 字段=值"),
                format!("\"{assignment}\" should look like FIELD=VALUE"),
            )
        })?;
        let field = field_called(kind, name)?;
        if field.name == REMOVED_AT.name {
            return Err(Failure::usage(
                "移除用 remove，恢复用 restore",
                "to remove it there is remove, and restore to have it back",
            ));
        }
        if [CONFIRMED_BY, CONFIRMED_FOR].contains(&field.name)
            && !kind.claims.is_empty()
            && !text.trim().is_empty()
        {
            return Err(Failure::usage(
                "确认用 confirm，写的是谁在确认",
                "to confirm it there is confirm, which writes who does",
            ));
        }
        if texts.insert(field.name, text.to_owned()).is_some() {
            let name = field.name;
            return Err(Failure::usage(
                format!("{name}= 只能写一次"),
                format!("{name}= can be given once only"),
            ));
        }
    }
    Ok(texts)
}

/// The site a new record is for: the one assigned or given, else the node's own where the kind needs one.
async fn site_meant(
    context: &Context,
    desk: &Desk,
    texts: &Map<&'static str, String>,
) -> Result<Option<SiteKey>, Failure> {
    if let Some(text) = texts.get("site").filter(|text| !text.trim().is_empty()) {
        return site::named(context, &desk.node, text).await.map(Some);
    }
    if desk.site.is_some() || !(needs_site(desk.kind) || desk.is_by_document()) {
        return Ok(desk.site.clone());
    }
    site_given(&desk.node, None).map(Some)
}

/// Reads what was assigned, as the importer reads cells.
async fn read(
    desk: &Desk,
    site: Option<SiteKey>,
    texts: Map<&'static str, String>,
) -> Result<BTreeMap<String, Value>, Failure> {
    let kind = desk.kind;
    let fields = desk
        .read(Vec::new(), move |documents| {
            let held = held(documents);
            let mut fields = BTreeMap::new();
            for field in kind.fields {
                let Some(text) = texts.get(field.name) else {
                    continue;
                };
                let value = read_field(kind, field, text, site.as_ref(), &held);
                match value {
                    Ok((value, _)) => fields.insert(field.name.to_owned(), value),
                    Err(expected) => return Err((field.name, text.clone(), expected)),
                };
            }
            Ok(fields)
        })
        .await?;
    fields.map_err(|(field, text, expected): (_, String, Text)| {
        if text.trim().is_empty() {
            return Failure::new(
                format!("{field} 不能为空"),
                format!("{field} cannot be empty"),
            );
        }
        Failure::new(
            format!("{field} 不能是“{text}”，应为{}", expected.zh),
            format!("{field} cannot be \"{text}\": expected {}", expected.en),
        )
    })
}

/// What lasts ends after it starts.
fn lasts(kind: &RecordKind, fields: &BTreeMap<String, Value>) -> Result<(), Failure> {
    match kind.ends_early(fields) {
        None => Ok(()),
        Some(_) if kind.lasts.is_none() => Err(Failure::new(
            "结束日期不能早于开始日期",
            "the last day cannot be before the first",
        )),
        Some(_) => Err(Failure::new(
            "结束要晚于开始",
            "it has to end after it starts",
        )),
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_text().is_some_and(str::is_empty)
}
