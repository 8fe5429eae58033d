//! Yilian for JavaScript: the Rust half of `@yilian/client`.
//!
//! [`Client`] is the engine of one tab: documents, their records and findings, and what to say to
//! the relay. It does no I/O. JavaScript hands in what happened (a frame, an edit, what the store
//! had) together with the time and random bytes, and takes out *signals*: what to store, to load,
//! to send, and what to show. A signal is JSON with at most one byte string beside it, so nothing of
//! Rust's lives on the other side.
//!
//! [`session::Session`] is the same without JavaScript; that is where to read and to test.

use wasm_bindgen::prelude::{JsError, wasm_bindgen};
use yilian_core::document::{DocumentId, Name, Network};

mod client;
pub mod session;
#[cfg(not(target_arch = "wasm32"))]
pub mod typescript;

pub use client::Client;

/// The id of a named document, as automerge-repo writes it; `automerge:` before it makes a URL.
///
/// # Errors
/// The network or the name is not written as one; the message says what is expected.
#[wasm_bindgen(js_name = documentId)]
pub fn document_id(network: &str, name: &str) -> Result<String, JsError> {
    let network: Network = network.parse()?;
    let name: Name = name.parse()?;
    Ok(DocumentId::of(&network, &name).to_string())
}

/// What a new document of a name begins with: the changes that every replica starts from, as one
/// concatenation that Automerge loads.
///
/// # Errors
/// The name is not written as one.
#[wasm_bindgen(js_name = genesis)]
pub fn genesis(name: &str) -> Result<Vec<u8>, JsError> {
    let name: Name = name.parse()?;
    Ok(name.kind().genesis().concat())
}
