//! Bookings: who has the venue, what else there is for those who have not, and who may promise it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use yilian_core::document::{Author, Kind, Name, SiteKey};
use yilian_core::matrix::{Board, Directory, Grant, Slot, grants as settle, promised};
use yilian_core::ordered::BTreeMap as Fields;
use yilian_core::records::{
    Booking, BookingState, CONFIRMED_BY, Entry, RecordId, RecordKind, Typed as _, Value, View,
    write_date_time,
};
use yilian_core::report::{Cell, Column, ColumnKind};
use yilian_node::{Documents, Profile, Role};

use super::Several;
use super::desk::Desk;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::label::label;
use crate::cli::roster::edit::done;
use crate::cli::shift_id::{Found, short};

/// The most times and venues that are offered instead.
const ALTERNATIVES_MAX: usize = 6;

/// What became of a booking, and what else there is.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) grant: Grant,
    /// What people call the booking that has the venue.
    by: Option<String>,
    alternatives: Vec<Offer>,
}

/// Another time or venue.
#[derive(Debug)]
struct Offer {
    venue: RecordId,
    name: String,
    site: SiteKey,
    slot: Slot,
    distance_m: Option<u32>,
}

/// The documents that decide who has a venue: the directory, and bookings of the months around.
async fn read<T: Send + 'static>(
    desk: &Desk,
    read: impl FnOnce(&Documents<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    let is_near = |name: &Name| {
        let of = name.month();
        desk.month
            .is_none_or(|month| month.around().any(|near| Some(near) == of))
    };
    let wanted = |name: &Name| name.kind() == Kind::Bookings && is_near(name);
    let read_names = names(&desk.node, wanted, vec![Name::Sites]).await?;
    Ok(desk.node.read(read_names, read).await?)
}

fn directory<'a>(documents: &Documents<'a>) -> Directory<'a> {
    let sites = documents.get(&Name::Sites);
    sites.map_or_else(Directory::empty, |sites| Directory::new(sites.view()))
}

fn bookings<'a>(documents: &Documents<'a>) -> impl Iterator<Item = &'a Entry> {
    let views: Vec<&'a View> = documents.iter().map(|document| document.view()).collect();
    let all = views.into_iter().flat_map(View::all::<Booking>);
    all.map(|(_, entry)| entry)
}

/// What became of every booking here.
pub(super) async fn grants(desk: &Desk) -> Result<BTreeMap<RecordId, Grant>, Failure> {
    read(desk, |documents| {
        let grants = settle(bookings(documents), &directory(documents));
        grants.iter().map(|(id, grant)| (*id, *grant)).collect()
    })
    .await
}

/// What became of one record, if it claims anything, and what else there is.
pub(super) async fn outcome(desk: &Desk, entry: &Entry) -> Result<Option<Outcome>, Failure> {
    let Some(booking) = Booking::of(entry.record()).cloned() else {
        return Ok(None);
    };
    let now = desk.node.clock().civil();
    read(desk, move |documents| {
        let directory = directory(documents);
        let grants = settle(bookings(documents), &directory);
        let grant = *grants.get(&booking.id)?;
        let Grant::Bumped { by } = grant else {
            let (by, alternatives) = (None, Vec::new());
            return Some(Outcome {
                grant,
                by,
                alternatives,
            });
        };
        let mut board = Board::new();
        for document in documents.iter() {
            if let Some(name) = document.name() {
                board.update(name, document.view());
            }
        }
        let offers = board.alternatives(&directory, &booking, now, ALTERNATIVES_MAX);
        let has_it = |entry: &&Entry| entry.record().id() == by && entry.removed_at().is_none();
        Some(Outcome {
            grant,
            by: bookings(documents).find(has_it).map(label),
            alternatives: offers
                .into_iter()
                .map(|offer| Offer {
                    venue: offer.venue.id,
                    name: offer.venue.name.clone(),
                    site: offer.venue.site.clone(),
                    slot: offer.slot,
                    distance_m: offer.distance_m,
                })
                .collect(),
        })
    })
    .await
}

