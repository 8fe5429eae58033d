//! Yilian for JavaScript: the Rust half of `@yilian/client`.
//!
//! So far it names documents: the id of `roster/keyun/2026-12` follows from its network, so a page
//! that uses an unmodified automerge-repo client finds the very document that the sites write.

use wasm_bindgen::prelude::{JsError, wasm_bindgen};
use yilian_core::document::{DocumentId, Name, Network};

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
