use serde_json::json;
use yilian_core::document::Author;
use yilian_node::time::Clock;
use yilian_node::{Node, OpenNodeError, Profile, Role};

use super::args::{Init, RoleArgument};
use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) fn run(context: &Context, init: Init) -> Result<(), Failure> {
    let changes = init.hub.is_some() || init.author.is_some() || init.token.is_some();
    let given = (init.author.is_some(), init.zone.is_some());
    let new = profile(init)?;
    // What is set up already may get another relay, author or token.
    let changed =
        match changes.then(|| Node::change(&context.data, |old| change(old, new.clone(), given))) {
            Some(Ok(profile)) => Some(profile),
            Some(Err(OpenNodeError::Missing { .. })) | None => None,
            Some(Err(error)) => return Err(error.into()),
        };
    if changed.is_none() {
        Node::create(&context.data, &new)?;
    }
    let (done_zh, done_en) = match changed {
        Some(_) => ("已更新", "is changed"),
        None => ("已建立", "is set up"),
    };
    let profile = changed.unwrap_or(new);
    if context.json {
        return out::json(&json!(profile));
    }
    let data = context.data.display();
    let whose = match (&profile.role, &profile.site) {
        (Role::Site, Some(site)) => site.to_string(),
        (Role::Guest, _) => context.pick("群众", "a guest").to_owned(),
        _ => context.pick("中心", "the hub").to_owned(),
    };
    let (network, hub) = (&profile.network, profile.hub.as_deref());
    context.say(
        &format!(
            "{data} {done_zh}：网络 {network}，{whose}，中继 {}",
            hub.unwrap_or("未设")
        ),
        &format!(
            "{data} {done_en}: network {network}, {whose}, relay {}",
            hub.unwrap_or("not set")
        ),
    )
}

/// What was given takes the place of what was; the rest stays. `Node::change` refuses another node.
fn change(old: &mut Profile, new: Profile, (author, zone): (bool, bool)) {
    *old = Profile {
        hub: new.hub.or(old.hub.take()),
        token: new.token.or(old.token.take()),
        author: if author {
            new.author
        } else {
            old.author.take()
        },
        zone: if zone {
            new.zone
        } else {
            std::mem::take(&mut old.zone)
        },
        ..new
    };
}

fn profile(init: Init) -> Result<Profile, Failure> {
    let mut profile = match (init.role, init.site) {
        (RoleArgument::Site, Some(site)) => Profile::of_site(init.network, site),
        (RoleArgument::Site, None) => {
            return Err(Failure::usage(
                "要用 --site 指明站点，或用 --role hub、--role guest",
                "name the site with --site, or say --role hub or --role guest",
            ));
        }
        (RoleArgument::Guest, None) => Profile::of_guest(init.network),
        (RoleArgument::Guest, Some(_)) => {
            return Err(Failure::usage(
                "群众的电脑不属于站点：去掉 --site",
                "a guest's computer stands at no site: leave out --site",
            ));
        }
        (RoleArgument::Hub, site) => Profile {
            site,
            ..Profile::of_hub(init.network)
        },
    };
    if let Some(zone) = init.zone {
        if Clock::new(&zone).is_err() {
            return Err(Failure::usage(
                format!("没有时区“{zone}”，应形如 Asia/Shanghai"),
                format!("there is no time zone \"{zone}\": it should look like Asia/Shanghai"),
            ));
        }
        profile.zone = zone;
    }
    if let Some(url) = init.hub {
        if !url.starts_with("ws://") && !url.starts_with("wss://") {
            return Err(Failure::usage(
                format!("中继地址“{url}”应以 ws:// 或 wss:// 开头"),
                format!("the relay's address \"{url}\" should start with ws:// or wss://"),
            ));
        }
        profile.hub = Some(url);
    }
    profile.token = init.token;
    profile.author = Some(author(&profile, init.author.as_deref())?);
    Ok(profile)
}

/// Who edits: a person at a site; where nobody is named, the site or the hub itself.
fn author(profile: &Profile, name: Option<&str>) -> Result<Author, Failure> {
    let author = match (&profile.site, name) {
        (Some(site), Some(name)) => Author::new(site, name),
        (Some(site), None) => site.as_str().parse(),
        (None, name) => name.unwrap_or(profile.role.as_str()).parse(),
    };
    author.map_err(|_| {
        Failure::usage(
            "编辑人的名字太长，或含有控制字符",
            "the author's name is too long, or has control characters",
        )
    })
}
