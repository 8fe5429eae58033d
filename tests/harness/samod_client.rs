//! A `samod` client: the Rust implementation of `automerge-repo`, unmodified, over our own socket
//! (its tungstenite feature would bring native TLS and a second tungstenite into the tree).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use automerge::transaction::Transactable;
use automerge::{AutoSerde, Automerge, ChangeHash, ObjType, ROOT, ReadDoc};
use futures_util::{SinkExt, StreamExt, TryStreamExt, future};
use samod::{
    BackoffConfig, DialError, Dialer, DialerHandle, DocHandle, DocumentId, PeerId, Repo, Transport,
};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, Message};
use url::Url;

use crate::in_time;

/// A `samod` repository that dials one relay.
pub struct SamodClient {
    repo: Repo,
    url: Url,
    dialer: DialerHandle<Infallible>,
}

impl std::fmt::Debug for SamodClient {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SamodClient")
            .field("peer", &self.repo.peer_id())
            .finish_non_exhaustive()
    }
}

impl SamodClient {
    /// Opens a client and waits until it is connected.
    pub async fn connect(name: &str, url: &str) -> SamodClient {
        let repo = Repo::build_tokio()
            .with_peer_id(PeerId::from(name))
            .load()
            .await;
        let url = Url::parse(url).expect("a relay's address");
        let dialer = dial(&repo, &url).await;
        SamodClient { repo, url, dialer }
    }

    /// Closes the socket, as a lost network would.
    pub async fn offline(&mut self) {
        self.dialer.close();
        in_time("samod to disconnect", async {
            // The dialer's own `is_connected` stays as it was once the dialer is closed.
            while !self.repo.connected_peers().0.is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    }

    /// Dials again and waits for the relay.
    pub async fn online(&mut self) {
        self.dialer = dial(&self.repo, &self.url).await;
    }

    /// Creates a document with one text value at its root.
    pub async fn create(&self, key: &str, value: &str) -> DocHandle {
        let mut document = Automerge::new();
        document
            .transact(|transaction| transaction.put(ROOT, key, value))
            .expect("a put at the root");
        in_time("samod to create", self.repo.create(document))
            .await
            .expect("the repository runs")
    }

    /// `repo.find`: none when no peer has it.
    pub async fn find(&self, document: &str) -> Option<DocHandle> {
        let id: DocumentId = document.parse().expect("a document id");
        in_time("samod to find", self.repo.find(id))
            .await
            .expect("the repository runs")
    }

    /// Waits until the relay has said that it holds all of `handle`.
    pub async fn acked(&self, handle: &DocHandle) {
        let connection = self.dialer.connection_id().expect("connected");
        in_time(
            "the relay to acknowledge samod's changes",
            handle.they_have_our_changes(connection),
        )
        .await;
    }

    /// Ends it.
    pub async fn close(self) {
        self.repo.stop().await;
    }
}

/// One change setting the value at `path`, making maps on the way.
pub fn set(handle: &DocHandle, path: &[&str], value: &str) {
    let (last, folders) = path.split_last().expect("a path names something");
    handle.with_document(|document| {
        document
            .transact(|transaction| {
                let mut at = ROOT;
                for folder in folders {
                    at = match transaction.get(&at, *folder)? {
                        Some((_, id)) => id,
                        None => transaction.put_object(&at, *folder, ObjType::Map)?,
                    };
                }
                transaction.put(&at, *last, value)
            })
            .expect("a change to a map");
    });
}

/// `count` changes, each setting `key`.
pub fn edit(handle: &DocHandle, key: &str, count: usize) {
    handle.with_document(|document| {
        for number in 0..count {
            document
                .transact(|transaction| transaction.put(ROOT, key, number as i64))
                .expect("a put at the root");
        }
    });
}

/// Sorted hexadecimal heads, as [`crate::js::Snapshot`] has them.
pub fn heads(handle: &DocHandle) -> Vec<String> {
    handle.with_document(|document| sorted(&document.get_heads()))
}

/// The document as JSON.
pub fn content(handle: &DocHandle) -> Value {
    handle.with_document(|document| {
        serde_json::to_value(AutoSerde::from(&*document)).expect("a document is JSON")
    })
}

/// Waits until the document has exactly `expected` heads.
pub async fn wait_heads(handle: &DocHandle, expected: &[String]) {
    let what = format!("samod to reach {expected:?}");
    wait(&what, handle, |handle| heads(handle) == expected).await;
}

/// Waits until the value at `path` is `value`.
pub async fn wait_value(handle: &DocHandle, path: &[&str], value: &Value) {
    let what = format!("samod to see {path:?} = {value}");
    wait(&what, handle, |handle| {
        let content = content(handle);
        path.iter()
            .try_fold(&content, |at, key| at.get(*key))
            .is_some_and(|at| at == value)
    })
    .await;
}

async fn wait(what: &str, handle: &DocHandle, reached: impl Fn(&DocHandle) -> bool) {
    let mut changes = handle.changes();
    in_time(what, async {
        while !reached(handle) {
            if changes.next().await.is_none() {
                panic!("samod stopped before {what}");
            }
        }
    })
    .await;
}

fn sorted(heads: &[ChangeHash]) -> Vec<String> {
    let mut heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    heads.sort();
    heads
}

async fn dial(repo: &Repo, url: &Url) -> DialerHandle<Infallible> {
    let backoff = BackoffConfig {
        initial_delay: Duration::from_millis(100),
        max_delay: Duration::from_secs(1),
        max_retries: None,
    };
    let dialer = repo
        .dial(backoff, Arc::new(Socket { url: url.clone() }))
        .expect("the repository runs");
    in_time("samod to connect", dialer.established())
        .await
        .expect("a dialer without a retry limit never fails");
    dialer
}

struct Socket {
    url: Url,
}

impl Dialer for Socket {
    type Error = Infallible;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(
        &self,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Transport, DialError<Infallible>>> + Send>>
    {
        let url = self.url.clone();
        Box::pin(async move {
            let (socket, _) = tokio_tungstenite::connect_async(url.as_str())
                .await
                .map_err(DialError::transient)?;
            Ok(transport(socket))
        })
    }
}

/// A socket as `samod` takes it, whichever side opened it: binary messages are frames, others are none.
pub fn transport<S>(socket: WebSocketStream<S>) -> Transport
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sink, stream) = socket.split();
    let stream = stream
        .try_filter_map(|message| {
            future::ready(Ok(match message {
                Message::Binary(data) => Some(data.to_vec()),
                _ => None,
            }))
        })
        .boxed();
    let sink = sink.with(|data: Vec<u8>| {
        future::ready(Ok::<_, tungstenite::Error>(Message::Binary(data.into())))
    });
    Transport::new(stream, sink)
}
