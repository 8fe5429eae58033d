//! A county on its hub's computer: what a month of a site costs to merge, how soon a document is open, how long questions
//! take over the current documents and over two years of disputes and night schools, and what the rules find in a month.
//!
//! Method: a store with everything that the sites of a county wrote in two years, made from a seed; a node opened on it, round
//! after round. Only the current documents are opened: the old ones cost what their lines in the list of documents do.

mod disputes;
mod schools;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use yilian_core::document::{LiveDocument, Month, Name, SiteKey};
use yilian_core::matrix::{Board, Directory, Wanted, open_near};
use yilian_core::records::{EntryKind, Item, LedgerEntry, RecordId, Typed as _, Venue, View};
use yilian_core::rules::{Holdings, findings, reads};
use yilian_core::supplies::Ledger;
use yilian_node::Documents;
use yilian_tests::county::{Computer, County, Scale, Written};

use crate::figures::{Figure, Figures};
use crate::hub::clock::{Clock, asked, resident_mib};
use crate::hub::measure::{self, HOME, MONTH, NOW, Row};

/// So many gifts are made, one after the other.
const GIFTS: u32 = 1_000;

/// Where somebody stands who asks what is near.
const TOWN: (f64, f64) = (35.24, 113.24);

/// Which county.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Which {
    /// What the county follows from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many sites it has: 10 at least. People and records grow with them.
    #[arg(long, default_value_t = Scale::FULL.sites)]
    sites: usize,
    /// How many months its sites have been writing.
    #[arg(long, default_value_t = Scale::FULL.months)]
    months: usize,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// Rounds; medians are shown.
    #[arg(long, default_value_t = crate::ROUNDS)]
    rounds: usize,
    /// Where the county's store is kept for the next run; made if it is not there.
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// Where to write the figures as well, for programs.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where to write the table as well, in Markdown.
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write it after what the file has.
    #[arg(long, requires = "markdown")]
    pub(crate) append: bool,
}

/// Writes a county's store, and says how far it is.
pub(crate) fn write(which: Which, directory: &Path) -> Result<Written> {
    ensure!(which.sites >= 10, "a county has 10 sites at least");
    ensure!(
        (1..=240).contains(&which.months),
        "a county has 1 to 240 months"
    );
    let county = county(which);
    let begun = Instant::now();
    let written = county.write_store(Computer::Hub, directory, |written| {
        eprint!(
            "\r{} documents, {} changes, {} MiB, {:.0} s ",
            written.documents,
            written.changes,
            written.bytes / 1_024 / 1_024,
            begun.elapsed().as_secs_f64()
        );
    })?;
    eprintln!();
    Ok(written)
}

fn county(which: Which) -> County {
    County::new(which.seed, Scale::of(which.sites, which.months))
}

/// Measures, and answers the table.
pub(crate) async fn run(options: &Options) -> Result<String> {
    let own = std::env::current_exe()?;
    let beside = own.parent().context("a program lies in a directory")?;
    let directory = tempfile::Builder::new()
        .prefix("county-")
        .tempdir_in(beside)?;
    let store = options
        .store
        .clone()
        .unwrap_or_else(|| directory.path().join("store"));
    if !yilian_node::store::SqliteStore::is_at(&store) {
        write(options.which, &store)?;
    }
    let mut figures = Figures::default();
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}: county", options.rounds);
        for figure in once(&store).await? {
            // What a round has given back, the program keeps for the next.
            if round == 1 || !figure.title.ends_with("MiB") {
                figures.add(figure);
            }
        }
    }
    if let Some(file) = &options.json {
        figures.write(file)?;
    }
    let Which {
        seed,
        sites,
        months,
    } = options.which;
    Ok(format!(
        "A county of {sites} sites, {months} months, from seed {seed}; medians of {} rounds, {}. Times are those of a core; of a document opened alone, \
         those on the wall.\n\n{}",
        options.rounds,
        crate::machine::machine(),
        figures.table()
    ))
}

async fn once(store: &Path) -> Result<Vec<Figure>> {
    let month = MONTH.parse()?;
    let before = resident_mib();
    let (node, mut rows) = measure::open(store).await?;
    rows.extend(measure::rosters(&node).await?);
    let names = node.names().await?.into_iter();
    let current: Vec<Name> = names.filter(|name| reads(name, Some(month))).collect();
    let of = |is: fn(&Name) -> bool| -> Vec<Name> {
        let names = current.iter().filter(|name| is(name));
        names.cloned().collect()
    };
    for (title, count, names) in [
        (
            "open the bookings of three months and all ledgers, cold, ms",
            None,
            of(|name| !is_sent(name) && !is_case(name) && !is_school(name)),
        ),
        (
            "open the schools of two years, cold, ms",
            Some("… how many documents"),
            of(is_school),
        ),
        (
            "open the cases of two years, cold, ms",
            Some("… how many cases"),
            of(is_case),
        ),
        (
            "open the submissions that the rules read, cold, ms",
            Some("… how many"),
            of(is_sent),
        ),
    ] {
        let opened = names.len() as f64;
        let clock = Clock::of_program();
        node.read(names, |_| ()).await?;
        rows.push((title, clock.ms()));
        rows.extend(count.map(|title| (title, opened)));
    }
    rows.push((
        "… resident more than at first, with all of them, MiB",
        resident_mib() - before,
    ));
    let asked = node.read(current, move |documents| ask(documents, month));
    rows.extend(asked.await??);
    node.stop().await;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(title, value)| Figure::lower(title, value))
        .collect())
}

