use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use yilian_core::document::{Author, LiveDocument, Month, Name, SiteKey};
use yilian_core::records::{Collection, Edit, RecordId, Shift};
use yilian_core::storage::Store as _;
use yilian_core::sync::engine::Config;
use yilian_core::sync::handshake::Introduction;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::replica::Replica;
use yilian_core::sync::sync_state::Voice;

use crate::driver::{Endpoint, Router, SessionSettings, Shard, ShardStore};
use crate::identity::{peer_id, random_bytes};
use crate::store::{Loader, Lookout, Writer, WriterSettings};
use crate::time::Clock;

mod app;
mod beacon;
mod cases;
mod command;
mod error;
mod holder;
mod link;
mod opened;
mod profile;
mod refused;
mod settled;
mod setup;
mod status;
mod supplies;

pub use command::Documents;
pub use error::{EditFailed, NodeError, OpenNodeError, ReadError};
pub use link::{Dialling, LinkState};
pub use profile::{Profile, Role};
pub use refused::{Refused, RefusedFailed};
pub use status::{DocumentWaiting, Status};
pub use supplies::{SupplyFailed, Tended};

use app::App;
use beacon::Beacon;
use command::Command;
use holder::Keeper;
use link::Link;
use opened::Opened;
use settled::SettledFile;

/// A replica of a network's documents in a directory, in step with a relay whenever there is one.
///
/// A handle: clones go to the same node. It works without a network; what is edited is on disk
/// before the call returns, and goes to the relay when there is one.
///
/// ```no_run
/// use yilian_node::{Node, Profile};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let profile = Profile::of_site("jiaozuo".parse()?, "keyun".parse()?).with_hub("ws://127.0.0.1:3030/sync");
/// Node::create("data".as_ref(), &profile)?;
///
/// let node = Node::open("data".as_ref()).await?;
/// node.go_online();
/// for shift in node.roster(&"keyun".parse()?, "2026-12".parse()?).await? {
///     println!("{:?} {} {}", shift.start, shift.name, shift.post);
/// }
/// node.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Node {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    commands: mpsc::UnboundedSender<Command>,
    changes: broadcast::Sender<Change>,
    link: Link,
    writer: Writer,
    loader: Loader,
    lookout: Lookout,
    clock: Clock,
    profile: Profile,
    /// Who this node is to ledgers of goods; held while goods are moved.
    keeper: tokio::sync::Mutex<Keeper>,
    /// Which submissions need not be looked at again.
    settled: tokio::sync::Mutex<SettledFile>,
    shard: std::sync::Mutex<Option<JoinHandle<()>>>,
}

/// What changed in a document, whoever changed it.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which document.
    pub name: Name,
    /// The records that changed, and how.
    pub patches: Arc<[yilian_core::document::RecordPatch]>,
    /// Whether it was changed here.
    pub local: bool,
}

/// A node that runs for so long looks for damage in its store, and then once a day: a command is over before that.
const LOOK_AFTER: std::time::Duration = std::time::Duration::from_secs(300);
/// Changes that a receiver may fall behind by before it is told that it missed some.
const CHANGES_MAX: usize = 1_024;

impl Node {
    /// Opens the node in a directory; it stays offline until [`Node::go_online`].
    ///
    /// # Errors
    /// There is none, another process has it open, or the store is damaged.
    pub async fn open(directory: &Path) -> Result<Self, OpenNodeError> {
        let directory = directory.to_owned();
        // Opening reads and perhaps migrates: not on a thread that others wait for.
        let opened = tokio::task::spawn_blocking(move || Opened::read(&directory)).await;
        let opened = opened.map_err(|_| OpenNodeError::Stopped)??;
        Self::start(opened)
    }

