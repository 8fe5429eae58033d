//! What a page asks of disputes. Of each case what counts is kept, so that a county's thousands need not stay open.

use std::rc::Rc;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use yilian_core::civil::{self, WorkCalendar};
use yilian_core::document::{Kind, Month, Name, SiteKey};
use yilian_core::import::name_key;
use yilian_core::mediation::{
    Cycle, MediationError, Proceedings, Specialist, Tally, may_point, on_duty, proceedings,
    shared_with,
};
use yilian_core::ordered::{self, BTreeMap};
use yilian_core::records::{Shift, View, parse_date, parse_date_time, write_date, write_date_time};

use super::SessionError;
use super::json::{Json, Object, array, maybe, parsed, texts, write, wrong};
use super::matrix::directory;
use super::query::Reader;

mod act;
mod sheet;

pub(super) use act::act;
pub(super) use sheet::{Held, Sheet};

/// With what time and the calendar say of it, and when that will be something else.
fn shown(reader: &mut Reader<'_>, sheet: &Sheet, calendar: &WorkCalendar) -> String {
    let (of, now) = (&sheet.counted, reader.now);
    let deadline = of.deadline(calendar);
    if let Some(deadline) = deadline
        && !deadline.is_past(now)
    {
        reader.until(after(deadline.due));
    }
    if of.is_open() {
        reader.until(midnight(now));
    }
    let deadline = deadline.map(|deadline| {
        Object::new()
            .raw("duty", &write(&deadline.duty))
            .text("since", &write_date_time(deadline.since))
            .text("due", &write_date_time(deadline.due))
            .flag("overdue", deadline.is_past(now))
            .end()
    });
    let age = of.age(calendar, now).map(days);
    Object::new()
        .fields_of(&sheet.json)
        .raw("age", age.as_deref().unwrap_or("null"))
        .raw("deadline", deadline.as_deref().unwrap_or("null"))
        .end()
}

fn days(of: Cycle) -> String {
    Object::new()
        .raw("days", &of.days.to_string())
        .raw("working_days", &of.working_days.to_string())
        .end()
}

/// The first second after a moment: what was due then is late.
fn after(at: DateTime) -> DateTime {
    civil::add(at, SignedDuration::from_secs(1)).unwrap_or(at)
}

fn midnight(now: DateTime) -> DateTime {
    let next = now.date().tomorrow().unwrap_or(now.date());
    next.to_datetime(Time::MIN)
}

fn calendar(reader: &mut Reader<'_>) -> Result<WorkCalendar, SessionError> {
    Ok(WorkCalendar::of(Some(reader.view(&Name::Sites)?)))
}

/// What a document holds: what was read once is not opened again until it changes.
fn held(reader: &mut Reader<'_>, name: &Name) -> Result<Rc<Held>, SessionError> {
    let state = reader.version(name).to_string();
    let (kept, key) = (&reader.session.kept, format!("case {name}"));
    if let Some(held) = kept.get(&key, &state) {
        return Ok(held);
    }
    let (live, is_current) = reader.read(name)?;
    let held = match proceedings(live.view()) {
        Some(case) => Held::Case(Sheet::of(name, &case)),
        None => shared_with(name, live.view()).map_or(Held::Nothing, Held::Handed),
    };
    if let Held::Case(sheet) = &held
        && is_current
        && sheet.is_settled(reader.now)
    {
        reader.session.remember(name, &sheet.write());
    }
    Ok(kept.put(key, state, is_current, held))
}

/// A document and what it holds.
type Found = (Name, Rc<Held>);

/// The cases that are here, of one site with those that were handed to it, or all.
fn every(reader: &mut Reader<'_>, site: Option<&SiteKey>) -> Result<Vec<Found>, SessionError> {
    let mut found: Vec<Found> = Vec::new();
    let mut handed = Vec::new();
    let mut missing = None;
    for name in reader.list(Kind::Cases, site) {
        match held(reader, &name) {
            Ok(held) => {
                // Among all that are here it is listed itself.
                if let Held::Handed(of) = &*held
                    && !(site.is_none() && reader.session.known.is_known(of))
                {
                    handed.push(of.clone());
                }
                found.push((name, held));
            }
            Err(error) => missing = Some(error),
        }
    }
    for name in handed {
        match held(reader, &name) {
            Ok(held) => found.push((name, held)),
            Err(error) => missing = Some(error),
        }
    }
    missing.map_or(Ok(found), Err)
}

