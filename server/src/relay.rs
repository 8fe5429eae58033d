use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use yilian_core::document::DocumentId;
use yilian_core::storage::{Commit, Store as _};
use yilian_core::sync::engine::{Config, Engine, Notice};
use yilian_core::sync::handshake::Introduction;
use yilian_core::sync::limits::Hits;
use yilian_core::sync::sync_state::Voice;
use yilian_node::Profile;
use yilian_node::driver::{
    Application, Budget, Endpoint, Event, Router, SessionSettings, Shard, ShardStore,
};
use yilian_node::identity::{RandomError, peer_id};
use yilian_node::store::{
    Compacted, Compactor, Lacking, Loader, OpenError, SqliteStore, StoreError, Writer,
    WriterSettings,
};
use yilian_node::time::{Clock, ZoneError};
use yilian_node::transport::PumpSettings;
use yilian_node::verifier::Verifier;

use crate::calendar::Calendars;
use crate::catalogue::CatalogueTask;
use crate::condition::Condition;
use crate::doors::Doors;
use crate::http::{Shared, routes};
use crate::large::LargeMessages;
use crate::listener::{BoundedListener, Caller};
use crate::metrics::Metrics;
use crate::published::PublishedStore;
use crate::settings::Settings;

/// How long connections may take to end when the relay stops.
const GOODBYE: Duration = Duration::from_secs(5);

/// A running relay.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use yilian_server::{Relay, Settings};
///
/// let relay = Relay::start(Settings::local("relay-data")).await?;
/// println!("listening on {}", relay.url());
/// relay.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    metrics: Metrics,
    writer: Writer,
    loader: Loader,
    compactor: Arc<Compactor>,
    verifier: Arc<Verifier>,
    calendars: Option<Arc<Calendars>>,
    stop_listening: oneshot::Sender<()>,
    listening: JoinHandle<std::io::Result<()>>,
    shards: Vec<(mpsc::UnboundedSender<()>, JoinHandle<()>)>,
    catalogue: (mpsc::UnboundedSender<()>, JoinHandle<()>),
}

