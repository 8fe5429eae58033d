use std::rc::Rc;

use jiff::civil::DateTime;
use sha2::{Digest, Sha256};
use yilian_core::document::{Kind, LiveDocument, Month, Name, SiteKey};
use yilian_core::matrix::{Directory, Grant, grants};
use yilian_core::ordered;
use yilian_core::records::{Booking, Collection};
use yilian_core::report::bookings::{VenueUse, venue_use};
use yilian_core::report::{Documents, Period};

use super::SessionError;
use super::json::{Json, Object, array, maybe, parsed, write};
use super::matrix::{beside, directory, granted};
use super::query::Reader;

/// How the venues of a site were used in a month, as it is answered: lists without their brackets.
#[derive(Debug)]
pub(super) struct SiteUse {
    venues: String,
    borrowings: String,
    /// The bookings that can be promised the venue, with when they start and end.
    unconfirmed: Vec<(DateTime, DateTime, String)>,
}

/// How venues were used in a month, what sites borrowed of each other, and which bookings nobody confirmed that are not over.
pub(super) fn report(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let month: Month = parsed(args, "month")?;
    let only: Option<SiteKey> = maybe(args, "site")?;
    let directory = directory(reader)?;
    // Which there are decides what is read.
    reader.list(Kind::Bookings, only.as_ref());
    let (mut venues, mut borrowings, mut unconfirmed) = (Vec::new(), Vec::new(), Vec::new());
    let mut missing = None;
    let sites = directory.sites().map(|site| &site.key);
    for site in sites.filter(|site| only.as_ref().is_none_or(|only| only == *site)) {
        match site_use(reader, &directory, site, month) {
            Ok(found) => {
                venues.push(found.venues.clone());
                borrowings.push(found.borrowings.clone());
                unconfirmed.extend(found.unconfirmed.iter().cloned());
            }
            Err(error) => missing = Some(error),
        }
    }
    if let Some(error) = missing {
        return Err(error);
    }
    unconfirmed.retain(|(_, end, _)| *end > reader.now);
    unconfirmed
        .iter()
        .for_each(|(_, end, _)| reader.until(*end));
    ordered::sort(&mut unconfirmed);
    let some = |lists: Vec<String>| array(lists.into_iter().filter(|list| !list.is_empty()));
    let bookings = unconfirmed.into_iter().map(|(.., json)| json);
    Ok(Object::new()
        .raw("hub", &write(&directory.hub()))
        .raw("venues", &some(venues))
        .raw("borrowings", &some(borrowings))
        .raw("unconfirmed", &array(bookings))
        .end())
}

/// What is kept of a site, unless its bookings, or what the directory says of it, changed.
fn site_use(
    reader: &mut Reader<'_>,
    directory: &Directory<'_>,
    site: &SiteKey,
    month: Month,
) -> Result<Rc<SiteUse>, SessionError> {
    let own = Name::Bookings {
        site: site.clone(),
        month,
    };
    let mut names = beside(&own);
    names.retain(|name| reader.session.known.is_known(name));
    let mut state = place(reader, directory, site).to_string();
    for name in &names {
        let version = reader.version(name);
        state = format!("{state} {version}");
    }
    let (kept, key) = (&reader.session.kept, format!("use {own}"));
    if let Some(found) = kept.get(&key, &state) {
        return Ok(found);
    }
    let (mut documents, mut missing, mut all_current) = (Vec::new(), None, true);
    for name in &names {
        match reader.read(name) {
            Ok((live, is_current)) => {
                all_current &= is_current;
                documents.push((name.clone(), live));
            }
            Err(error) => missing = Some(error),
        }
    }
    if let Some(error) = missing {
        // They are worked on together: those that are open stay so until the others are.
        reader.keep(names);
        return Err(error);
    }
    let found = used(&documents, directory, site, &own);
    Ok(kept.put(key, state, all_current, found))
}

