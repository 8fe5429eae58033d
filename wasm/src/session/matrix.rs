use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use yilian_core::document::{Author, LiveDocument, Month, Name, SiteKey};
use yilian_core::inbox::taken;
use yilian_core::matrix::{
    Alternative, Board, Directory, Grant, Near, Wanted, grants, near_changes, open_near,
};
use yilian_core::ordered::{self, BTreeMap};
use yilian_core::records::{
    Booking, CONFIRMED_BY, CONFIRMED_FOR, Collection, Edit, Entry, RecordId, Typed, Venue,
    parse_date, parse_date_time, write_date_time,
};

use super::SessionError;
use super::json::{Json, Object, array, list, maybe, parsed, texts, write, wrong};
use super::kept::Fed;
use super::order::complete;
use super::query::{Deed, Reader};
use super::shown::record;

/// As many are found unless a page says otherwise.
const FOUND_MAX: usize = 20;

/// The bookings of a site in some months, by start, each with what became of it.
pub(super) fn bookings(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site = parsed::<SiteKey>(args, "site")?;
    let months = texts(args, "months");
    let months: Result<Vec<Month>, _> = months.iter().map(|month| month.parse()).collect();
    let months = months.map_err(|_| wrong("months"))?;
    let of = |month: &Month| Name::Bookings {
        site: site.clone(),
        month: *month,
    };
    let asked: Vec<Name> = months.iter().map(of).collect();
    let mut names: Vec<Name> = asked.iter().flat_map(beside).collect();
    ordered::sort(&mut names);
    names.dedup();
    let documents = with_sites(reader, &names)?;
    let directory = directory(reader)?;
    let entries = documents
        .iter()
        .flat_map(|live| live.view().entries(Collection::Bookings));
    let grants = grants(entries, &directory);
    let mut shown: Vec<(DateTime, String)> = Vec::new();
    for (name, live) in names
        .iter()
        .zip(&documents)
        .filter(|(name, _)| asked.contains(name))
    {
        for (booking, entry) in live.view().present::<Booking>() {
            let grant = grants.get(&booking.id).copied().unwrap_or(Grant::Unplaced);
            shown.push((booking.start, granted(name, entry, grant)));
        }
    }
    ordered::sort_by_key(&mut shown, |(start, json)| (*start, json.clone()));
    Ok(array(shown.into_iter().map(|(_, json)| json)))
}

/// A booking, and what became of it.
pub(super) fn granted(name: &Name, entry: &Entry, grant: Grant) -> String {
    let (word, by) = worded(grant);
    Object::new()
        .fields_of(&record(entry))
        .shown("document", name)
        .text("grant", word)
        .raw("bumped_by", &write(&by))
        .end()
}

/// What a grant is called, and who has the venue instead.
pub(super) const fn worded(grant: Grant) -> (&'static str, Option<RecordId>) {
    match grant {
        Grant::Confirmed => ("confirmed", None),
        Grant::Granted => ("granted", None),
        Grant::Bumped { by } => ("bumped", Some(by)),
        Grant::Cancelled => ("cancelled", None),
        Grant::Unplaced => ("unplaced", None),
    }
}

/// What became of a booking that is in a document.
pub(super) fn grant_of(
    reader: &mut Reader<'_>,
    name: &Name,
    booking: RecordId,
) -> Result<Option<Grant>, SessionError> {
    let documents = with_sites(reader, &beside(name))?;
    let directory = directory(reader)?;
    let entries = documents
        .iter()
        .flat_map(|live| live.view().entries(Collection::Bookings));
    Ok(grants(entries, &directory).get(&booking).copied())
}

/// Where and when else a booking could be had, one that is made or only wished for.
pub(super) fn alternatives(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let wished: Booking = match maybe::<Name>(args, "document")? {
        Some(name) => {
            let id = parsed(args, "booking")?;
            let held = reader.view(&name)?.get::<Booking>(id).cloned();
            held.ok_or(SessionError::NoRecord(name, id, Collection::Bookings))?
        }
        None => reader.record(args.get("booking").ok_or_else(|| wrong("booking"))?)?,
    };
    let month = Month::of(wished.start.date()).map_err(|_| wrong("booking"))?;
    let directory = directory(reader)?;
    let venue = wished.venue.and_then(|venue| directory.venue(venue));
    let around = venue.map_or_else(Vec::new, |venue| directory.around(&venue.site));
    let names = around.into_iter().flat_map(|site| {
        let months = month.around();
        months.map(|month| Name::Bookings {
            site: site.clone(),
            month,
        })
    });
    let read: Vec<Result<(), SessionError>> = names.map(|name| read(reader, &name)).collect();
    read.into_iter().collect::<Result<(), _>>()?;
    let boards = reader.session.boards.borrow();
    let board = &boards.of;
    if let Some(at) = board.alternatives_change(&directory, &wished, reader.now) {
        reader.until(at);
    }
    let found = board.alternatives(&directory, &wished, reader.now, most(args));
    Ok(array(found.iter().map(alternative)))
}

