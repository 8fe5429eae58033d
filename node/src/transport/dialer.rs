use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::header::{AUTHORIZATION, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Utf8Bytes};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};

use super::{Activity, Adapted, CloseReason, Frame, SocketError, Watched};

/// Opens WebSockets to a relay.
#[derive(Clone)]
pub struct Dialer {
    settings: DialSettings,
    tls: Arc<ClientConfig>,
}

/// How a [`Dialer`] connects. Limits are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialSettings {
    /// How long name look-up, connection, TLS and WebSocket handshake may take together. Default: 20 s.
    pub connect_timeout: Duration,
    /// The largest message taken in, and so the largest frame: peers send a message as one. Default: 64 MiB.
    pub message_bytes_max: usize,
    /// The read buffer, which every connection has for as long as it lives. Default: 16 KiB.
    pub read_buffer_bytes: usize,
    /// How much is written at once. Default: 64 KiB.
    pub write_buffer_bytes: usize,
}

impl Default for DialSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(20),
            message_bytes_max: 64 * 1024 * 1024,
            read_buffer_bytes: 16 * 1024,
            write_buffer_bytes: 64 * 1024,
        }
    }
}

impl DialSettings {
    /// The same as tungstenite has it.
    #[must_use]
    pub fn web_socket(&self) -> WebSocketConfig {
        WebSocketConfig::default()
            .max_message_size(Some(self.message_bytes_max))
            .max_frame_size(Some(self.message_bytes_max))
            .read_buffer_size(self.read_buffer_bytes)
            .write_buffer_size(self.write_buffer_bytes)
    }
}

/// Whose certificates are trusted on `wss://`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// The authorities that Mozilla's browsers trust.
    #[default]
    Web,
    /// These authorities and no others, in PEM: for a relay inside a network of its own.
    Pem(Vec<u8>),
}

/// Why certificates to trust were not taken.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrustError {
    /// The text holds no certificate.
    #[error("there is no PEM certificate to trust")]
    Empty,
    /// The text is not PEM.
    #[error("the certificates to trust are not PEM")]
    Pem(#[source] pem::Error),
    /// A certificate is not one of an authority.
    #[error("a certificate cannot be trusted")]
    Certificate(#[source] rustls::Error),
}

/// An open WebSocket of a [`Dialer`], ready for [`pump`](super::pump).
pub type ClientSocket =
    Adapted<WebSocketStream<MaybeTlsStream<Watched<TcpStream>>>, Message, tungstenite::Error>;

/// Why dialling failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DialError {
    // Caller.
    /// The address is not one of a WebSocket: correct it.
    #[error("{url:?} is not the address of a relay: expected ws://HOST[:PORT]/PATH or wss://…")]
    Url {
        /// What was given.
        url: String,
    },
    /// The token has characters that a header cannot carry: correct it.
    #[error("the token has characters that cannot be sent")]
    Token,
    // Peer.
    /// The relay asks for a token, or refuses the one that was sent: dialling again is of no use until it is replaced.
    #[error("the relay refuses the token ({status})")]
    Unauthorised {
        /// The HTTP status: 401 or 403.
        status: u16,
    },
    /// Something answered, but not with a WebSocket: the path may be wrong, or the relay is starting. Dial again later.
    #[error("{host} answers with HTTP status {status} instead of a WebSocket")]
    Refused {
        /// Who answered.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// Whoever answered does not speak WebSocket: the port may be wrong.
    #[error("{host} does not speak WebSocket")]
    Handshake {
        /// Who answered.
        host: String,
        /// What went wrong.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// No secure connection: the certificate may have expired, or not be among those trusted, or the clock is wrong.
    #[error("no secure connection to {host}")]
    Tls {
        /// Who answered.
        host: String,
        /// What went wrong.
        source: rustls::Error,
    },
    // Environment.
    /// Nobody answers, or there is no network: dial again later.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// Who was dialled.
        host: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// It took too long: dial again later.
    #[error("{host} did not answer within {} s", .after.as_secs_f64())]
    TimedOut {
        /// Who was dialled.
        host: String,
        /// The limit.
        after: Duration,
    },
}

impl DialError {
    /// Whether dialling the same again can succeed without anybody changing a setting.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        !matches!(
            self,
            Self::Url { .. } | Self::Token | Self::Unauthorised { .. }
        )
    }
}

