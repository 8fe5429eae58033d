use jiff::civil::{Date, DateTime};

use super::bookings::Bookings;
use super::cases::PlacedCase;
use super::finding::concerns;
use super::people::{People, Who};
use super::schools::Schools;
use super::supplies;
use super::wording::said;
use super::{Holdings, NotChecked, RecordRef, Rule, Text};
use crate::civil::WorkCalendar;
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::inbox::{Progress, progress};
use crate::matrix::{Directory, Nearby};
use crate::mediation::load;
use crate::ordered::{self, BTreeMap};
use crate::records::{Collection, Entry, FieldReader, RecordId, Shift, ShiftState, Site, View};
use crate::supplies::Ledger;

/// What the rules have in common: the documents held, indexed once.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) holdings: &'a Holdings<'a>,
    /// The month that is asked about.
    month: Option<Month>,
    /// The sites that were not removed, by key; empty where `sites` is not held.
    pub(super) sites: BTreeMap<&'a SiteKey, &'a Site>,
    pub(super) people: People<'a>,
    /// The shifts that were not removed, of every roster held.
    pub(super) shifts: Vec<PlacedShift<'a>>,
    pub(super) directory: Directory<'a>,
    pub(super) nearby: Nearby<'a>,
    pub(super) bookings: Bookings<'a>,
    pub(super) schools: Schools<'a>,
    submissions: Vec<(&'a Name, Progress<'a>)>,
    /// The ledgers of goods that are held, counted.
    pub(super) ledger: Ledger,
    /// The days on which the network works.
    pub(super) calendar: WorkCalendar,
    /// The cases held.
    pub(super) cases: Vec<PlacedCase<'a>>,
    /// How many open cases each name mediates.
    pub(super) load: BTreeMap<String, usize>,
}

/// A shift and the roster it is in. The roster says whose it is: a field may be lost or contested, a name is not.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedShift<'a> {
    pub(super) document: &'a Name,
    pub(super) site: &'a SiteKey,
    pub(super) shift: &'a Shift,
    /// Whom it names.
    pub(super) who: Who<'a>,
}

impl<'a> Context<'a> {
    pub(super) fn new(holdings: &'a Holdings<'a>, month: Option<Month>) -> Self {
        let directory = holdings.view(&Name::Sites);
        let sites = directory
            .into_iter()
            .flat_map(View::present::<Site>)
            .map(|(site, _)| (&site.key, site))
            .collect();
        let directory = directory.map_or_else(Directory::empty, Directory::new);
        let cases = PlacedCase::all(holdings);
        let people = People::of(holdings);
        let inbox = holdings.documents.iter();
        let inbox = inbox.filter(|(name, _)| matches!(name, Name::Inbox { .. }));
        Self {
            holdings,
            month,
            sites,
            shifts: shifts(holdings, &people),
            people,
            bookings: Bookings::of(holdings, &directory),
            schools: Schools::new(holdings, &directory),
            calendar: WorkCalendar::of(holdings.view(&Name::Sites)),
            load: load(cases.iter().map(|placed| &placed.proceedings)),
            cases,
            directory,
            nearby: Nearby::default(),
            submissions: inbox
                .filter_map(|(name, holding)| Some((name, progress(holding.view)?)))
                .collect(),
            ledger: supplies::ledger(holdings),
        }
    }

    /// Whether what is wrong with records of these documents is asked for: what is not need not be put into words.
    pub(super) fn concerns<'n>(&self, documents: impl IntoIterator<Item = &'n Name>) -> bool {
        self.month.is_none_or(|month| concerns(month, documents))
    }

    /// The shifts that someone is to be there for, and that last.
    pub(super) fn working(&self) -> impl Iterator<Item = (PlacedShift<'a>, DateTime, DateTime)> {
        self.shifts
            .iter()
            .filter(|placed| placed.is_working())
            .filter_map(|placed| {
                let (start, end) = placed.shift.period()?;
                (start < end).then_some((*placed, start, end))
            })
    }

    /// Whether a post may run while its site is closed. Where nobody has said, a hotline may.
    pub(super) fn is_any_hours(&self, post: &str) -> bool {
        if let Some(post) = self.directory.post(post) {
            return post.any_hours;
        }
        let key = name_key(post);
        key.contains("热线") || key.to_ascii_lowercase().contains("hotline")
    }
}

