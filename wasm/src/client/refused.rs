//! What JavaScript does about changes that are aside.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{Answer, Client, id, ms};
use crate::session::{self, SessionError};

#[wasm_bindgen]
impl Client {
    /// Another tab has put changes of a document aside: `{ listed: [{ change, reason }] }`.
    ///
    /// # Errors
    /// The id is none, or what is listed is no JSON.
    #[wasm_bindgen(js_name = setAside)]
    pub fn set_aside(&mut self, document: &str, listed: &str) -> Answer<()> {
        let listed = session::listed(listed)?;
        self.session.set_aside(id(document)?, listed);
        Ok(())
    }

    /// Writes what a refused change of this author wrote once more.
    ///
    /// # Errors
    /// There is nothing of it to write, or it does not fit.
    pub fn retry(&mut self, change: &str, now: f64) -> Answer<String> {
        Ok(self.session.retry(hash(change)?, ms(now))?.to_json())
    }

    /// Shows a refused change no more.
    ///
    /// # Errors
    /// The text is no hash.
    pub fn discard(&mut self, change: &str) -> Answer<()> {
        self.session.discard(hash(change)?);
        Ok(())
    }
}

fn hash(text: &str) -> Answer<automerge::ChangeHash> {
    let no_hash = |_| SessionError::Text(format!("{text:?} is no hash of a change"));
    Ok(text.parse().map_err(no_hash)?)
}