fn sheets(found: &[Found]) -> impl Iterator<Item = (&Name, &Sheet)> {
    found.iter().filter_map(|(name, held)| match &**held {
        Held::Case(sheet) => Some((name, sheet)),
        Held::Handed(_) | Held::Nothing => None,
    })
}

/// The cases that are here: what is due first comes first, what nobody waits for last, the newest first.
pub(super) fn list(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: Option<SiteKey> = maybe(args, "site")?;
    let stage = args.get("stage").and_then(Json::as_str);
    let mediator = args.get("mediator").and_then(Json::as_str).map(name_key);
    let is_open_only = args.get("open_only") == Some(&Json::Bool(true));
    let calendar = calendar(reader)?;
    let found = every(reader, site.as_ref())?;
    let (mut due, mut others) = (Vec::new(), Vec::new());
    for (_, sheet) in sheets(&found) {
        let of = &sheet.counted;
        let at = stage.is_none_or(|stage| stage == of.stage.as_str());
        if at && sheet.is_of(mediator.as_deref()) && !(is_open_only && of.is_over()) {
            let json = shown(reader, sheet, &calendar);
            match of.deadline(&calendar) {
                Some(deadline) => due.push((deadline.due, of.received, json)),
                None => others.push((of.received, of.received, json)),
            }
        }
    }
    ordered::sort(&mut due);
    ordered::sort(&mut others);
    let listed = due.into_iter().chain(others.into_iter().rev());
    Ok(array(listed.map(|(.., json)| json)))
}

/// One case, whoever's it is.
pub(super) fn one(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let name: Name = parsed(args, "document")?;
    if name.kind() != Kind::Cases {
        return Err(wrong("document"));
    }
    // Whoever looks at a case goes on with it.
    reader.view(&name)?;
    let calendar = calendar(reader)?;
    Ok(match &*held(reader, &name)? {
        Held::Case(sheet) => shown(reader, sheet, &calendar),
        Held::Handed(_) | Held::Nothing => "null".to_owned(),
    })
}

/// The cases that were handed to a site, which are kept in step for it from then on.
pub(super) fn handed(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let mut names = Vec::new();
    let mut missing = None;
    for name in reader.list(Kind::Cases, Some(&site)) {
        if !may_point(&name) {
            continue;
        }
        match held(reader, &name) {
            Ok(held) => names.extend(match &*held {
                Held::Handed(of) => Some(of.clone()),
                Held::Case(_) | Held::Nothing => None,
            }),
            Err(error) => missing = Some(error),
        }
    }
    // What is not kept in step by its name is by being open.
    for name in &names {
        reader.version(name);
    }
    match missing {
        Some(error) => Err(error),
        None => Ok(array(names.iter().map(write))),
    }
}

/// The rosters that say who is on duty for a site at a time, as far as there are any.
fn rosters<'a>(
    reader: &mut Reader<'a>,
    site: &SiteKey,
    at: DateTime,
) -> Result<Vec<(Name, &'a View)>, SessionError> {
    let month = Month::of(at.date()).map_err(|_| wrong("at"))?;
    let directory = directory(reader)?;
    let mut sites = vec![site];
    sites.extend(directory.path(site).into_iter().filter(|of| *of != site));
    // A night may have begun the month before.
    let months = [month.prev(), Some(month)].into_iter().flatten();
    let names = months.flat_map(|month| {
        let of = |site: &&SiteKey| Name::Roster {
            site: (*site).clone(),
            month,
        };
        sites.iter().map(of).collect::<Vec<_>>()
    });
    let session = reader.session;
    let is_there = |name: &Name| session.known.is_known(name) || !session.is_kept_in_step(name);
    let names: Vec<Name> = names.filter(is_there).collect();
    let documents = reader.all(&names)?;
    Ok(names
        .into_iter()
        .zip(documents)
        .map(|(name, live)| (name, live.view()))
        .collect())
}

