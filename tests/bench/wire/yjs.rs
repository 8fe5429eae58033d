//! Hocuspocus' messages around Yjs updates, as far as an author and its readers need them.

use anyhow::{Context, Result};

use super::chunk::{put_uleb, uleb};
use crate::socket;

const SYNC: usize = 0;
const AUTHENTICATION: usize = 2;
const SYNC_REPLY: usize = 4;

const SYNC_QUESTION: usize = 0;
const SYNC_ANSWER: usize = 1;
const SYNC_UPDATE: usize = 2;

const TOKEN: usize = 0;
const AUTHENTICATED: usize = 2;

/// What an update brings of the one author's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    /// The first, from 0.
    pub(crate) from: usize,
    /// One after the last.
    pub(crate) until: usize,
}

impl Update {
    /// The update that a message carries, if it carries one.
    pub(crate) fn read(message: &[u8]) -> Result<Option<Update>> {
        let mut rest = after_document(message)?;
        let carries = matches!(take(&mut rest)?, SYNC | SYNC_REPLY)
            && matches!(take(&mut rest)?, SYNC_ANSWER | SYNC_UPDATE);
        if !carries {
            return Ok(None);
        }
        take(&mut rest)?; // Its length.
        if take(&mut rest)? == 0 {
            return Ok(None); // Of no client.
        }
        let structs = take(&mut rest)?;
        take(&mut rest)?; // The client.
        let from = take(&mut rest)?;
        // Each of our author's is one long.
        let until = from + structs;
        Ok(Some(Update { from, until }))
    }
}

/// A frame that asks to be let in to a document.
pub(crate) fn authenticate(document: &str) -> Vec<u8> {
    let mut out = message(document, &[AUTHENTICATION, TOKEN]);
    put(&mut out, b"token");
    socket::frame(&out)
}

/// Whether a message says that one was let in.
pub(crate) fn is_authenticated(message: &[u8]) -> Result<bool> {
    let mut rest = after_document(message)?;
    Ok(take(&mut rest)? == AUTHENTICATION && take(&mut rest)? == AUTHENTICATED)
}

/// A frame that asks for all of a document.
pub(crate) fn question(document: &str) -> Vec<u8> {
    let mut out = message(document, &[SYNC, SYNC_QUESTION]);
    put(&mut out, &[0]); // A state vector of nobody.
    socket::frame(&out)
}

/// A frame that brings an update.
pub(crate) fn update(document: &str, update: &[u8]) -> Vec<u8> {
    let mut out = message(document, &[SYNC, SYNC_UPDATE]);
    put(&mut out, update);
    socket::frame(&out)
}

fn message(document: &str, types: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, document.as_bytes());
    for kind in types {
        put_uleb(&mut out, *kind);
    }
    out
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uleb(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn after_document(message: &[u8]) -> Result<&[u8]> {
    let (name, length) = uleb(message)?;
    message.get(length + name..).context("cut short")
}

fn take(rest: &mut &[u8]) -> Result<usize> {
    let (value, length) = uleb(rest)?;
    *rest = rest.get(length..).context("cut short")?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_update_says_which_of_its_authors_changes_it_brings() {
        // One client, two structs of client 9 from clock 5.
        let mut bytes = message("document", &[SYNC, SYNC_UPDATE]);
        put(&mut bytes, &[1, 2, 9, 5, 0xff]);
        let update = Update { from: 5, until: 7 };
        assert_eq!(Update::read(&bytes).unwrap(), Some(update));
    }

    #[test]
    fn a_status_is_no_update() {
        let status = message("document", &[8, 1]);
        assert_eq!(Update::read(&status).unwrap(), None);
    }
}
