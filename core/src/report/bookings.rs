//! How venues are used, and by whom.

use jiff::civil::DateTime;

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::document::{Kind, Name, SiteKey};
use crate::matrix::{Board, Day, Directory, Grant, Slot};
use crate::ordered::{self, BTreeMap};
use crate::records::{Booking, BookingState, RecordId, Venue};
use crate::rules::Text;

/// How a venue was used in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct VenueUse<'a> {
    /// The venue.
    pub venue: &'a Venue,
    /// The bookings that start in the period.
    pub bookings: u64,
    /// Of these, those that the venue was promised to.
    pub confirmed: u64,
    /// Those that have it as long as nobody else is promised it.
    pub granted: u64,
    /// Those that others have the venue instead of.
    pub bumped: u64,
    /// Those that nobody asks for any more.
    pub cancelled: u64,
    /// For how many minutes those that have the venue do.
    pub minutes: i64,
    /// How many people they are for.
    pub people: i64,
    /// How many of them are of other sites.
    pub borrowed: u64,
    /// For how many minutes of the period the venue is open, and in how many of these somebody had it; none where no hours are
    /// stated.
    pub open: Option<(i64, i64)>,
    /// What other sites had of it: how many bookings, for how many minutes.
    pub borrowers: BTreeMap<SiteKey, (u64, i64)>,
}

/// How each venue was used in a period, by site and name. With `site`, its venues only.
///
/// A booking counts whole on the day it starts. Whose a venue is depends on bookings that run into the period, so the months
/// beside it should be at hand: see [`Period::is_near`].
#[must_use]
pub fn venue_use<'a>(
    documents: &Documents<'a>,
    directory: &Directory<'a>,
    period: Period,
    site: Option<&SiteKey>,
) -> Vec<VenueUse<'a>> {
    used(documents, directory, period, site).0
}

/// Also how many bookings say no known venue or no time.
fn used<'a>(
    documents: &Documents<'a>,
    directory: &Directory<'a>,
    period: Period,
    site: Option<&SiteKey>,
) -> (Vec<VenueUse<'a>>, u64) {
    let Placements { placed, lost } = placements(documents, directory, period, site);
    let mut of_venue: BTreeMap<RecordId, Vec<&Placed<'_>>> = BTreeMap::new();
    for placed in &placed {
        of_venue.entry(placed.venue.id).or_default().push(placed);
    }
    let mut venues: Vec<&Venue> = directory
        .venues()
        .filter(|venue| site.is_none_or(|site| *site == venue.site))
        .collect();
    ordered::sort_by_key(&mut venues, |venue| (&venue.site, &venue.name, venue.id));
    let uses = venues.into_iter().map(|venue| {
        let placed = of_venue.get(&venue.id).map_or(&[][..], Vec::as_slice);
        let sum = Sum::of(placed, period);
        let hours = open_hours(directory, venue, period);
        let open = hours.as_ref().map(|hours| {
            let taken = placed.iter().filter(|placed| placed.grant.stands());
            let taken = merged(taken.map(|placed| placed.slot).collect());
            (minutes(hours), common_minutes(hours, &taken))
        });
        VenueUse {
            venue,
            bookings: sum.bookings,
            confirmed: sum.confirmed,
            granted: sum.granted,
            bumped: sum.bumped,
            cancelled: sum.cancelled,
            minutes: sum.minutes,
            people: sum.people,
            borrowed: sum.borrowed,
            open,
            borrowers: sum.borrowers,
        }
    });
    (uses.collect(), lost)
}