/// How many open cases each name mediates, of those that are here.
fn load(reader: &mut Reader<'_>) -> Result<BTreeMap<String, usize>, SessionError> {
    let found = every(reader, None)?;
    let mut load = BTreeMap::new();
    for (_, sheet) in sheets(&found).filter(|(_, sheet)| sheet.counted.is_open()) {
        for name in &sheet.mediators {
            *load.entry(name.clone()).or_default() += 1;
        }
    }
    Ok(load)
}

/// The site that is asked about, or the hub.
fn site_or_hub(reader: &mut Reader<'_>, args: &Json) -> Result<Option<SiteKey>, SessionError> {
    match maybe(args, "site")? {
        Some(site) => Ok(Some(site)),
        None => Ok(directory(reader)?.hub().cloned()),
    }
}

/// Who of the specialists' rota is on duty.
pub(super) fn duty(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let at = args.get("at").and_then(Json::as_str);
    let asked = at.map(|at| parse_date_time(at).ok_or_else(|| wrong("at")));
    let asked = asked.transpose()?;
    let at = asked.unwrap_or(reader.now);
    let Some(site) = site_or_hub(reader, args)? else {
        return Ok("[]".to_owned());
    };
    let rosters = rosters(reader, &site, at)?;
    let load = load(reader)?;
    if asked.is_none() {
        let shifts = rosters.iter().flat_map(|(_, view)| view.present::<Shift>());
        shifts.for_each(|(shift, _)| {
            reader.until(shift.start);
            reader.until(shift.end);
        });
    }
    let directory = directory(reader)?;
    let rosters = rosters.iter().map(|(name, view)| (name, *view));
    let found = on_duty(rosters, &directory, &site, at, &load);
    Ok(array(found.iter().map(specialist)))
}

fn specialist(of: &Specialist<'_>) -> String {
    Object::new()
        .text("name", of.name)
        .text("post", of.post)
        .shown("site", of.site)
        .raw("person", &write(&of.person))
        .text("until", &write_date_time(of.until))
        .number("cases", of.cases as u64)
        .end()
}

/// A mediator's day and its week, or those of all: sittings by start, and what is to be done by when.
pub(super) fn day(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let date = day_of(args, "date")?;
    let site: Option<SiteKey> = maybe(args, "site")?;
    let mediator = args.get("mediator").and_then(Json::as_str).map(name_key);
    let mediator = mediator.as_deref().filter(|name| !name.is_empty());
    let later = |days: i32| civil::add_days(date.to_datetime(Time::MIN), days);
    let since_monday = i32::from(date.weekday().to_monday_zero_offset());
    let monday = later(-since_monday).map_or(date, DateTime::date);
    let sunday = later(6 - since_monday).map_or(date, DateTime::date);
    let calendar = calendar(reader)?;
    let found = every(reader, site.as_ref())?;
    let (mut sittings, mut due) = (Vec::new(), Vec::new());
    for (_, sheet) in sheets(&found).filter(|(_, sheet)| sheet.is_of(mediator)) {
        let in_week = |(start, end, _): &&(DateTime, DateTime, String)| {
            start.date() <= sunday && end.date() >= monday
        };
        sittings.extend(sheet.sittings.iter().filter(in_week).cloned());
        if let Some(deadline) = sheet.counted.deadline(&calendar) {
            let json = shown(reader, sheet, &calendar);
            due.push((deadline.due, sheet.counted.received, json));
        }
    }
    ordered::sort(&mut sittings);
    ordered::sort(&mut due);
    Ok(Object::new()
        .text("date", &write_date(date))
        .text("from", &write_date(monday))
        .text("until", &write_date(sunday))
        .raw(
            "sittings",
            &array(sittings.into_iter().map(|(.., json)| json)),
        )
        .raw("due", &array(due.into_iter().map(|(.., json)| json)))
        .end())
}

fn day_of(args: &Json, field: &str) -> Result<Date, SessionError> {
    let day = args.get(field).and_then(Json::as_str).and_then(parse_date);
    day.ok_or_else(|| wrong(field))
}

/// What rows of figures are told apart by.
const BY: [&str; 3] = ["month", "mode", "site"];