    fn start(opened: Opened) -> Result<Self, OpenNodeError> {
        let Opened {
            store,
            reader,
            profile,
            stored,
            cursor,
            keeper,
            settled,
            aside,
            second_reader,
        } = opened;
        let clock = Clock::new(&profile.zone)?;
        let introduction = Introduction {
            peer_id: peer_id("yilian")?,
            storage_id: store.id().to_string(),
            network: Some(profile.network.clone()),
        };
        let limits = Limits::default();
        let config = Config {
            peer_id: introduction.peer_id.clone(),
            storage_id: introduction.storage_id.clone(),
            session_id: peer_id("session")?,
            voice: Voice::Replica,
            limits,
            idle_ms: 60_000,
        };
        let replica = Replica::new(
            config,
            profile.network.clone(),
            stored,
            profile.prefixes(),
            cursor,
        );
        let writer =
            Writer::spawn(store, WriterSettings::default()).map_err(OpenNodeError::Thread)?;
        let loader = Loader::spawn(reader, writer.clone(), Limits::default())
            .map_err(OpenNodeError::Thread)?;
        let shard_store = ShardStore {
            writer: writer.clone(),
            loader: loader.clone(),
            names: Default::default(),
        };
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        let beacon = Beacon::new(&profile, &introduction.storage_id);
        let app = App::new(
            profile.author.clone(),
            clock.clone(),
            changes.clone(),
            beacon,
            aside,
        );
        let (shard, route, commands) = Shard::new(replica, app, shard_store, clock.clone());
        let shard = tokio::spawn(shard.run());
        let mend = commands.clone();
        let set_aside = move |document| {
            // A node that stops is mended when it is opened next.
            let _ = mend.send(Command::Mend(document));
        };
        let lookout = Lookout::spawn(second_reader, writer.clone(), LOOK_AFTER, set_aside)
            .map_err(OpenNodeError::Thread)?;
        let endpoint = Endpoint {
            introduction,
            router: Router::new(vec![route], None),
            settings: SessionSettings {
                limits,
                ..SessionSettings::default()
            },
        };
        let link = Link::start(endpoint, profile.hub.clone(), profile.token.clone());
        let shard = std::sync::Mutex::new(Some(shard));
        Ok(Self {
            inner: Arc::new(Inner {
                commands,
                changes,
                link,
                writer,
                loader,
                lookout,
                clock,
                profile,
                keeper: tokio::sync::Mutex::new(keeper),
                settled: tokio::sync::Mutex::new(settled),
                shard,
            }),
        })
    }

