//! One of those who read: checks every change, acknowledges every message, holds no document.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use automerge::{ChangeHash, sync};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use yilian_tests::cbor::{self, Frame};
use yilian_tests::raw::{self, RawClient, sync_with};

use crate::author::DOCUMENT;
use crate::change::{Made, check};
use crate::speaks_sync;
use crate::target::Wire;
use crate::window::Window;

/// A reader that has the document's first change.
pub(crate) struct Reader {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    names: (String, String),
    number: usize,
    wire: Wire,
    window: Arc<Window>,
    read: usize,
}

impl Reader {
    pub(crate) async fn connect(
        url: &str,
        wire: Wire,
        number: usize,
        story: &[Made],
        window: Arc<Window>,
    ) -> Result<Reader> {
        let mut names = Default::default();
        let socket = if speaks_sync(wire) {
            let mut client = RawClient::join(url, &format!("reader {number}")).await;
            let first = story.first().context("a story has a first change")?;
            let question = sync_with(Vec::new(), Vec::new());
            client.send_sync("request", DOCUMENT, question).await;
            loop {
                let frame = client.receive_kind("sync").await;
                if raw::sync_message(&frame).changes.iter().next().is_some() {
                    let answer = sync_with(vec![first.hash], Vec::new());
                    client.send_sync("sync", DOCUMENT, answer).await;
                    break;
                }
                let question = sync_with(Vec::new(), Vec::new());
                client.send_sync("sync", DOCUMENT, question).await;
            }
            names = (client.peer_id.clone(), client.relay_id.clone());
            client.into_socket()
        } else {
            RawClient::socket(url).await
        };
        Ok(Reader {
            socket,
            names,
            number,
            wire,
            window,
            read: 0,
        })
    }

    /// Reads until there have been `changes`.
    pub(crate) async fn read(mut self, changes: usize) -> Result<()> {
        while self.read < changes {
            let message = self.socket.next().await.context("the relay closed")??;
            let Message::Binary(bytes) = message else {
                continue;
            };
            if speaks_sync(self.wire) {
                self.message(&bytes).await?;
            } else {
                check(&bytes)?;
                self.read += 1;
            }
            self.window.read(self.number, self.read);
        }
        ensure!(
            self.read == changes,
            "{} changes too many",
            self.read - changes
        );
        Ok(())
    }

    async fn message(&mut self, bytes: &[u8]) -> Result<()> {
        let frame: Frame = cbor::decode(bytes)?;
        if raw::kind(&frame) != "sync" {
            return Ok(());
        }
        let message: sync::Message = raw::sync_message(&frame);
        let mut last: Option<ChangeHash> = None;
        for change in message.changes.iter() {
            last = Some(check(change)?);
            self.read += 1;
        }
        // One author: the last change is the document's only head.
        if let Some(head) = last {
            let answer = sync_with(vec![head], Vec::new());
            let (us, relay) = &self.names;
            let frame = raw::sync_frame("sync", us, relay, DOCUMENT, answer);
            self.socket
                .send(Message::Binary(cbor::encode(&frame).into()))
                .await?;
        }
        Ok(())
    }
}
