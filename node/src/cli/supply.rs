//! Goods: what there is, and moving it.

pub(crate) mod args;
mod device;
mod export;
mod import;
mod list;
mod transfer;

use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::import::clean_name;
use yilian_core::records::{Drive, Edit, Item, RecordId, Typed};
use yilian_core::rules::Text;
use yilian_core::supplies::{Desk, Ledger, Order, SupplyError};
use yilian_node::Node;

use self::args::{Goods, More, SupplyCommand};
use super::context::Context;
use super::failure::Failure;
use super::out;
use super::site;

pub(crate) async fn run(context: &Context, command: SupplyCommand) -> Result<(), Failure> {
    let node = context.open().await?;
    match command {
        SupplyCommand::List(at) => list::stock(context, &node, &at).await?,
        SupplyCommand::Show { item, at } => list::show(context, &node, &item, &at).await?,
        SupplyCommand::Claims(at) => list::claims(context, &node, &at).await?,
        SupplyCommand::History { item, at } => {
            list::history(context, &node, item.as_deref(), &at).await?;
        }
        SupplyCommand::Contribute {
            goods,
            from,
            unit,
            more,
        } => contribute(context, &node, goods, &from, unit, more).await?,
        SupplyCommand::Give { goods, to, more } => {
            let said = ("发放", "given");
            let asked = Asked::new(&node, goods, &to, more).await?;
            let plan = |ledger: &Ledger, desk: &Desk<'_>, asked: &Asked| {
                ledger.plan_gift(desk, asked.id, &asked.order())
            };
            moved(context, &node, asked, said, Vec::new(), plan).await?;
        }
        SupplyCommand::Send {
            goods,
            to_site,
            more,
        } => {
            let said = ("调出", "sent");
            let asked = Asked::new(&node, goods, "", more).await?;
            let to_site = site::named(context, &node, &to_site).await?;
            let others = vec![to_site.clone()];
            let plan = move |ledger: &Ledger, desk: &Desk<'_>, asked: &Asked| {
                ledger.plan_transfer(desk, asked.id, &asked.order(), &to_site)
            };
            moved(context, &node, asked, said, others, plan).await?;
        }
        SupplyCommand::Claim { goods, to, more } => {
            let said = ("申领", "claimed");
            let asked = Asked::new(&node, goods, &to, more).await?;
            let plan = |ledger: &Ledger, desk: &Desk<'_>, asked: &Asked| {
                ledger.plan_claim(desk, asked.id, &asked.order())
            };
            moved(context, &node, asked, said, Vec::new(), plan).await?;
        }
        SupplyCommand::Correct { goods, note } => {
            let more = More {
                phone: None,
                drive: None,
                note: Some(note),
            };
            let asked = Asked::new(&node, goods, "", more).await?;
            let plan = |ledger: &Ledger, desk: &Desk<'_>, asked: &Asked| {
                ledger.plan_correction(desk, asked.id, &asked.order())
            };
            moved(
                context,
                &node,
                asked,
                ("盘点", "corrected"),
                Vec::new(),
                plan,
            )
            .await?;
        }
        SupplyCommand::Receive { transfer } => {
            transfer::receive(context, &node, transfer.as_deref()).await?;
        }
        SupplyCommand::Withdraw { claim } => transfer::withdraw(context, &node, &claim).await?,
        SupplyCommand::Import {
            file,
            stocktaking,
            date,
        } => return import::run(context, node, &file, stocktaking, date).await,
        SupplyCommand::Export { stock, at, output } => {
            return export::run(context, node, stock, &at, output).await;
        }
        SupplyCommand::Device { command } => device::run(context, &node, command).await?,
    }
    node.stop().await;
    Ok(())
}

/// What a command asks for, with all that a plan borrows.
#[derive(Debug)]
pub(super) struct Asked {
    id: RecordId,
    name: String,
    count: i64,
    party: String,
    phone: String,
    drive: Option<RecordId>,
    note: String,
}

impl Asked {
    async fn new(node: &Node, goods: Goods, party: &str, more: More) -> Result<Self, Failure> {
        let drive = match more.drive {
            Some(name) => Some(drive(node, &name).await?),
            None => None,
        };
        Ok(Self {
            id: node.new_record()?,
            name: clean_name(&goods.item),
            count: goods.count,
            party: one_line(party),
            phone: more.phone.unwrap_or_default(),
            drive,
            note: more.note.unwrap_or_default(),
        })
    }

    fn order(&self) -> Order<'_> {
        Order {
            item: Item::id_of(&self.name),
            count: self.count,
            party: &self.party,
            phone: &self.phone,
            drive: self.drive,
            note: &self.note,
        }
    }
}