/// Reads the bookings of a document, as far as they are not read as they are now. Where there are none it is not opened, unless
/// that is how to find out.
fn read(reader: &mut Reader<'_>, name: &Name) -> Result<(), SessionError> {
    let version = reader.version(name);
    let session = reader.session;
    let is_read = session.boards.borrow().read.get(name) == Some(&version);
    let is_absent = !session.known.is_known(name) && session.is_kept_in_step(name);
    if is_read || is_absent {
        return Ok(());
    }
    let (live, is_current) = reader.read(name)?;
    let mut boards = session.boards.borrow_mut();
    let Fed { of, read } = &mut *boards;
    of.update(name, live.view());
    match is_current {
        true => read.insert(name.clone(), version),
        false => read.remove(name),
    };
    Ok(())
}

fn alternative(found: &Alternative<'_>) -> String {
    Object::new()
        .raw("venue", &write(found.venue))
        .raw("slot", &write(&found.slot))
        .raw("distance_m", &write(&found.distance_m))
        .end()
}

/// When a venue is open and nobody has it on a day.
pub(super) fn free_slots(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let id: RecordId = parsed(args, "venue")?;
    let day = args.get("day").and_then(Json::as_str).and_then(parse_date);
    let day = day.ok_or_else(|| wrong("day"))?;
    let minutes = args.get("minutes").and_then(Json::as_i64).unwrap_or(1);
    let venue = venue(reader, id)?;
    let names = beside(&document(venue, day)?);
    let documents = with_sites(reader, &names)?;
    let board = board(&names, &documents);
    let directory = directory(reader)?;
    let from = day.to_datetime(Time::midnight());
    let until = day.tomorrow().unwrap_or(day).to_datetime(Time::midnight());
    let length = SignedDuration::from_mins(minutes.clamp(1, 1_440));
    let slots = board.free_slots(&directory, id, from, until, length);
    Ok(array(slots.iter().map(write)))
}

/// The sites that are open and have what is wanted; asked for now, it is asked again when one of them opens or closes.
pub(super) fn near(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let directory = directory(reader)?;
    let asked = args.get("at").and_then(Json::as_str);
    let asked = asked.map(|at| parse_date_time(at).ok_or_else(|| wrong("at")));
    let asked = asked.transpose()?;
    let at = asked.unwrap_or(reader.now);
    let place: Vec<f64> = list(args, "near").iter().filter_map(Json::as_f64).collect();
    let place = match place.as_slice() {
        [lat, lng] => Some((*lat, *lng)),
        _ => None,
    };
    let wanted = Wanted {
        amenities: texts(args, "amenities").into_iter().collect(),
        service: args
            .get("service")
            .and_then(Json::as_str)
            .map(str::to_owned),
        capacity: args.get("capacity").and_then(Json::as_i64),
        closed_too: args.get("closed_too") == Some(&Json::Bool(true)),
    };
    if asked.is_none()
        && let Some(at) = near_changes(&directory, at, &wanted)
    {
        reader.until(at);
    }
    let found = open_near(&directory, at, place, &wanted, most(args));
    Ok(array(found.iter().map(shown)))
}

fn shown(near: &Near<'_>) -> String {
    let time = |time: Option<DateTime>| write(&time.map(write_date_time));
    Object::new()
        .raw("site", &write(near.site))
        .raw("distance_m", &write(&near.distance_m))
        .flag("is_open", near.is_open)
        .raw("open_until", &time(near.open_until))
        .raw("opens_next", &time(near.opens_next))
        .raw(
            "services",
            &array(near.services.iter().map(|service| write(*service))),
        )
        .raw(
            "venues",
            &array(near.venues.iter().map(|venue| write(*venue))),
        )
        .end()
}

/// Asks for a venue.
pub(super) fn book(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let asked: Booking = reader.record(args)?;
    let mut booking = Booking {
        site: venue(reader, asked.venue.ok_or_else(|| wrong("venue"))?)?
            .site
            .clone(),
        ..asked
    };
    booking.id = reader.id();
    let stored: BTreeMap<_, _> = booking
        .fields()
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value))
        .collect();
    complete(Collection::Bookings, &stored)?;
    if booking.period().is_none_or(|(start, end)| end <= start) {
        let late = "a booking ends after it starts".to_owned();
        return Err(SessionError::Text(late));
    }
    let name = Name::Bookings {
        site: booking.site.clone(),
        month: Month::of(booking.start.date()).map_err(|_| wrong("start"))?,
    };
    reader.view(&name)?;
    Ok(Deed {
        edits: booking.create(&name),
        records: vec![booking.id],
        message: "book",
        ..Deed::default()
    })
}