fn used(
    documents: &[(Name, &LiveDocument)],
    directory: &Directory<'_>,
    site: &SiteKey,
    own: &Name,
) -> SiteUse {
    let mut at_hand = Documents::new();
    for (name, live) in documents {
        at_hand.add(name.clone(), live.view());
    }
    let period = own.month().map(Period::of_month);
    let uses = period.map_or_else(Vec::new, |period| {
        venue_use(&at_hand, directory, period, Some(site))
    });
    let borrowings = uses.iter().flat_map(|of| of.borrowers.iter());
    let mut borrowed: ordered::BTreeMap<&SiteKey, (u64, i64)> = ordered::BTreeMap::new();
    for (borrower, (bookings, minutes)) in borrowings {
        let sum = borrowed.entry(borrower).or_default();
        *sum = (sum.0 + bookings, sum.1 + minutes);
    }
    let borrowings = borrowed.iter().map(|(borrower, (bookings, minutes))| {
        Object::new()
            .shown("lender", site)
            .shown("borrower", *borrower)
            .number("bookings", *bookings)
            .raw("minutes", &minutes.to_string())
            .end()
    });
    let list = |items: Vec<String>| items.join(",");
    SiteUse {
        venues: list(uses.iter().map(shown).collect()),
        borrowings: list(borrowings.collect()),
        unconfirmed: unconfirmed(documents, directory, own),
    }
}

fn shown(of: &VenueUse<'_>) -> String {
    let minutes = |minutes: Option<i64>| write(&minutes);
    Object::new()
        .shown("site", &of.venue.site)
        .shown("venue", &of.venue.id)
        .text("name", &of.venue.name)
        .number("bookings", of.bookings)
        .number("confirmed", of.confirmed)
        .number("granted", of.granted)
        .number("bumped", of.bumped)
        .number("cancelled", of.cancelled)
        .number("borrowed", of.borrowed)
        .raw("people", &of.people.to_string())
        .raw("minutes", &of.minutes.to_string())
        .raw("open_minutes", &minutes(of.open.map(|(open, _)| open)))
        .raw("used_minutes", &minutes(of.open.map(|(_, used)| used)))
        .end()
}

/// The bookings of the month that can be promised the venue: what is promised to one is not offered to another.
fn unconfirmed(
    documents: &[(Name, &LiveDocument)],
    directory: &Directory<'_>,
    own: &Name,
) -> Vec<(DateTime, DateTime, String)> {
    let entries = documents
        .iter()
        .flat_map(|(_, live)| live.view().entries(Collection::Bookings));
    let grants = grants(entries, directory);
    let is_open = |grant: Grant| match grant {
        Grant::Granted => true,
        Grant::Bumped { by } => grants.get(&by) != Some(&Grant::Confirmed),
        Grant::Confirmed | Grant::Cancelled | Grant::Unplaced => false,
    };
    let mut found = Vec::new();
    let of_month = documents.iter().filter(|(name, _)| name == own);
    for (name, live) in of_month {
        for (booking, entry) in live.view().present::<Booking>() {
            let grant = grants.get(&booking.id).copied();
            let grant = grant.filter(|grant| is_open(*grant));
            if let Some(grant) = grant {
                found.push((booking.start, booking.end, granted(name, entry, grant)));
            }
        }
    }
    found
}

/// What the directory says of a site that decides how its venues are used, digested: other words in it are none of that.
fn place(reader: &Reader<'_>, directory: &Directory<'_>, site: &SiteKey) -> Rc<String> {
    let state = reader.session.known.version(&Name::Sites).to_string();
    let (kept, key) = (&reader.session.kept, format!("place {site}"));
    if let Some(place) = kept.get(&key, &state) {
        return place;
    }
    let hours = directory.site(site).map(|site| (site.state, &site.hours));
    let venues = directory.venues_of(site).iter().map(|venue| write(*venue));
    let exceptions = directory.exceptions_of(site).iter();
    let exceptions = exceptions.map(|exception| write(*exception));
    let said = Object::new()
        .raw("hub", &write(&directory.hub()))
        .raw("hours", &write(&hours))
        .raw("venues", &array(venues))
        .raw("exceptions", &array(exceptions))
        .end();
    let digest: [u8; 32] = Sha256::digest(said).into();
    let digest = digest.map(|byte| byte.to_string()).join(".");
    kept.put(key, state, true, digest)
}
