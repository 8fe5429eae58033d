use std::rc::Rc;

use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::inbox::Made;
use yilian_core::ordered::{self, BTreeMap, BTreeSet};
use yilian_core::records::{
    Edit, EntryKind, Item, RecordId, Submission, parse_date, write_date_time,
};
use yilian_core::supplies::{
    Claim, Desk, Giving, GivingBy, Ledger, Order, Stock, Transit, clerk, document, giving,
    handover_id,
};

use super::SessionError;
use super::json::{Json, Object, array, maybe, parsed, write, wrong};
use super::kept::Fed;
use super::query::{Deed, Reader};

/// What happened to the goods of one site, as it is answered: lists without their brackets.
#[derive(Debug)]
pub(super) struct Given {
    rows: String,
    parties: String,
    left: String,
    items: BTreeSet<RecordId>,
}

/// What there is at a site: of each item how much here, on its other devices and on the way; what is on the way; what is claimed.
///
/// What is there is known with the site's ledger and those that it received goods from. What is on its way there may be in any
/// other: these are read as well, but not waited for.
pub(super) fn goods(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let own = document(&site);
    books(reader, &site)?;
    for name in reader.list(Kind::Supplies, None) {
        let _ = read(reader, &name);
    }
    // Whoever asks for them changes them next.
    let _ = reader.live(&own);
    let books = reader.session.books.borrow();
    let ledger = &books.of;
    let holder = reader.holder().unwrap_or_default();
    let stocks = ledger.stocks(&site);
    let items = stocks.iter().map(|of| stocked(ledger, &site, holder, of));
    let devices = ledger.devices(&site);
    Ok(Object::new()
        .text("holder", holder)
        .raw("items", &array(items))
        .raw(
            "in_transit",
            &array(ledger.in_transit(&site).iter().map(transit)),
        )
        .raw("claims", &array(ledger.claims(&site).iter().map(claim)))
        .raw("devices", &array(devices.into_iter().map(write)))
        .end())
}

fn stocked(ledger: &Ledger, site: &SiteKey, holder: &str, of: &Stock) -> String {
    let here = ledger.rights(site, of.item, holder);
    let holders = ledger.holders(site, of.item);
    let holders = holders
        .iter()
        .filter(|(_, count)| *count != 0)
        .map(|(holder, count)| {
            Object::new()
                .text("holder", holder)
                .text("name", ledger.device_name(site, holder))
                .raw("count", &count.to_string())
                .end()
        });
    stock(of)
        .raw("record", &write(&ledger.item(site, of.item)))
        .raw("here", &here.to_string())
        .raw("elsewhere", &(of.held - here).to_string())
        .raw("holders", &array(holders))
        .end()
}

fn stock(of: &Stock) -> Object {
    let Stock {
        item,
        held,
        arriving,
        leaving,
        contributed,
        given,
    } = of;
    numbers(
        Object::new().shown("item", item),
        &[
            ("held", *held),
            ("arriving", *arriving),
            ("leaving", *leaving),
            ("contributed", *contributed),
            ("given", *given),
        ],
    )
}

fn numbers(object: Object, numbers: &[(&str, i64)]) -> Object {
    numbers.iter().fold(object, |object, (name, number)| {
        object.raw(name, &number.to_string())
    })
}

fn transit(of: &Transit<'_>) -> String {
    Object::new()
        .shown("id", &of.id)
        .shown("item", &of.item)
        .raw("count", &of.count.to_string())
        .text("from_site", of.from_site)
        .text("from", of.from)
        .text("to_site", of.to_site)
        .text("to", of.to)
        .text("at", &write_date_time(of.at))
        .end()
}

fn claim(of: &Claim<'_>) -> String {
    Object::new()
        .shown("id", &of.id)
        .shown("item", &of.item)
        .raw("count", &of.count.to_string())
        .text("holder", of.holder)
        .text("to", of.to)
        .text("party", of.party)
        .raw("drive", &write(&of.drive))
        .text("at", &write_date_time(of.at))
        .raw("state", &write(&of.state))
        .end()
}

