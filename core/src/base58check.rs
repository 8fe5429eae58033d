use sha2::{Digest as _, Sha256};

/// Writes bytes as automerge-repo writes ids: in base 58, the first four bytes of their double hash behind them.
///
/// bs58 could add the check too; with another SHA-256 than Automerge's, which a browser would load besides.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut checked = bytes.to_vec();
    checked.extend_from_slice(&check(bytes));
    bs58::encode(checked).into_string()
}

/// The bytes that a text stands for, unless it is not what [`encode`] writes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = bs58::decode(text).into_vec().ok()?;
    let (content, expected) = bytes.split_last_chunk::<4>()?;
    let (len, right) = (content.len(), check(content) == *expected);
    bytes.truncate(len);
    right.then_some(bytes)
}

fn check(bytes: &[u8]) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::digest(Sha256::digest(bytes)).into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}