/// What became of the bookings of each venue in a period, and how much of the time it is open it was used. With `site`, of its
/// venues only.
///
/// See [`venue_use`] for which documents should be at hand. The use is the part of the opening hours in which the venue was taken,
/// so it is never more than all of them, whatever was booked outside.
#[must_use]
pub fn by_venue(documents: &Documents<'_>, period: Period, site: Option<&SiteKey>) -> Report {
    let (uses, lost) = used(documents, &documents.directory(), period, site);
    let (mut rows, mut all_used, mut all_open) = (Vec::new(), 0, 0);
    for sum in uses {
        let (open, used) = sum.open.unwrap_or_default();
        all_used += used;
        all_open += open;
        rows.push(vec![
            documents.site_cell(&sum.venue.site),
            Cell::Text(sum.venue.name.clone()),
            Cell::Count(sum.bookings),
            Cell::Count(sum.confirmed),
            Cell::Count(sum.granted),
            Cell::Count(sum.bumped),
            Cell::Count(sum.cancelled),
            Cell::Hours(sum.minutes),
            sum.open.map_or(Cell::Empty, |(open, _)| Cell::Hours(open)),
            per_cent(used, open),
            Cell::Amount(sum.people),
            Cell::Count(sum.borrowed),
        ]);
    }
    let mut report = Report {
        name: "bookings_by_venue",
        title: documents.title(site, "场地使用统计", "Use of venues"),
        subtitle: subtitle(period),
        columns: vec![
            Column::new("site", "站点", "site", ColumnKind::Text),
            Column::new("venue", "场地", "venue", ColumnKind::Text),
            Column::new("bookings", "预订", "bookings", ColumnKind::Count),
            Column::new("confirmed", "已确认", "confirmed", ColumnKind::Count),
            Column::new("granted", "可用", "granted", ColumnKind::Count),
            Column::new("bumped", "让位", "bumped", ColumnKind::Count),
            Column::new("cancelled", "已取消", "cancelled", ColumnKind::Count),
            Column::new("hours", "预订小时", "hours booked", ColumnKind::Hours),
            Column::new("open", "开放小时", "hours open", ColumnKind::Hours),
            Column::new("use", "使用率（%）", "use (%)", ColumnKind::Tenths),
            Column::new("people", "人数", "people", ColumnKind::Amount),
            Column::new("borrowed", "外站借用", "borrowed", ColumnKind::Count),
        ],
        rows,
        totals: Vec::new(),
        notes: notes(lost),
    };
    report.add_totals();
    report.set_total("use", per_cent(all_used, all_open));
    report
}

/// The bookings of a period by day, with what became of each. With `site`, those of its venues.
///
/// See [`by_venue`] for which documents should be at hand.
#[must_use]
pub fn by_day(documents: &Documents<'_>, period: Period, site: Option<&SiteKey>) -> Report {
    let directory = documents.directory();
    let Placements { placed, lost } = placements(documents, &directory, period, site);
    let names: BTreeMap<RecordId, &str> = placed
        .iter()
        .map(|placed| (placed.booking.id, placed.booking.name.as_str()))
        .collect();
    let mut listed: Vec<&Placed<'_>> = placed
        .iter()
        .filter(|placed| period.contains(placed.slot.start.date()))
        .collect();
    ordered::sort_by_key(&mut listed, |placed| {
        let (venue, start) = (placed.venue, placed.slot.start);
        let place = (venue.site.clone(), venue.name.clone());
        (start.date(), place, start, placed.booking.id)
    });
    let row = |placed: &&Placed<'_>| {
        let (booking, venue) = (placed.booking, placed.venue);
        let by = match placed.grant {
            Grant::Bumped { by } => names.get(&by).copied(),
            _ => None,
        };
        vec![
            Cell::Date(placed.slot.start.date()),
            documents.site_cell(&venue.site),
            Cell::Text(venue.name.clone()),
            Cell::DateTime(placed.slot.start),
            Cell::DateTime(placed.slot.end),
            Cell::Text(booking.name.clone()),
            placed
                .borrower()
                .map_or(Cell::Empty, |site| documents.site_cell(site)),
            booking.people.map_or(Cell::Empty, Cell::Amount),
            Cell::Text(booking.purpose.clone()),
            match placed.grant.stands() {
                true => Cell::Hours(placed.minutes()),
                false => Cell::Empty,
            },
            Cell::choice(placed.grant.as_str(), placed.grant.label()),
            by.map_or(Cell::Empty, |name| Cell::Text(name.to_owned())),
        ]
    };
    let people = Sum::of(&listed, period).people;
    let mut report = Report {
        name: "bookings_by_day",
        title: documents.title(site, "每日预订", "Bookings by day"),
        subtitle: period.text(),
        columns: vec![
            Column::new("date", "日期", "date", ColumnKind::Date),
            Column::new("site", "站点", "site", ColumnKind::Text),
            Column::new("venue", "场地", "venue", ColumnKind::Text),
            Column::new("start", "开始", "start", ColumnKind::DateTime),
            Column::new("end", "结束", "end", ColumnKind::DateTime),
            Column::new("name", "预订人", "name", ColumnKind::Text),
            Column::new("borrower", "借用站点", "borrower", ColumnKind::Text),
            Column::new("people", "人数", "people", ColumnKind::Amount),
            Column::new("purpose", "用途", "purpose", ColumnKind::Text),
            Column::new("hours", "小时", "hours", ColumnKind::Hours),
            Column::new("grant", "结果", "grant", ColumnKind::Text),
            Column::new("bumped_by", "被谁占用", "has it", ColumnKind::Text),
        ],
        rows: listed.iter().map(row).collect(),
        totals: Vec::new(),
        notes: notes(lost),
    };
    report.add_totals();
    // Those who do not have the venue do not come.
    report.set_total("people", Cell::Amount(people));
    report
}