/// What was given at an event, at a site or in some days, and by and to whom.
pub(super) fn report(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let date = |field: &str| {
        let text = args.get(field).and_then(Json::as_str);
        text.map(|text| parse_date(text).ok_or_else(|| wrong(field)))
            .transpose()
    };
    let by = GivingBy {
        drive: maybe(args, "drive")?,
        site: maybe(args, "site")?,
        from: date("from")?,
        until: date("until")?,
    };
    let names = reader.list(Kind::Supplies, None);
    all(reader, names.iter())?;
    let books = reader.session.books.borrow();
    let ledger = &books.of;
    let mut sites: Vec<&SiteKey> = ledger.sites().collect();
    ordered::sort(&mut sites);
    sites.retain(|site| by.site.as_ref().is_none_or(|only| only == *site));
    let asked = [args.get("drive"), args.get("from"), args.get("until")];
    let asked = asked.map(|of| of.and_then(Json::as_str).unwrap_or_default());
    let asked = asked.join(" ");
    let mut items: BTreeMap<RecordId, &SiteKey> = BTreeMap::new();
    let (mut rows, mut parties, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for site in sites {
        let (key, state) = (
            format!("given {site} {asked}"),
            ledger.version(site).to_string(),
        );
        let kept = &reader.session.kept;
        let found: Option<Rc<Given>> = kept.get(&key, &state);
        let given = found.unwrap_or_else(|| kept.put(key, state, true, given(ledger, site, &by)));
        for item in given.items.iter() {
            items.entry(*item).or_insert(site);
        }
        rows.push(given.rows.clone());
        parties.push(given.parties.clone());
        left.push(given.left.clone());
    }
    let items = items.iter().filter_map(|(id, site)| ledger.item(site, *id));
    let some = |lists: Vec<String>| array(lists.into_iter().filter(|list| !list.is_empty()));
    Ok(Object::new()
        .raw("rows", &some(rows))
        .raw("parties", &some(parties))
        .raw("left", &some(left))
        .raw("items", &array(items.map(write)))
        .end())
}

fn given(ledger: &Ledger, site: &SiteKey, by: &GivingBy) -> Given {
    let by = GivingBy {
        site: Some(site.clone()),
        ..by.clone()
    };
    let Giving {
        rows,
        parties,
        left,
    } = giving(ledger, &by);
    let of_rows = rows.iter().map(|row| row.item);
    let of_parties = parties.iter().map(|row| row.item);
    let of_left = left.iter().map(|(_, stock)| stock.item);
    let items = of_rows.chain(of_parties).chain(of_left).collect();
    let head = |site: &str, drive: Option<RecordId>, item: RecordId| {
        Object::new()
            .text("site", site)
            .raw("drive", &write(&drive))
            .shown("item", &item)
    };
    let rows = rows.iter().map(|row| {
        let counts = [
            ("contributed", row.contributed),
            ("given", row.given),
            ("sent", row.sent),
            ("received", row.received),
            ("corrected", row.corrected),
        ];
        numbers(head(&row.site, row.drive, row.item), &counts).end()
    });
    let parties = parties.iter().map(|row| {
        let counts = [("contributed", row.contributed), ("given", row.given)];
        let object = head(&row.site, row.drive, row.item).text("party", &row.party);
        numbers(object, &counts).end()
    });
    let left = left
        .iter()
        .map(|(site, of)| stock(of).text("site", site).end());
    let list = |items: Vec<String>| items.join(",");
    Given {
        rows: list(rows.collect()),
        parties: list(parties.collect()),
        left: list(left.collect()),
        items,
    }
}

/// Moves goods, or rights to them; `what` says how.
pub(super) fn goods_act(
    reader: &mut Reader<'_>,
    what: &str,
    args: &Json,
) -> Result<Deed, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    books(reader, &site)?;
    match what {
        // Whoever receives there is told by the ledger there, and what is received by that of whoever sent it.
        "send" => read(reader, &document(&parsed(args, "to_site")?))?,
        "receive" => {
            let names = reader.list(Kind::Supplies, None);
            all(reader, names.iter())?;
        }
        _ => {}
    }
    let books = reader.session.books.borrow();
    let ledger = &books.of;
    let holder = reader.holder().ok_or(SessionError::NoHolder)?;
    let desk = Desk {
        site: &site,
        holder,
        at: reader.now,
    };
    if what == "clerk" {
        let duties = clerk::duties(ledger, &desk, || reader.id());
        return Ok(Deed::of(duties.edits, "clerk"));
    }
    let id = reader.id();
    let about = |field: &str| parsed::<RecordId>(args, field);
    // Whoever declares another's device lost holds nothing by that.
    let mut is_at_desk = true;
    let mut edits = match what {
        "contribute" => {
            let new = args.get("new").filter(|new| **new != Json::Null);
            let new: Option<Item> = new.map(|new| reader.record(new)).transpose()?;
            let new = new.map(|item| Item {
                id: Item::id_of(&item.name),
                ..item
            });
            let item = new
                .as_ref()
                .map_or_else(|| about("item"), |item| Ok(item.id))?;
            ledger.plan_contribution(&desk, id, &order(args, item)?, new.as_ref())?
        }
        "give" => ledger.plan_gift(&desk, id, &order(args, about("item")?)?)?,
        "hand" => {
            let to: String = parsed(args, "to")?;
            ledger.plan_grant(&desk, id, &order(args, about("item")?)?, &to)?
        }
        "send" => {
            let to: SiteKey = parsed(args, "to_site")?;
            ledger.plan_transfer(&desk, id, &order(args, about("item")?)?, &to)?
        }
        "receive" => ledger.plan_receipt(&desk, about("transfer")?)?,
        "correct" => ledger.plan_correction(&desk, id, &order(args, about("item")?)?)?,
        "claim" => ledger.plan_claim(&desk, id, &order(args, about("item")?)?)?,
        "withdraw" => ledger.plan_withdrawal(&desk, id, about("claim")?)?,
        "answer" => ledger.plan_answer(&desk, about("claim")?)?,
        "lost" => {
            let lost: String = parsed(args, "device")?;
            let to: Option<String> = maybe(args, "to")?;
            is_at_desk = to.as_deref() == Some(holder);
            ledger.plan_loss(&desk, &lost, to.as_deref())?
        }
        _ => return Err(wrong("act")),
    };
    if is_at_desk {
        edits.extend(introduction(reader, ledger, &desk));
    }
    let mut deed = Deed::of(edits, "goods");
    deed.records.push(id);
    Ok(deed)
}