/// What somebody is called, without stray blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The event of a name. Its id follows from that, so whoever names it first may be offline: it is made if it is not known.
async fn drive(node: &Node, name: &str) -> Result<RecordId, Failure> {
    let name = clean_name(name);
    let drive = Drive::named(&name);
    let id = drive.id;
    let edits = node
        .read(vec![Name::Sites], move |documents| {
            let known = documents
                .get(&Name::Sites)
                .and_then(|sites| sites.view().get::<Drive>(id));
            match known {
                Some(_) => Vec::new(),
                None => drive.create(&Name::Sites),
            }
        })
        .await?;
    if !edits.is_empty() {
        node.edit(edits, "new drive").await?;
    }
    Ok(id)
}

async fn contribute(
    context: &Context,
    node: &Node,
    goods: Goods,
    from: &str,
    unit: Option<String>,
    more: More,
) -> Result<(), Failure> {
    let asked = Asked::new(node, goods, from, more).await?;
    if asked.name.is_empty() {
        return Err(Failure::usage("物资要有名称", "an item needs a name"));
    }
    let item = Item {
        unit: unit.unwrap_or_default(),
        ..Item::named(&asked.name)
    };
    let plan = move |ledger: &Ledger, desk: &Desk<'_>, asked: &Asked| {
        ledger.plan_contribution(desk, asked.id, &asked.order(), Some(&item))
    };
    moved(
        context,
        node,
        asked,
        ("捐入", "contributed"),
        Vec::new(),
        plan,
    )
    .await
}

/// Makes what a plan says, and tells what is left here.
async fn moved(
    context: &Context,
    node: &Node,
    asked: Asked,
    (zh, en): (&str, &str),
    others: Vec<SiteKey>,
    plan: impl FnOnce(&Ledger, &Desk<'_>, &Asked) -> Result<Vec<Edit>, SupplyError> + Send + 'static,
) -> Result<(), Failure> {
    let (id, name, count) = (asked.id, asked.name.clone(), asked.count);
    let message = format!("{en} {name} {count}");
    node.move_goods(others, &message, move |ledger, desk| {
        plan(ledger, desk, &asked)
    })
    .await?;
    let here = held(node, &name).await?;
    if context.json {
        return out::json(&json!({ "line": id, "item": name, "count": count, "here": here }));
    }
    context.say(
        &format!("已登记{zh}：{name} {count}；本机还可发 {here}"),
        &format!("{en}: {name}, {count}; {here} may be given out here"),
    )
}

/// What this node may give out of an item.
async fn held(node: &Node, name: &str) -> Result<i64, Failure> {
    let (Some(site), Some(holder)) = (node.profile().site.clone(), node.holder().await) else {
        return Ok(0);
    };
    let item = Item::id_of(name);
    let rights = node
        .read_ledger(&site.clone(), Vec::new(), move |ledger| {
            ledger.rights(&site, item, &holder)
        })
        .await?;
    Ok(rights)
}

/// The sites whose ledgers are here.
pub(super) async fn sites(node: &Node) -> Result<Vec<SiteKey>, Failure> {
    let names = node.names().await?.into_iter();
    let sites = names.filter_map(|name| match name {
        Name::Supplies { site } => Some(site),
        _ => None,
    });
    Ok(sites.collect())
}

/// The one of some records whose id is, begins or ends as asked.
pub(super) fn one(asked: &str, ids: &[RecordId], what: &Text) -> Result<RecordId, Failure> {
    let digits = asked.trim().to_ascii_lowercase();
    let matches = |id: &&RecordId| {
        let id = id.to_string();
        !digits.is_empty() && (id.starts_with(&digits) || id.ends_with(&digits))
    };
    let mut matching = ids.iter().filter(matches);
    match (matching.next(), matching.next()) {
        (Some(id), None) => Ok(*id),
        (None, _) => Err(Failure::new(
            format!("没有编号为 {asked} 的{}", what.zh),
            format!("there is no {} {asked}", what.en),
        )),
        (Some(_), Some(_)) => Err(Failure::new(
            format!("编号 {asked} 对得上好几条，请多写几位"),
            format!("{asked} may be several: give more digits"),
        )),
    }
}

/// A holder as a person names it: by what it holds rights as, its end, or its device's name.
pub(super) fn find_holder(ledger: &Ledger, site: &SiteKey, asked: &str) -> Result<String, Failure> {
    let devices = ledger.devices(site);
    let called = |device: &&&yilian_core::records::Device| {
        device.name == asked || device.holder == asked || device.holder.ends_with(asked)
    };
    let mut matching = devices.iter().filter(called);
    match (matching.next(), matching.next()) {
        (Some(device), None) => Ok(device.holder.clone()),
        (None, _) => Err(Failure::Failed(
            SupplyError::UnknownDevice(asked.to_owned()).text(),
            Vec::new(),
        )),
        (Some(_), Some(_)) => Err(Failure::new(
            format!("“{asked}”对得上好几台设备，请写编号"),
            format!("\"{asked}\" may be several devices: give what it holds as"),
        )),
    }
}