/// A booking of a venue that is known, at a time that can be read.
pub(super) struct Placed<'a> {
    pub(super) booking: &'a Booking,
    pub(super) venue: &'a Venue,
    pub(super) slot: Slot,
    pub(super) grant: Grant,
}

/// The bookings at hand, and how many of the period say no known venue or no time.
pub(super) struct Placements<'a> {
    pub(super) placed: Vec<Placed<'a>>,
    lost: u64,
}

impl<'a> Placed<'a> {
    /// The other site that it was booked for.
    pub(super) fn borrower(&self) -> Option<&'a SiteKey> {
        let borrower = self.booking.borrower.as_ref();
        borrower.filter(|site| **site != self.venue.site)
    }

    fn minutes(&self) -> i64 {
        self.slot.end.duration_since(self.slot.start).as_mins()
    }
}

/// Every booking at hand that is of a venue in scope, those that start outside of the period too.
pub(super) fn placements<'a>(
    documents: &Documents<'a>,
    directory: &Directory<'a>,
    period: Period,
    site: Option<&SiteKey>,
) -> Placements<'a> {
    let mut board = Board::new();
    let mut bookings: BTreeMap<RecordId, (&Name, &'a Booking)> = BTreeMap::new();
    for (name, view) in documents.of_kind(Kind::Bookings) {
        board.update(name, view);
        for (booking, _) in view.present::<Booking>() {
            let known = bookings.get(&booking.id);
            // One that has moved may be in two documents: the one that still asks counts.
            if known.is_none_or(|(_, other)| other.state == BookingState::Cancelled) {
                bookings.insert(booking.id, (name, booking));
            }
        }
    }
    let mut grants: BTreeMap<RecordId, BTreeMap<RecordId, Grant>> = BTreeMap::new();
    let (mut placed, mut lost) = (Vec::new(), 0);
    for (name, booking) in bookings.into_values() {
        let venue = booking.venue.and_then(|id| directory.venue(id));
        let slot = booking.period().filter(|(start, end)| start < end);
        let (Some(venue), Some((start, end))) = (venue, slot) else {
            let in_scope = site.is_none() || name.site() == site;
            lost += u64::from(in_scope && is_of(name, booking, period));
            continue;
        };
        if site.is_some_and(|site| *site != venue.site) {
            continue;
        }
        let of_venue = grants
            .entry(venue.id)
            .or_insert_with(|| board.grants(directory, venue.id));
        if let Some(grant) = of_venue.get(&booking.id) {
            placed.push(Placed {
                booking,
                venue,
                slot: Slot { start, end },
                grant: *grant,
            });
        }
    }
    Placements { placed, lost }
}

/// Whether a booking that cannot be placed belongs to a period: by its start, else by its document's month.
fn is_of(name: &Name, booking: &Booking, period: Period) -> bool {
    match booking.start == DateTime::ZERO {
        false => period.contains(booking.start.date()),
        true => name.month().is_some_and(|month| period.touches(month)),
    }
}

