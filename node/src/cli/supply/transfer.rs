use serde_json::json;
use yilian_core::records::RecordId;
use yilian_core::rules::Text;
use yilian_core::supplies::{ClaimState, SupplyError};
use yilian_node::{Node, SupplyFailed};

use super::super::context::{Context, site_of};
use super::super::failure::Failure;
use super::super::out;
use super::super::shift_id::short;
use super::{one, sites};

/// Receives a transfer, or the only one there is.
pub(super) async fn receive(
    context: &Context,
    node: &Node,
    asked: Option<&str>,
) -> Result<(), Failure> {
    let site = site_of(node, None).map_err(|_| Failure::from(SupplyFailed::NoSite))?;
    let others = sites(node).await?;
    let own = site.clone();
    let arriving = node
        .read_ledger(&site, others.clone(), move |ledger| {
            let transits = ledger.in_transit(&own).into_iter();
            let arriving = transits.filter(|transit| transit.to_site == own.as_str());
            let said = arriving.map(|transit| {
                let from = transit.from_site.parse().ok();
                let item = from.and_then(|from| ledger.item(&from, transit.item));
                let name = item.map_or_else(String::new, |item| item.name.clone());
                let line = format!(
                    "  {}  {} {}  {}",
                    short(&transit.id),
                    name,
                    transit.count,
                    transit.from_site
                );
                (transit.id, name, transit.count, line)
            });
            said.collect::<Vec<_>>()
        })
        .await?;
    let ids: Vec<RecordId> = arriving.iter().map(|(id, ..)| *id).collect();
    let transfer = match (asked, ids.as_slice()) {
        (Some(asked), ids) => one(asked, ids, &Text::new("在途物资", "transfer on its way"))?,
        (None, [only]) => *only,
        (None, []) => {
            return Err(Failure::from(SupplyFailed::Supply(
                SupplyError::UnknownTransfer,
            )));
        }
        (None, _) => {
            let lines = arriving.iter().map(|(.., line)| Text::new(line, line));
            let text = Text::new(
                "在途的不止一批，请写明编号",
                "several are on their way: say which",
            );
            return Err(Failure::Failed(text, lines.collect()));
        }
    };
    node.move_goods(others, "received goods", move |ledger, desk| {
        ledger.plan_receipt(desk, transfer)
    })
    .await?;
    let received = arriving.iter().find(|(id, ..)| *id == transfer);
    let (name, count) = received.map_or(("", 0), |(_, name, count, _)| (name.as_str(), *count));
    if context.json {
        return out::json(&json!({ "transfer": transfer, "item": name, "count": count }));
    }
    context.say(
        &format!("已收货：{name} {count}"),
        &format!("received: {name}, {count}"),
    )
}

/// Takes a claim back.
pub(super) async fn withdraw(context: &Context, node: &Node, asked: &str) -> Result<(), Failure> {
    let site = site_of(node, None).map_err(|_| Failure::from(SupplyFailed::NoSite))?;
    let own = site.clone();
    let ids = node
        .read_ledger(&site, Vec::new(), move |ledger| {
            let claims = ledger.claims(&own).into_iter();
            let ids = claims.map(|claim| claim.id);
            ids.collect::<Vec<_>>()
        })
        .await?;
    let claim = one(asked, &ids, &Text::new("申领", "claim"))?;
    let id = node.new_record()?;
    node.move_goods(Vec::new(), "withdrew a claim", move |ledger, desk| {
        ledger.plan_withdrawal(desk, id, claim)
    })
    .await?;
    if context.json {
        return out::json(&json!({ "claim": claim, "state": ClaimState::Withdrawn }));
    }
    context.say("已撤回申领", "the claim is withdrawn")
}
