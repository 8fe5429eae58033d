//! A bare socket that speaks the wire: for what no well-behaved client would send, and for seeing
//! exactly what a relay sends back.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use automerge::{Change, ChangeHash, sync};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::cbor::{self, Frame, Value, frame};
use crate::in_time;

/// Where clients come from.
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A WebSocket to a relay.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A connection past the handshake.
#[derive(Debug)]
pub struct RawClient {
    socket: Socket,
    /// What it joined as.
    pub peer_id: String,
    /// The relay's peer id.
    pub relay_id: String,
    /// The relay's storage id, if it told one.
    pub storage_id: Option<String>,
    /// The relay's whole answer to the join.
    pub peer: Frame,
}

impl RawClient {
    /// Opens a socket without joining.
    pub async fn socket(url: &str) -> Socket {
        Self::socket_from(url, LOOPBACK)
            .await
            .expect("the relay accepts")
    }

    /// Opens a socket from an address of this machine, such as 127.0.0.2; what the relay says if it refuses.
    pub async fn socket_from(url: &str, from: IpAddr) -> Result<Socket, tungstenite::Error> {
        in_time("a socket", async {
            let host = url.trim_start_matches("ws://");
            let host = host.split('/').next().unwrap_or_default();
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(from, 0))?;
            let stream = socket.connect(host.parse().expect("an address")).await?;
            stream.set_nodelay(true)?;
            let stream = MaybeTlsStream::Plain(stream);
            Ok(tokio_tungstenite::client_async(url, stream).await?.0)
        })
        .await
    }

    /// Joins as `peer_id`.
    pub async fn join(url: &str, peer_id: &str) -> RawClient {
        RawClient::join_with(url, peer_id, Frame::new()).await
    }

    /// Joins as `peer_id`, declaring itself one of our own peers in `network`.
    pub async fn join_ours(url: &str, peer_id: &str, network: &str) -> RawClient {
        let extension = frame([("version", 1_u64.into()), ("network", network.into())]);
        let metadata = frame([("yilian", Value::Map(extension))]);
        RawClient::join_with(url, peer_id, metadata).await
    }

    /// Joins as `peer_id` from an address of this machine.
    pub async fn join_from(url: &str, peer_id: &str, from: IpAddr) -> RawClient {
        let socket = RawClient::socket_from(url, from).await;
        let socket = socket.expect("the relay accepts");
        RawClient::join_on(socket, peer_id, Frame::new()).await
    }

    async fn join_with(url: &str, peer_id: &str, metadata: Frame) -> RawClient {
        let socket = RawClient::socket(url).await;
        RawClient::join_on(socket, peer_id, metadata).await
    }

    async fn join_on(mut socket: Socket, peer_id: &str, metadata: Frame) -> RawClient {
        let join = frame([
            ("type", "join".into()),
            ("senderId", peer_id.into()),
            ("peerMetadata", Value::Map(metadata)),
            ("supportedProtocolVersions", Value::List(vec!["1".into()])),
        ]);
        let bytes = cbor::encode(&join);
        socket
            .send(Message::Binary(bytes.into()))
            .await
            .expect("an open socket");
        let mut client = RawClient {
            socket,
            peer_id: peer_id.to_owned(),
            relay_id: String::new(),
            storage_id: None,
            peer: Frame::new(),
        };
        let peer = client.receive().await;
        assert_eq!(kind(&peer), "peer", "the answer to join: {peer:?}");
        client.relay_id = text(&peer, "senderId");
        if let Some(Value::Map(metadata)) = peer.get("peerMetadata") {
            let id = metadata.get("storageId").and_then(Value::as_text);
            client.storage_id = id.map(str::to_owned);
        }
        client.peer = peer;
        client
    }

    /// Sends a frame as it is.
    pub async fn send(&mut self, frame: &Frame) {
        let bytes = cbor::encode(frame);
        self.socket
            .send(Message::Binary(bytes.into()))
            .await
            .expect("an open socket");
    }

    /// Sends a `sync` or `request` with `message` inside.
    pub async fn send_sync(&mut self, kind: &str, document: &str, message: sync::Message) {
        let frame = self.sync_frame(kind, document, message);
        self.send(&frame).await;
    }

    /// The frame that [`RawClient::send_sync`] sends.
    pub fn sync_frame(&self, kind: &str, document: &str, message: sync::Message) -> Frame {
        sync_frame(kind, &self.peer_id, &self.relay_id, document, message)
    }

    /// Brings a change of a document.
    pub async fn send_change(&mut self, document: &str, change: &Change) {
        let message = sync_with(vec![change.hash()], vec![change.raw_bytes().to_vec()]);
        self.send_sync("sync", document, message).await;
    }

    /// What the relay serves of a document: its heads, and all changes.
    pub async fn fetch(&mut self, document: &str) -> (Vec<ChangeHash>, Vec<Change>) {
        self.send_sync("request", document, sync_with(vec![], vec![]))
            .await;
        let mut changes: Vec<Change> = Vec::new();
        loop {
            let message = sync_message(&self.receive_kind("sync").await);
            let read = |bytes| Change::try_from(bytes).expect("the relay sends whole changes");
            changes.extend(message.changes.iter().map(read));
            let here = |head: &ChangeHash| changes.iter().any(|change| change.hash() == *head);
            if !message.heads.is_empty() && message.heads.iter().all(here) {
                return (message.heads, changes);
            }
        }
    }

    /// The socket alone, past the handshake.
    pub fn into_socket(self) -> Socket {
        self.socket
    }

    /// Sends an ephemeral message as its author.
    pub async fn send_ephemeral(&mut self, document: &str, session: &str, count: u64, data: &[u8]) {
        let frame = frame([
            ("type", "ephemeral".into()),
            ("senderId", self.peer_id.as_str().into()),
            ("targetId", self.relay_id.as_str().into()),
            ("documentId", document.into()),
            ("count", count.into()),
            ("sessionId", session.into()),
            ("data", data.to_vec().into()),
        ]);
        self.send(&frame).await;
    }

    /// The next frame.
    pub async fn receive(&mut self) -> Frame {
        in_time("a frame", self.next())
            .await
            .expect("the relay keeps the connection open")
    }

    /// The next frame of a kind, skipping others.
    pub async fn receive_kind(&mut self, wanted: &str) -> Frame {
        let what = format!("a {wanted} frame");
        in_time(&what, async {
            loop {
                let frame = self.next().await.expect("an open connection");
                if kind(&frame) == wanted {
                    return frame;
                }
            }
        })
        .await
    }

    /// Everything that arrives during `span`: for showing that something does *not* arrive, which
    /// nothing could announce.
    pub async fn receive_for(&mut self, span: Duration) -> Vec<Frame> {
        let mut frames = Vec::new();
        let end = tokio::time::Instant::now() + span;
        while let Ok(next) = tokio::time::timeout_at(end, self.next()).await {
            match next {
                Some(frame) => frames.push(frame),
                None => break,
            }
        }
        frames
    }

    /// The next frame; none once the relay has closed the connection.
    pub async fn next_or_end(&mut self) -> Option<Frame> {
        in_time("a frame, or the end", self.next()).await
    }

    /// Whether the relay closes the connection.
    pub async fn closed(&mut self) -> bool {
        in_time("the relay to close", async {
            while self.next().await.is_some() {}
            true
        })
        .await
    }

    async fn next(&mut self) -> Option<Frame> {
        next(&mut self.socket).await
    }

    /// The next frame of a socket that has not joined; none once the relay has closed it.
    pub async fn next_frame(socket: &mut Socket) -> Option<Frame> {
        in_time("a frame, or the end", next(socket)).await
    }
}

