use serde_json::json;
use yilian_core::mediation::share;
use yilian_core::records::{RecordId, Referral, ReferralKind};

use super::args::{CaseArgument, Said};
use super::step::spoken;
use super::{find_of, number, site_of, with_case};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::site::named;

pub(super) async fn run(
    context: &Context,
    case: &CaseArgument,
    to: &str,
    said: Said,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find_of(context, &node, case).await?;
    let (site, to) = (site_of(&name)?, named(context, &node, to).await?);
    let (_, sent, note) = spoken(&node, said);
    let referral = Referral {
        // One for a case and a site, whoever makes it.
        id: RecordId::new(0, [0; 10]),
        site,
        case: number(&name),
        kind: ReferralKind::Site,
        to: String::new(),
        to_site: Some(to.clone()),
        sent,
        reference: String::new(),
        note,
        removed_at: None,
    };
    let document = name.clone();
    let edits = with_case(&node, &name, move |case| share(&document, case, referral)).await?;
    node.edit(edits, "share").await?;
    node.stop().await;
    let case = number(&name);
    if context.json {
        return out::json(&json!({ "case": case, "document": name, "shared_with": to }));
    }
    context.say(
        &format!("{case} 已转交 {to}：联网后它就能看到"),
        &format!("{case} is handed to {to}, which sees it once both were online"),
    )
}
