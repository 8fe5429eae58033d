//! Sites, people and rosters at a hub: opened, asked, merged, looked through.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use jiff::civil::DateTime;
use yilian_core::document::{Author, LiveDocument, Month, Name};
use yilian_core::records::{Collection, Edit, Shift, ShiftState};
use yilian_core::rules::{Holdings, findings};
use yilian_node::{Documents, Node};

use super::clock::{Clock, asked, resident_mib};

/// A figure and what it says; the lower the better.
pub(crate) type Row = (&'static str, f64);

/// The home whose roster is merged: the county's own, which has the most.
pub(crate) const HOME: &str = "county";

/// The county's last month, whatever it follows from, and a time in the middle of it.
pub(crate) const MONTH: &str = "2026-12";
pub(crate) const NOW: DateTime = DateTime::constant(2026, 12, 15, 9, 30, 0, 0);

/// A month is merged so often.
const MERGED: usize = 50;

/// Opens the node, and lists its documents.
pub(crate) async fn open(store: &Path) -> Result<(Node, Vec<Row>)> {
    let before = resident_mib();
    let clock = Clock::of_program();
    let node = Node::open(store).await?;
    let names = node.names().await?;
    let rows = vec![
        ("open the node, all documents listed, ms", clock.ms()),
        ("… resident more, MiB", resident_mib() - before),
    ];
    ensure!(!names.is_empty(), "the store has documents");
    Ok((node, rows))
}

/// What a hub does with the sites, the people and the rosters of a month and of those beside it.
pub(crate) async fn rosters(node: &Node) -> Result<Vec<Row>> {
    let month: Month = MONTH.parse()?;
    let site = HOME.parse()?;
    let roster = Name::Roster { site, month };
    let mut rows = Vec::new();
    for (title, name) in [
        ("open the directory of sites, cold, ms", Name::Sites),
        ("open a home's current roster, cold, ms", roster.clone()),
    ] {
        let begun = Instant::now();
        node.read(vec![name], |_| ()).await?;
        rows.push((title, begun.elapsed().as_secs_f64() * 1_000.0));
    }
    let before = resident_mib();
    let names = node.names().await?.into_iter();
    let names: Vec<Name> = names.filter(|name| is_about_rosters(name, month)).collect();
    let clock = Clock::of_program();
    node.read(names.clone(), |_| ()).await?;
    rows.push((
        "open all people and the rosters of three months, cold, ms",
        clock.ms(),
    ));
    rows.push((
        "… resident more with them open, MiB",
        resident_mib() - before,
    ));
    let asked = node.read(names, move |documents| ask(documents, &roster, month));
    rows.extend(asked.await??);
    Ok(rows)
}

/// What the rules about rosters read.
fn is_about_rosters(name: &Name, month: Month) -> bool {
    match name {
        Name::Sites | Name::People { .. } => true,
        Name::Roster { month: of, .. } => {
            [Some(month), month.prev(), month.next()].contains(&Some(*of))
        }
        _ => false,
    }
}

fn ask(documents: &Documents<'_>, roster: &Name, month: Month) -> Result<Vec<Row>> {
    let now = NOW;
    let mut rows = vec![(
        "who is on duty now, at every site, ms",
        asked(|| on_duty(documents, now)),
    )];
    let document = documents.get(roster);
    let document = document.context("the home has a roster")?;
    rows.push(("merge a home's offline month, ms", merge(document, now)?));
    let mut holdings = Holdings::new(now);
    rows.push((
        "take up sites, people and rosters for the rules, ms",
        asked(|| {
            holdings = Holdings::new(now);
            documents.iter().for_each(|document| holdings.add(document));
            holdings.add_nothing_else();
        }),
    ));
    let mut found = 0;
    rows.push((
        "findings about rosters of the month, ms",
        asked(|| found = findings(&holdings, Some(month)).findings.len()),
    ));
    ensure!(found > 0, "a county without a finding");
    Ok(rows)
}

fn on_duty(documents: &Documents<'_>, now: DateTime) -> usize {
    let shifts = documents
        .iter()
        .flat_map(|document| document.view().present::<Shift>());
    let there = shifts
        .filter(|(shift, _)| matches!(shift.state, ShiftState::Planned | ShiftState::Confirmed));
    there
        .filter(|(shift, _)| {
            shift
                .period()
                .is_some_and(|(start, end)| start <= now && now < end)
        })
        .count()
}

/// A home comes online after a month: an edit of each of its shifts, each a change of its own, taken in at once by the hub, which
/// has edited the roster meanwhile.
fn merge(roster: &LiveDocument, now: DateTime) -> Result<f64> {
    let name = roster.name().context("a roster has a name")?.clone();
    let (mut home, mut hub) = (roster.clone(), roster.clone());
    sign(&mut home, "county/值班室", 1)?;
    sign(&mut hub, "county/县总工会", 2)?;
    let shifts: Vec<_> = roster
        .view()
        .present::<Shift>()
        .map(|(shift, _)| shift.id)
        .collect();
    let mut changes = Vec::new();
    let at = now
        .duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
        .as_secs();
    for (number, shift) in shifts.iter().enumerate() {
        let edit = |value: &str| [Edit::set(&name, Collection::Shifts, *shift, "note", value)];
        changes.extend(home.edit(&edit("本人已确认"), "", at)?.change);
        if number % 10 == 0 {
            hub.edit(&edit("请提前到岗"), "", at)?;
        }
    }
    ensure!(changes.len() >= shifts.len(), "every edit is a change");
    // Copies are made beforehand: only what takes the changes in is timed.
    let mut copies = vec![hub; MERGED];
    let clock = Clock::start();
    for copy in &mut copies {
        copy.apply(changes.clone())?;
    }
    Ok(clock.ms() / MERGED as f64)
}

fn sign(document: &mut LiveDocument, author: &str, number: u8) -> Result<()> {
    let author: Author = author.parse()?;
    document.set_author(&author, [number; 16]);
    Ok(())
}