fn is_sent(name: &Name) -> bool {
    matches!(name, Name::Inbox { .. })
}

fn is_case(name: &Name) -> bool {
    matches!(name, Name::Case { .. })
}

fn is_school(name: &Name) -> bool {
    matches!(name, Name::School { .. } | Name::Courses { .. })
}

fn ask(documents: &Documents<'_>, month: Month) -> Result<Vec<Row>> {
    let sites = documents
        .get(&Name::Sites)
        .context("the directory is there")?;
    let directory = Directory::new(sites.view());
    let mut rows = vec![
        (
            "index the directory, ms",
            asked(|| Directory::new(sites.view()).sites().count()),
        ),
        (
            "the ten nearest sites that are open, ms",
            asked(|| open_near(&directory, NOW, Some(TOWN), &Wanted::default(), 10).len()),
        ),
    ];
    rows.extend(bookings(documents, &directory)?);
    rows.extend(supplies(documents)?);
    rows.extend(disputes::rows(documents, &directory)?);
    rows.extend(schools::rows(documents, &directory)?);
    let mut holdings = Holdings::new(NOW);
    rows.push((
        "take up all current documents for the rules, ms",
        asked(|| {
            holdings = Holdings::new(NOW);
            documents.iter().for_each(|document| holdings.add(document));
            holdings.add_nothing_else();
        }),
    ));
    let mut found = 0;
    rows.push((
        "all findings of the month, ms",
        asked(|| found = findings(&holdings, Some(month)).findings.len()),
    ));
    ensure!(found > 0, "a county without a finding");
    rows.push(("… findings", found as f64));
    Ok(rows)
}

fn bookings(documents: &Documents<'_>, directory: &Directory) -> Result<Vec<Row>> {
    let sites = documents
        .get(&Name::Sites)
        .context("the directory is there")?;
    let venue = sites.view().present::<Venue>().next();
    let venue = venue.context("a county has venues")?.0;
    let booked: Vec<_> = named(documents)
        .filter(|(name, _)| matches!(name, Name::Bookings { .. }))
        .collect();
    let (name, view) = booked.first().context("a county has bookings")?;
    let mut board = Board::new();
    let index = asked(|| {
        board = Board::new();
        booked
            .iter()
            .for_each(|(name, view)| board.update(name, view));
    });
    let again = asked(|| board.update(name, view));
    let grants = asked(|| board.grants(directory, venue.id).len());
    Ok(vec![
        ("index all bookings of three months, ms", index),
        ("… a month of a site again, after a change, ms", again),
        ("who has a venue, ms", grants),
    ])
}

fn supplies(documents: &Documents<'_>) -> Result<Vec<Row>> {
    let ledgers: Vec<_> = named(documents)
        .filter_map(|(name, view)| match name {
            Name::Supplies { site } => Some((site, view)),
            _ => None,
        })
        .collect();
    let mut ledger = Ledger::default();
    let count = asked(|| ledger = Ledger::new(ledgers.iter().copied()));
    let (site, item): (SiteKey, _) = (HOME.parse()?, Item::id_of("手套"));
    let name = Name::Supplies { site: site.clone() };
    let own = documents.get(&name).context("the home has goods")?;
    let change = gift(own, &name, &site, &mut ledger)?;
    let stock = asked(|| ledger.stock(&site, item).held);
    Ok(vec![
        ("count all ledgers, ms", count),
        ("… one more gift, ms", change),
        ("the stock of an item at a site, ms", stock),
    ])
}

/// What a line more costs that a site writes: each is a change of its own.
fn gift(own: &LiveDocument, name: &Name, site: &SiteKey, ledger: &mut Ledger) -> Result<f64> {
    let gifts = own.view().present::<LedgerEntry>();
    let given = gifts
        .map(|(line, _)| line)
        .find(|line| line.kind == EntryKind::Gift);
    let given = given.context("the home gave something out")?;
    let (mut own, mut gifts) = (own.clone(), Vec::new());
    for number in 0..GIFTS {
        let line = LedgerEntry {
            id: RecordId::new(u64::from(number), [7; 10]),
            ..given.clone()
        };
        gifts.push(own.edit(&line.create(name), "", 0)?.patches);
    }
    let clock = Clock::start();
    for patches in &gifts {
        ledger.apply(site, own.view(), patches);
    }
    Ok(clock.ms() / f64::from(GIFTS))
}

fn named<'a>(documents: &'a Documents<'a>) -> impl Iterator<Item = (&'a Name, &'a View)> {
    documents
        .iter()
        .filter_map(|document| Some((document.name()?, document.view())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_is_asked_about_the_county_s_current_month() {
        let county = County::new(7, Scale::SMALL);
        assert_eq!(county.last().to_string(), MONTH);
        assert_eq!(county.now(), NOW);
        assert!(
            county
                .documents()
                .any(|document| { document.name.to_string() == format!("roster/{HOME}/{MONTH}") })
        );
    }
}
