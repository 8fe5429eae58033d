//! The one who writes.

use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt, stream::SplitSink};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use yilian_tests::cbor;
use yilian_tests::raw::{self, RawClient, sync_with};

use crate::change::Made;
use crate::speaks_sync;
use crate::target::Wire;
use crate::window::Window;

/// The document everybody has open.
pub(crate) const DOCUMENT: &str = "4NMNnkMhL8jXrdJ9jamS58PAVdXu";

type Sink = SplitSink<WebSocketStream<MaybeTlsStream<TcpStream>>, Message>;

/// An author whose frames are ready to send.
pub(crate) struct Author {
    sink: Sink,
    frames: std::vec::IntoIter<Bytes>,
    acknowledged: Arc<tokio::sync::Notify>,
    wire: Wire,
}

impl Author {
    pub(crate) async fn connect(url: &str, wire: Wire, story: &[Made]) -> Result<Author> {
        let (socket, frames): (_, Vec<Bytes>) = if speaks_sync(wire) {
            let client = RawClient::join(url, "author").await;
            let frames = story.iter().map(|made| {
                let message = sync_with(vec![made.hash], vec![made.bytes.clone()]);
                let frame = client.sync_frame("sync", DOCUMENT, message);
                cbor::encode(&frame).into()
            });
            let frames = frames.collect();
            (client.into_socket(), frames)
        } else {
            let socket = RawClient::socket(url).await;
            let frames = story.iter().map(|made| made.bytes.clone().into());
            (socket, frames.collect())
        };
        let (sink, mut stream) = socket.split();
        let acknowledged = Arc::new(tokio::sync::Notify::new());
        let heard = acknowledged.clone();
        // The relay's answers are read, as every client does; the first says that it has the document.
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Binary(bytes) = message
                    && let Ok(frame) = cbor::decode(&bytes)
                    && raw::kind(&frame) == "sync"
                {
                    heard.notify_one();
                }
            }
        });
        Ok(Author {
            sink,
            frames: frames.into_iter(),
            acknowledged,
            wire,
        })
    }

    /// Sends the first change, which makes the document, and waits until the relay has it.
    pub(crate) async fn publish_first(&mut self) -> Result<()> {
        let first = self.frames.next().context("a story has a first change")?;
        if speaks_sync(self.wire) {
            self.sink.send(Message::Binary(first)).await?;
            self.acknowledged.notified().await;
        }
        Ok(())
    }

    /// Sends the others, as the window allows.
    pub(crate) async fn write(&mut self, window: &Window) -> Result<()> {
        for (number, frame) in self.frames.by_ref().enumerate() {
            window.admit(number).await;
            self.sink.send(Message::Binary(frame)).await?;
        }
        Ok(())
    }
}