    /// What was said when the node was made.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.inner.profile
    }

    /// The clock of the network.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Connects to the relay, and again whenever the connection is lost.
    pub fn go_online(&self) {
        self.inner.link.want(true);
    }

    /// Leaves the relay until [`Node::go_online`].
    pub fn go_offline(&self) {
        self.inner.link.want(false);
    }

    /// The state of the connection, and every later one.
    #[must_use]
    pub fn link(&self) -> watch::Receiver<LinkState> {
        self.inner.link.state()
    }

    /// What changes from now on, in any open document.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    /// How far the node and its relay are from each other.
    ///
    /// # Errors
    /// The node has stopped.
    pub async fn status(&self) -> Result<Status, NodeError> {
        let progress = self.ask(Command::Progress).await?;
        Ok(Status::new(
            self.inner.link.state().borrow().clone(),
            progress,
        ))
    }

    /// The names of all documents that are here.
    ///
    /// # Errors
    /// The node has stopped.
    pub async fn names(&self) -> Result<Vec<Name>, NodeError> {
        self.ask(Command::Names).await
    }

    /// Opens documents and reads them; what is opened stays open and up to date until [`Node::close`]. A
    /// document that nobody has begun is there, and empty.
    ///
    /// # Errors
    /// A document is damaged, or the node has stopped.
    pub async fn read<T: Send + 'static>(
        &self,
        names: Vec<Name>,
        read: impl FnOnce(&Documents<'_>) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let (sender, receiver) = oneshot::channel();
        let run = move |documents: Result<Documents<'_>, ReadError>| {
            // Whoever asked may have stopped waiting.
            let _ = sender.send(documents.map(|documents| read(&documents)));
        };
        self.send(Command::Read {
            names,
            run: Box::new(run),
        })?;
        receiver.await.map_err(|_| NodeError::Stopped)?
    }

    /// Whether the relay has told of a document all that it has, and that is here: of one that this node does not subscribe to,
    /// nothing else tells. Opens the document, as [`Node::read`] does.
    ///
    /// # Errors
    /// The document is damaged, or the node has stopped.
    pub async fn has_heard(&self, name: &Name) -> Result<bool, NodeError> {
        let name = name.clone();
        self.ask(|reply| Command::Heard(name, reply)).await
    }

    /// Closes documents that were read or edited: they leave memory a minute later, and
    /// [`Node::changes`] says nothing of them any more. Reading one opens it again.
    ///
    /// # Errors
    /// The node has stopped.
    pub fn close(&self, names: Vec<Name>) -> Result<(), NodeError> {
        self.send(Command::Close(names))
    }

    /// Makes edits, each in its document, and returns when they are on disk: how many documents
    /// changed. What already is as asked changes nothing.
    ///
    /// # Errors
    /// An edit does not fit, a document is damaged, or the store failed; then nothing of that
    /// document's edits was made.
    pub async fn edit(&self, edits: Vec<Edit>, message: &str) -> Result<usize, EditFailed> {
        let mut by_document: BTreeMap<Name, Vec<Edit>> = BTreeMap::new();
        for edit in edits {
            by_document
                .entry(edit.document().clone())
                .or_default()
                .push(edit);
        }
        // All are asked for before any is waited for: they share commits.
        let mut receivers = Vec::with_capacity(by_document.len());
        for (name, edits) in by_document {
            let (reply, receiver) = oneshot::channel();
            let message = message.to_owned();
            self.send(Command::Edit {
                name,
                edits,
                message,
                again: None,
                reply,
            })?;
            receivers.push(receiver);
        }
        let mut changed = 0;
        for receiver in receivers {
            let edited = receiver.await.map_err(|_| NodeError::Stopped)?;
            changed += usize::from(edited.map_err(|error| self.with_reason(error))?);
        }
        Ok(changed)
    }

    /// The error with what the store said, where it said something.
    fn with_reason(&self, error: EditFailed) -> EditFailed {
        match (error, self.inner.writer.failure()) {
            (EditFailed::NotStored { name }, Some(source)) => EditFailed::Store { name, source },
            (error, _) => error,
        }
    }

    /// The shifts of a site in a month, removed ones left out, by start and name.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn roster(&self, site: &SiteKey, month: Month) -> Result<Vec<Shift>, ReadError> {
        let name = Name::Roster {
            site: site.clone(),
            month,
        };
        self.read(vec![name.clone()], move |documents| {
            let mut shifts: Vec<Shift> = documents
                .get(&name)
                .map(|document| {
                    document
                        .view()
                        .present::<Shift>()
                        .map(|(shift, _)| shift.clone())
                        .collect()
                })
                .unwrap_or_default();
            shifts.sort_by(|a, b| (a.start, &a.name, a.id).cmp(&(b.start, &b.name, b.id)));
            shifts
        })
        .await
    }

    /// Undoes this author's last edit of a document that still shows; false if there is none.
    ///
    /// # Errors
    /// See [`Node::edit`]; without an author there is nothing to undo.
    pub async fn undo(&self, name: &Name) -> Result<bool, EditFailed> {
        let Some(author) = self.inner.profile.author.clone() else {
            return Ok(false);
        };
        let now = self.inner.clock.civil();
        let undo = self
            .read(vec![name.clone()], {
                let name = name.clone();
                move |documents| {
                    documents
                        .get(&name)
                        .and_then(|document| document.undo_last(&author, now))
                }
            })
            .await?;
        match undo {
            Some(undo) => Ok(self.edit(undo.edits, &undo.message).await? > 0),
            None => Ok(false),
        }
    }

    /// The document, among those that are here, that has a record.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn find(&self, record: RecordId) -> Result<Option<(Name, Collection)>, ReadError> {
        let names = self.names().await?;
        self.read(names, move |documents| {
            documents.iter().find_map(|document: &LiveDocument| {
                let (collection, _) = document.view().find(record)?;
                Some((document.name()?.clone(), collection))
            })
        })
        .await
    }

    /// An id for a record that a person makes now.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn new_record(&self) -> Result<RecordId, crate::identity::RandomError> {
        Ok(RecordId::new(self.inner.clock.unix_ms(), random_bytes()?))
    }

    /// The author of this node's edits.
    #[must_use]
    pub fn author(&self) -> Option<&Author> {
        self.inner.profile.author.as_ref()
    }

    /// Leaves the relay, commits what was asked for, and closes the store. Other handles find the
    /// node stopped.
    pub async fn stop(&self) {
        self.inner.link.stop().await;
        let _ = self.inner.commands.send(Command::Stop);
        let shard = self
            .inner
            .shard
            .lock()
            .ok()
            .and_then(|mut shard| shard.take());
        if let Some(shard) = shard {
            // It ends by itself; if it panicked, its store is closed all the same.
            let _ = shard.await;
        }
        self.inner.lookout.stop().await;
        self.inner.loader.stop().await;
        self.inner.writer.stop().await;
    }

    fn send(&self, command: Command) -> Result<(), NodeError> {
        self.inner
            .commands
            .send(command)
            .map_err(|_| NodeError::Stopped)
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<T>) -> Command,
    ) -> Result<T, NodeError> {
        let (sender, receiver) = oneshot::channel();
        self.send(command(sender))?;
        receiver.await.map_err(|_| NodeError::Stopped)
    }
}
