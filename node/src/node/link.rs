use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tracing::{debug, info};

use crate::driver::{Endpoint, dial};
use crate::errors::chain;
use crate::identity::random_u64;
use crate::transport::{Backoff, DialSettings, Dialer, Trust};

/// A connection that lasted this long has proved itself: the next attempt does not wait long. On a line that is cut every ten
/// seconds each connection does.
const PROVED: Duration = Duration::from_secs(5);

/// The state of the connection to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum LinkState {
    /// Not connected, and not trying to be.
    Offline,
    /// Trying, or waiting to try again.
    Connecting(Dialling),
    /// Connected since this Unix time, in milliseconds.
    Online {
        /// When.
        since_ms: u64,
    },
}

/// How trying goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dialling {
    /// Attempts so far.
    pub attempts: u32,
    /// Why the last one failed.
    pub failure: Option<String>,
}

/// The task that keeps a node connected.
#[derive(Debug)]
pub(super) struct Link {
    wanted: watch::Sender<bool>,
    state: watch::Receiver<LinkState>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Link {
    pub(super) fn start(endpoint: Endpoint, url: Option<String>, token: Option<String>) -> Self {
        let (wanted, wanting) = watch::channel(false);
        let (sender, state) = watch::channel(LinkState::Offline);
        let keeper = Keeper {
            endpoint,
            token,
            state: sender,
            wanting,
        };
        let task = url.map(|url| tokio::spawn(keeper.keep(url)));
        Self {
            wanted,
            state,
            task: Mutex::new(task),
        }
    }

    pub(super) fn want(&self, online: bool) {
        self.wanted.send_replace(online);
    }

    pub(super) fn state(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    pub(super) async fn stop(&self) {
        self.want(false);
        if let Some(task) = self.task.lock().await.take() {
            let mut state = self.state.clone();
            // Leaving takes as long as the goodbye.
            let _ = state.wait_for(|state| *state == LinkState::Offline).await;
            task.abort();
        }
    }
}

struct Keeper {
    endpoint: Endpoint,
    token: Option<String>,
    state: watch::Sender<LinkState>,
    wanting: watch::Receiver<bool>,
}

impl Keeper {
    async fn keep(mut self, url: String) {
        let mut backoff = Backoff::default();
        let mut dialling = Dialling::default();
        // Nobody can want anything any more once the sender is gone.
        while self.wanting.wait_for(|wanted| *wanted).await.is_ok() {
            dialling.attempts += 1;
            self.state
                .send_replace(LinkState::Connecting(dialling.clone()));
            let started = Instant::now();
            let mut wanting = self.wanting.clone();
            let ended = tokio::select! {
                failure = self.attempt(&url) => Some(failure),
                _ = wanting.wait_for(|wanted| !*wanted) => None,
            };
            let Some(failure) = ended else {
                self.state.send_replace(LinkState::Offline);
                (backoff, dialling) = Default::default();
                continue;
            };
            if started.elapsed() >= PROVED {
                (backoff, dialling) = Default::default();
            }
            info!(failure, "no connection to the relay");
            dialling.failure = Some(failure);
            self.state
                .send_replace(LinkState::Connecting(dialling.clone()));
            // Without random bytes nodes would only come back less evenly spread.
            let pause = backoff.next(random_u64().unwrap_or(u64::MAX));
            tokio::select! {
                () = sleep(pause) => {}
                _ = wanting.wait_for(|wanted| !*wanted) => {
                    self.state.send_replace(LinkState::Offline);
                    (backoff, dialling) = Default::default();
                }
            }
        }
    }

    /// One connection, from dialling to its end; says why it ended.
    async fn attempt(&self, url: &str) -> String {
        let dialer = match Dialer::new(DialSettings::default(), &Trust::default()) {
            Ok(dialer) => dialer,
            Err(error) => return chain(&error),
        };
        let (socket, activity) = match dialer.dial(url, self.token.as_deref()).await {
            Ok(opened) => opened,
            Err(error) => return chain(&error),
        };
        debug!(url, "connected");
        let since_ms = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0);
        self.state.send_replace(LinkState::Online { since_ms });
        let end = dial(&self.endpoint, socket, &activity).await;
        chain(&end)
    }
}