impl Outcome {
    pub(super) fn as_json(&self) -> Json {
        let offer = |offer: &Offer| {
            json!({
                "venue": offer.venue,
                "name": offer.name,
                "site": offer.site,
                "slot": offer.slot,
                "distance_m": offer.distance_m,
            })
        };
        self.alternatives.iter().map(offer).collect()
    }

    /// Rows for the table of the booking.
    pub(super) fn rows(&self, context: &Context) -> Vec<Vec<String>> {
        let mut said = said(context, Some(&self.grant));
        if let Some(by) = &self.by {
            said = format!("{said}  {by}");
        }
        let mut rows = vec![vec![context.pick("结果", "grant").to_owned(), said]];
        for offer in &self.alternatives {
            let day = write_date_time(offer.slot.start).replace('T', " ");
            let end = match offer.slot.end.date() == offer.slot.start.date() {
                true => offer.slot.end.strftime("%H:%M").to_string(),
                false => write_date_time(offer.slot.end).replace('T', " "),
            };
            let far = offer.distance_m.map(distance).unwrap_or_default();
            let (name, site) = (&offer.name, &offer.site);
            rows.push(vec![
                context.pick("还可以订", "instead").to_owned(),
                format!("{name}@{site}  {day}-{end}  {far}")
                    .trim_end()
                    .to_owned(),
            ]);
        }
        rows
    }
}

/// A distance as people say it.
pub(crate) fn distance(metres: u32) -> String {
    match metres {
        0..1_000 => format!("{metres} m"),
        _ => format!("{}.{} km", metres / 1_000, metres % 1_000 / 100),
    }
}

/// What became of a booking, in a word.
pub(super) fn said(context: &Context, grant: Option<&Grant>) -> String {
    let Some(grant) = grant else {
        return String::new();
    };
    let label = grant.label();
    let word = context.pick(label.zh, label.en);
    match grant {
        Grant::Bumped { by } => format!("{word} {}", short(by)),
        _ => word.to_owned(),
    }
}

/// What became of each booking, as a column of a sheet.
pub(super) fn column(
    entries: &[(Name, Entry)],
    grants: &BTreeMap<RecordId, Grant>,
) -> (Column, Vec<Cell>) {
    let cell = |(_, entry): &(Name, Entry)| match grants.get(&entry.record().id()) {
        Some(grant) => Cell::choice(grant.as_str(), grant.label()),
        None => Cell::Empty,
    };
    let column = Column::new("grant", "结果", "grant", ColumnKind::Text);
    (column, entries.iter().map(cell).collect())
}

/// Tells programs what became of a booking.
pub(super) fn tell(record: &mut Json, grant: Option<&Grant>) {
    let (Json::Object(fields), Some(grant)) = (record, grant) else {
        return;
    };
    if let Grant::Bumped { by } = grant {
        fields.insert("bumped_by".to_owned(), json!(by));
    }
    fields.insert("grant".to_owned(), grant.as_str().into());
}

/// Promises venues: only their own sites and the hub can.
pub(super) async fn confirm(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let hub = read(&desk, |documents| directory(documents).hub().cloned()).await?;
    let grants = grants(&desk).await?;
    let mut found = Vec::new();
    for asked in &several.records {
        let one = desk.find(asked).await?;
        promisable(
            &one,
            grants.get(&one.record),
            promised_over(&desk, &one.entry).await?,
        )?;
        let by = confirmer(desk.node.profile(), one.document.site(), hub.as_ref())?;
        found.push((one, CONFIRMED_BY, by.into()));
    }
    write(context, &desk, found, "confirm", ("已确认", "confirmed")).await
}

/// Gives venues back.
pub(super) async fn cancel(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let mut found = Vec::new();
    for asked in &several.records {
        let cancelled = BookingState::Cancelled.as_str().to_owned();
        found.push((desk.find(asked).await?, "state", cancelled));
    }
    write(context, &desk, found, "cancel", ("已取消", "cancelled")).await
}