/// Why a relay did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    // Caller.
    /// Everybody could read and write everything.
    #[error(
        "{address} can be reached from elsewhere, and nobody is asked who they are: listen on 127.0.0.1, or say --insecure-no-auth"
    )]
    NoAuth {
        /// The address.
        address: SocketAddr,
    },
    /// The directory holds a node's data, which are of one network and not for everybody.
    #[error("{} holds the data of a node (yilian), not of a relay: choose another directory", directory.display())]
    NodeData {
        /// Which.
        directory: PathBuf,
    },
    /// There is no such directory.
    #[error("there is no directory {} to serve files from", directory.display())]
    NoWeb {
        /// Which.
        directory: PathBuf,
    },
    // Environment.
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system gives no thread.
    #[error("the operating system gives no thread")]
    Thread(#[source] std::io::Error),
    /// There are no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The time zone is unknown.
    #[error(transparent)]
    Zone(#[from] ZoneError),
    /// The process is ending.
    #[error("the process is ending")]
    Stopped,
}

impl Relay {
    /// Opens the store and listens.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        if !settings.listen.ip().is_loopback() && !settings.insecure_no_auth {
            return Err(StartError::NoAuth {
                address: settings.listen,
            });
        }
        if let Some(directory) = settings
            .web
            .as_ref()
            .filter(|directory| !directory.is_dir())
        {
            return Err(StartError::NoWeb {
                directory: directory.clone(),
            });
        }
        let data = settings.data.clone();
        let opened = tokio::task::spawn_blocking(move || SqliteStore::open(data)).await;
        let store = opened.map_err(|_| StartError::Stopped)??;
        if Profile::is_in(&store)? {
            return Err(StartError::NodeData {
                directory: settings.data.clone(),
            });
        }
        let listen_error = |source| StartError::Listen {
            address: settings.listen,
            source,
        };
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        Self::run(&settings, store, listener, address)
    }

    fn run(
        settings: &Settings,
        store: SqliteStore,
        listener: TcpListener,
        address: SocketAddr,
    ) -> Result<Self, StartError> {
        let metrics = Metrics::new(settings.shards);
        let introduction = Introduction {
            peer_id: peer_id("yilian-relay")?,
            storage_id: store.id().to_string(),
            network: None,
        };
        let stored = store.documents()?;
        metrics.condition.lost(store.lost_commits());
        for lacking in store.lacking()? {
            let Lacking {
                document,
                name,
                heads,
                ..
            } = lacking;
            metrics.condition.lacks(document, name, heads);
        }
        let (reader, compactor_reader) = (store.reader()?, store.reader()?);
        let verifier_reader = store.reader()?;
        let calendars = match settings.calendar.clone() {
            Some(network) => Some(Arc::new(Calendars::new(network, store.reader()?)?)),
            None => None,
        };
        let (published_sender, published) = mpsc::unbounded_channel();
        let store = PublishedStore::new(store, published_sender, metrics.condition.clone());
        let writer = Writer::spawn(store, WriterSettings::default()).map_err(StartError::Thread)?;
        let loader =
            Loader::spawn(reader, writer.clone(), settings.limits).map_err(StartError::Thread)?;
        // A cursor is good for as long as the relay runs: a store that was restored meanwhile looks
        // like any other at its start.
        let run_id = format!("{}/{}", introduction.storage_id, introduction.peer_id);
        let (task, catalogue_route, stop_catalogue) =
            CatalogueTask::new(introduction.peer_id.clone(), run_id, &stored, published);
        let catalogue = (stop_catalogue, tokio::spawn(task.run()));
        let names = stored
            .into_iter()
            .filter_map(|document| Some((document.id, document.name?)))
            .collect();
        let shards = Shards {
            settings,
            introduction: &introduction,
            writer: &writer,
            loader: &loader,
            metrics: &metrics,
        };
        let (routes_to, shards) = shards.start(names)?;
        let events: Vec<_> = routes_to.iter().map(|route| route.events.clone()).collect();
        let to_verify = events.clone();
        let compactor = Compactor::spawn(
            compactor_reader,
            writer.clone(),
            settings.limits,
            settings.compaction.clone(),
            move |document, compacted| {
                let event = match compacted {
                    Compacted::Snapshot(info) => Event::Snapshot(document, info),
                    Compacted::SetAside => Event::SetAside(document),
                    _ => return,
                };
                if let Some(events) = events.get(Router::shard_of(document, events.len())) {
                    // A shard that is gone sends nobody anything.
                    let _ = events.send(event);
                }
            },
        );
        let compactor = Arc::new(compactor.map_err(StartError::Thread)?);
        let verifier = Verifier::spawn(
            verifier_reader,
            writer.clone(),
            settings.limits,
            settings.verification.clone(),
            move |document, found| {
                if let Some(events) = to_verify.get(Router::shard_of(document, to_verify.len())) {
                    // A shard that is gone keeps nothing from anybody.
                    let _ = events.send(Event::Quarantine(document, found));
                }
            },
        );
        let verifier = Arc::new(verifier.map_err(StartError::Thread)?);
        let endpoint = Endpoint {
            introduction,
            router: Router::new(routes_to, Some(catalogue_route)),
            settings: SessionSettings {
                introduction: settings.introduction,
                pump: PumpSettings {
                    silence_max: settings.silence_max,
                    ..PumpSettings::default()
                },
                limits: settings.limits,
            },
        };
        let doors = Doors::new(settings.connections_per_address_max, settings.breaches_max);
        let shared = Shared {
            endpoint,
            metrics: metrics.clone(),
            writer: writer.clone(),
            compactor: Arc::clone(&compactor),
            verifier: Arc::clone(&verifier),
            budget: Budget::new(cores()),
            doors: doors.clone(),
            proxies: settings.proxies.as_slice().into(),
            places: Arc::new(Semaphore::new(
                settings.connections_max.min(Semaphore::MAX_PERMITS),
            )),
        };
        let service = routes(shared, calendars.clone(), settings.web.as_deref())
            .into_make_service_with_connect_info::<Caller>();
        let (stop_listening, stopped) = oneshot::channel::<()>();
        let listener = BoundedListener::new(
            listener,
            settings.connections_max,
            settings.request,
            doors,
            metrics.clone(),
            LargeMessages::new(settings.large_bytes_max, metrics.clone()),
        );
        let server = axum::serve(listener, service).with_graceful_shutdown(async move {
            // Whether it was said or the relay was dropped: it is over.
            let _ = stopped.await;
        });
        let listening = tokio::spawn(server.into_future());
        Ok(Self {
            address,
            metrics,
            writer,
            loader,
            compactor,
            verifier,
            calendars,
            stop_listening,
            listening,
            shards,
            catalogue,
        })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where peers connect.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}/sync", self.address)
    }

    /// Stops accepting, ends every connection, commits what was taken in, and closes the store.
    pub async fn stop(self) {
        let _ = self.stop_listening.send(());
        let tasks = self.shards.into_iter().chain([self.catalogue]);
        // All are told before any is waited for.
        let tasks: Vec<JoinHandle<()>> = tasks
            .map(|(stop, task)| {
                let _ = stop.send(());
                task
            })
            .collect();
        for task in tasks {
            // A task that panicked is over as well.
            let _ = task.await;
        }
        let connections = Arc::clone(&self.metrics.connections);
        let _ = timeout(GOODBYE, async move {
            while connections.load(Ordering::Relaxed) > 0 {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        self.listening.abort();
        if let Some(calendars) = self.calendars {
            calendars.close();
        }
        self.compactor.stop().await;
        self.verifier.stop().await;
        self.loader.stop().await;
        self.writer.stop().await;
    }
}

/// How many cores there are for this process.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What shards are made of.
struct Shards<'a> {
    settings: &'a Settings,
    introduction: &'a Introduction,
    writer: &'a Writer,
    loader: &'a Loader,
    metrics: &'a Metrics,
}

type Started = (
    Vec<yilian_node::driver::Route>,
    Vec<(mpsc::UnboundedSender<()>, JoinHandle<()>)>,
);

impl Shards<'_> {
    /// Starts the shards, each with the names of its documents.
    fn start(&self, names: BTreeMap<DocumentId, String>) -> Result<Started, StartError> {
        let mut by_shard = vec![BTreeMap::new(); self.settings.shards];
        for (id, name) in names {
            if let Some(names) = by_shard.get_mut(Router::shard_of(id, self.settings.shards)) {
                names.insert(id, name);
            }
        }
        let session_id = peer_id("session")?;
        let clock = Clock::new("UTC")?;
        let (mut routes, mut tasks) = (Vec::new(), Vec::new());
        for (index, names) in by_shard.into_iter().enumerate() {
            let engine = Engine::new(Config {
                peer_id: self.introduction.peer_id.clone(),
                storage_id: self.introduction.storage_id.clone(),
                session_id: session_id.clone(),
                voice: Voice::Relay,
                limits: self.settings.limits,
                idle_ms: 30_000,
            });
            let store = ShardStore {
                writer: self.writer.clone(),
                loader: self.loader.clone(),
                names,
            };
            let application = Counted {
                documents: Arc::clone(&self.metrics.documents),
                condition: self.metrics.condition.clone(),
                metrics: self.metrics.clone(),
                told: Hits::default(),
                index,
            };
            let (shard, route, stop) = Shard::new(engine, application, store, clock.clone());
            routes.push(route);
            tasks.push((stop, tokio::spawn(shard.run())));
        }
        Ok((routes, tasks))
    }
}