/// The gift that a claim without an account comes to, given by this device.
pub(super) fn handover(
    reader: &mut Reader<'_>,
    submission: &Submission,
) -> Result<Made, SessionError> {
    let site = &submission.site;
    books(reader, site)?;
    let books = reader.session.books.borrow();
    let ledger = &books.of;
    let holder = reader.holder().ok_or(SessionError::NoHolder)?;
    let desk = Desk {
        site,
        holder,
        at: reader.now,
    };
    Ok(Made {
        record: handover_id(submission.id),
        edits: ledger.plan_handover(&desk, submission)?,
    })
}

/// The record of this device, where the site has none yet: the others see by it who holds what.
fn introduction(reader: &Reader<'_>, ledger: &Ledger, desk: &Desk<'_>) -> Vec<Edit> {
    let name = reader.author().map_or("", |author| author.name());
    ledger.plan_device(desk.site, desk.holder, name)
}

fn order(args: &Json, item: RecordId) -> Result<Order<'_>, SessionError> {
    let text = |field: &str| args.get(field).and_then(Json::as_str).unwrap_or_default();
    let count = args.get("count").and_then(Json::as_i64);
    Ok(Order {
        item,
        count: count.ok_or_else(|| wrong("count"))?,
        party: text("party"),
        phone: text("phone"),
        drive: maybe(args, "drive")?,
        note: text("note"),
    })
}

/// Reads the ledger of a site, and those that it received goods from: what it has follows from these.
fn books(reader: &mut Reader<'_>, site: &SiteKey) -> Result<(), SessionError> {
    read(reader, &document(site))?;
    let sources: BTreeSet<SiteKey> = {
        let books = reader.session.books.borrow();
        let received = books.of.lines_of(site);
        let received = received.filter(|line| line.kind == EntryKind::Receipt);
        received
            .filter_map(|line| line.to_site.parse().ok())
            .collect()
    };
    let sources: Vec<Name> = sources.iter().map(document).collect();
    all(reader, sources.iter())
}

/// Reads all of these ledgers, as far as they are not read as they are now.
fn all<'n>(
    reader: &mut Reader<'_>,
    names: impl Iterator<Item = &'n Name>,
) -> Result<(), SessionError> {
    let read: Vec<Result<(), SessionError>> = names.map(|name| read(reader, name)).collect();
    read.into_iter().collect()
}

fn read(reader: &mut Reader<'_>, name: &Name) -> Result<(), SessionError> {
    let version = reader.version(name);
    let (Some(site), session) = (name.site(), reader.session) else {
        return Ok(());
    };
    if session.books.borrow().read.get(name) == Some(&version) {
        return Ok(());
    }
    let (live, is_current) = reader.read(name)?;
    let mut books = session.books.borrow_mut();
    let Fed { of, read } = &mut *books;
    of.update(site, live.view());
    match is_current {
        true => read.insert(name.clone(), version),
        false => read.remove(name),
    };
    Ok(())
}
