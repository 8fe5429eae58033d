//! Calendars as files, whatever is in them.

use yilian_core::import::name_key;
use yilian_core::records::RecordId;
use yilian_core::report::calendar::Event;
use yilian_core::rules::Text;
use yilian_node::Node;
use yilian_node::calendar::{Calendar, write};

use super::args::{OutFile, OutputArguments};
use super::context::Context;
use super::failure::Failure;
use super::sheet::Target;

/// Where a calendar goes.
pub(crate) fn target(context: &Context, out: OutFile) -> Result<Target, Failure> {
    Target::new(context, OutputArguments { format: None, out })
}

/// Writes events as a calendar called by what they are `of` and what they are, in Chinese and in English.
pub(crate) async fn put(
    context: &Context,
    node: Node,
    target: &Target,
    of: &[Option<&str>],
    (zh, en): (&str, &str),
    events: &[Event],
) -> Result<(), Failure> {
    let of: Vec<&str> = of.iter().copied().flatten().collect();
    let of = of.join(" ");
    let name = Text::new(format!("{of} {zh}").trim(), format!("{of} {en}").trim());
    let calendar = Calendar {
        network: &node.profile().network,
        zone: &node.profile().zone,
        name: context.text(&name),
        language: context.language,
    };
    let text = write(&calendar, events)
        .map_err(|error| Failure::from_error(("写不出日历", "cannot write the calendar"), &error));
    node.stop().await;
    target.bytes(context, text?.as_bytes())
}

/// Whether a record is meant: by its name, whatever blanks are in it, or its id.
pub(crate) fn is_called(name: &str, id: RecordId, asked: &str) -> bool {
    name_key(name) == name_key(asked) || id.to_string() == asked
}
