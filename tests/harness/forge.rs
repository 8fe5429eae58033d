//! Changes that nobody honest makes: damaged, and then given the length, hash and checksum of what they are, so that they
//! reach the checks behind those.

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, Automerge, Change, ChangeHash, ObjType, ROOT, ReadDoc as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;
use yilian_node::verifier::guarded;

/// The actor of templates, replaced in what is made of them.
pub const ACTOR: [u8; 16] = [0xaa; 16];
/// What comes before the body of a chunk, its length left out: magic, checksum and type.
const HEAD: usize = 9;
/// A change, not deflated.
const CHANGE: u8 = 1;

/// How a change breaks Automerge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// Applying it panics.
    Applying,
    /// It applies, and the document that was saved with it is another one when it is opened again.
    Saving,
}

/// First changes of an actor on top of `base`, one for each kind of thing that people do.
pub fn templates(base: &[Change]) -> Vec<Change> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(ACTOR.to_vec()));
    doc.apply_changes(base.to_vec()).unwrap();
    let objects: Vec<_> = doc
        .map_range(ROOT, ..)
        .filter_map(|item| doc.get(ROOT, &*item.key).unwrap())
        .map(|(value, object)| (value.to_objtype(), object))
        .collect();
    let mut made = Vec::new();
    let mut make = |write: &dyn Fn(&mut AutoCommit)| {
        let mut fork = doc.fork().with_actor(ActorId::from(ACTOR.to_vec()));
        write(&mut fork);
        fork.commit_with(CommitOptions::default().with_message("一").with_time(7));
        made.extend(fork.get_last_local_change());
    };
    make(&|fork| fork.put(ROOT, "key", 1).unwrap());
    make(&|fork| drop(fork.put_object(ROOT, "made", ObjType::Map).unwrap()));
    for (kind, object) in &objects {
        match kind {
            Some(ObjType::Map) => {
                make(&|fork| fork.put(object, "zz", "长文").unwrap());
                make(&|fork| {
                    fork.put(object, "zy", 1).unwrap();
                    fork.put(object, "zz", 2.5).unwrap();
                });
            }
            Some(ObjType::List) => {
                make(&|fork| fork.insert(object, 0, 2.5).unwrap());
                make(&|fork| drop(fork.delete(object, 0)));
            }
            Some(ObjType::Text) => make(&|fork| fork.splice_text(object, 0, 1, "长文").unwrap()),
            _ => {}
        }
    }
    made
}

/// The chunk of a change with this body.
pub fn sealed(body: &[u8]) -> (ChangeHash, Vec<u8>) {
    let mut hashed = vec![CHANGE];
    let mut length = body.len();
    while length >= 0x80 {
        hashed.push(length as u8 | 0x80);
        length >>= 7;
    }
    hashed.push(length as u8);
    hashed.extend_from_slice(body);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    let chunk = [&[0x85, 0x6f, 0x4a, 0x83][..], &hash[..4], &hashed].concat();
    (ChangeHash(hash), chunk)
}

/// The body of a change, under another actor.
fn body(change: &Change, actor: [u8; 16]) -> Vec<u8> {
    let raw = change.raw_bytes();
    let length = raw[HEAD..].iter().take_while(|byte| **byte & 0x80 != 0);
    let mut body = raw[HEAD + length.count() + 1..].to_vec();
    let at = body.windows(16).position(|window| window == ACTOR).unwrap();
    body[at..at + 16].copy_from_slice(&actor);
    body
}

/// Damages bytes in one to three places.
pub fn damage(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..10) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, rng.random()),
            2 => drop(bytes.remove(at)),
            3 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][rng.random_range(0..5)],
            4..7 => bytes[at] ^= 1 << rng.random_range(0..8),
            _ => bytes[at] = rng.random(),
        }
    }
}

/// A change of another actor, damaged, with its length and checksum made good.
pub fn damaged(template: &Change, rng: &mut StdRng) -> (ChangeHash, Vec<u8>) {
    let mut body = body(template, rng.random());
    damage(&mut body, rng);
    sealed(&body)
}

/// A change on top of `base` that passes every check of a relay's graph and breaks Automerge. The seed says which.
pub fn poison(base: &[Change], breaks: Breaks, seed: u64) -> Change {
    let mut rng = StdRng::seed_from_u64(seed);
    let templates = templates(base);
    let mut graph = ChangeGraph::new(Limits::default());
    let mut document = Automerge::new();
    document.apply_changes(base.to_vec()).unwrap();
    for change in base {
        for (header, bytes) in read_changes(change.raw_bytes(), &Limits::default()).unwrap() {
            graph.insert(header, bytes).unwrap();
        }
    }
    loop {
        let mut body = body(
            &templates[rng.random_range(0..templates.len())],
            rng.random(),
        );
        let at = rng.random_range(16..body.len());
        body[at] = rng.random();
        let (_, chunk) = sealed(&body);
        let Ok(read) = read_changes(&chunk, &Limits::default()) else {
            continue;
        };
        let Ok(change) = Change::try_from(&chunk[..]) else {
            continue;
        };
        let takes = |(header, bytes): &(_, _)| {
            let header: &yilian_core::sync::chunk::ChangeHeader = header;
            let bytes: &bytes::Bytes = bytes;
            change.len() as u64 == header.ops
                && graph.clone().insert(header.clone(), bytes.clone()) == Ok(1)
        };
        if read.iter().all(takes) && how(&document, &change) == Some(breaks) {
            return change;
        }
    }
}

/// How a change breaks a document, if it does.
fn how(document: &Automerge, change: &Change) -> Option<Breaks> {
    let mut copy = document.clone();
    let applied = guarded(|| copy.apply_changes(vec![change.clone()]).is_ok());
    match applied {
        None => return Some(Breaks::Applying),
        Some(false) => return None,
        Some(true) => {}
    }
    let same = guarded(|| {
        let again = Automerge::load(&copy.save());
        again.is_ok_and(|again| again.get_heads() == copy.get_heads())
    });
    (same == Some(false)).then_some(Breaks::Saving)
}
