//! Unmodified `automerge-repo` clients in a Node process, spoken to in lines of JSON.
//!
//! `interop/js/client.mjs` says what each operation does.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::oneshot;

use crate::{binaries, in_time};

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// A Node process that holds clients.
#[derive(Clone, Debug)]
pub struct JsHost(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stdin: tokio::sync::Mutex<ChildStdin>,
    waiting: Waiting,
    next: AtomicU64,
    /// Killed when the last client is dropped.
    _child: Child,
}

impl JsHost {
    /// Starts the process.
    pub fn start() -> JsHost {
        let mut child = Command::new("node")
            .current_dir(binaries::javascript())
            .arg("client.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node runs");
        let waiting = Waiting::default();
        let answers = waiting.clone();
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: Value = serde_json::from_str(&line).expect("the driver writes JSON");
                let id = answer["id"].as_u64().expect("answers carry an id");
                let waiter = answers.lock().expect("no holder panics").remove(&id);
                if let Some(waiter) = waiter {
                    // The test may have given up on it.
                    drop(waiter.send(answer));
                }
            }
        });
        JsHost(Arc::new(Inner {
            stdin: tokio::sync::Mutex::new(child.stdin.take().expect("piped")),
            waiting,
            next: AtomicU64::new(1),
            _child: child,
        }))
    }

    /// Opens a client that keeps nothing on disk, and waits until it is connected.
    pub async fn client(&self, name: &str, url: &str) -> JsClient {
        let client = self.offline_client(name, url).await;
        client.call("connected", json!({})).await;
        client
    }

    /// Opens a client without waiting for the relay.
    pub async fn offline_client(&self, name: &str, url: &str) -> JsClient {
        self.open(name, json!({"url": url})).await
    }

    /// Opens a client with the options of `client.mjs`: `url`, `dataDir`, `gossip`.
    pub async fn open(&self, name: &str, options: Value) -> JsClient {
        let client = JsClient {
            host: self.clone(),
            name: name.to_owned(),
        };
        client.call("open", options).await;
        client
    }

    async fn request(&self, mut request: Value) -> Result<Value, String> {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        request["id"] = json!(id);
        let (send, receive) = oneshot::channel();
        self.0
            .waiting
            .lock()
            .expect("no holder panics")
            .insert(id, send);
        let line = format!("{request}\n");
        self.0
            .stdin
            .lock()
            .await
            .write_all(line.as_bytes())
            .await
            .map_err(|error| format!("the JavaScript process is gone: {error}"))?;
        let answer = receive
            .await
            .map_err(|_| "the JavaScript process ended".to_owned())?;
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap_or_default().to_owned()),
            None => Ok(answer["ok"].clone()),
        }
    }
}

/// One `automerge-repo` `Repo` with its WebSocket adapter.
#[derive(Clone, Debug)]
pub struct JsClient {
    host: JsHost,
    name: String,
}

/// A document as a client sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// `ready`, `unavailable`, …
    pub state: String,
    /// Sorted hexadecimal heads.
    pub heads: Vec<String>,
    /// The document as JSON; null unless ready.
    pub content: Value,
}

impl JsClient {
    /// Does `operation`; fails the test if it fails.
    pub async fn call(&self, operation: &str, arguments: Value) -> Value {
        match self.try_call(operation, arguments).await {
            Ok(answer) => answer,
            Err(error) => panic!("{} could not {operation}: {error}", self.name),
        }
    }

    /// Does `operation`; answers the error where it is the subject.
    ///
    /// # Errors
    /// What the client threw.
    pub async fn try_call(&self, operation: &str, mut arguments: Value) -> Result<Value, String> {
        arguments["op"] = json!(operation);
        arguments["client"] = json!(self.name);
        // The driver's own time limit is shorter, and says more.
        in_time("a JavaScript client", self.host.request(arguments)).await
    }

    /// Creates a document; answers its id.
    pub async fn create(&self, content: Value) -> String {
        let created = self.call("create", json!({"content": content})).await;
        text(&created["documentId"])
    }

    /// `repo.find`.
    pub async fn find(&self, document: &str) -> Snapshot {
        snapshot(&self.call("find", json!({"documentId": document})).await)
    }

    /// What the client holds now.
    pub async fn read(&self, document: &str) -> Snapshot {
        snapshot(&self.call("read", json!({"documentId": document})).await)
    }

    /// One change setting one value; answers the new heads.
    pub async fn set(&self, document: &str, path: &[&str], value: Value) -> Vec<String> {
        let set = json!([{"path": path, "value": value}]);
        let changed = self
            .call("change", json!({"documentId": document, "set": set}))
            .await;
        heads(&changed)
    }

    /// Waits until the document has exactly `heads`.
    pub async fn wait_heads(&self, document: &str, heads: &[String]) -> Snapshot {
        let arguments = json!({"documentId": document, "heads": heads});
        snapshot(&self.call("waitHeads", arguments).await)
    }

    /// Waits until the value at `path` is `value`.
    pub async fn wait_value(&self, document: &str, path: &[&str], value: Value) -> Snapshot {
        let arguments = json!({"documentId": document, "path": path, "value": value});
        snapshot(&self.call("waitValue", arguments).await)
    }

    /// Waits until `getSyncInfo` shows our heads at the relay; answers them.
    pub async fn acked(&self, document: &str) -> Vec<String> {
        heads(&self.call("acked", json!({"documentId": document})).await)
    }

    /// Closes the socket, as a lost network would.
    pub async fn offline(&self) {
        self.call("offline", json!({})).await;
    }

    /// Opens it again and waits for the relay.
    pub async fn online(&self) {
        self.call("online", json!({})).await;
    }

    /// Sends an ephemeral message.
    pub async fn broadcast(&self, document: &str, message: Value) {
        self.call(
            "broadcast",
            json!({"documentId": document, "message": message}),
        )
        .await;
    }

    /// Waits for `count` ephemeral messages; answers all received so far, oldest first.
    pub async fn ephemerals(&self, document: &str, count: usize) -> Vec<Value> {
        let arguments = json!({"documentId": document, "count": count});
        let answer = self.call("ephemerals", arguments).await;
        let received = answer["received"].as_array().expect("a list");
        received
            .iter()
            .map(|entry| entry["message"].clone())
            .collect()
    }

    /// Ends the client, letting it save.
    pub async fn close(self) {
        self.call("close", json!({})).await;
    }
}

fn snapshot(answer: &Value) -> Snapshot {
    Snapshot {
        state: text(&answer["state"]),
        heads: heads(answer),
        content: answer["content"].clone(),
    }
}

/// The `heads` of an answer.
pub fn heads(answer: &Value) -> Vec<String> {
    let heads = answer["heads"].as_array().expect("heads");
    heads.iter().map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