async fn next(socket: &mut Socket) -> Option<Frame> {
    loop {
        match socket.next().await? {
            Ok(Message::Binary(bytes)) => {
                return Some(cbor::decode(&bytes).expect("the relay writes CBOR maps"));
            }
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// The `type` of a frame.
pub fn kind(frame: &Frame) -> &str {
    frame
        .get("type")
        .and_then(Value::as_text)
        .unwrap_or_default()
}

/// A text field of a frame; empty when absent.
pub fn text(frame: &Frame, key: &str) -> String {
    let text = frame.get(key).and_then(Value::as_text);
    text.unwrap_or_default().to_owned()
}

/// The sync message inside a frame.
pub fn sync_message(frame: &Frame) -> sync::Message {
    let data = frame.get("data").and_then(Value::as_bytes);
    sync::Message::decode(data.expect("a sync frame carries data")).expect("a sync message")
}

/// A sync message that says "I have `heads`" and carries `changes`.
pub fn sync_with(heads: Vec<ChangeHash>, changes: Vec<Vec<u8>>) -> sync::Message {
    sync::Message {
        have: vec![sync::Have {
            last_sync: heads.clone(),
            bloom: sync::BloomFilter::default(),
        }],
        heads,
        need: Vec::new(),
        changes: changes.into(),
        flags: None,
        version: sync::MessageVersion::V1,
    }
}

/// A `sync` or `request` frame from `sender` to `target`.
pub fn sync_frame(
    kind: &str,
    sender: &str,
    target: &str,
    document: &str,
    message: sync::Message,
) -> Frame {
    frame([
        ("type", kind.into()),
        ("senderId", sender.into()),
        ("targetId", target.into()),
        ("documentId", document.into()),
        ("data", message.encode().into()),
    ])
}
