use serde_json::json;
use yilian_core::document::SiteKey;
use yilian_core::records::{Collection, Device, Edit};
use yilian_core::supplies;
use yilian_node::{Node, Role};

use super::super::context::Context;
use super::super::failure::Failure;
use super::super::out;
use super::super::site::{self, AtSite};
use super::args::DeviceCommand;
use super::find_holder;

pub(super) async fn run(
    context: &Context,
    node: &Node,
    command: DeviceCommand,
) -> Result<(), Failure> {
    match command {
        DeviceCommand::List(at) => list(context, node, &at).await,
        DeviceCommand::Keep { count } => keep(context, node, count).await,
        DeviceCommand::Lost { device, site, to } => {
            let site = site::named(context, node, &site).await?;
            lost(context, node, &device, site, to.as_deref()).await
        }
    }
}

async fn list(context: &Context, node: &Node, at: &AtSite) -> Result<(), Failure> {
    let site = at.site(context, node).await?;
    let (own, here) = (site.clone(), node.holder().await);
    let devices = node
        .read_ledger(&site, Vec::new(), move |ledger| {
            let devices = ledger.devices(&own).into_iter();
            devices.cloned().collect::<Vec<Device>>()
        })
        .await?;
    let is_here = |device: &Device| here.as_ref() == Some(&device.holder);
    if context.json {
        let devices = devices.iter().map(
            |device| json!({ "device": device, "holder": device.holder, "here": is_here(device) }),
        );
        return out::json(&json!({
            "site": site,
            "here": here,
            "devices": devices.collect::<Vec<_>>(),
        }));
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["编号", "名称", "常备数", "状态"],
        _ => ["holds as", "name", "keeps", "state"],
    };
    let rows = devices.iter().map(|device| {
        let state = match (device.lost_at.is_some(), is_here(device)) {
            (true, _) => context.pick("已报失", "lost"),
            (false, true) => context.pick("本机", "this one"),
            (false, false) => "",
        };
        let keeps = device.keeps.map(|keeps| keeps.to_string());
        vec![
            device.holder.clone(),
            device.name.clone(),
            keeps.unwrap_or_default(),
            state.to_owned(),
        ]
    });
    out::table(&header, rows.collect())
}

async fn keep(context: &Context, node: &Node, count: i64) -> Result<(), Failure> {
    node.move_goods(Vec::new(), "how many to keep", move |_, desk| {
        let (document, id) = (supplies::document(desk.site), Device::id_of(desk.holder));
        Ok(vec![Edit::set(
            &document,
            Collection::Devices,
            id,
            "keeps",
            count,
        )])
    })
    .await?;
    if context.json {
        return out::json(&json!({ "holder": node.holder().await, "keeps": count }));
    }
    context.say(
        &format!("本机每种物资常备 {count}，联网时由其他设备补足"),
        &format!("this device wants {count} of each item at hand"),
    )
}

async fn lost(
    context: &Context,
    node: &Node,
    asked: &str,
    site: SiteKey,
    to: Option<&str>,
) -> Result<(), Failure> {
    if node.profile().role != Role::Hub {
        return Err(Failure::new(
            "只有中心能报失设备",
            "only the hub declares a device lost",
        ));
    }
    let (own, asked, to) = (site.clone(), asked.to_owned(), to.map(str::to_owned));
    let found = node
        .read_ledger(&site, Vec::new(), move |ledger| {
            let lost = find_holder(ledger, &own, &asked)?;
            let to = to.map(|to| find_holder(ledger, &own, &to)).transpose()?;
            Ok::<_, Failure>((lost, to))
        })
        .await?;
    let (lost, to) = found?;
    node.declare_lost(site.clone(), lost.clone(), to).await?;
    if context.json {
        return out::json(&json!({ "site": site, "lost": lost }));
    }
    context.say(
        &format!("已报失：{lost}，中心所知它手里的物资已转给本站其他设备"),
        &format!("declared lost: {lost}; what it is known to hold went to another device"),
    )
}
