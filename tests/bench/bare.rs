//! A WebSocket server that passes on every frame, and does nothing else: what is possible on this
//! machine before anything is stored, understood or acknowledged.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use clap::ValueEnum;
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::{Bytes, Message};

/// Whom a frame is passed on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// Every other connection.
    Others,
    /// The connection that was opened next; after the last comes the first.
    Next,
    /// Back to where it came from.
    Same,
}

impl To {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            To::Others => "others",
            To::Next => "next",
            To::Same => "same",
        }
    }
}

type Connections = Arc<Mutex<BTreeMap<usize, UnboundedSender<Bytes>>>>;

pub(crate) async fn serve(to: To) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    announce(&listener)?;
    let connections = Connections::default();
    for number in 0.. {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(to, number, stream, connections.clone()));
    }
    Ok(())
}

/// Tells whoever started us where we listen.
#[expect(clippy::print_stdout, reason = "the line whoever started us waits for")]
pub(crate) fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    println!("listening on ws://{}/sync", listener.local_addr()?);
    Ok(())
}

async fn connection(
    to: To,
    number: usize,
    stream: TcpStream,
    connections: Connections,
) -> anyhow::Result<()> {
    // Unbounded, because the driver's window bounds it; a relay could not rely on that.
    let (send, mut receive) = unbounded_channel::<Bytes>();
    // Before the client can know that it is connected: what is sent from then on reaches it.
    lock(&connections).insert(number, send);
    let socket = tokio_tungstenite::accept_async(stream).await?;
    let (mut sink, mut stream) = socket.split();
    tokio::spawn(async move {
        while let Some(bytes) = receive.recv().await {
            if sink.feed(Message::Binary(bytes)).await.is_err() {
                return;
            }
            while let Ok(bytes) = receive.try_recv() {
                if sink.feed(Message::Binary(bytes)).await.is_err() {
                    return;
                }
            }
            if sink.flush().await.is_err() {
                return;
            }
        }
    });
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Binary(bytes) = message {
            pass_on(to, number, bytes, &connections);
        }
    }
    lock(&connections).remove(&number);
    Ok(())
}

fn pass_on(to: To, number: usize, bytes: Bytes, connections: &Connections) {
    let connections = lock(connections);
    // Who is gone takes nothing.
    match to {
        To::Others => {
            for (other, send) in connections.iter() {
                if *other != number {
                    drop(send.send(bytes.clone()));
                }
            }
        }
        To::Next => {
            let next = connections.range(number + 1..).next();
            if let Some((_, send)) = next.or_else(|| connections.iter().next()) {
                drop(send.send(bytes));
            }
        }
        To::Same => {
            if let Some(send) = connections.get(&number) {
                drop(send.send(bytes));
            }
        }
    }
}

fn lock(
    connections: &Connections,
) -> std::sync::MutexGuard<'_, BTreeMap<usize, UnboundedSender<Bytes>>> {
    connections
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
