use yilian_core::document::{LiveDocument, Name};
use yilian_core::records::{Collection, Entry, RecordId};
use yilian_core::rules::Text;
use yilian_node::Node;

use super::context::names;
use super::failure::Failure;
use super::label::label;

/// The fewest digits that are looked for.
const DIGITS_MIN: usize = 4;
/// Digits of an id that a table shows: the last, since ids made in one second begin alike.
const DIGITS_SHOWN: usize = 8;
const CANDIDATES_MAX: usize = 10;

/// A record that was asked for, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) document: Name,
    pub(crate) collection: Collection,
    pub(crate) record: RecordId,
    pub(crate) entry: Entry,
}

/// How a table shows an id.
pub(crate) fn short(id: &impl ToString) -> String {
    let id = id.to_string();
    id.get(id.len().saturating_sub(DIGITS_SHOWN)..)
        .unwrap_or(&id)
        .to_owned()
}

/// The record with this id, or whose id alone begins or ends so, among documents that are wanted.
pub(crate) async fn find(
    node: &Node,
    asked: &str,
    wanted: fn(&Name) -> bool,
) -> Result<Found, Failure> {
    let digits = asked.trim().to_ascii_lowercase();
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if digits.len() < DIGITS_MIN || !plain {
        return Err(Failure::usage(
            format!("“{asked}”不是记录编号：要至少 {DIGITS_MIN} 位十六进制数字"),
            format!(
                "\"{asked}\" is not the id of a record: at least {DIGITS_MIN} hexadecimal digits are needed"
            ),
        ));
    }
    let read = names(node, wanted, Vec::new()).await?;
    let mut found = node
        .read(read, move |documents| {
            documents
                .iter()
                .flat_map(|document| matching(document, &digits))
                .collect::<Vec<_>>()
        })
        .await?;
    moved(&mut found);
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Failure::new(
            format!("这里没有记录 {asked}"),
            format!("there is no record {asked} here"),
        )),
        (Some(last), _) => {
            found.push(last);
            let list = found.iter().take(CANDIDATES_MAX).map(|found| {
                let label = label(&found.entry);
                let line = format!("  {}  {label}  {}", found.record, found.document);
                Text::new(line.clone(), line)
            });
            Err(Failure::Failed(
                Text::new(
                    format!("{asked} 有 {} 条记录都对得上，请多写几位", found.len()),
                    format!(
                        "{asked} may be any of {} records: give more digits",
                        found.len()
                    ),
                ),
                list.collect(),
            ))
        }
    }
}

/// A shift that moved to another month is in two documents, and removed from the first: it is where it is now.
fn moved(found: &mut Vec<Found>) {
    let one = found
        .first()
        .is_some_and(|first| found.iter().all(|found| found.record == first.record));
    if one && found.iter().any(|found| found.entry.removed_at().is_none()) {
        found.retain(|found| found.entry.removed_at().is_none());
    }
    if one {
        // Removed everywhere: its last month tells.
        found.drain(..found.len().saturating_sub(1));
    }
}

fn matching(document: &LiveDocument, digits: &str) -> Vec<Found> {
    let Some(name) = document.name() else {
        return Vec::new();
    };
    let collections = name.kind().collections().iter();
    collections
        .flat_map(|collection| {
            document
                .view()
                .entries(*collection)
                .map(move |entry| (*collection, entry))
        })
        .filter(|(_, entry)| {
            let id = entry.record().id().to_string();
            id.starts_with(digits) || id.ends_with(digits)
        })
        .map(|(collection, entry)| Found {
            document: name.clone(),
            collection,
            record: entry.record().id(),
            entry: entry.clone(),
        })
        .collect()
}
