use yilian_core::records::Stage;

use super::{code_of, find};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::log::{Told, tell};

pub(super) async fn run(context: &Context, asked: &str) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find(&node, asked).await?;
    let told = Told {
        key: "code",
        called: code_of(&name),
        first: ("send", Stage::Submitted),
    };
    tell(context, node, name, told).await
}
