use jiff::civil::DateTime;
use serde_json::json;
use yilian_core::civil::WorkCalendar;
use yilian_core::document::{Kind, Month, Name, SiteKey};
use yilian_core::matrix::Directory;
use yilian_core::mediation::{
    Assignment, Proceedings, Specialist, assign, load, on_duty, proceedings,
};
use yilian_core::ordered::BTreeMap;
use yilian_core::records::{
    Case, Edit, FieldReader, Mode, RecordId, Stage, Typed as _, Value, write_date_time,
};
use yilian_node::{Documents, Node};

use super::args::{CaseArgument, Said};
use super::step::{spoken, write};
use super::{find_of, is_case, refused, site_of, with_case};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::site::{AtSite, named};
use crate::cli::timeline::{clean, when};

/// Whom a case is given to.
#[derive(Debug)]
pub(super) struct To {
    pub(super) name: String,
    pub(super) post: Option<String>,
    pub(super) of: Option<String>,
}

/// Somebody on duty, taken out of the rosters.
#[derive(Clone, Debug)]
struct OnDuty {
    name: String,
    post: String,
    site: SiteKey,
    person: Option<RecordId>,
    until: DateTime,
    cases: usize,
}

impl OnDuty {
    fn of(specialist: Specialist<'_>) -> Self {
        Self {
            name: specialist.name.to_owned(),
            post: specialist.post.to_owned(),
            site: specialist.site.clone(),
            person: specialist.person,
            until: specialist.until,
            cases: specialist.cases,
        }
    }
}

pub(super) async fn run(
    context: &Context,
    case: &CaseArgument,
    to: Option<To>,
    said: Said,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find_of(context, &node, case).await?;
    let (by, at, note) = spoken(&node, said);
    let to = match to {
        Some(to) => who_is_named(context, &node, &name, to).await?,
        None => first_on_duty(&node, &name, at).await?,
    };
    let (who, post) = (to.name.clone(), to.post.clone());
    let assignment = Assignment {
        name: to.name,
        post: to.post,
        of: Some(to.site),
        person: to.person,
        at,
        note,
    };
    let ids = [node.new_record()?, node.new_record()?];
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| {
        assign(&document, case, assignment, ids, &by)
    });
    let edits = edits.await?;
    if !context.json {
        context.say(
            &format!("交给 {}（{}）", clean(&who), clean(&post)),
            &format!("given to {} ({})", clean(&who), clean(&post)),
        )?;
    }
    write(context, node, &name, edits, Stage::Assigned).await
}

/// Who is named: as the rosters at hand have them, where they are on duty now.
async fn who_is_named(
    context: &Context,
    node: &Node,
    case: &Name,
    to: To,
) -> Result<OnDuty, Failure> {
    let own = site_of(case)?;
    let site = match &to.of {
        Some(text) => named(context, node, text).await?,
        None => own.clone(),
    };
    let now = node.clock().civil();
    let on_duty = on_duty_at(node, &own, now).await?;
    let known = on_duty.into_iter().find(|on| on.name == to.name);
    Ok(
        match known.filter(|on| to.of.is_none() || on.site == site) {
            Some(on) => OnDuty {
                post: to.post.unwrap_or(on.post),
                ..on
            },
            None => OnDuty {
                name: to.name,
                post: to.post.unwrap_or_default(),
                site,
                person: None,
                until: now,
                cases: 0,
            },
        },
    )
}

/// Who of those on duty may mediate a case, the likeliest.
async fn first_on_duty(node: &Node, case: &Name, at: DateTime) -> Result<OnDuty, Failure> {
    let site = site_of(case)?;
    let on_duty = on_duty_at(node, &site, at).await?;
    let found = with_case(node, case, move |case| {
        let mut free = on_duty.into_iter();
        Ok(free.find(|on| !case.is_party(&on.name)))
    })
    .await?;
    found.ok_or_else(|| {
        let (zh, en) = (when(at), when(at));
        Failure::new(
            format!(
                "{zh} 没有人在调解岗位上值班；写明姓名：yilian case assign 编号 姓名，或先排班"
            ),
            format!(
                "nobody is on duty to mediate at {en}: name somebody (yilian case assign CASE NAME), or put them on the roster"
            ),
        )
    })
}

