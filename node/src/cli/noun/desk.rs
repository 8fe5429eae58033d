use yilian_core::document::{Kind, Month, Name, SiteKey};
use yilian_core::mediation::shared_with;
use yilian_core::records::{Entry, FieldReader, Record, RecordKind, Value};
use yilian_node::{Documents, Node};

use super::Scope;
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::shift_id::{Found, find_of};
use crate::cli::site::{OnlySite, own_site};

/// An open node, and which records of a kind a command is about.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) node: Node,
    pub(super) kind: &'static RecordKind,
    pub(super) site: Option<SiteKey>,
    pub(super) month: Option<Month>,
}

impl Desk {
    pub(super) async fn open(
        context: &Context,
        kind: &'static RecordKind,
        scope: &Scope,
    ) -> Result<Self, Failure> {
        if scope.month.is_some() && kind.lasts.is_none() {
            let (zh, en) = (kind.label.zh, kind.label.en);
            return Err(Failure::usage(
                format!("{zh}不分月份，不能用 --month"),
                format!("a {en} has no month: --month does not go with it"),
            ));
        }
        no_site(kind, scope.site.site.as_ref())?;
        let node = context.open().await?;
        let site = scope.site.named(context, &node).await?;
        Ok(Self {
            node,
            kind,
            site,
            month: scope.month,
        })
    }

    /// For a command about a record at a site.
    pub(super) async fn at(
        context: &Context,
        kind: &'static RecordKind,
        site: Option<&String>,
    ) -> Result<Self, Failure> {
        let scope = Scope {
            site: OnlySite {
                site: site.cloned(),
            },
            month: None,
        };
        Self::open(context, kind, &scope).await
    }

    /// Whether only the document says whose a record is: one name is then one id at every site.
    pub(super) fn is_by_document(&self) -> bool {
        !self.kind.has("site") && self.kind.document_kind() != Some(Kind::Sites)
    }

    /// The record that is asked for.
    pub(super) async fn find(&self, asked: &str) -> Result<Found, Failure> {
        let own = own_site(&self.node).filter(|_| self.is_by_document());
        let site = self.site.clone().or(own);
        let wanted = |name: &Name| {
            Some(name.kind()) == self.kind.document_kind()
                && (name.site().is_none() || site.is_none() || name.site() == site.as_ref())
        };
        let found = find_of(&self.node, self.kind, asked, wanted).await?;
        match (
            &self.site,
            site_of(self.kind, &found.document, &found.entry),
        ) {
            (Some(wanted), Some(site)) if *wanted != site => Err(Failure::new(
                format!("{asked} 在 {site}，不在 {wanted}"),
                format!("{asked} is at {site}, not at {wanted}"),
            )),
            _ => Ok(found),
        }
    }

    /// Looks at the documents that hold records of the kind, those that its fields refer to, and `more`.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        more: Vec<Name>,
        read: impl FnOnce(&Documents<'_>) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let refers = self.kind.fields.iter().filter_map(|field| field.refers_to);
        let refers = refers.filter_map(|to| Record::kind_of(to)?.document_kind());
        let refers: Vec<Kind> = refers.collect();
        let wanted = |name: &Name| {
            if Some(name.kind()) != self.kind.document_kind() {
                return refers.contains(&name.kind());
            }
            let of_site = name.site().is_none() || self.site.is_none();
            let of_month = name.month().is_none() || self.month.is_none();
            (of_site || name.site() == self.site.as_ref())
                && (of_month || name.month() == self.month)
        };
        let more = more.into_iter().chain([Name::Sites]).collect();
        let read_names = names(&self.node, wanted, more).await?;
        Ok(self.node.read(read_names, read).await?)
    }

    /// The records a command is about, where they are, in the order people look for them.
    pub(super) async fn entries(&self) -> Result<Vec<(Name, Entry)>, Failure> {
        let (kind, site, month) = (self.kind, self.site.clone(), self.month);
        let mut entries = self
            .read(Vec::new(), move |documents| {
                of_kind(kind, documents)
                    .filter(|(name, entry)| site.is_none() || site_of(kind, name, entry) == site)
                    .filter(|(name, entry)| {
                        let of_month = |month| starts_in(kind, entry, month);
                        name.month().is_some() || month.is_none_or(of_month)
                    })
                    .map(|(name, entry)| (name.clone(), entry.clone()))
                    .collect::<Vec<_>>()
            })
            .await?;
        entries.sort_by_cached_key(|(name, entry)| {
            let start = kind
                .lasts
                .map(|(start, _)| FieldReader::new(entry.fields()).time(start));
            let known: Vec<String> = kind
                .known_by
                .iter()
                .filter_map(|field| entry.fields().get(*field).map(Value::to_string))
                .collect();
            let site = site_of(kind, name, entry);
            (
                site,
                start,
                known,
                kind.caption(entry.fields()),
                entry.record().id(),
            )
        });
        Ok(entries)
    }
}

/// Whether a record starts in a month. One that does not say when is not left out.
fn starts_in(kind: &RecordKind, entry: &Entry, month: Month) -> bool {
    let start = kind.lasts.map(|(start, _)| start);
    let start = start.and_then(|start| FieldReader::new(entry.fields()).time(start));
    start.is_none_or(|start| month.contains(start.date()))
}

/// The entries of a kind in the documents that hold some.
pub(super) fn of_kind<'a>(
    kind: &RecordKind,
    documents: &Documents<'a>,
) -> impl Iterator<Item = (&'a Name, &'a Entry)> {
    let (collection, holder) = (kind.collection, kind.document_kind());
    let all: Vec<_> = documents
        .views()
        // What only tells of a case that is elsewhere holds nothing of its own.
        .filter(|(name, view)| Some(name.kind()) == holder && shared_with(name, view).is_none())
        .flat_map(|(name, view)| view.entries(collection).map(move |entry| (name, entry)))
        .collect();
    all.into_iter()
}

/// Whose a record is: a field says so, or the document it is in.
pub(super) fn site_of(kind: &RecordKind, document: &Name, entry: &Entry) -> Option<SiteKey> {
    let own = kind
        .has("site")
        .then(|| FieldReader::new(entry.fields()).site("site"));
    own.flatten().or_else(|| document.site().cloned())
}

/// Where records of a kind have no site, naming one is a mistake.
pub(super) fn no_site(kind: &RecordKind, named: Option<&String>) -> Result<(), Failure> {
    if named.is_none() || kind.has("site") || kind.document_kind() != Some(Kind::Sites) {
        return Ok(());
    }
    let (zh, en) = (kind.label.zh, kind.label.en);
    Err(Failure::usage(
        format!("{zh}是全网共用的一份，不能用 --site"),
        format!("the network has one list of {en}s: --site does not go with it"),
    ))
}
