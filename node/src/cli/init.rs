use serde_json::json;
use yilian_core::document::Author;
use yilian_node::time::Clock;
use yilian_node::{Node, Profile, Role};

use super::args::{Init, RoleArgument};
use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) fn run(context: &Context, init: Init) -> Result<(), Failure> {
    let profile = profile(init)?;
    Node::create(&context.data, &profile)?;
    if context.json {
        return out::json(&json!(profile));
    }
    let data = context.data.display();
    let whose = match (&profile.role, &profile.site) {
        (Role::Site, Some(site)) => site.to_string(),
        _ => context.pick("中心", "the hub").to_owned(),
    };
    let (network, hub) = (&profile.network, profile.hub.as_deref());
    context.say(
        &format!(
            "已在 {data} 建立：网络 {network}，{whose}，中继 {}",
            hub.unwrap_or("未设")
        ),
        &format!(
            "{data} is set up: network {network}, {whose}, relay {}",
            hub.unwrap_or("not set")
        ),
    )
}

fn profile(init: Init) -> Result<Profile, Failure> {
    let mut profile = match (init.role, init.site) {
        (RoleArgument::Site, Some(site)) => Profile::of_site(init.network, site),
        (RoleArgument::Site, None) => {
            return Err(Failure::usage(
                "要用 --site 指明站点，或用 --role hub",
                "name the site with --site, or say --role hub",
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
        (None, name) => name.unwrap_or("hub").parse(),
    };
    author.map_err(|_| {
        Failure::usage(
            "编辑人的名字太长，或含有控制字符",
            "the author's name is too long, or has control characters",
        )
    })
}