/// Who a new case goes to, and the edits that give it to them.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) edits: Vec<Edit>,
}

/// An emergency that comes in goes to who is on duty, while it is new; none where nobody is, or where it can wait.
pub(crate) async fn give_at_once(
    node: &Node,
    document: &Name,
    record: RecordId,
    fields: &BTreeMap<String, Value>,
) -> Result<Option<Given>, Failure> {
    let case = Case::read(record, &FieldReader::new(fields));
    let now = node.clock().civil();
    let proceedings = Proceedings::new(&case);
    let is_late = proceedings.overdue(&WorkCalendar::default(), now).is_some();
    if case.mode != Mode::Emergency || is_late {
        return Ok(None);
    }
    let mut on_duty = on_duty_at(node, &site_of(document)?, now)
        .await?
        .into_iter();
    let Some(on) = on_duty.next() else {
        return Ok(None);
    };
    let assignment = Assignment {
        name: on.name.clone(),
        post: on.post,
        of: Some(on.site),
        person: on.person,
        at: now,
        note: String::new(),
    };
    let ids = [node.new_record()?, node.new_record()?];
    let by = node.author().map(|author| author.name().to_owned());
    let by = by.unwrap_or_default();
    let edits = assign(document, &proceedings, assignment, ids, &by);
    let edits = edits.map_err(|error| refused(&error))?;
    Ok(Some(Given {
        name: on.name,
        edits,
    }))
}

async fn on_duty_at(node: &Node, site: &SiteKey, at: DateTime) -> Result<Vec<OnDuty>, Failure> {
    let month = Month::of(at.date()).ok();
    let wanted = |name: &Name| match name {
        // A night may have begun the month before.
        Name::Roster { month: of, .. } => {
            month.is_some_and(|month| [Some(month), month.prev()].contains(&Some(*of)))
        }
        name => is_case(name),
    };
    let read = names(node, wanted, vec![Name::Sites]).await?;
    let site = site.clone();
    let found = node.read(read, move |documents| specialists(documents, &site, at));
    Ok(found.await?)
}

fn specialists(documents: &Documents<'_>, site: &SiteKey, at: DateTime) -> Vec<OnDuty> {
    let sites = documents.get(&Name::Sites);
    let directory = sites.map_or_else(Directory::empty, |sites| Directory::new(sites.view()));
    let cases: Vec<_> = documents
        .iter()
        .filter_map(|document| proceedings(document.view()))
        .collect();
    let rosters = documents.iter().filter_map(|document| {
        let name = document.name()?;
        (name.kind() == Kind::Roster).then(|| (name, document.view()))
    });
    let found = on_duty(rosters, &directory, site, at, &load(&cases));
    found.into_iter().map(OnDuty::of).collect()
}

/// Who is on duty now.
pub(super) async fn on_duty_now(context: &Context, site: &AtSite) -> Result<(), Failure> {
    let node = context.open().await?;
    let hub = node
        .read(vec![Name::Sites], |documents| {
            let sites = documents.get(&Name::Sites)?;
            Directory::new(sites.view()).hub().cloned()
        })
        .await?;
    let named = site.named(context, &node).await?;
    let own = named.or_else(|| node.profile().site.clone()).or(hub);
    let site =
        own.ok_or_else(|| Failure::usage("要用 --site 指明站点", "name the site with --site"))?;
    let found = on_duty_at(&node, &site, node.clock().civil()).await?;
    node.stop().await;
    if context.json {
        let rows = found.iter().map(|on| {
            json!({
                "name": on.name,
                "post": on.post,
                "site": on.site,
                "until": write_date_time(on.until),
                "cases": on.cases,
            })
        });
        return out::json(&json!({ "on_duty": rows.collect::<Vec<_>>() }));
    }
    if found.is_empty() {
        return context.say("没有人在调解岗位上值班", "nobody is on duty to mediate");
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["姓名", "岗位", "站点", "值班至", "在办案件"],
        _ => ["name", "post", "site", "until", "open cases"],
    };
    let rows = found.iter().map(|on| {
        vec![
            clean(&on.name),
            clean(&on.post),
            on.site.to_string(),
            when(on.until),
            on.cases.to_string(),
        ]
    });
    out::table(&header, rows.collect())
}