async fn write(
    context: &Context,
    desk: &Desk,
    found: Vec<(Found, &str, String)>,
    message: &str,
    (zh, en): (&str, &str),
) -> Result<(), Failure> {
    let now = desk.node.clock().civil();
    let (mut edits, mut ids) = (Vec::new(), Vec::new());
    for (one, field, value) in found {
        let mut fields = Fields::new();
        fields.insert(field.to_owned(), Value::from(value));
        edits.extend(desk.kind.change(&one.document, &one.entry, fields, now)?);
        ids.push(one.record);
    }
    let count = ids.len();
    desk.node.edit(edits, message).await?;
    desk.node.stop().await;
    done(
        context,
        &json!({ message: ids }),
        (&format!("{zh} {count} 条"), &format!("{count} {en}")),
    )
}

/// Who promises a venue of `site` here, `<own site>/<name>`: the venue's site, or the hub. Without a name, the site's key is one.
pub(crate) fn confirmer(
    profile: &Profile,
    site: Option<&SiteKey>,
    hub: Option<&SiteKey>,
) -> Result<Author, Failure> {
    let own = match profile.role {
        Role::Hub => hub.or(profile.site.as_ref()),
        Role::Site => profile.site.as_ref(),
        Role::Guest => {
            return Err(Failure::new(
                "访客不能确认预订：请站点或中心确认",
                "a guest cannot confirm a booking: ask the site or the hub",
            ));
        }
    };
    let refused = || {
        let site = site.map(ToString::to_string).unwrap_or_default();
        Failure::new(
            format!("只有 {site} 或中心能确认它"),
            format!("only {site} or the hub can confirm it"),
        )
    };
    let own = own.ok_or_else(|| {
        Failure::new(
            "站点名录里还没有中心，认不出是谁在确认",
            "the directory of sites has no hub yet, so it cannot be said who confirms",
        )
    })?;
    if Some(own) != site && Some(own) != hub {
        return Err(refused());
    }
    let author = profile.author.as_ref();
    let name = author.map_or(own.as_str(), Author::name);
    Author::new(own, name).map_err(|_| {
        Failure::new(
            "编辑人的名字太长，或含有控制字符",
            "the author's name is too long, or has control characters",
        )
    })
}

/// What nobody asks for, and what is promised to another, cannot be promised.
fn promisable(
    one: &Found,
    grant: Option<&Grant>,
    promised: Option<RecordId>,
) -> Result<(), Failure> {
    let called = label(&one.entry);
    if one.entry.removed_at().is_some() || grant == Some(&Grant::Cancelled) {
        return Err(Failure::new(
            format!("“{called}”已取消或移除，不能确认"),
            format!("{called} is cancelled or removed, and cannot be confirmed"),
        ));
    }
    match (grant, promised) {
        (None | Some(Grant::Unplaced), _) => Err(Failure::new(
            format!("“{called}”没有场地，或时间不对，不能确认"),
            format!("{called} has no venue, or no time that can be read, and cannot be confirmed"),
        )),
        // What is promised already is not promised anew.
        (Some(Grant::Granted | Grant::Bumped { .. }), Some(by)) => {
            let by = short(&by);
            Err(Failure::new(
                format!("这个时间已答应了 {by}，不能再答应“{called}”；先取消那一条"),
                format!(
                    "that time is promised to {by}, and not to {called} as well: cancel that one first"
                ),
            ))
        }
        (Some(_), _) => Ok(()),
    }
}

/// The booking that was promised the venue for which one asks, at its time.
async fn promised_over(desk: &Desk, entry: &Entry) -> Result<Option<RecordId>, Failure> {
    let Some(booking) = Booking::of(entry.record()).cloned() else {
        return Ok(None);
    };
    read(desk, move |documents| {
        let over = promised(&booking, bookings(documents), &directory(documents));
        over.map(|over| over.id)
    })
    .await
}
