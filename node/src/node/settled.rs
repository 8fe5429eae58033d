//! The submissions and cases that no rule will say anything about until they change, kept in a file beside the store.
//!
//! A hub gets thousands of submissions and cases a year, each a document of its own, and nearly all are over. To open them all only to
//! find nothing takes minutes after some years. So what was found settled is written down with the document's heads; the list of
//! documents has the heads that it has now, so who looks again opens only what is new or has changed. The file is worked out from the
//! documents: without it, or where it is damaged or of another version, all are read once more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use automerge::ChangeHash;
use jiff::civil::Date;
use tracing::warn;
use yilian_core::document::{DocumentId, Kind, LiveDocument, Name};
use yilian_core::inbox::progress;
use yilian_core::rules::{is_settled, may_settle};

use super::command::Command;
use super::{Node, ReadError};

const FILE: &str = "settled";
const FILE_NEW: &str = "settled.new";

/// As many documents are open at once while they are looked through.
const AT_ONCE: usize = 256;

/// What the first line says before the checksum of the others. Another version may have other rules.
const HEADER: &str = concat!("yilian settled ", env!("CARGO_PKG_VERSION"));

/// A document as it was when it was found settled.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    heads: Vec<ChangeHash>,
    sent: Option<Date>,
}

/// The file, read when it is first asked for.
#[derive(Debug)]
pub(super) struct SettledFile {
    directory: PathBuf,
    seen: Option<BTreeMap<DocumentId, Seen>>,
}

/// A document that is here, as the list of them knows it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) id: DocumentId,
    pub(super) name: Name,
    pub(super) heads: Vec<ChangeHash>,
    /// Whether somebody has it open.
    pub(super) is_open: bool,
}

impl Node {
    /// The documents of some kinds, which are submissions and cases, that no rule will say anything about until they change; a submission with the day on which it was
    /// sent, where that can be told. Opens those that are new or have changed since they were last looked at, and closes what is settled again.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn settled(&self, kinds: &[Kind]) -> Result<BTreeMap<Name, Option<Date>>, ReadError> {
        let mut file = self.inner.settled.lock().await;
        let known = file.read().await;
        let mut listed = self.ask(Command::Listed).await?;
        listed.retain(|listed| may_settle(&listed.name));
        let (mut seen, mut settled, mut unread) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for listed in listed {
            match known.get(&listed.id) {
                Some(was) if was.heads == listed.heads => {
                    if kinds.contains(&listed.name.kind()) {
                        settled.insert(listed.name, was.sent);
                    }
                    seen.insert(listed.id, was.clone());
                }
                _ if kinds.contains(&listed.name.kind()) => unread.push(listed),
                _ => {}
            }
        }
        let is_news = !unread.is_empty() || seen.len() != known.len();
        for some in unread.chunks(AT_ONCE) {
            let names = some.iter().map(|listed| listed.name.clone()).collect();
            let found = self
                .read(names, |documents| {
                    documents.iter().filter_map(look).collect::<Vec<_>>()
                })
                .await?;
            let was_open = |name: &Name| {
                let mut open = some.iter().filter(|listed| listed.is_open);
                open.any(|listed| listed.name == *name)
            };
            let names = found.iter().map(|(_, name, _)| name);
            let opened = names.filter(|name| !was_open(name)).cloned().collect();
            self.close(opened)?;
            for (id, name, was) in found {
                settled.insert(name, was.sent);
                seen.insert(id, was);
            }
        }
        if is_news {
            file.write(seen).await;
        }
        Ok(settled)
    }
}

/// What to note of a document, if it is settled.
fn look(document: &LiveDocument) -> Option<(DocumentId, Name, Seen)> {
    let name = document.name().filter(|_| is_settled(document))?;
    let sent = progress(document.view()).map(|progress| progress.submission.at);
    let sent = sent.filter(|at| *at != jiff::civil::DateTime::ZERO);
    let seen = Seen {
        heads: document.heads(),
        sent: sent.map(|at| at.date()),
    };
    Some((document.id(), name.clone(), seen))
}

impl SettledFile {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            seen: None,
        }
    }

    async fn read(&mut self) -> BTreeMap<DocumentId, Seen> {
        if let Some(seen) = &self.seen {
            return seen.clone();
        }
        let bytes = tokio::fs::read(self.directory.join(FILE)).await;
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let seen = text.and_then(|text| parse(&text)).unwrap_or_default();
        self.seen = Some(seen.clone());
        seen
    }

    async fn write(&mut self, seen: BTreeMap<DocumentId, Seen>) {
        let (new, path) = (self.directory.join(FILE_NEW), self.directory.join(FILE));
        let text = print(&seen);
        self.seen = Some(seen);
        let written = match tokio::fs::write(&new, text).await {
            Ok(()) => tokio::fs::rename(&new, &path).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            warn!(path = %path.display(), %error, "submissions and cases that are settled will be read once more");
        }
    }
}

/// A line for each: its id, the day on which it was sent, its heads.
fn print(seen: &BTreeMap<DocumentId, Seen>) -> String {
    let line = |(id, seen): (&DocumentId, &Seen)| {
        let sent = seen
            .sent
            .map_or_else(|| "-".to_owned(), |sent| sent.to_string());
        let heads: Vec<String> = seen.heads.iter().map(ToString::to_string).collect();
        format!("{id} {sent} {}\n", heads.join(" "))
    };
    let lines: String = seen.iter().map(line).collect();
    let checksum = crc32fast::hash(lines.as_bytes());
    format!("{HEADER} {checksum:08x}\n{lines}")
}

/// None where it is not what [`print`] writes.
fn parse(text: &str) -> Option<BTreeMap<DocumentId, Seen>> {
    let (first, lines) = text.split_once('\n')?;
    let checksum = first.strip_prefix(HEADER)?.strip_prefix(' ')?;
    if checksum != format!("{:08x}", crc32fast::hash(lines.as_bytes())) {
        return None;
    }
    let line = |line: &str| {
        let mut words = line.split(' ');
        let id = words.next()?.parse().ok()?;
        let sent = match words.next()? {
            "-" => None,
            date => Some(date.parse().ok()?),
        };
        let heads: Option<Vec<ChangeHash>> = words.map(|head| head.parse().ok()).collect();
        Some((
            id,
            Seen {
                heads: heads?,
                sent,
            },
        ))
    };
    lines.lines().map(line).collect()
}

#[cfg(test)]
mod tests;
