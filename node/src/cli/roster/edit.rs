use jiff::civil::DateTime;
use serde_json::json;
use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::import::IMPORTED;
use yilian_core::records::{Collection, Edit, RecordId, Shift, Typed, Value, parse_date_time};
use yilian_node::Node;

use crate::cli::context::{Context, site_of};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::people;
use crate::cli::shift_id::{Found, find};
use crate::cli::site::AtSite;

/// Fields to write, by name.
type Fields = Vec<(&'static str, Value)>;

pub(crate) async fn set(
    context: &Context,
    shift: &str,
    assignments: &[String],
) -> Result<(), Failure> {
    let node = context.open().await?;
    let found = find(&node, shift, is_roster).await?;
    let site = found.document.site().cloned();
    let fields = read(&node, site.as_ref(), assignments).await?;
    let elsewhere = |(field, value): &(&str, Value)| {
        *field == "site" && value.as_text() != site.as_ref().map(SiteKey::as_str)
    };
    if fields.iter().any(elsewhere) {
        return Err(Failure::new(
            "班次不能换站点：在这里移除，到那个站点增加；借调的人写成 姓名@站点",
            "a shift stays at its site: remove it here and add it there; someone lent is written name@site",
        ));
    }
    let edits = edits_of(&node, &found, &fields)?;
    let names: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
    let changed = node
        .edit(edits, &format!("set {}", names.join(", ")))
        .await?
        > 0;
    node.stop().await;
    set_done(context, found.record, changed)
}

pub(crate) async fn add(
    context: &Context,
    site: &AtSite,
    assignments: &[String],
) -> Result<(), Failure> {
    let node = context.open().await?;
    let named = assigned_site(assignments)?;
    let site = site_of(&node, site.named(context, &node).await?.or(named))?;
    let mut fields = read(&node, Some(&site), assignments).await?;
    for needed in ["name", "post", "start", "end"] {
        if !fields.iter().any(|(field, _)| *field == needed) {
            return Err(Failure::usage(
                format!("还缺 {needed}="),
                format!("{needed}= is missing"),
            ));
        }
    }
    let month =
        month_of(&fields).ok_or_else(|| Failure::usage("start 看不懂", "start cannot be read"))?;
    let document = Name::Roster {
        site: site.clone(),
        month,
    };
    let record = node.new_record()?;
    fields.retain(|(field, _)| *field != "site");
    fields.push(("site", Value::from(site.as_str())));
    if !fields.iter().any(|(field, _)| *field == "state") {
        fields.push(("state", Value::from("planned")));
    }
    let edits = fields
        .into_iter()
        .map(|(field, value)| Edit::set(&document, Collection::Shifts, record, field, value));
    node.edit(edits.collect(), "add").await?;
    node.stop().await;
    done(
        context,
        &json!({ "id": record }),
        (&format!("已增加 {record}"), &format!("added {record}")),
    )
}

pub(crate) async fn remove(context: &Context, shifts: &[String]) -> Result<(), Failure> {
    let node = context.open().await?;
    let now = node.clock().civil();
    let mut edits = Vec::new();
    let mut ids = Vec::new();
    for shift in shifts {
        let found = find(&node, shift, is_roster).await?;
        ids.push(found.record);
        edits.push(Edit::remove(
            &found.document,
            found.collection,
            found.record,
            now,
        ));
    }
    node.edit(edits, "remove").await?;
    node.stop().await;
    let count = ids.len();
    done(
        context,
        &json!({ "removed": ids }),
        (
            &format!("已移除 {count} 个班次"),
            &format!("{count} removed"),
        ),
    )
}

pub(crate) async fn undo(context: &Context, month: Month, site: &AtSite) -> Result<(), Failure> {
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    let undone = node.undo(&Name::Roster { site, month }).await?;
    node.stop().await;
    done(
        context,
        &json!({ "undone": undone }),
        if undone {
            ("已撤销", "undone")
        } else {
            ("没有可撤销的修改", "there is nothing to undo")
        },
    )
}

pub(crate) fn done(
    context: &Context,
    value: &serde_json::Value,
    (zh, en): (&str, &str),
) -> Result<(), Failure> {
    if context.json {
        out::json(value)
    } else {
        context.say(zh, en)
    }
}

/// Says whether setting fields of a record changed anything.
pub(crate) fn set_done(context: &Context, record: RecordId, changed: bool) -> Result<(), Failure> {
    let value = json!({ "id": record, "changed": changed });
    match changed {
        true => done(context, &value, ("已修改", "changed")),
        false => done(context, &value, ("本来就是这样", "it was so already")),
    }
}

fn is_roster(name: &Name) -> bool {
    matches!(name, Name::Roster { .. })
}

/// Reads `FIELD=VALUE`s; a name brings the person that it means.
async fn read(
    node: &Node,
    site: Option<&SiteKey>,
    assignments: &[String],
) -> Result<Fields, Failure> {
    let mut fields = Fields::new();
    for assignment in assignments {
        let (name, text) = assignment.split_once('=').ok_or_else(|| {
            Failure::usage(
                format!("“{assignment}”应形如 字段=值"),
                format!("\"{assignment}\" should look like FIELD=VALUE"),
            )
        })?;
        let (field, value) = Shift::KIND.parse(name, text)?;
        if field.name != "name" {
            fields.push((known(field.name)?, value));
            continue;
        }
        let Some(site) = site else { continue };
        let who = people::find(node, site, text).await?;
        fields.push(("name", Value::from(who.name)));
        let text = |value: Option<String>| Value::from(value.unwrap_or_default());
        fields.push(("person", text(who.person.map(|person| person.to_string()))));
        fields.push(("lent_by", text(who.lent_by.map(|site| site.to_string()))));
    }
    Ok(fields)
}

/// The site that is among `FIELD=VALUE`s: it says where the person is looked for.
fn assigned_site(assignments: &[String]) -> Result<Option<SiteKey>, Failure> {
    for assignment in assignments {
        let Some((name, text)) = assignment.split_once('=') else {
            continue;
        };
        if Shift::KIND
            .field(name)
            .is_ok_and(|field| field.name == "site")
        {
            let (_, value) = Shift::KIND.parse(name, text)?;
            return Ok(value.as_text().and_then(|text| text.parse().ok()));
        }
    }
    Ok(None)
}

/// The field's name as the table of fields has it.
fn known(name: &str) -> Result<&'static str, Failure> {
    let field = Shift::KIND.fields.iter().find(|field| field.name == name);
    field.map(|field| field.name).ok_or_else(|| {
        Failure::usage(
            format!("{name} 不能这样改"),
            format!("{name} cannot be set so"),
        )
    })
}

