//! A county on its hub's computer: what a month of a site costs to merge, how soon a document is open, how long questions
//! take over the current documents, and what the rules find in a month.
//!
//! Method: a store with everything that the sites of a county wrote in two years, made from a seed; a node opened on it, round
//! after round. Only the current documents are opened: the old ones cost what their lines in the list of documents do.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::civil::DateTime;
use yilian_core::document::{Author, LiveDocument, Month, Name};
use yilian_core::matrix::{Board, Directory, Wanted, open_near};
use yilian_core::records::{Collection, Edit, Item, Shift, ShiftState, Venue};
use yilian_core::rules::{Holdings, findings};
use yilian_core::supplies::Ledger;
use yilian_node::{Documents, Node};
use yilian_tests::county::{County, Scale, Written};

use crate::figures::{Figure, Figures};
use crate::meter;

/// A question is asked until that took so long, or so often.
const ENOUGH_MS: f64 = 400.0;
const TIMES_MAX: f64 = 100_000.0;

/// A month is merged so often in a round.
const MERGED: usize = 50;

/// The home whose documents are looked at: the county's own, which has the most.
const SITE: &str = "county";

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
    let written = county.write_store(directory, |written| {
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
        for figure in once(&county(options.which), &store).await? {
            figures.add(figure);
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
        "A county of {sites} sites, {months} months, from seed {seed}; medians of {} rounds, {}.\n\n{}",
        options.rounds,
        crate::machine::machine(),
        figures.table()
    ))
}

async fn once(county: &County, store: &Path) -> Result<Vec<Figure>> {
    let resident = || meter::resident_kib(std::process::id()) / 1_024.0;
    let mut figures = Vec::new();
    let before = resident();
    let begun = Instant::now();
    let node = Node::open(store).await?;
    let names = node.names().await?;
    figures.push(Figure::lower(
        "open the node, all documents listed, ms",
        ms(begun.elapsed()),
    ));
    figures.push(Figure::lower(
        "… resident more, only opened, MiB",
        resident() - before,
    ));

    let (month, now) = (county.last(), county.now());
    let roster = Name::Roster {
        site: SITE.parse()?,
        month,
    };
    for (title, name) in [
        ("open the directory of sites, cold, ms", Name::Sites),
        ("open a home's current roster, cold, ms", roster),
    ] {
        let begun = Instant::now();
        node.read(vec![name], |_| ()).await?;
        figures.push(Figure::lower(title, ms(begun.elapsed())));
    }
    let current: Vec<Name> = names
        .into_iter()
        .filter(|name| is_current(name, month))
        .collect();
    let documents = current.len();
    let begun = Instant::now();
    node.read(current.clone(), |_| ()).await?;
    figures.push(Figure::lower(
        "open every current document, cold, ms",
        ms(begun.elapsed()),
    ));
    figures.push(Figure::lower(
        "… ms for each",
        ms(begun.elapsed()) / documents as f64,
    ));
    figures.push(Figure::lower(
        "… resident more, current documents open, MiB",
        resident() - before,
    ));

    let asked = node.read(current, move |documents| ask(documents, month, now));
    figures.extend(asked.await??);
    figures.push(Figure::lower(
        "… resident more, all asked, MiB",
        resident() - before,
    ));
    node.stop().await;
    Ok(figures)
}

/// What the hub looks at: what belongs to no month, and this month with those beside it.
fn is_current(name: &Name, month: Month) -> bool {
    match name {
        Name::Sites | Name::People { .. } | Name::Supplies { .. } => true,
        Name::Roster { month: of, .. } | Name::Bookings { month: of, .. } => {
            [Some(month), month.prev(), month.next()].contains(&Some(*of))
        }
        _ => false,
    }
}