impl Dialer {
    /// A dialer.
    ///
    /// # Errors
    /// The certificates to trust are none.
    pub fn new(settings: DialSettings, trust: &Trust) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        match trust {
            Trust::Web => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Trust::Pem(text) => {
                for certificate in CertificateDer::pem_slice_iter(text) {
                    let certificate = certificate.map_err(TrustError::Pem)?;
                    roots.add(certificate).map_err(TrustError::Certificate)?;
                }
                if roots.is_empty() {
                    return Err(TrustError::Empty);
                }
            }
        }
        // Named, because rustls panics where two providers are built in and none is chosen.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TrustError::Certificate)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            settings,
            tls: Arc::new(tls),
        })
    }

    /// Opens a WebSocket, with the token in the header `Authorization: Bearer`, and tells what notes its signs of life.
    ///
    /// # Errors
    /// See [`DialError`], and [`DialError::is_temporary`] for whether to try again.
    pub async fn dial(
        &self,
        url: &str,
        token: Option<&str>,
    ) -> Result<(ClientSocket, Activity), DialError> {
        let (request, host, port) = request(url, token)?;
        tokio::time::timeout(
            self.settings.connect_timeout,
            self.open(request, &host, port),
        )
        .await
        .unwrap_or_else(|_| {
            Err(DialError::TimedOut {
                host: host.clone(),
                after: self.settings.connect_timeout,
            })
        })
    }

    async fn open(
        &self,
        request: Request,
        host: &str,
        port: u16,
    ) -> Result<(ClientSocket, Activity), DialError> {
        let unreachable = |source| DialError::Unreachable {
            host: host.to_owned(),
            source,
        };
        // An address of version 6 stands in brackets in a URL, and nowhere else.
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((name, port))
            .await
            .map_err(unreachable)?;
        // Small messages must not wait for the answer to earlier ones.
        stream.set_nodelay(true).map_err(unreachable)?;
        let activity = Activity::new();
        let (socket, _) = tokio_tungstenite::client_async_tls_with_config(
            request,
            Watched::new(stream, activity.clone()),
            Some(self.settings.web_socket()),
            Some(Connector::Rustls(Arc::clone(&self.tls))),
        )
        .await
        .map_err(|error| sort(error, host))?;
        let socket = Adapted::new(socket, into_frame, from_frame, SocketError::from);
        Ok((socket, activity))
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn request(url: &str, token: Option<&str>) -> Result<(Request, String, u16), DialError> {
    let malformed = || DialError::Url {
        url: url.to_owned(),
    };
    let mut request = url.into_client_request().map_err(|_| malformed())?;
    let uri = request.uri();
    let default_port = match uri.scheme_str() {
        Some("ws") => 80,
        Some("wss") => 443,
        _ => return Err(malformed()),
    };
    let host = uri
        .host()
        .filter(|host| !host.is_empty())
        .ok_or_else(malformed)?
        .to_owned();
    let port = uri.port_u16().unwrap_or(default_port);
    if let Some(token) = token {
        let mut value =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| DialError::Token)?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    Ok((request, host, port))
}

fn sort(error: tungstenite::Error, host: &str) -> DialError {
    let host = host.to_owned();
    match error {
        tungstenite::Error::Http(response) => match response.status().as_u16() {
            status @ (401 | 403) => DialError::Unauthorised { status },
            status => DialError::Refused { host, status },
        },
        tungstenite::Error::Io(source) => match source
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            Some(source) => DialError::Tls {
                host,
                source: source.clone(),
            },
            None => DialError::Unreachable { host, source },
        },
        error => DialError::Handshake {
            host,
            source: Box::new(error),
        },
    }
}

fn into_frame(message: Message) -> Frame {
    match message {
        Message::Binary(bytes) => Frame::Binary(bytes),
        Message::Close(frame) => Frame::Close(
            frame.map(|frame| CloseReason::new(frame.code.into(), frame.reason.as_str())),
        ),
        Message::Ping(bytes) => Frame::Ping(bytes),
        Message::Pong(bytes) => Frame::Pong(bytes),
        Message::Text(text) => Frame::Text(text.as_str().to_owned()),
        // Only whoever asks for raw frames gets them. We do not.
        Message::Frame(_) => Frame::Pong(Bytes::new()),
    }
}

fn from_frame(frame: Frame) -> Message {
    match frame {
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Close(reason) => Message::Close(reason.map(|reason| CloseFrame {
            code: reason.code.into(),
            reason: Utf8Bytes::from(reason.text),
        })),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Text(text) => Message::Text(Utf8Bytes::from(text)),
    }
}

#[cfg(test)]
mod tests;
