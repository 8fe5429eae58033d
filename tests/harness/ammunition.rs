//! What attackers send: whole messages, made once, so that sending them costs an attacker nothing, and each as expensive as a
//! peer at its limits can make it.

use std::io::Write as _;

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, ChangeHash, ObjType, ROOT, sync};
use bytes::Bytes;
use flate2::write::DeflateEncoder;

use crate::cbor::{self, Value, frame};
use crate::raw::{sync_frame, sync_with};

/// Who attackers say that they are.
pub const ATTACKER: &str = "attacker";

/// Changes of one actor, each on top of the one before, with their hashes.
pub fn changes(actor: u8, count: usize) -> Vec<(ChangeHash, Vec<u8>)> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]));
    for number in 0..count {
        doc.put(ROOT, "key", number as i64).unwrap();
        doc.commit();
    }
    let all = doc.get_changes(&[]);
    let raw = all
        .iter()
        .map(|change| (change.hash(), change.raw_bytes().to_vec()));
    raw.collect()
}

/// A deflated change that is so many bytes of nothing.
pub fn bomb(inflated: usize) -> Vec<u8> {
    let mut deflated = DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..inflated / zeros.len() {
        deflated.write_all(&zeros).unwrap();
    }
    let body = deflated.finish().unwrap();
    let mut bomb = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 2];
    let mut length = body.len();
    while length >= 0x80 {
        bomb.push(length as u8 | 0x80);
        length >>= 7;
    }
    bomb.push(length as u8);
    bomb.extend(body);
    bomb
}

/// Messages about a document, one for each kind of attacker, with what it does. What is said only once
/// where it is counted is counted on with [`count`].
pub fn messages(document: &str) -> Vec<(&'static str, Bytes)> {
    let sync = |message: sync::Message| {
        let frame = sync_frame("sync", ATTACKER, "relay", document, message);
        Bytes::from(cbor::encode(&frame))
    };
    let all = changes(2, 500);
    let raw = |changes: &[(ChangeHash, Vec<u8>)]| {
        let bytes = changes.iter().map(|(_, bytes)| bytes.clone());
        bytes.collect::<Vec<_>>()
    };
    let known = changes(3, 500);
    let nothing = hashes(10_000);
    vec![
        (
            "changes that wait for one that nobody sends",
            sync(sync_with(vec![all[1].0], raw(&all[1..]))),
        ),
        (
            "the same changes again and again",
            sync(sync_with(vec![known[499].0], raw(&known))),
        ),
        (
            "heads and needs of nothing",
            sync(sync::Message {
                need: nothing.clone(),
                ..sync_with(nothing.clone(), vec![])
            }),
        ),
        (
            "filters to be compared with everything",
            sync(sync::Message {
                have: vec![sync::Have {
                    last_sync: vec![],
                    bloom: sync::BloomFilter::from_hashes(nothing.iter().copied()),
                }],
                ..sync_with(vec![nothing[0]], vec![])
            }),
        ),
        ("noise", sync(sync_with(vec![], vec![vec![0x55; 100_000]]))),
        (
            "asking for everything, and reading nothing",
            sync(sync_with(vec![], vec![])),
        ),
        (
            "deflated changes without end",
            sync(sync_with(vec![], vec![bomb(1 << 25)])),
        ),
        (
            "changes of a hundred thousand operations",
            sync(sync_with(vec![all[1].0], vec![long(100_000)])),
        ),
        ("talk that is passed on to everybody", talk(document)),
    ]
}

fn hashes(count: u32) -> Vec<ChangeHash> {
    let mut hashes: Vec<ChangeHash> = (0..count)
        .map(|at| {
            let mut hash = [7; 32];
            hash[..4].copy_from_slice(&at.to_be_bytes());
            ChangeHash(hash)
        })
        .collect();
    hashes.sort();
    hashes
}

/// A change of so many operations, on top of one that nobody has.
fn long(ops: usize) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![4; 16]));
    doc.put(ROOT, "key", 0).unwrap();
    doc.commit();
    let text = doc.put_object(ROOT, "text", ObjType::Text).unwrap();
    doc.splice_text(&text, 0, 0, &"a".repeat(ops)).unwrap();
    doc.commit();
    let last = doc.get_last_local_change();
    last.expect("it was just made").raw_bytes().to_vec()
}

/// Long enough for what it is counted on to.
const COUNT: u64 = 1 << 40;

/// Makes an ephemeral message the next one: what has been heard before is not passed on. Other messages stay as they are.
pub fn count(message: &mut [u8], number: u64) {
    const KEY: &[u8] = b"count\x1b";
    let head = &message[..message.len().min(256)];
    if let Some(at) = head.windows(KEY.len()).position(|window| window == KEY) {
        let at = at + KEY.len();
        message[at..at + 8].copy_from_slice(&(COUNT + number).to_be_bytes());
    }
}

/// An ephemeral message, as large as one may be.
fn talk(document: &str) -> Bytes {
    let talk = frame([
        ("type", "ephemeral".into()),
        ("senderId", ATTACKER.into()),
        ("targetId", "relay".into()),
        ("documentId", document.into()),
        ("count", COUNT.into()),
        ("sessionId", "session".into()),
        ("data", vec![0x61; 64_000].into()),
    ]);
    Bytes::from(cbor::encode(&talk))
}

/// The first message of every attacker.
pub fn join() -> Bytes {
    let join = frame([
        ("type", "join".into()),
        ("senderId", ATTACKER.into()),
        ("peerMetadata", Value::Map(cbor::Frame::new())),
        ("supportedProtocolVersions", Value::List(vec!["1".into()])),
    ]);
    Bytes::from(cbor::encode(&join))
}
