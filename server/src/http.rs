use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_http::services::ServeDir;
use tracing::{debug, info};
use yilian_core::storage::Commit;
use yilian_node::driver::{Endpoint, accept};
use yilian_node::errors::chain;
use yilian_node::store::{Compactor, Writer};
use yilian_node::transport::{Activity, Adapted, CloseReason, Frame, SocketError, Watched};
use yilian_node::verifier::Verifier;

use crate::calendar::{self, Calendars};
use crate::metrics::Metrics;

/// What every request can reach.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) metrics: Metrics,
    pub(crate) writer: Writer,
    pub(crate) compactor: Arc<Compactor>,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) places: Arc<Semaphore>,
}

/// The routes: `/sync`, what a supervisor asks for, and perhaps calendars and files.
pub(crate) fn routes(
    shared: Shared,
    calendars: Option<Arc<Calendars>>,
    web: Option<&std::path::Path>,
) -> Router {
    let router = Router::new()
        .route("/sync", any(sync))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route(
            "/version",
            get(|| async { concat!(env!("CARGO_PKG_VERSION"), "\n") }),
        )
        .with_state(shared);
    let router = match calendars {
        Some(calendars) => router.merge(calendar::routes(calendars)),
        None => router,
    };
    match web {
        Some(directory) => router.fallback_service(ServeDir::new(directory)),
        None => router,
    }
}

async fn ready(State(shared): State<Shared>) -> (StatusCode, String) {
    let condition = &shared.metrics.condition;
    if !condition.is_healthy() {
        // Whether there is room again, nobody knows before something is written.
        let probe = Commit::of_setting("probe", Some(Vec::new()));
        // What became of it, the condition says.
        let _ = shared.writer.commit_and_wait(probe).await;
    }
    let status = match condition.is_healthy() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, condition.report())
}

async fn metrics(State(shared): State<Shared>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (
        [(header::CONTENT_TYPE, content_type)],
        shared
            .metrics
            .render(&shared.writer, &shared.compactor, &shared.verifier),
    )
}

async fn sync(
    State(shared): State<Shared>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Ok(place) = shared.places.clone().try_acquire_owned() else {
        shared
            .metrics
            .connections_refused
            .fetch_add(1, Ordering::Relaxed);
        info!(caller = %caller.address, "refused: too many connections");
        return (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n").into_response();
    };
    let limit = shared.endpoint.settings.limits.frame_bytes;
    upgrade
        .max_message_size(limit)
        .max_frame_size(limit)
        // A thousand idle connections should not cost a hundred megabytes.
        .read_buffer_size(8 << 10)
        .write_buffer_size(32 << 10)
        .on_upgrade(move |socket| async move {
            shared.metrics.connections.fetch_add(1, Ordering::Relaxed);
            shared
                .metrics
                .connections_total
                .fetch_add(1, Ordering::Relaxed);
            let end = accept(&shared.endpoint, adapt(socket), &caller.activity).await;
            shared.metrics.ended(end.label());
            debug!(caller = %caller.address, end = chain(&end), "disconnected");
            shared.metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        })
}

fn adapt(socket: WebSocket) -> Adapted<WebSocket, Message, axum::Error> {
    Adapted::new(socket, into_frame, from_frame, |error| {
        SocketError::from_boxed(error.into_inner())
    })
}

fn into_frame(message: Message) -> Frame {
    match message {
        Message::Binary(bytes) => Frame::Binary(bytes),
        Message::Text(text) => Frame::Text(text.to_string()),
        Message::Ping(bytes) => Frame::Ping(bytes),
        Message::Pong(bytes) => Frame::Pong(bytes),
        Message::Close(reason) => Frame::Close(
            reason.map(|reason| CloseReason::new(reason.code, reason.reason.to_string())),
        ),
    }
}

fn from_frame(frame: Frame) -> Message {
    match frame {
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Text(text) => Message::Text(text.into()),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Close(reason) => Message::Close(reason.map(|reason| CloseFrame {
            code: reason.code,
            reason: reason.text.into(),
        })),
    }
}

/// A listener whose connections note every byte that arrives: a sign of life even in the middle of a
/// message that takes minutes.
#[derive(Debug)]
pub(crate) struct WatchedListener(pub(crate) TcpListener);

impl Listener for WatchedListener {
    type Io = Watched<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // A frame should not wait for the one before to be acknowledged; if the socket is gone,
        // reading from it will tell.
        let _ = stream.set_nodelay(true);
        (Watched::new(stream, Activity::new()), address)
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// Who connected.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    address: SocketAddr,
    activity: Activity,
}

impl Connected<IncomingStream<'_, WatchedListener>> for Caller {
    fn connect_info(stream: IncomingStream<'_, WatchedListener>) -> Self {
        Self {
            address: *stream.remote_addr(),
            activity: stream.io().activity().clone(),
        }
    }
}
