use std::time::Duration;

use yilian_core::document::Name;
use yilian_core::inbox::Code;
use yilian_node::Node;

use super::fetch::{Reach, fetch};
use super::shown::Shown;
use super::{code_of, find};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;

/// For whoever knows the code and nothing else: asks the relay, and falls back on what is here.
pub(super) async fn run(context: &Context, asked: &str, timeout: u64) -> Result<(), Failure> {
    let code: Code = asked
        .parse()
        .map_err(|error: yilian_core::inbox::ParseCodeError| Failure::Usage(error.text()))?;
    let node = context.open().await?;
    let (name, patience) = (code.name(), Duration::from_secs(timeout));
    let reach = fetch(&node, &name, patience).await?;
    let mut shown = read(&node, &name).await?;
    let bookings = shown.as_ref().and_then(Shown::bookings);
    if let (Reach::Heard, Some(bookings)) = (&reach, bookings) {
        fetch(&node, &bookings, patience).await?;
        shown = read(&node, &name).await?;
    }
    node.stop().await;
    match (shown, reach) {
        (Some(shown), reach) => {
            if let Reach::Missed(why) = reach {
                out::note(context.pick(
                    "没有连上中继，以下是本机已有的",
                    "the relay was not reached; this is what is here",
                ));
                out::note(&why);
            }
            print(context, &shown)
        }
        (None, Reach::Heard) => Err(unknown(&code.to_string())),
        (None, Reach::Missed(why)) => Err(Failure::new(
            format!("没有连上中继（{why}），本机也没有这件来件"),
            format!("the relay was not reached ({why}), and there is no such submission here"),
        )),
    }
}

/// For the site: what is here.
pub(super) async fn show(context: &Context, asked: &str) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find(&node, asked).await?;
    let shown = read(&node, &name).await?;
    node.stop().await;
    match shown {
        Some(shown) => print(context, &shown),
        None => Err(unknown(&code_of(&name))),
    }
}

fn unknown(code: &str) -> Failure {
    Failure::new(
        format!("没有查询码为 {code} 的来件：请核对；刚提交的，要等提交它的电脑联网送出"),
        format!(
            "nothing was sent under {code}: check it; what was sent just now arrives once its computer has been online"
        ),
    )
}

fn print(context: &Context, shown: &Shown) -> Result<(), Failure> {
    match context.json {
        true => out::json(&shown.json()),
        false => shown.print(context),
    }
}

/// The submission with what it refers to, as far as that is here.
async fn read(node: &Node, name: &Name) -> Result<Option<Shown>, Failure> {
    let site = name.site().cloned();
    let around = |of: &Name| match of {
        Name::Sites => true,
        Name::Bookings { .. } | Name::Supplies { .. } => of.site() == site.as_ref(),
        _ => false,
    };
    let read = names(node, around, vec![name.clone()]).await?;
    let (name, now) = (name.clone(), node.clock().civil());
    Ok(node
        .read(read, move |documents| Shown::of(&name, documents, now))
        .await?)
}
