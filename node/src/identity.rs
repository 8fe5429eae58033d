//! Random bytes and the names made of them.

use std::fmt::Write;

use thiserror::Error;
use uuid::Uuid;

/// The operating system gives no random bytes. Nothing can be created without them: the caller should stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the operating system gives no random bytes")]
pub struct RandomError(#[source] getrandom::Error);

/// Random bytes from the operating system: for actors, record ids and whatever else the core is handed.
///
/// # Errors
/// The operating system has none to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(RandomError)?;
    Ok(bytes)
}

/// A random number, as a backoff wants it.
///
/// # Errors
/// The operating system has none to give.
pub fn random_u64() -> Result<u64, RandomError> {
    random_bytes().map(u64::from_ne_bytes)
}

/// A random UUID (version 4).
///
/// # Errors
/// The operating system gives no random bytes.
pub fn random_uuid() -> Result<Uuid, RandomError> {
    Ok(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid())
}

/// A peer id for this run of the process: `<role>-` and 32 hexadecimal digits. It is never used again, so that two
/// processes on a copied disk are still two peers.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn peer_id(role: &str) -> Result<String, RandomError> {
    let mut id = format!("{role}-");
    for byte in random_bytes::<16>()? {
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn peer_ids_name_their_role_and_differ() {
        let first = peer_id("yilian-node").unwrap();
        assert!(first.starts_with("yilian-node-"));
        assert_eq!(first.len(), "yilian-node-".len() + 32);
        assert_ne!(first, peer_id("yilian-node").unwrap());
    }

    #[test]
    fn random_uuids_are_version_4() {
        assert_eq!(random_uuid().unwrap().get_version_num(), 4);
    }
}
