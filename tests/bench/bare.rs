//! A WebSocket server that sends every frame to every other connection, and does nothing else: what is
//! possible on this machine before anything is stored, understood or acknowledged.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::{Bytes, Message};

type Others = Arc<Mutex<HashMap<usize, UnboundedSender<Bytes>>>>;

pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    announce(&listener)?;
    let others = Others::default();
    for number in 0.. {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(number, stream, others.clone()));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the line whoever started us waits for")]
fn announce(listener: &TcpListener) -> anyhow::Result<()> {
    println!("listening on ws://{}/sync", listener.local_addr()?);
    Ok(())
}

async fn connection(number: usize, stream: TcpStream, others: Others) -> anyhow::Result<()> {
    let socket = tokio_tungstenite::accept_async(stream).await?;
    let (mut sink, mut stream) = socket.split();
    // Unbounded, because the driver's window bounds it; a relay could not rely on that.
    let (send, mut receive) = unbounded_channel::<Bytes>();
    lock(&others).insert(number, send);
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
            for (other, send) in lock(&others).iter() {
                if *other != number {
                    drop(send.send(bytes.clone()));
                }
            }
        }
    }
    lock(&others).remove(&number);
    Ok(())
}

fn lock(others: &Others) -> std::sync::MutexGuard<'_, HashMap<usize, UnboundedSender<Bytes>>> {
    others
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
