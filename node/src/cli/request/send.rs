use jiff::civil::DateTime;
use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::import::clean_name;
use yilian_core::inbox::{self, Code};
use yilian_core::records::{
    Course, FieldReader, Item, RecordId, Submission, SubmissionKind, Typed, Value, Venue,
};
use yilian_node::Node;
use yilian_node::identity::random_bytes;

use super::args::{KindArgument, Send};
use super::refused;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;

pub(super) async fn run(context: &Context, asked: Send) -> Result<(), Failure> {
    let node = context.open().await?;
    let site = asked.site.site(context, &node).await?;
    let at = node.clock().civil();
    let submission = read(&node, &site, asked).await?;
    let code = Code::new(site, random_bytes()?);
    let (name, edits) = inbox::send(submission, &code, at).map_err(|error| refused(&error))?;
    node.edit(edits, "send").await?;
    node.stop().await;
    if context.json {
        return out::json(&json!({ "code": code.to_string(), "document": name }));
    }
    context.say(
        &format!("已保存，查询码：{code}"),
        &format!("saved; its code: {code}"),
    )?;
    context.say(
        "请记下查询码：凭它看进展、撤回和确认。联网后用 yilian sync --once 送出",
        "Keep the code: it is for following, taking back and confirming. Send it off with yilian sync --once",
    )
}

async fn read(node: &Node, site: &SiteKey, asked: Send) -> Result<Submission, Failure> {
    let venue = match asked.venue {
        Some(name) => Some(venue(node, site, name).await?),
        None => None,
    };
    // Whoever sends it holds no school: the course's id follows from its name, which is said for whoever reads on.
    let name_of_course = asked.course.as_deref().map(clean_name);
    let course = name_of_course
        .as_deref()
        .map(|name| Course::id_of(site, name));
    Ok(Submission {
        id: node.new_record()?,
        site: site.clone(),
        kind: match asked.kind {
            KindArgument::Booking => SubmissionKind::Booking,
            KindArgument::Claim => SubmissionKind::Claim,
            KindArgument::Enrolment => SubmissionKind::Enrolment,
            KindArgument::Request => SubmissionKind::Request,
        },
        name: asked.name,
        phone: asked.phone.unwrap_or_default(),
        text: asked.text.or(name_of_course).unwrap_or_default(),
        venue,
        start: time("start", asked.start)?,
        end: time("end", asked.end)?,
        item: asked.item.map(|name| Item::id_of(&clean_name(&name))),
        count: asked.count,
        course,
        proof: String::new(),
        at: DateTime::ZERO,
        removed_at: None,
    })
}

fn time(field: &str, text: Option<String>) -> Result<Option<DateTime>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let (field, value) = Submission::parse_field(field, &text)?;
    let fields: std::collections::BTreeMap<String, Value> = [(field.to_owned(), value)].into();
    Ok(FieldReader::new(&fields).time(field))
}

/// The venue of a name. Where the site's venues are known it is one of them; else its id follows from its name.
async fn venue(node: &Node, site: &SiteKey, name: String) -> Result<RecordId, Failure> {
    let name = name.trim().to_owned();
    let read = names(node, |of| *of == Name::Sites, Vec::new()).await?;
    let of = site.clone();
    let known = node
        .read(read, move |documents| {
            let venues = documents
                .iter()
                .flat_map(|document| document.view().present::<Venue>());
            venues
                .filter(|(venue, _)| venue.site == of)
                .map(|(venue, _)| (venue.name.clone(), venue.id))
                .collect::<Vec<_>>()
        })
        .await?;
    if let Some((_, id)) = known.iter().find(|(known, _)| *known == name) {
        return Ok(*id);
    }
    if known.is_empty() {
        return Ok(Venue::id_of(site, &name));
    }
    let known: Vec<_> = known.into_iter().map(|(name, _)| name).collect();
    Err(Failure::new(
        format!("{site} 没有场地“{name}”，有：{}", known.join("、")),
        format!("{site} has no venue \"{name}\", but {}", known.join(", ")),
    ))
}
