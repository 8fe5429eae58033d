use serde_json::{Value, json};
use yilian_core::document::SiteKey;
use yilian_core::import::clean_name;
use yilian_core::records::{Item, RecordId, write_date_time};
use yilian_core::supplies::{Claim, ClaimState, Ledger, Line, Stock, SupplyError, Transit};
use yilian_node::{Node, SupplyFailed};

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::out;
use super::super::shift_id::short;
use super::super::site::AtSite;
use super::sites;

/// What there is of each item.
pub(super) async fn stock(context: &Context, node: &Node, at: &AtSite) -> Result<(), Failure> {
    let site = at.site(context, node).await?;
    let rows = read(node, &site, |view| {
        let stocks = view.ledger.stocks(view.site).into_iter();
        let mut rows: Vec<Value> = stocks.map(|stock| view.stock(&stock)).collect();
        rows.sort_by(|a, b| text(a, "name").cmp(text(b, "name")));
        rows
    })
    .await?;
    if context.json {
        return out::json(&json!({
            "site": site,
            "holder": node.holder().await,
            "stock": rows,
        }));
    }
    if rows.is_empty() {
        return context.say(
            &format!("{site} 还没有物资；在站点的机器上用 yilian supply contribute 或 import 登记捐入"),
            &format!(
                "{site} holds nothing yet: enter what comes in on a computer of its own, with yilian supply contribute or import"
            ),
        );
    }
    let header = match context.pick("zh", "en") {
        "zh" => [
            "物资",
            "本机",
            "其他设备",
            "在途到",
            "在途出",
            "累计捐入",
            "累计发放",
        ],
        _ => [
            "item",
            "here",
            "other devices",
            "arriving",
            "leaving",
            "contributed",
            "given",
        ],
    };
    let number = |row: &Value, key: &str| row[key].to_string();
    let rows = rows.iter().map(|row| {
        let name = row["name"].as_str().unwrap_or_default().to_owned();
        let numbers = [
            "here",
            "elsewhere",
            "arriving",
            "leaving",
            "contributed",
            "given",
        ];
        let numbers = numbers.iter().map(|key| number(row, key));
        std::iter::once(name).chain(numbers).collect()
    });
    out::table(&header, rows.collect())
}

/// One item: who holds it, what is on its way, who claims it.
pub(super) async fn show(
    context: &Context,
    node: &Node,
    name: &str,
    at: &AtSite,
) -> Result<(), Failure> {
    let site = at.site(context, node).await?;
    let item = Item::id_of(&clean_name(name));
    let shown = read(node, &site, move |view| {
        view.ledger.item(view.site, item)?;
        let holders = view.ledger.holders(view.site, item).into_iter();
        let devices = holders.map(|(holder, rights)| {
            json!({
                "holder": holder,
                "name": view.ledger.device_name(view.site, holder),
                "rights": rights,
                "here": view.holder.as_deref() == Some(holder),
            })
        });
        let transits = view.ledger.in_transit(view.site).into_iter();
        let transits = transits.filter(|transit| transit.item == item);
        let claims = view.ledger.claims(view.site).into_iter();
        let claims = claims.filter(|claim| claim.item == item);
        Some(json!({
            "stock": view.stock(&view.ledger.stock(view.site, item)),
            "devices": devices.collect::<Vec<_>>(),
            "transit": transits.map(|transit| view.transit(&transit)).collect::<Vec<_>>(),
            "claims": claims.map(|claim| view.claim(&claim)).collect::<Vec<_>>(),
        }))
    })
    .await?;
    let unknown = || Failure::from(SupplyFailed::Supply(SupplyError::UnknownItem));
    let shown = shown.ok_or_else(unknown)?;
    if context.json {
        return out::json(&shown);
    }
    let stock = shown.get("stock").unwrap_or(&Value::Null);
    out::line(&format!(
        "{}  {} {}  {} {}",
        text(stock, "name"),
        context.pick("现有", "held"),
        stock["held"],
        context.pick("累计发放", "given"),
        stock["given"]
    ))?;
    for device in list(&shown, "devices") {
        let here = match device["here"].as_bool() {
            Some(true) => context.pick("（本机）", " (this one)"),
            _ => "",
        };
        let (name, rights) = (text(device, "name"), &device["rights"]);
        out::line(&format!("  {name}{here}  {rights}"))?;
    }
    for transit in list(&shown, "transit") {
        out::line(&format!(
            "  {} → {}  {}  [{}]",
            text(transit, "from_site"),
            text(transit, "to_site"),
            transit["count"],
            short(&text(transit, "id"))
        ))?;
    }
    list(&shown, "claims")
        .iter()
        .try_for_each(|claim| say_claim(context, claim))
}

/// What became of claims.
pub(super) async fn claims(context: &Context, node: &Node, at: &AtSite) -> Result<(), Failure> {
    let site = at.site(context, node).await?;
    let claims = read(node, &site, |view| {
        let claims = view.ledger.claims(view.site).into_iter();
        claims.map(|claim| view.claim(&claim)).collect::<Vec<_>>()
    })
    .await?;
    if context.json {
        return out::json(&json!({ "site": site, "claims": claims }));
    }
    if claims.is_empty() {
        return context.say("没有申领", "there are no claims");
    }
    claims
        .iter()
        .try_for_each(|claim| say_claim(context, claim))
}