fn month_of(fields: &Fields) -> Option<Month> {
    let (_, start) = fields.iter().find(|(field, _)| *field == "start")?;
    let start: DateTime = parse_date_time(start.as_text()?)?;
    Month::of(start.date()).ok()
}

/// The edits that set fields of a shift. One that moves to another month moves to that month's
/// document: it keeps its id there, and is removed here.
fn edits_of(node: &Node, found: &Found, fields: &Fields) -> Result<Vec<Edit>, Failure> {
    let moved = month_of(fields).filter(|month| Some(*month) != found.document.month());
    let site = found.document.site().cloned();
    let (Some(month), Some(site)) = (moved, site) else {
        let set = |(field, value): &(&str, Value)| {
            Edit::set(
                &found.document,
                found.collection,
                found.record,
                field,
                value.clone(),
            )
        };
        return Ok(fields.iter().map(set).collect());
    };
    let target = Name::Roster { site, month };
    let mut all = found.entry.fields().clone();
    all.remove("removed_at");
    // No file of that month has it: it must not be missed in the next one.
    all.remove(IMPORTED);
    all.extend(
        fields
            .iter()
            .map(|(field, value)| ((*field).to_owned(), value.clone())),
    );
    let moved = all
        .into_iter()
        .map(|(field, value)| Edit::set(&target, found.collection, found.record, &field, value));
    let gone = Edit::remove(
        &found.document,
        found.collection,
        found.record,
        node.clock().civil(),
    );
    // A shift that came back from there is there again, not removed.
    let back = Edit::restore(&target, found.collection, found.record);
    Ok(moved.chain([back, gone]).collect())
}