fn ask(documents: &Documents<'_>, month: Month, now: DateTime) -> Result<Vec<Figure>> {
    let sites = documents
        .get(&Name::Sites)
        .context("the directory is there")?;
    let directory = Directory::new(sites.view());
    let venue = sites
        .view()
        .present::<Venue>()
        .next()
        .context("a county has venues")?
        .0;
    let mut board = Board::new();
    let bookings = documents
        .iter()
        .filter_map(|document| Some((document.name()?, document.view())));
    let bookings: Vec<_> = bookings
        .filter(|(name, _)| matches!(name, Name::Bookings { .. }))
        .collect();
    let mut figures = vec![
        asked("who is on duty now, at every site, ms", || {
            on_duty(documents, now)
        }),
        asked("index the directory, ms", || {
            Directory::new(sites.view()).sites().count()
        }),
        asked("the ten nearest sites that are open, ms", || {
            open_near(
                &directory,
                now,
                Some((35.24, 113.24)),
                &Wanted::default(),
                10,
            )
            .len()
        }),
        asked("index all bookings of three months, ms", || {
            board = Board::new();
            bookings
                .iter()
                .for_each(|(name, view)| board.update(name, view));
        }),
    ];
    figures.push(asked("who has a venue, ms", || {
        board.grants(&directory, venue.id).len()
    }));
    let supplies = documents
        .iter()
        .filter_map(|document| match document.name()? {
            Name::Supplies { site } => Some((site, document.view())),
            _ => None,
        });
    let supplies: Vec<_> = supplies.collect();
    let mut ledger = Ledger::default();
    figures.push(asked("count all ledgers, ms", || {
        ledger = Ledger::new(supplies.iter().copied());
    }));
    let (site, item) = (SITE.parse()?, Item::id_of("手套"));
    figures.push(asked("the stock of an item at a site, ms", || {
        ledger.stock(&site, item).held
    }));
    figures.push(merge(documents, month, now)?);
    let mut holdings = Holdings::new(now);
    figures.push(asked(
        "take up all current documents for the rules, ms",
        || {
            holdings = Holdings::new(now);
            documents.iter().for_each(|document| holdings.add(document));
            holdings.add_nothing_else();
        },
    ));
    let mut found = 0;
    figures.push(asked("findings of the month, ms", || {
        found = findings(&holdings, Some(month)).findings.len();
    }));
    ensure!(found > 0, "a county without a finding");
    Ok(figures)
}

/// Times what one thread does by itself: on a core, or where the system does not tell, on the wall.
struct Clock {
    begun: Instant,
    cpu: Option<Duration>,
}

impl Clock {
    fn start() -> Clock {
        Clock {
            begun: Instant::now(),
            cpu: meter::own_cpu(),
        }
    }

    fn ms(&self) -> f64 {
        let cpu = meter::own_cpu().zip(self.cpu);
        ms(cpu.map_or_else(|| self.begun.elapsed(), |(now, then)| now - then))
    }
}

/// What asking takes, of as many times as it takes to tell: a core's time is counted in ticks of milliseconds.
fn asked<T>(title: &'static str, mut question: impl FnMut() -> T) -> Figure {
    let (clock, mut times) = (Clock::start(), 0.0);
    while clock.ms() < ENOUGH_MS && times < TIMES_MAX {
        std::hint::black_box(question());
        times += 1.0;
    }
    Figure::lower(title, clock.ms() / times)
}

fn on_duty(documents: &Documents<'_>, now: DateTime) -> usize {
    let rosters = documents
        .iter()
        .filter(|document| matches!(document.name(), Some(Name::Roster { .. })));
    let shifts = rosters.flat_map(|document| document.view().present::<Shift>());
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
fn merge(documents: &Documents<'_>, month: Month, now: DateTime) -> Result<Figure> {
    let name = Name::Roster {
        site: SITE.parse()?,
        month,
    };
    let roster = documents.get(&name).context("the home has a roster")?;
    let mut home = roster.clone();
    let mut hub = roster.clone();
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
    let each = clock.ms() / MERGED as f64;
    Ok(Figure::lower("merge a home's offline month, ms", each))
}

fn sign(document: &mut LiveDocument, author: &str, number: u8) -> Result<()> {
    let author: Author = author.parse()?;
    document.set_author(&author, [number; 16]);
    Ok(())
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
