use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};
use yilian_core::document::Name;
use yilian_node::{LinkState, Node};

use crate::cli::failure::Failure;

/// How often one looks whether the relay has answered.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Failed attempts to connect after which one gives up.
const ATTEMPTS_MAX: u32 = 2;

/// How it went to ask the relay for a document.
pub(super) enum Reach {
    /// What it has of the document is here.
    Heard,
    /// It was not reached, or did not answer: why.
    Missed(String),
}

/// Opens a document, and gets from the relay what that has of it, whether or not this node subscribes to it.
pub(super) async fn fetch(node: &Node, name: &Name, patience: Duration) -> Result<Reach, Failure> {
    node.read(vec![name.clone()], |_| ()).await?;
    let Some(hub) = node.profile().hub.clone() else {
        return Ok(Reach::Missed("--hub".to_owned()));
    };
    node.go_online();
    let link = node.link();
    let since = Instant::now();
    let mut tick = interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if node.has_heard(name).await? {
            return Ok(Reach::Heard);
        }
        let failure = match &*link.borrow() {
            LinkState::Connecting(dialling) if dialling.attempts >= ATTEMPTS_MAX => {
                dialling.failure.clone()
            }
            _ => None,
        };
        if let Some(failure) = failure {
            return Ok(Reach::Missed(format!("{hub}: {failure}")));
        }
        if since.elapsed() > patience {
            return Ok(Reach::Missed(hub));
        }
    }
}
