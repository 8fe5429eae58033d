use yilian_core::document::{LiveDocument, Name};
use yilian_core::mediation::shared_with;
use yilian_core::records::{Collection, Entry, RecordId, RecordKind};
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
    wanted: impl Fn(&Name) -> bool,
) -> Result<Found, Failure> {
    let digits = digits(asked).ok_or_else(|| no_id(asked))?;
    let read = names(node, wanted, Vec::new()).await?;
    let found = node
        .read(read, move |documents| {
            documents
                .iter()
                .flat_map(|document| matching(document, |entry| has_digits(entry, &digits)))
                .collect::<Vec<_>>()
        })
        .await?;
    only(asked, found)
}

/// The record of a kind with this id, or whose id alone begins or ends so, or that is called so.
pub(crate) async fn find_of(
    node: &Node,
    kind: &'static RecordKind,
    asked: &str,
    wanted: impl Fn(&Name) -> bool,
) -> Result<Found, Failure> {
    let read = names(node, wanted, Vec::new()).await?;
    let (digits, name) = (digits(asked), asked.trim().to_owned());
    let is_id = digits.is_some();
    let found = node
        .read(read, move |documents| {
            let is_it = |entry: &Entry| {
                entry.record().collection() == kind.collection
                    && (digits
                        .as_ref()
                        .is_some_and(|digits| has_digits(entry, digits))
                        || is_called(kind, entry, &name))
            };
            documents
                .iter()
                .flat_map(|document| matching(document, is_it))
                .collect::<Vec<_>>()
        })
        .await?;
    if found.is_empty() && !is_id {
        let (zh, en) = (kind.label.zh, kind.label.en);
        return Err(Failure::new(
            format!(
                "这里没有叫“{asked}”的{zh}，也不是记录编号（至少 {DIGITS_MIN} 位十六进制数字）"
            ),
            format!(
                "there is no {en} called \"{asked}\" here, nor is that a record's id (at least {DIGITS_MIN} hexadecimal digits)"
            ),
        ));
    }
    only(asked, found)
}

/// The digits of an id, if enough are given and nothing else.
fn digits(asked: &str) -> Option<String> {
    let digits = asked.trim().to_ascii_lowercase();
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (digits.len() >= DIGITS_MIN && plain).then_some(digits)
}

fn has_digits(entry: &Entry, digits: &str) -> bool {
    let id = entry.record().id().to_string();
    id.starts_with(digits) || id.ends_with(digits)
}

/// Whether people call a record so: by its name, or what else its id follows from.
fn is_called(kind: &RecordKind, entry: &Entry, name: &str) -> bool {
    let known = kind.known_by.iter().filter(|field| **field != "site");
    let texts = known.filter_map(|field| entry.fields().get(*field)?.as_text());
    !name.is_empty() && texts.chain([entry.title()]).any(|text| text == name)
}

fn no_id(asked: &str) -> Failure {
    Failure::usage(
        format!("“{asked}”不是记录编号：要至少 {DIGITS_MIN} 位十六进制数字"),
        format!(
            "\"{asked}\" is not the id of a record: at least {DIGITS_MIN} hexadecimal digits are needed"
        ),
    )
}

fn only(asked: &str, mut found: Vec<Found>) -> Result<Found, Failure> {
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
                    format!(
                        "{asked} 有 {} 条记录都对得上，请多写几位，或用 --site 指明站点",
                        found.len()
                    ),
                    format!(
                        "{asked} may be any of {} records: give more digits, or name the site with --site",
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
    // One name may be one id at every site: those are different records.
    let one = found.first().is_some_and(|first| {
        let is_first = |found: &Found| {
            found.record == first.record && found.document.site() == first.document.site()
        };
        found.iter().all(is_first)
    });
    if one && found.iter().any(|found| found.entry.removed_at().is_none()) {
        found.retain(|found| found.entry.removed_at().is_none());
    }
    if one {
        // Removed everywhere: its last month tells.
        found.drain(..found.len().saturating_sub(1));
    }
}

fn matching(document: &LiveDocument, is_it: impl Fn(&Entry) -> bool) -> Vec<Found> {
    let Some(name) = document.name() else {
        return Vec::new();
    };
    // What only tells of a case that is elsewhere holds nothing of its own.
    if shared_with(name, document.view()).is_some() {
        return Vec::new();
    }
    let collections = name.kind().collections().iter();
    collections
        .flat_map(|collection| {
            document
                .view()
                .entries(*collection)
                .map(move |entry| (*collection, entry))
        })
        .filter(|(_, entry)| is_it(entry))
        .map(|(collection, entry)| Found {
            document: name.clone(),
            collection,
            record: entry.record().id(),
            entry: entry.clone(),
        })
        .collect()
}
