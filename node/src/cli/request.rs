//! What people without an account send: sending, following, and what sites do about it.

use yilian_core::document::Name;
use yilian_core::inbox::{Code, InboxError, Party};
use yilian_core::records::Stage;
use yilian_node::Node;

use super::context::{Context, names};
use super::failure::Failure;

pub(crate) mod args;
mod fetch;
mod follow;
mod list;
mod log;
mod send;
mod shown;
mod step;

use args::RequestCommand;

pub(crate) async fn run(context: &Context, command: RequestCommand) -> Result<(), Failure> {
    use {Party as P, Stage as S};
    match command {
        RequestCommand::Send(send) => send::run(context, *send).await,
        RequestCommand::Follow { code, timeout } => follow::run(context, &code, timeout).await,
        RequestCommand::Withdraw(asked) => step::run(context, P::Sender, S::Withdrawn, asked).await,
        RequestCommand::Confirm(asked) => step::run(context, P::Sender, S::Confirmed, asked).await,
        RequestCommand::Reopen(asked) => step::run(context, P::Sender, S::Submitted, asked).await,
        RequestCommand::List(which) => list::run(context, which).await,
        RequestCommand::Export { which, output } => list::export(context, which, output).await,
        RequestCommand::Show { code } => follow::show(context, &code.code).await,
        RequestCommand::Accept(asked) => step::run(context, P::Site, S::Accepted, asked).await,
        RequestCommand::Assign(asked) => step::run(context, P::Site, S::Assigned, asked).await,
        RequestCommand::Decline(asked) => step::run(context, P::Site, S::Declined, asked).await,
        RequestCommand::Done(asked) => step::run(context, P::Site, S::Done, asked).await,
        RequestCommand::History { code } => log::run(context, &code.code).await,
    }
}

/// The fewest characters of a code that mean one among those that are here.
const CHARACTERS_MIN: usize = 3;

fn is_inbox(name: &Name) -> bool {
    matches!(name, Name::Inbox { .. })
}

/// The document of a code, or of the one code here that ends so.
async fn find(node: &Node, asked: &str) -> Result<Name, Failure> {
    let error = match asked.parse::<Code>() {
        Ok(code) => return Ok(code.name()),
        Err(error) => error,
    };
    let end: String = asked
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let ends = |name: &Name| match name {
        Name::Inbox { code, .. } => end.len() <= code.len() && code.ends_with(&end),
        _ => false,
    };
    let mut found = names(node, ends, Vec::new()).await?;
    match (found.pop(), found.pop()) {
        (Some(name), None) if end.len() >= CHARACTERS_MIN => Ok(name),
        (Some(_), Some(_)) if end.len() >= CHARACTERS_MIN => Err(Failure::new(
            format!("有几件来件的查询码都以“{asked}”结尾，请多写几位"),
            format!("several codes end in \"{asked}\": give more of it"),
        )),
        _ => Err(Failure::Usage(error.text())),
    }
}

/// The code of a document, as people write it; its name where other software made it.
fn code_of(name: &Name) -> String {
    Code::of(name).map_or_else(|| name.to_string(), |code| code.to_string())
}

fn refused(error: &InboxError) -> Failure {
    Failure::Failed(error.text(), Vec::new())
}
