use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::Router;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::StreamExt as _;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tower_http::services::ServeDir;
use tracing::{debug, info};
use yilian_core::storage::Commit;
use yilian_core::sync::engine::CloseReason;
use yilian_node::driver::{Budget, Endpoint, SessionEnd, accept};
use yilian_node::errors::chain;
use yilian_node::store::{Compactor, Writer};
use yilian_node::transport::{self, Adapted, Ended, Frame, FrameSocket, Paced, SocketError};
use yilian_node::verifier::Verifier;

use crate::calendar::{self, Calendars};
use crate::doors::{Doors, Turned};
use crate::large::Reading;
use crate::listener::Caller;
use crate::metrics::Metrics;

/// What comes before the bytes of a ping or pong: flags, length, mask.
const CONTROL_HEAD: usize = 6;

/// What every request can reach.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) endpoint: Endpoint,
    pub(crate) metrics: Metrics,
    pub(crate) writer: Writer,
    pub(crate) compactor: Arc<Compactor>,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) budget: Budget,
    pub(crate) doors: Doors,
    /// Whose word on who calls is taken.
    pub(crate) proxies: Arc<[IpAddr]>,
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
    let router = match web {
        Some(directory) => router.fallback_service(ServeDir::new(directory)),
        None => router,
    };
    router.layer(from_fn(requested))
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
        shared.metrics.render(&shared),
    )
}

async fn sync(
    State(shared): State<Shared>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    caller.used.upgraded();
    let address = who_calls(caller.address.ip(), &headers, &shared.proxies);
    let mut door = match shared.doors.knock(address, Instant::now()) {
        Ok((door, wait)) => {
            if !wait.is_zero() {
                shared.metrics.limit("max_breaches");
                sleep(wait).await;
            }
            door
        }
        Err(turned) => {
            caller.used.refused();
            return shared.refuse(address, turned);
        }
    };
    let Ok(place) = shared.places.clone().try_acquire_owned() else {
        caller.used.refused();
        shared.metrics.refused("max_connections");
        info!(caller = %address, "refused: too many connections");
        return (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n").into_response();
    };
    door.enter();
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
            let (end, is_overdrawn) = hold(&shared, adapt(socket), &caller).await;
            shared.metrics.ended(end.label());
            if let Some(limit) = limit_of(&end) {
                shared.metrics.limit(limit);
            }
            // To leave with what was taken unpaid would be a way around paying.
            if (is_overdrawn || is_breach(&end)) && door.breach(Instant::now()) {
                info!(caller = %address, end = chain(&end), "new connections from there have to wait: too many breaches");
            }
            debug!(caller = %address, end = chain(&end), "disconnected");
            shared.metrics.connections.fetch_sub(1, Ordering::Relaxed);
            drop((place, door));
        })
}

/// Holds a session that is paid for, and says how it ended, and whether that was with a debt.
async fn hold(
    shared: &Shared,
    socket: impl FrameSocket + Unpin,
    caller: &Caller,
) -> (SessionEnd, bool) {
    let account = shared.budget.open();
    let endpoint = Endpoint {
        router: shared.endpoint.router.charged_to(account.clone()),
        ..shared.endpoint.clone()
    };
    let activity = &caller.activity;
    let socket = Paced::new(socket, account.clone(), activity.clone());
    let socket = socket.map(|frame| frame.map(|frame| counted(&caller.reading, frame)));
    let end = tokio::select! {
        end = accept(&endpoint, socket, activity) => end,
        () = caller.reading.cut() => SessionEnd::Closed(CloseReason::TooMuchWaiting),
    };
    (end, account.is_overdrawn())
}

impl Shared {
    fn refuse(&self, address: IpAddr, turned: Turned) -> Response {
        let (limit, text) = match turned {
            Turned::TooMany => (
                "max_connections_per_address",
                "too many connections from your address\n",
            ),
            Turned::Crowded => ("max_breaches", "too many breaches from your address\n"),
        };
        self.metrics.refused(limit);
        info!(caller = %address, limit, "refused");
        let after = [(header::RETRY_AFTER, "30")];
        (StatusCode::TOO_MANY_REQUESTS, after, text).into_response()
    }
}