#[derive(Default)]
struct Sum {
    bookings: u64,
    confirmed: u64,
    granted: u64,
    bumped: u64,
    cancelled: u64,
    minutes: i64,
    people: i64,
    borrowed: u64,
    borrowers: BTreeMap<SiteKey, (u64, i64)>,
}

impl Sum {
    /// What starts in a period.
    fn of(placed: &[&Placed<'_>], period: Period) -> Self {
        let mut sum = Self::default();
        for placed in placed {
            if period.contains(placed.slot.start.date()) {
                sum.add(placed);
            }
        }
        sum
    }

    fn add(&mut self, placed: &Placed<'_>) {
        self.bookings += 1;
        match placed.grant {
            Grant::Confirmed => self.confirmed += 1,
            Grant::Granted => self.granted += 1,
            Grant::Bumped { .. } => self.bumped += 1,
            Grant::Cancelled | Grant::Unplaced => self.cancelled += 1,
        }
        if placed.grant.stands() {
            self.minutes = self.minutes.saturating_add(placed.minutes());
            let people = placed.booking.people.unwrap_or_default();
            self.people = self.people.saturating_add(people);
            if let Some(site) = placed.borrower() {
                self.borrowed += 1;
                let (bookings, minutes) = self.borrowers.entry(site.clone()).or_default();
                *bookings += 1;
                *minutes = minutes.saturating_add(placed.minutes());
            }
        }
    }
}

/// When a venue is open on the days of a period; none where no hours are stated on any of them.
fn open_hours(directory: &Directory<'_>, venue: &Venue, period: Period) -> Option<Vec<Slot>> {
    let venue = directory.venue(venue.id)?;
    let hours = directory.venue_hours(venue);
    let mut days = period.days();
    let stated = days.any(|day| !matches!(hours.on(day), Day::Unstated));
    stated.then(|| merged(period.days().flat_map(|day| hours.spans(day)).collect()))
}

/// Times in order, with what overlaps or touches made one.
fn merged(mut slots: Vec<Slot>) -> Vec<Slot> {
    ordered::sort(&mut slots);
    let mut merged: Vec<Slot> = Vec::new();
    for slot in slots {
        match merged.last_mut() {
            Some(last) if slot.start <= last.end => last.end = last.end.max(slot.end),
            _ => merged.push(slot),
        }
    }
    merged
}

fn minutes(slots: &[Slot]) -> i64 {
    let minutes = slots.iter().map(|slot| between(slot.start, slot.end));
    minutes.fold(0, i64::saturating_add)
}

/// How long it is that lies in both: each in order, and apart from each other.
fn common_minutes(one: &[Slot], other: &[Slot]) -> i64 {
    let (mut all, mut others) = (0, other.iter().peekable());
    for slot in one {
        while let Some(taken) = others.peek() {
            let (start, end) = (slot.start.max(taken.start), slot.end.min(taken.end));
            all += between(start, end).max(0);
            if taken.end > slot.end {
                break;
            }
            others.next();
        }
    }
    all
}

fn between(start: DateTime, end: DateTime) -> i64 {
    end.duration_since(start).as_mins()
}

/// Per cent to a tenth, rounded; nothing of nothing.
fn per_cent(part: i64, whole: i64) -> Cell {
    match whole > 0 {
        true => Cell::Tenths((part * 1_000 + whole / 2) / whole),
        false => Cell::Empty,
    }
}

fn subtitle(period: Period) -> Text {
    let period = period.text();
    Text::new(
        format!("{}　使用率：开放时间里被占用的部分", period.zh),
        format!("{}; use: how much of the opening hours is taken", period.en),
    )
}

fn notes(lost: u64) -> Vec<Text> {
    let note = || {
        Text::new(
            format!("有 {lost} 条预订的场地不在名录里，或时间看不懂，没有计入"),
            format!(
                "{lost} bookings of no known venue, or at no time that makes sense, are not counted"
            ),
        )
    };
    (lost > 0).then(note).into_iter().collect()
}
