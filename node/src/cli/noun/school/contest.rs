//! Contests: how they stand, and who goes on.

use clap::Subcommand;
use serde_json::json;
use yilian_core::document::SiteKey;
use yilian_core::records::{Collection, Contest, RecordKind, Typed as _};
use yilian_core::report::{Documents, school::standings};
use yilian_core::school::{SchoolError, advance, document, ranking};
use yilian_node::Role;

use super::super::One;
use super::super::desk::Desk;
use super::read;
use crate::cli::args::OutputArguments;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::roster::edit::done;
use crate::cli::sheet::{self, Target};

/// What is asked of contests alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(about = "名次：并列的同名次 | the ranking: those who are level share a rank")]
    Ranking {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        output: OutputArguments,
    },
    #[command(about = "晋级：把前几名报入下一级竞赛 | advance: enter the best in the next contest")]
    Advance {
        #[command(flatten)]
        one: One,
    },
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: Verb,
) -> Result<(), Failure> {
    match verb {
        Verb::Ranking { one, output } => rank(context, kind, &one, output).await,
        Verb::Advance { one } => go_on(context, kind, &one).await,
    }
}

async fn rank(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
    output: OutputArguments,
) -> Result<(), Failure> {
    let target = Target::new(context, output)?;
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let (contest, site) = (found.record, found.document.site().cloned());
    let report = read(&desk.node, site, move |schools, documents| {
        let mut all = Documents::new();
        for document in documents.iter() {
            if let Some(name) = document.name() {
                all.add(name.clone(), document.view());
            }
        }
        let mut contests = schools.iter().flat_map(|school| school.contests());
        let (contest, entries) = contests.find(|(of, _)| of.id == contest)?;
        Some(standings(&all, contest, entries))
    })
    .await?;
    desk.node.stop().await;
    let report = report.ok_or_else(|| gone(&one.record))?;
    sheet::write(context, &target, &[report])
}

async fn go_on(context: &Context, kind: &'static RecordKind, one: &One) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let next = Contest::of(found.entry.record()).and_then(|contest| contest.next());
    if let Some((site, _)) = next {
        may_enter(&desk, site)?;
    }
    let (contest, site) = (found.record, found.document.site().cloned());
    let to = next.map(|(site, _)| document(site, Collection::Entries));
    let next = next.map(|(_, id)| id);
    let planned = read(&desk.node, None, move |schools, documents| {
        let of_site = schools
            .iter()
            .filter(|school| Some(school.site()) == site.as_ref());
        let mut contests = of_site.flat_map(|school| school.contests());
        let (contest, entries) = contests.find(|(of, _)| of.id == contest)?;
        let plan = |edits: Vec<yilian_core::records::Edit>| {
            // Who is there already stays as they are: a score of the next contest is not wiped out.
            let view = to.as_ref().and_then(|to| documents.get(to));
            let is_new = |edit: &yilian_core::records::Edit| {
                let (collection, record, _) = edit.place();
                view.is_none_or(|document| document.view().entry(collection, record).is_none())
            };
            edits.into_iter().filter(is_new).collect::<Vec<_>>()
        };
        let names: Vec<String> = ranking(contest, entries)
            .into_iter()
            .filter(|standing| standing.advances)
            .map(|standing| standing.entry.name.clone())
            .collect();
        Some(advance(contest, entries).map(|edits| (names, plan(edits))))
    })
    .await?;
    let planned = planned.ok_or_else(|| gone(&one.record))?;
    let (names, edits) =
        planned.map_err(|error: SchoolError| Failure::Failed(error.text(), Vec::new()))?;
    desk.node.edit(edits, "advance").await?;
    desk.node.stop().await;
    let (count, all) = (names.len(), names.join("、"));
    done(
        context,
        &json!({ "contest": next, "advanced": names }),
        (
            &format!("晋级 {count} 名：{all}"),
            &format!("{count} go on: {all}"),
        ),
    )
}

/// Entries of the next contest are written where its school is kept.
fn may_enter(desk: &Desk, site: &SiteKey) -> Result<(), Failure> {
    let profile = desk.node.profile();
    if profile.role == Role::Hub || profile.site.as_ref() == Some(site) {
        return Ok(());
    }
    Err(Failure::new(
        format!("下一级竞赛由 {site} 举办：请中心或 {site} 来晋级"),
        format!("the next contest is held by {site}: the hub or {site} enters them there"),
    ))
}

fn gone(asked: &str) -> Failure {
    Failure::new(
        format!("竞赛“{asked}”已移除"),
        format!("the contest {asked} was removed"),
    )
}