/// Who calls: whoever the proxy says, where it is one of ours that calls.
fn who_calls(from: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.contains(&address.to_canonical());
    if !is_proxy(from) {
        return from;
    }
    let named = headers.get_all("x-forwarded-for").into_iter();
    let named = named.filter_map(|header| header.to_str().ok());
    let named: Vec<&str> = named.flat_map(|header| header.split(',')).collect();
    // The last that is no proxy of ours: whatever stands before it, anybody may have written.
    let parsed = named.iter().rev().map(|name| name.trim().parse());
    let known = parsed.map_while(Result::ok);
    known
        .into_iter()
        .find(|address| !is_proxy(*address))
        .unwrap_or(from)
}

/// The limit at which a session ended, where it was the session and not a shard that knows it.
fn limit_of(end: &SessionEnd) -> Option<&'static str> {
    match end {
        SessionEnd::NoIntroduction(_) => Some("join_timeout"),
        SessionEnd::Socket(Ended::Silent(_)) => Some("silence_timeout"),
        SessionEnd::Socket(Ended::Failed(SocketError::TooBig(_))) => Some("frame_bytes"),
        _ => None,
    }
}

/// Whether a session ended because of what only a broken or hostile peer does.
fn is_breach(end: &SessionEnd) -> bool {
    match end {
        SessionEnd::Handshake(_) | SessionEnd::Wire(_) | SessionEnd::NoIntroduction(_) => true,
        SessionEnd::Closed(reason) => !matches!(
            reason,
            CloseReason::Left | CloseReason::Refused | CloseReason::StoreFailed
        ),
        SessionEnd::Socket(ended) => matches!(
            ended,
            Ended::Text | Ended::Failed(SocketError::TooBig(_) | SocketError::Protocol(_))
        ),
        _ => false,
    }
}

/// Notes that somebody asked for something.
async fn requested(
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
    next: Next,
) -> Response {
    caller.used.requested();
    next.run(request).await
}

fn adapt(socket: WebSocket) -> Adapted<WebSocket, Message, axum::Error> {
    Adapted::new(socket, into_frame, from_frame, |error| {
        SocketError::from_boxed(error.into_inner())
    })
}

/// What a message holds of memory counts from here on until it is let go of.
fn counted(reading: &Reading, frame: Frame) -> Frame {
    if let Frame::Ping(bytes) | Frame::Pong(bytes) = &frame {
        reading.control(bytes.len() + CONTROL_HEAD);
    }
    match frame {
        Frame::Binary(message) => Frame::Binary(reading.ended(message)),
        frame => frame,
    }
}

fn into_frame(message: Message) -> Frame {
    match message {
        Message::Binary(bytes) => Frame::Binary(bytes),
        Message::Text(text) => Frame::Text(text.to_string()),
        Message::Ping(bytes) => Frame::Ping(bytes),
        Message::Pong(bytes) => Frame::Pong(bytes),
        Message::Close(reason) => Frame::Close(
            reason
                .map(|reason| transport::CloseReason::new(reason.code, reason.reason.to_string())),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_a_proxy_of_ours_is_believed_and_only_its_own_word() {
        let address = |text: &str| -> IpAddr { text.parse().unwrap() };
        let proxies = [address("127.0.0.1"), address("10.0.0.1")];
        let calls = |from: &str, said: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in said {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            who_calls(address(from), &headers, &proxies).to_string()
        };
        assert_eq!(calls("1.2.3.4", &["5.6.7.8"]), "1.2.3.4");
        assert_eq!(calls("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(calls("127.0.0.1", &["5.6.7.8"]), "5.6.7.8");
        assert_eq!(calls("127.0.0.1", &["9.9.9.9, 5.6.7.8"]), "5.6.7.8");
        assert_eq!(
            calls("::ffff:127.0.0.1", &["9.9.9.9", "5.6.7.8, 10.0.0.1"]),
            "5.6.7.8"
        );
        assert_eq!(calls("127.0.0.1", &["5.6.7.8, nonsense"]), "127.0.0.1");
    }
}
