#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::result_large_err,
    reason = "tests"
)]

use futures_util::{SinkExt, StreamExt};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::handshake::server::{
    ErrorResponse, Request as ServerRequest, Response,
};

use super::*;

fn dialer() -> Dialer {
    Dialer::new(DialSettings::default(), &Trust::Web).unwrap()
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address.to_string())
}

/// A server that sends back every message, and as the first one the token it was shown.
async fn echo<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(stream: S) {
    let mut token = String::new();
    let note = |request: &ServerRequest, response: Response| -> Result<Response, ErrorResponse> {
        if let Some(value) = request.headers().get(AUTHORIZATION) {
            token = value.to_str().unwrap().to_owned();
        }
        Ok(response)
    };
    let mut socket = tokio_tungstenite::accept_hdr_async(stream, note)
        .await
        .unwrap();
    socket
        .send(Message::Binary(token.into_bytes().into()))
        .await
        .unwrap();
    while let Some(Ok(message)) = socket.next().await {
        if message.is_binary() {
            socket.send(message).await.unwrap();
        }
    }
}

async fn exchange(
    dialer: &Dialer,
    url: &str,
    token: Option<&str>,
) -> Result<(Frame, Frame), DialError> {
    let (mut socket, _) = dialer.dial(url, token).await?;
    let first = socket.next().await.unwrap().unwrap();
    socket
        .send(Frame::Binary(Bytes::from_static(b"hello")))
        .await
        .unwrap();
    let second = socket.next().await.unwrap().unwrap();
    Ok((first, second))
}

fn binary(text: &'static str) -> Frame {
    Frame::Binary(Bytes::from_static(text.as_bytes()))
}

#[tokio::test]
async fn token_is_sent_as_bearer() {
    for (token, expected) in [(None, ""), (Some("s3cret"), "Bearer s3cret")] {
        let (listener, address) = listener().await;
        let server = tokio::spawn(async move { echo(listener.accept().await.unwrap().0).await });
        let frames = exchange(&dialer(), &format!("ws://{address}/sync"), token)
            .await
            .unwrap();
        assert_eq!(frames, (binary(expected), binary("hello")));
        server.await.unwrap();
    }
}

/// A relay on `wss://localhost` with a certificate of its own making, in PEM.
async fn secure_echo() -> (String, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let (listener, address) = listener().await;
    let url = format!("wss://{}/sync", address.replace("127.0.0.1", "localhost"));
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(echo(stream));
            }
        }
    });
    (url, cert.pem())
}

#[tokio::test]
async fn secure_connection_to_an_authority_of_ones_own() {
    let (url, pem) = secure_echo().await;
    let dialer = Dialer::new(DialSettings::default(), &Trust::Pem(pem.into_bytes())).unwrap();
    let frames = exchange(&dialer, &url, Some("s3cret")).await.unwrap();
    assert_eq!(frames, (binary("Bearer s3cret"), binary("hello")));
}

#[tokio::test]
async fn untrusted_certificate_is_refused() {
    let (url, _) = secure_echo().await;
    let error = exchange(&dialer(), &url, None).await.unwrap_err();
    assert!(
        matches!(&error, DialError::Tls { host, .. } if host == "localhost"),
        "{error:?}"
    );
    assert!(error.is_temporary());
}

#[test]
fn trust_needs_certificates() {
    let trust = |text: &str| {
        Dialer::new(
            DialSettings::default(),
            &Trust::Pem(text.as_bytes().to_vec()),
        )
    };
    assert!(matches!(trust("no certificate"), Err(TrustError::Empty)));
    let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    assert!(matches!(trust(cut), Err(TrustError::Pem(_))));
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(trust(empty), Err(TrustError::Certificate(_))));
}

#[tokio::test]
async fn malformed_addresses_and_tokens_are_the_caller_s() {
    for url in [
        "",
        "relay",
        "http://relay/sync",
        "ws://",
        "ws:///sync",
        "relay:3030",
        "ws://re lay/",
    ] {
        let error = dialer().dial(url, None).await.unwrap_err();
        assert!(matches!(error, DialError::Url { .. }), "{url:?}: {error:?}");
        assert!(!error.is_temporary());
    }
    let error = dialer()
        .dial("ws://127.0.0.1/", Some("line\nbreak"))
        .await
        .unwrap_err();
    assert!(matches!(error, DialError::Token));
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let (listener, address) = listener().await;
    drop(listener);
    let error = dialer()
        .dial(&format!("ws://{address}/sync"), None)
        .await
        .unwrap_err();
    assert!(matches!(error, DialError::Unreachable { .. }), "{error:?}");
}

/// Answers one connection with these bytes and closes it.
async fn answer(bytes: &'static [u8]) -> DialError {
    let (listener, address) = listener().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 2048];
        let _ = stream.read(&mut buffer).await.unwrap();
        stream.write_all(bytes).await.unwrap();
    });
    let error = dialer()
        .dial(&format!("ws://{address}/sync"), None)
        .await
        .unwrap_err();
    server.await.unwrap();
    error
}

#[tokio::test]
async fn answers_other_than_a_web_socket_are_told_apart() {
    let error = answer(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n").await;
    assert!(
        matches!(error, DialError::Unauthorised { status: 401 }),
        "{error:?}"
    );
    assert!(!error.is_temporary());
    let error = answer(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
    assert!(
        matches!(&error, DialError::Refused { host, status: 404 } if host == "127.0.0.1"),
        "{error:?}"
    );
    let error = answer(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").await;
    assert!(matches!(error, DialError::Handshake { .. }), "{error:?}");
}

#[tokio::test]
async fn silence_while_dialling_ends_by_itself() {
    let (listener, address) = listener().await;
    let settings = DialSettings {
        connect_timeout: Duration::from_millis(50),
        ..DialSettings::default()
    };
    let error = Dialer::new(settings, &Trust::Web)
        .unwrap()
        .dial(&format!("ws://{address}/sync"), None)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "127.0.0.1 did not answer within 0.05 s");
    drop(listener);
}
