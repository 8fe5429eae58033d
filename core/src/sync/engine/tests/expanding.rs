//! Document chunks, which are expanded aside.

use super::*;

#[test]
fn a_whole_document_is_expanded_aside() {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
    (0..20_i64).for_each(|number| {
        doc.put(ROOT, "key", number).unwrap();
        doc.commit();
    });
    let mut relay = Relay::new(Limits::default());
    relay.connect(AUTHOR, false);
    let message = SyncMessage {
        changes: vec![doc.save().into()],
        ..at(doc.get_heads())
    };
    relay.sync(AUTHOR, &message);
    relay.commit();
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 20);
    assert_eq!(relay.hears_sync(AUTHOR).unwrap().0.heads, doc.get_heads());
}

/// A relay with a document chunk under way: what has to be expanded waits in the answer.
fn with_expanding(changes: &[Change], message: &SyncMessage) -> (Relay, Bytes) {
    let mut relay = with_first(changes);
    let data = message.encode().into();
    relay.engine.received(
        AUTHOR,
        Message {
            sender: "peer1".to_owned(),
            target: Some("relay".to_owned()),
            body: Body::Sync {
                document: DOCUMENT,
                data,
                request: false,
                name: None,
            },
        },
    );
    while let Some(effect) = relay.engine.poll_effect() {
        if let Effect::Expand { bytes, .. } = effect {
            return (relay, bytes);
        }
    }
    panic!("nothing to expand");
}

fn saved(changes: &[Change]) -> Bytes {
    let mut doc = AutoCommit::new();
    doc.apply_changes(changes.to_vec()).unwrap();
    doc.save().into()
}

#[test]
fn a_document_can_be_opened_and_edited_while_a_chunk_is_expanded() {
    let changes = made(4);
    let message = SyncMessage {
        changes: vec![saved(&changes[..3])],
        ..at(vec![changes[2].hash()])
    };
    let (mut relay, bytes) = with_expanding(&changes, &message);
    relay.engine.open(DOCUMENT, None);
    relay.run();
    assert!(
        relay
            .notices
            .contains(&Notice::Opened { document: DOCUMENT })
    );
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 1);
    let mut other = AutoCommit::new().with_actor(ActorId::from(vec![2; 16]));
    other.apply_changes(changes[..1].to_vec()).unwrap();
    other.put(ROOT, "other", 1).unwrap();
    other.commit();
    let edit = other.get_last_local_change().unwrap();
    let edit = Bytes::copy_from_slice(edit.raw_bytes());
    assert_eq!(relay.engine.edited(DOCUMENT, &[edit]), Ok(()));
    relay.run();
    relay
        .engine
        .expanded(DOCUMENT, AUTHOR, examine(&bytes, &Limits::default()));
    relay.run();
    relay.commit();
    relay.commit();
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().durable_len(), 4);
}

#[test]
fn changes_beside_a_document_chunk_are_taken_too() {
    let changes = made(4);
    let message = SyncMessage {
        changes: vec![
            saved(&changes[..3]),
            Bytes::copy_from_slice(changes[3].raw_bytes()),
        ],
        chunks: false,
        ..at(vec![changes[3].hash()])
    };
    let (mut relay, bytes) = with_expanding(&changes, &message);
    relay
        .engine
        .expanded(DOCUMENT, AUTHOR, examine(&bytes, &Limits::default()));
    relay.run();
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 4);
}

/// A change that takes long to read, for a relay.
fn long() -> Change {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![5; 16]));
    let text = doc
        .put_object(ROOT, "text", automerge::ObjType::Text)
        .unwrap();
    doc.splice_text(&text, 0, 0, &"a".repeat(30_000)).unwrap();
    doc.commit();
    doc.get_last_local_change().unwrap()
}

#[test]
fn what_takes_long_is_read_aside_and_holds_up_its_sender_only() {
    let changes = made(3);
    let long = long();
    let message = SyncMessage {
        changes: vec![Bytes::copy_from_slice(long.raw_bytes())],
        ..at(vec![long.hash()])
    };
    let (mut relay, bytes) = with_expanding(&changes, &message);
    let one = |change: &Change| SyncMessage {
        changes: vec![Bytes::copy_from_slice(change.raw_bytes())],
        ..at(vec![change.hash()])
    };
    // What its sender says next waits, and what another says does not.
    relay.sync(AUTHOR, &one(&changes[2]));
    let other = ConnectionId(9);
    relay.connect(other, false);
    relay.sync(other, &one(&changes[1]));
    let len = |relay: &Relay| relay.engine.graph(DOCUMENT).unwrap().len();
    assert_eq!(len(&relay), 2);
    relay
        .engine
        .expanded(DOCUMENT, AUTHOR, examine(&bytes, &Limits::default()));
    relay.run();
    assert_eq!(len(&relay), 4);
    assert_eq!(relay.closed, []);
}

#[test]
fn what_is_found_wrong_aside_is_refused_by_name() {
    let changes = made(2);
    let long = long();
    let message = SyncMessage {
        changes: vec![Bytes::copy_from_slice(long.raw_bytes())],
        ..at(vec![long.hash()])
    };
    let (mut relay, bytes) = with_expanding(&changes, &message);
    let strict = Limits {
        change_ops: 29_000,
        ..Limits::default()
    };
    relay
        .engine
        .expanded(DOCUMENT, AUTHOR, examine(&bytes, &strict));
    relay.run();
    assert_eq!(relay.closed, [(AUTHOR, CloseReason::BadChange)]);
    assert!(relay.engine.limit_hits().iter().eq([("change_ops", 1)]));
}

#[test]
fn whoever_leaves_meanwhile_is_not_heard() {
    let changes = made(4);
    let message = SyncMessage {
        changes: vec![saved(&changes[..3])],
        ..at(vec![changes[2].hash()])
    };
    let (mut relay, bytes) = with_expanding(&changes, &message);
    relay.engine.disconnected(AUTHOR);
    relay
        .engine
        .expanded(DOCUMENT, AUTHOR, examine(&bytes, &Limits::default()));
    relay.run();
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 1);
}