/// The shifts of every roster, with whom they name: told once for all shifts of a roster that name one person alike.
fn shifts<'a>(holdings: &'a Holdings<'_>, people: &People<'a>) -> Vec<PlacedShift<'a>> {
    let mut shifts = Vec::new();
    for (document, holding) in &holdings.documents {
        let Name::Roster { site, .. } = document else {
            continue;
        };
        let mut told: BTreeMap<(&str, Option<&SiteKey>, Option<RecordId>), Who<'_>> =
            BTreeMap::new();
        for (shift, _) in View::present::<Shift>(holding.view) {
            let named = (shift.name.as_str(), shift.lent_by.as_ref(), shift.person);
            let who = *told.entry(named).or_insert_with(|| people.who(shift, site));
            shifts.push(PlacedShift {
                document,
                site,
                shift,
                who,
            });
        }
    }
    shifts
}

impl PlacedShift<'_> {
    /// Who swapped or stayed away is not there.
    pub(super) fn is_working(&self) -> bool {
        matches!(
            self.shift.state,
            ShiftState::Planned | ShiftState::Confirmed
        )
    }

    /// The name as messages say it.
    pub(super) fn name(&self) -> String {
        said(&self.shift.name)
    }

    /// The post as messages say it.
    pub(super) fn post(&self) -> String {
        said(&self.shift.post)
    }

    pub(super) fn reference(&self) -> RecordRef {
        RecordRef {
            document: self.document.clone(),
            collection: Collection::Shifts,
            record: self.shift.id,
        }
    }
}

pub(super) fn not_checked(rule: Rule, mut documents: Vec<Name>, text: Text) -> Option<NotChecked> {
    ordered::sort(&mut documents);
    documents.dedup();
    (!documents.is_empty()).then_some(NotChecked {
        rule,
        documents,
        text,
    })
}

impl Context<'_> {
    /// The day a record is about, where it has one.
    pub(super) fn date_of(&self, entry: &Entry) -> Option<Date> {
        let (start, _) = entry.record().kind()?.lasts?;
        Some(FieldReader::new(entry.fields()).time(start)?.date())
    }
}

impl<'a> Context<'a> {
    /// What was sent to sites, with how far it has come.
    pub(super) fn submissions(&self) -> impl Iterator<Item = (&'a Name, &Progress<'a>)> {
        let submissions = self.submissions.iter();
        submissions.map(|(name, progress)| (*name, progress))
    }

    /// What people call a submission: `张三 的预订（客运总站）`.
    pub(super) fn submission(&self, name: &Name, progress: &Progress<'_>) -> Text {
        let kind = progress.submission.kind.label();
        let who = said(&progress.submission.name);
        let site = name.site().map(|site| self.site_name(site));
        let site = site.unwrap_or_default();
        Text::of(
            format_args!("{who} 的{}（{site}）", kind.zh),
            format_args!("the {} of {who} ({site})", kind.en),
        )
    }

    pub(super) fn submission_ref(&self, name: &Name, progress: &Progress<'_>) -> RecordRef {
        RecordRef {
            document: name.clone(),
            collection: Collection::Submission,
            record: progress.submission.id,
        }
    }

    /// The day a submission was sent, if that can be told.
    pub(super) fn sent_on(&self, progress: &Progress<'_>) -> Option<Date> {
        let at = progress.submission.at;
        (at != DateTime::ZERO).then(|| at.date())
    }
}
