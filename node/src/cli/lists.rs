use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{Person, Post, Site, Typed};

use super::context::{Context, names};
use super::failure::Failure;
use super::out;
use super::shift_id::short;

pub(crate) async fn sites(context: &Context) -> Result<(), Failure> {
    let mut sites: Vec<Site> = present(context, |name| *name == Name::Sites).await?;
    sites.sort_by(|a, b| a.key.cmp(&b.key));
    if context.json {
        return out::json(&json!({ "sites": sites }));
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["代码", "名称", "级别", "上级", "开放时间", "电话"],
        _ => ["key", "name", "level", "parent", "hours", "phone"],
    };
    let rows = sites.iter().map(|site| {
        let label = site.level.label();
        vec![
            site.key.to_string(),
            site.name.clone(),
            context.pick(label.zh, label.en).to_owned(),
            site.parent
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            site.hours
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            site.phone.clone(),
        ]
    });
    out::table(&header, rows.collect())
}

pub(crate) async fn people(context: &Context, site: Option<SiteKey>) -> Result<(), Failure> {
    let wanted = move |name: &Name| {
        matches!(name, Name::People { .. }) && (site.is_none() || name.site() == site.as_ref())
    };
    let mut people: Vec<Person> = present(context, wanted).await?;
    people.sort_by(|a, b| (&a.site, &a.name, a.id).cmp(&(&b.site, &b.name, b.id)));
    if context.json {
        return out::json(&json!({ "persons": people }));
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["编号", "站点", "姓名", "角色", "电话"],
        _ => ["id", "site", "name", "role", "phone"],
    };
    let rows = people.iter().map(|person| {
        let label = person.role.label();
        vec![
            short(&person.id),
            person.site.to_string(),
            person.name.clone(),
            context.pick(label.zh, label.en).to_owned(),
            person.phone.clone(),
        ]
    });
    out::table(&header, rows.collect())
}

pub(crate) async fn posts(context: &Context) -> Result<(), Failure> {
    let mut posts: Vec<Post> = present(context, |name| *name == Name::Sites).await?;
    posts.sort_by(|a, b| a.name.cmp(&b.name));
    if context.json {
        return out::json(&json!({ "posts": posts }));
    }
    let header = match context.pick("zh", "en") {
        "zh" => ["岗位", "不受开放时间限制", "调解岗位"],
        _ => ["post", "any hours", "mediates"],
    };
    let yes = |flag: bool| {
        context
            .pick(
                if flag { "是" } else { "否" },
                if flag { "yes" } else { "no" },
            )
            .to_owned()
    };
    out::table(
        &header,
        posts
            .iter()
            .map(|post| vec![post.name.clone(), yes(post.any_hours), yes(post.mediates)])
            .collect(),
    )
}

/// The records of a type, in the documents that are wanted, that were not removed.
async fn present<T: Typed + Clone + Send>(
    context: &Context,
    wanted: impl Fn(&Name) -> bool,
) -> Result<Vec<T>, Failure> {
    let node = context.open().await?;
    let read = names(&node, wanted, Vec::new()).await?;
    let records = node
        .read(read, |documents| {
            documents
                .iter()
                .flat_map(|document| {
                    document
                        .view()
                        .present::<T>()
                        .map(|(record, _)| record.clone())
                })
                .collect()
        })
        .await?;
    node.stop().await;
    Ok(records)
}