fn say_claim(context: &Context, claim: &Value) -> Result<(), Failure> {
    let state = match text(claim, "state") {
        "waiting" => context.pick("等待发放", "waiting"),
        "given" => context.pick("已发放", "given"),
        "bumped" => context.pick("不够，未发放", "bumped: not enough there"),
        _ => context.pick("已撤回", "withdrawn"),
    };
    out::line(&format!(
        "  {} {}  {}  {state}  [{}]",
        text(claim, "name"),
        claim["count"],
        text(claim, "party"),
        short(&text(claim, "id"))
    ))
}

/// The lines of the ledger, the first to be written first.
pub(super) async fn history(
    context: &Context,
    node: &Node,
    item: Option<&str>,
    at: &AtSite,
) -> Result<(), Failure> {
    let site = at.site(context, node).await?;
    let item = item.map(|name| Item::id_of(&clean_name(name)));
    let lines = read(node, &site, move |view| {
        let of_item = |line: &Line<'_>| item.is_none_or(|item| line.item == item);
        let own = |line: &Line<'_>| line.site == view.site.as_str();
        let lines = view.ledger.lines();
        let mut lines: Vec<Line<'_>> = lines.filter(own).filter(of_item).collect();
        lines.sort_by_key(|line| (line.at, line.id));
        lines.iter().map(|line| view.line(line)).collect::<Vec<_>>()
    })
    .await?;
    if context.json {
        return out::json(&json!({ "site": site, "lines": lines }));
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["编号", "时间", "类型", "物资", "数量", "设备", "对方"],
        _ => ["id", "when", "what", "item", "count", "device", "with"],
    };
    let kind = context.pick("kind_zh", "kind_en");
    let rows = lines.iter().map(|line| {
        let other = ["party", "to_site", "to_name"].into_iter();
        let other = other
            .map(|key| text(line, key))
            .find(|text| !text.is_empty());
        vec![
            short(&text(line, "id")),
            text(line, "at").replace('T', " "),
            text(line, kind).to_owned(),
            text(line, "name").to_owned(),
            line["count"].to_string(),
            text(line, "device").to_owned(),
            other.unwrap_or_default().to_owned(),
        ]
    });
    out::table(&header, rows.collect())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A ledger as one site sees it.
struct SiteView<'a> {
    ledger: &'a Ledger,
    site: &'a SiteKey,
    /// What this node holds rights as.
    holder: Option<String>,
}

async fn read<T: Send + 'static>(
    node: &Node,
    site: &SiteKey,
    read: impl FnOnce(&SiteView<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    let (own, holder, others) = (site.clone(), node.holder().await, sites(node).await?);
    let answer = node.read_ledger(site, others, move |ledger| {
        read(&SiteView {
            ledger,
            site: &own,
            holder,
        })
    });
    Ok(answer.await?)
}

impl SiteView<'_> {
    fn name(&self, item: RecordId) -> &str {
        let item = self.ledger.item(self.site, item);
        item.map_or("", |item| item.name.as_str())
    }

    fn stock(&self, stock: &Stock) -> Value {
        let holder = self.holder.as_deref().unwrap_or_default();
        let here = self.ledger.rights(self.site, stock.item, holder);
        let item = self.ledger.item(self.site, stock.item);
        json!({
            "item": stock.item,
            "name": self.name(stock.item),
            "unit": item.map(|item| &item.unit),
            "low": item.and_then(|item| item.low),
            "held": stock.held,
            "here": here,
            "elsewhere": stock.held - here,
            "arriving": stock.arriving,
            "leaving": stock.leaving,
            "contributed": stock.contributed,
            "given": stock.given,
        })
    }

    fn transit(&self, transit: &Transit<'_>) -> Value {
        json!({
            "id": transit.id,
            "item": transit.item,
            "count": transit.count,
            "from_site": transit.from_site,
            "from": transit.from,
            "to_site": transit.to_site,
            "to": transit.to,
            "at": write_date_time(transit.at),
        })
    }

    fn claim(&self, claim: &Claim<'_>) -> Value {
        let state: ClaimState = claim.state;
        json!({
            "id": claim.id,
            "item": claim.item,
            "name": self.name(claim.item),
            "count": claim.count,
            "holder": claim.holder,
            "to": claim.to,
            "party": claim.party,
            "at": write_date_time(claim.at),
            "state": state,
        })
    }

    fn line(&self, line: &Line<'_>) -> Value {
        let label = line.kind.label();
        json!({
            "id": line.id,
            "at": write_date_time(line.at),
            "kind": line.kind,
            "kind_zh": label.zh,
            "kind_en": label.en,
            "item": line.item,
            "name": self.name(line.item),
            "count": line.count,
            "holder": line.holder,
            "device": self.ledger.device_name(self.site, line.holder),
            "to": line.to,
            "to_name": self.ledger.device_name(self.site, line.to),
            "to_site": line.to_site,
            "about": line.about,
            "drive": line.drive,
            "party": line.party,
            "counts": line.trouble.is_none(),
        })
    }
}
