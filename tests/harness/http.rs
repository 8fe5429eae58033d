//! One plain HTTP request, without a client library.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::in_time;

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// `GET path` from `address` (`host:port`).
pub async fn get(address: &str, path: &str) -> Response {
    let answer = in_time("an HTTP answer", async {
        let mut stream = TcpStream::connect(address).await.expect("a listener");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("an open connection");
        let mut answer = Vec::new();
        stream
            .read_to_end(&mut answer)
            .await
            .expect("an open connection");
        String::from_utf8(answer).expect("text")
    })
    .await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a whole answer");
    let status = head.split(' ').nth(1).expect("a status line");
    Response {
        status: status.parse().expect("a status code"),
        body: body.to_owned(),
    }
}