/// Promises the venue to a booking, which only somebody of its site or of the hub can.
pub(super) fn confirm(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let name: Name = parsed(args, "document")?;
    let id: RecordId = parsed(args, "booking")?;
    let booking = reader.view(&name)?.get::<Booking>(id);
    let booking =
        booking.ok_or_else(|| SessionError::NoRecord(name.clone(), id, Collection::Bookings))?;
    let directory = directory(reader)?;
    let promised = booking.venue.and_then(|venue| directory.venue(venue));
    let site = promised.map(|venue| &venue.site);
    let by = promiser(reader, &directory)?
        .filter(|(own, _)| Some(own) == site || Some(own) == directory.hub());
    let Some((_, by)) = by else {
        let who = site.map_or_else(String::new, ToString::to_string);
        return Err(SessionError::NotYours(who));
    };
    not_promised(reader, &name, booking, &directory)?;
    let promise = [
        (CONFIRMED_BY, by.to_string()),
        (CONFIRMED_FOR, booking.claimed()),
    ];
    let edits = promise
        .map(|(field, value)| Edit::set(&name, Collection::Bookings, id, field, value))
        .into();
    Ok(Deed {
        edits,
        records: vec![id],
        message: "confirm",
        ..Deed::default()
    })
}

/// For which site the author promises venues, and how they sign: at the hub for the county's centre, whatever stands before
/// their name.
pub(super) fn promiser(
    reader: &Reader<'_>,
    directory: &Directory<'_>,
) -> Result<Option<(SiteKey, Author)>, SessionError> {
    let author = reader.author()?;
    let centre = directory.hub().filter(|_| reader.session.is_hub);
    let Some(site) = centre.cloned().or_else(|| author.site()) else {
        return Ok(None);
    };
    let by = Author::new(&site, author.name());
    let by = by.map_err(|error| SessionError::Text(error.to_string()))?;
    Ok(Some((site, by)))
}

/// Whether a venue is free to be promised to a booking of a document: two promises for one time are an error that people must settle.
pub(super) fn not_promised(
    reader: &mut Reader<'_>,
    name: &Name,
    booking: &Booking,
    directory: &Directory<'_>,
) -> Result<(), SessionError> {
    let documents = reader.all(&beside(name))?;
    let others = documents
        .iter()
        .flat_map(|live| live.view().present::<Booking>());
    taken(booking, others.map(|(_, entry)| entry), directory)?;
    Ok(())
}

/// A document of bookings and those of the months beside it, from which a booking may reach into it.
pub(super) fn beside(name: &Name) -> Vec<Name> {
    let Name::Bookings { site, month } = name else {
        return vec![name.clone()];
    };
    let months = [month.prev(), Some(*month), month.next()];
    let of = |month: Month| Name::Bookings {
        site: site.clone(),
        month,
    };
    months.into_iter().flatten().map(of).collect()
}

fn document(venue: &Venue, day: Date) -> Result<Name, SessionError> {
    Ok(Name::Bookings {
        site: venue.site.clone(),
        month: Month::of(day).map_err(|_| wrong("day"))?,
    })
}

/// Documents that are needed along with the directory.
fn with_sites<'a>(
    reader: &mut Reader<'a>,
    names: &[Name],
) -> Result<Vec<&'a LiveDocument>, SessionError> {
    let sites = reader.view(&Name::Sites).map(|_| ());
    let documents = reader.all(names);
    sites.and(documents)
}

pub(super) fn directory<'a>(reader: &mut Reader<'a>) -> Result<Directory<'a>, SessionError> {
    Ok(Directory::new(reader.view(&Name::Sites)?))
}

fn venue<'a>(reader: &mut Reader<'a>, id: RecordId) -> Result<&'a Venue, SessionError> {
    let venue = reader.view(&Name::Sites)?.get::<Venue>(id);
    venue.ok_or(SessionError::NoRecord(Name::Sites, id, Collection::Venues))
}

fn board(names: &[Name], documents: &[&LiveDocument]) -> Board {
    let mut board = Board::new();
    for (name, live) in names.iter().zip(documents) {
        board.update(name, live.view());
    }
    board
}

fn most(args: &Json) -> usize {
    let max = args.get("max").and_then(Json::as_i64);
    max.and_then(|max| usize::try_from(max).ok())
        .unwrap_or(FOUND_MAX)
}
