use serde_json::json;
use yilian_core::document::Name;
use yilian_node::{Node, Role, Status};

use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let node = context.open().await?;
    let status = counted(&node).await?;
    let documents = node.names().await?.len();
    let profile = node.profile().clone();
    node.stop().await;
    let waiting = status.changes_waiting();
    if context.json {
        return out::json(&json!({
            "data": context.data,
            "network": profile.network,
            "role": profile.role,
            "site": profile.site,
            "author": profile.author,
            "hub": profile.hub,
            "zone": profile.zone,
            "documents": documents,
            "waiting": waiting,
            "waiting_documents": status.waiting,
        }));
    }
    let whose = match (profile.role, &profile.site) {
        (Role::Guest, _) => context.pick("群众", "a guest").to_owned(),
        (Role::Hub, _) | (_, None) => context.pick("中心", "the hub").to_owned(),
        (Role::Site, Some(site)) => site.to_string(),
    };
    let author = profile
        .author
        .as_ref()
        .map_or("-", |author| author.as_str());
    let hub = profile.hub.as_deref().unwrap_or("-");
    let network = &profile.network;
    let data = context.data.display();
    context.say(&format!("数据      {data}"), &format!("data       {data}"))?;
    context.say(
        &format!("网络      {network}"),
        &format!("network    {network}"),
    )?;
    context.say(
        &format!("本机      {whose}"),
        &format!("here       {whose}"),
    )?;
    context.say(
        &format!("编辑人    {author}"),
        &format!("author     {author}"),
    )?;
    context.say(&format!("中继      {hub}"), &format!("relay      {hub}"))?;
    context.say(
        &format!("文档      {documents}"),
        &format!("documents  {documents}"),
    )?;
    context.say(
        &format!("待存中心  {waiting} 处修改"),
        &format!("waiting    {waiting} changes not at the hub yet"),
    )?;
    for document in &status.waiting {
        let count = document
            .changes
            .map_or_else(|| "?".to_owned(), |count| count.to_string());
        out::line(&format!("  {}  {count}", document.name))?;
    }
    Ok(())
}

/// The status with every count known: a document that waits is looked into.
pub(crate) async fn counted(node: &Node) -> Result<Status, Failure> {
    let status = node.status().await?;
    let unknown: Vec<Name> = status
        .waiting
        .iter()
        .filter(|waiting| waiting.changes.is_none())
        .filter_map(|waiting| waiting.name.parse().ok())
        .collect();
    if unknown.is_empty() {
        return Ok(status);
    }
    node.read(unknown, |_| ()).await?;
    Ok(node.status().await?)
}