/// What came in and what came of it in some days, together and by what is asked for.
pub(super) fn figures(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let (from, until) = (day_of(args, "from")?, day_of(args, "until")?);
    let site: Option<SiteKey> = maybe(args, "site")?;
    let mode = args.get("mode").and_then(Json::as_str);
    let by = texts(args, "by");
    if !by.iter().all(|by| BY.contains(&by.as_str())) {
        return Err(wrong("by"));
    }
    let calendar = calendar(reader)?;
    let now = reader.now;
    let found = every(reader, site.as_ref())?;
    let mut rows: BTreeMap<Vec<String>, Tally> = BTreeMap::new();
    let mut total = Tally::default();
    for (name, sheet) in sheets(&found) {
        let of = &sheet.counted;
        // What was handed to a site counts where it came in.
        let asked = site.is_none() || name.site() == site.as_ref();
        if !asked || mode.is_some_and(|mode| mode != of.mode.as_str()) {
            continue;
        }
        let key = |date: Date| {
            let part = |by: &String| match by.as_str() {
                "month" => Month::of(date)
                    .map(|month| month.to_string())
                    .unwrap_or_default(),
                "mode" => of.mode.as_str().to_owned(),
                _ => of.site.to_string(),
            };
            by.iter().map(part).collect::<Vec<_>>()
        };
        let is_in = |date: Date| from <= date && date <= until;
        if is_in(of.received.date()) {
            let row = rows.entry(key(of.received.date())).or_default();
            row.receive(of, &calendar, now);
            total.receive(of, &calendar, now);
            let due = of.deadline(&calendar).filter(|due| !due.is_past(now));
            due.into_iter().for_each(|due| reader.until(after(due.due)));
        }
        if let Some((_, at)) = of.outcome.filter(|(_, at)| is_in(at.date())) {
            let row = rows.entry(key(at.date())).or_default();
            row.conclude(of, &calendar);
            total.conclude(of, &calendar);
        }
    }
    let rows = rows.iter().map(|(key, tally)| {
        let named = BY.iter().fold(Object::new(), |object, name| {
            let place = by.iter().position(|by| by == name);
            let part = place.and_then(|place| key.get(place));
            object.raw(name, &write(&part))
        });
        tallied(named, tally)
    });
    Ok(Object::new()
        .raw("rows", &array(rows))
        .raw("total", &tallied(Object::new(), &total))
        .end())
}

fn tallied(object: Object, of: &Tally) -> String {
    let counts = [
        ("received", of.received),
        ("referred_in", of.referred_in),
        ("declined", of.declined),
        ("open", of.open),
        ("overdue", of.overdue),
        ("concluded", of.concluded()),
        ("agreed", of.agreed),
        ("failed", of.failed),
        ("withdrawn", of.withdrawn),
        ("referred", of.referred),
        ("ratified", of.ratified),
    ];
    let object = counts.into_iter().fold(object, |object, (name, count)| {
        object.number(name, count as u64)
    });
    let tenths = |tenths: Option<i64>| write(&tenths.map(parted));
    let whole = |days: Option<i64>| write(&days);
    object
        .raw("people", &of.people.to_string())
        .raw("claimed_fen", &of.claimed.to_string())
        .raw("secured_fen", &of.secured.to_string())
        .raw("success_percent", &tenths(of.success_permille()))
        .raw("confirmation_percent", &tenths(of.confirmation_permille()))
        .raw("median_days", &tenths(of.days.median_tenths()))
        .raw("p90_days", &whole(of.days.p90()))
        .raw(
            "median_working_days",
            &tenths(of.working_days.median_tenths()),
        )
        .raw("p90_working_days", &whole(of.working_days.p90()))
        .end()
}

/// Tenths as a number with a digit behind the point.
#[expect(clippy::cast_precision_loss, reason = "days and rates are small")]
fn parted(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// The case of a document, read where it is open.
fn open_case<'a>(reader: &mut Reader<'a>, name: &Name) -> Result<Proceedings<'a>, SessionError> {
    let case = proceedings(reader.view(name)?);
    Ok(case.ok_or(MediationError::Empty)?)
}
