//! One plain HTTP request, without a client library.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::in_time;

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Response {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// `GET path` from `address` (`host:port`).
pub async fn get(address: &str, path: &str) -> Response {
    get_with(address, path, &[]).await
}

/// `GET path` from `address` (`host:port`) with headers of one's own.
pub async fn get_with(address: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let answer = in_time("an HTTP answer", async {
        let mut stream = TcpStream::connect(address).await.expect("a listener");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
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
    let headers = head.lines().skip(1).filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Response {
        status: status.parse().expect("a status code"),
        headers: headers.collect(),
        body: body.to_owned(),
    }
}