/// A relay makes nothing of its documents; it counts them.
struct Counted {
    documents: Arc<[AtomicUsize]>,
    condition: Condition,
    metrics: Metrics,
    /// Limits that were reached, as far as they are counted.
    told: Hits,
    index: usize,
}

impl Application for Counted {
    type Machine = Engine;
    /// To be asked for anything is to be asked to stop.
    type Command = ();

    fn command(&mut self, _machine: &mut Engine, (): ()) -> bool {
        false
    }

    fn notice(&mut self, _machine: &mut Engine, notice: Notice) {
        match notice {
            Notice::Opened { document } => self.condition.readable(document, true),
            Notice::Damaged { document } => self.condition.readable(document, false),
            Notice::Lost { document } => {
                tracing::error!(%document, "changes that could not be stored were dropped")
            }
            _ => {}
        }
    }

    fn settle(&mut self, machine: &mut Engine) -> Option<Commit> {
        if let Some(count) = self.documents.get(self.index) {
            count.store(machine.document_count(), Ordering::Relaxed);
        }
        if machine.limit_hits().total() != self.told.total() {
            self.metrics.limits(&self.told, machine.limit_hits());
            self.told = machine.limit_hits().clone();
        }
        None
    }

    fn stopping(&mut self, _machine: &mut Engine) -> Option<Commit> {
        None
    }
}
