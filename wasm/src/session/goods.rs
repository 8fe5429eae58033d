use yilian_core::document::{Name, SiteKey};
use yilian_core::inbox::Made;
use yilian_core::ordered::BTreeSet;
use yilian_core::records::{Edit, Item, RecordId, Submission, parse_date, write_date_time};
use yilian_core::supplies::{
    Claim, Desk, Giving, GivingBy, Ledger, Order, Stock, Transit, clerk, document, giving,
    handover_id, sources,
};

use super::SessionError;
use super::json::{Json, Object, array, maybe, parsed, write, wrong};
use super::query::{Deed, Reader};

/// What there is at a site: of each item how much here, on its other devices and on the way; what is on the way; what is claimed.
pub(super) fn goods(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let ledger = ledger(reader, &site)?;
    let holder = reader.holder().unwrap_or_default();
    let stocks = ledger.stocks(&site);
    let items = stocks.iter().map(|of| stocked(&ledger, &site, holder, of));
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
    let Giving {
        rows,
        parties,
        left,
    } = giving(&every_ledger(reader, BTreeSet::new())?, &by);
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
    Ok(Object::new()
        .raw("rows", &array(rows))
        .raw("parties", &array(parties))
        .raw("left", &array(left))
        .end())
}

/// Moves goods, or rights to them; `what` says how.
pub(super) fn goods_act(
    reader: &mut Reader<'_>,
    what: &str,
    args: &Json,
) -> Result<Deed, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let ledger = ledger(reader, &site)?;
    let holder = reader.holder().ok_or(SessionError::NoHolder)?;
    let desk = Desk {
        site: &site,
        holder,
        at: reader.now,
    };
    if what == "clerk" {
        let duties = clerk::duties(&ledger, &desk, || reader.id());
        return Ok(Deed::of(duties.edits, "clerk"));
    }
    let id = reader.id();
    let about = |field: &str| parsed::<RecordId>(args, field);
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
            ledger.plan_loss(&desk, &lost, to.as_deref())?
        }
        _ => return Err(wrong("act")),
    };
    edits.extend(introduction(reader, &ledger, &desk));
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
    let ledger = ledger(reader, site)?;
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

/// The ledger of a site, with those of others that goods come from and go to.
fn ledger(reader: &mut Reader<'_>, site: &SiteKey) -> Result<Ledger, SessionError> {
    let name = document(site);
    let own = reader.view(&name);
    let mut names = BTreeSet::from([name]);
    if let Ok(view) = own {
        names.extend(sources(view).iter().map(document));
    }
    every_ledger(reader, names)
}

/// The ledgers of all sites that are here, and of some besides.
fn every_ledger(
    reader: &mut Reader<'_>,
    mut names: BTreeSet<Name>,
) -> Result<Ledger, SessionError> {
    let is_one = |name: &Name| matches!(name, Name::Supplies { .. });
    names.extend(reader.names().into_iter().filter(is_one));
    let names: Vec<Name> = names.into_iter().collect();
    let documents = reader.all(&names)?;
    let views = names.iter().zip(documents);
    Ok(Ledger::new(views.filter_map(|(name, live)| {
        Some((name.site()?, live.view()))
    })))
}
