//! Registers of disputes.

use yilian_core::document::Name;
use yilian_core::import::plan_cases;

use super::is_case;
use crate::cli::args::FileArguments;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::import;
use crate::cli::site::RowSite;

pub(super) async fn run(
    context: &Context,
    file: &FileArguments,
    site: &RowSite,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    let read = names(&node, is_case, vec![Name::Sites]).await?;
    let now = node.clock().civil();
    import::run(context, &node, file, read, move |table, held| {
        plan_cases(table, site.as_ref(), held, now)
    })
    .await
}
