//! A WebSocket client that costs next to nothing, so that the server is measured and not the driver:
//! messages are read where they arrived, and frames to send are made ahead of time, whole.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Mutex;

const FINAL_BINARY: u8 = 0x82;
const FINAL_CLOSE: u8 = 0x88;
const FINAL_PING: u8 = 0x89;
const FINAL_PONG: u8 = 0x8a;
const MASKED: u8 = 0x80;
/// What is asked for at a time: more and more where more and more arrives, since a reader that takes too
/// little leaves its server waiting.
const READ_SIZE: usize = 4 << 10;
const READ_SIZE_MAX: usize = 256 << 10;

/// What arrives.
#[derive(Debug)]
pub(crate) struct Incoming {
    half: OwnedReadHalf,
    outgoing: Outgoing,
    buffer: Vec<u8>,
    /// Where in the buffer the next message starts.
    start: usize,
    /// Where in the buffer what was received ends.
    end: usize,
    read_size: usize,
    pongs: Vec<u8>,
}

/// Where frames are sent; clones send on the same socket.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing(Arc<Mutex<OwnedWriteHalf>>);

/// Opens a socket.
pub(crate) async fn connect(url: &str) -> Result<(Incoming, Outgoing)> {
    connect_from(url, None).await
}

/// Opens a socket from an address of this machine.
pub(crate) async fn connect_from(url: &str, from: Option<IpAddr>) -> Result<(Incoming, Outgoing)> {
    let address = url.strip_prefix("ws://").context("a ws:// address")?;
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let mut stream = match from {
        None => TcpStream::connect(host).await?,
        Some(from) => {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(from, 0))?;
            socket.connect(host.parse()?).await?
        }
    };
    stream.set_nodelay(true)?;
    // Any key does: the answer's is not checked, since this is not where caches are fooled.
    let request = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: eWlsaWFuIGJlbmNobWFyaw==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut buffer = Vec::with_capacity(READ_SIZE);
    let headers = loop {
        ensure!(
            stream.read_buf(&mut buffer).await? > 0,
            "the server closed instead of upgrading"
        );
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
    };
    ensure!(buffer.starts_with(b"HTTP/1.1 101"), "no WebSocket here");
    let (half, write) = stream.into_split();
    let outgoing = Outgoing(Arc::new(Mutex::new(write)));
    let incoming = Incoming {
        half,
        outgoing: outgoing.clone(),
        start: headers,
        end: buffer.len(),
        buffer,
        read_size: READ_SIZE,
        pongs: Vec::new(),
    };
    Ok((incoming, outgoing))
}

impl Outgoing {
    /// Sends one or more frames.
    pub(crate) async fn send(&self, frames: &[u8]) -> Result<()> {
        self.0.lock().await.write_all(frames).await?;
        Ok(())
    }
}

impl Incoming {
    /// Waits until more has arrived.
    pub(crate) async fn read(&mut self) -> Result<()> {
        if !self.pongs.is_empty() {
            self.outgoing.send(&self.pongs).await?;
            self.pongs.clear();
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let missing = match self.announced() {
            Some(whole) => whole.saturating_sub(self.end),
            None => 0,
        };
        let room = self.end + missing.max(self.read_size);
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        let space = self.buffer.get_mut(self.end..).unwrap_or_default();
        let filled = space.len();
        let count = self.half.read(space).await?;
        ensure!(count > 0, "the server closed the connection");
        self.end += count;
        if count == filled {
            self.read_size = (self.read_size * 4).min(READ_SIZE_MAX);
        }
        Ok(())
    }

    /// The next whole message of those that have arrived.
    pub(crate) fn message(&mut self) -> Result<Option<&[u8]>> {
        loop {
            let Some((opcode, header, length)) = self.header() else {
                return Ok(None);
            };
            let body = self.start + header..self.start + header + length;
            if body.end > self.end {
                return Ok(None);
            }
            self.start = body.end;
            let payload = self.buffer.get(body).context("the body is there")?;
            match opcode {
                FINAL_BINARY => return Ok(Some(payload)),
                FINAL_PING => push_frame(&mut self.pongs, FINAL_PONG, payload),
                FINAL_PONG => {}
                FINAL_CLOSE => bail!("the server said goodbye"),
                other => bail!("an unexpected frame, {other:#04x}"),
            }
        }
    }

    /// Size, with its header, of the message that is arriving, once that is known.
    pub(crate) fn announced(&self) -> Option<usize> {
        self.header().map(|(_, header, length)| header + length)
    }

    /// First byte, header size and payload size.
    fn header(&self) -> Option<(u8, usize, usize)> {
        let bytes = self.buffer.get(self.start..self.end)?;
        let (opcode, short) = (*bytes.first()?, *bytes.get(1)?);
        Some(match short {
            126 => {
                let length = bytes.get(2..4)?.try_into().ok()?;
                (opcode, 4, usize::from(u16::from_be_bytes(length)))
            }
            127 => {
                let length = bytes.get(2..10)?.try_into().ok()?;
                let length = usize::try_from(u64::from_be_bytes(length)).ok()?;
                (opcode, 10, length)
            }
            _ => (opcode, 2, usize::from(short)),
        })
    }
}

/// A message as it goes over the socket.
pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 14);
    push_frame(&mut out, FINAL_BINARY, message);
    out
}

/// The mask is zero: allowed, and it costs nothing. The server unmasks as always.
fn push_frame(out: &mut Vec<u8>, opcode: u8, message: &[u8]) {
    out.push(opcode);
    match (u8::try_from(message.len()), u16::try_from(message.len())) {
        (Ok(short @ 0..126), _) => out.push(MASKED | short),
        (_, Ok(middle)) => {
            out.push(MASKED | 126);
            out.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            out.push(MASKED | 127);
            out.extend_from_slice(&(message.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(message);
}
