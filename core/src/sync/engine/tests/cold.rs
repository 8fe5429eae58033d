//! Documents whose changes are in the store: asleep, loaded in outline, and read when somebody lacks them.

use super::*;
use crate::storage::{Block, Outline, Snapshot};
use crate::sync::pack::{pack, unpack};
use crate::sync::sync_state::Wanted;

const READER: ConnectionId = ConnectionId(2);

fn chunks(changes: &[Change]) -> Vec<Bytes> {
    let chunk = |change: &Change| Bytes::copy_from_slice(change.raw_bytes());
    changes.iter().map(chunk).collect()
}

/// A graph that knows of changes without their bytes.
fn outline(changes: &[Change]) -> ChangeGraph {
    let plain = Outline::of_chunks(chunks(changes));
    let graph = ChangeGraph::load(Limits::default(), &plain).unwrap();
    let blocks = pack(&graph, 0..graph.len()).unwrap();
    assert_eq!(
        unpack(&blocks[0].packed, &Limits::default()).unwrap(),
        chunks(changes).concat()
    );
    let runs = blocks.iter().map(Block::run);
    let outline = Outline {
        runs: runs.collect(),
        snapshot: None,
    };
    ChangeGraph::load(Limits::default(), &outline).unwrap()
}

/// A relay with a cold document of these changes, woken by a reader that has the first `known` of them.
fn woken(changes: &[Change], known: usize, limits: Limits) -> Relay {
    let mut relay = Relay::new(limits);
    relay.connect(READER, false);
    let heads = changes[..known].last().map(Change::hash);
    let data = at(heads.into_iter().collect()).encode().into();
    let body = Body::Sync {
        document: DOCUMENT,
        data,
        request: false,
        name: None,
    };
    let sender = "peer2".to_owned();
    let target = None;
    relay.engine.received(
        READER,
        Message {
            sender,
            target,
            body,
        },
    );
    let effect = relay.engine.poll_effect();
    let load = Effect::Load {
        document: DOCUMENT,
        whole: false,
    };
    assert_eq!(effect, Some(load));
    let graph = outline(changes);
    relay
        .engine
        .loaded(DOCUMENT, Ok(Loaded { graph, name: None }));
    while let Some(effect) = relay.engine.poll_effect() {
        assert!(
            matches!(effect, Effect::Wake { .. } | Effect::Notify(_)),
            "{effect:?}"
        );
    }
    relay
}

/// What the engine reads next.
fn asked(relay: &mut Relay) -> Wanted {
    loop {
        match relay.engine.poll_effect() {
            Some(Effect::Fetch { wanted, .. }) => return wanted,
            Some(Effect::Wake { .. }) => {}
            other => panic!("no fetch: {other:?}"),
        }
    }
}

fn part(changes: &[Change], range: std::ops::Range<usize>) -> Fetched {
    let part = crate::storage::Part {
        first: range.start as u32,
        bytes: chunks(&changes[range]).concat().into(),
    };
    Fetched {
        parts: vec![part],
        ..Fetched::default()
    }
}

#[test]
fn just_what_a_peer_lacks_is_read() {
    let changes = made(30);
    let mut relay = woken(&changes, 20, Limits::default());
    assert_eq!(relay.hears(READER), None);
    let wanted = asked(&mut relay);
    assert_eq!(
        (&wanted.changes[..], wanted.snapshot),
        (&[20..30, 30..30][..1], false)
    );
    // One read serves all that wait.
    relay.connect(ConnectionId(3), false);
    relay.sync(ConnectionId(3), &at(vec![changes[24].hash()]));
    assert_eq!(relay.hears(ConnectionId(3)), None);
    assert_eq!(relay.engine.poll_effect(), None);
    relay.engine.fetched(DOCUMENT, Ok(part(&changes, 18..30)));
    relay.run();
    for (reader, from) in [(READER, 20), (ConnectionId(3), 25)] {
        let (message, _) = relay.hears_sync(reader).unwrap();
        assert_eq!(
            message.changes,
            [Bytes::from(chunks(&changes[from..]).concat())]
        );
        assert_eq!(message.heads, [changes[29].hash()]);
        assert_eq!(relay.hears(reader), None);
    }
}

#[test]
fn a_peer_that_lacks_most_is_sent_the_snapshot_and_the_rest() {
    let changes = made(30);
    let mut relay = woken(&changes, 0, Limits::default());
    let mut document = AutoCommit::new();
    document.apply_changes(changes[..25].to_vec()).unwrap();
    let snapshot = Snapshot {
        count: 25,
        heads: document.get_heads(),
        bytes: document.save().into(),
    };
    let info = crate::storage::SnapshotInfo::of(&snapshot);
    relay.engine.snapshot_made(DOCUMENT, info.clone());
    assert_eq!(relay.hears(READER), None);
    let wanted = asked(&mut relay);
    assert!(wanted.snapshot);
    let both = Fetched {
        snapshot: Some(info),
        snapshot_bytes: Some(snapshot.bytes.clone()),
        ..part(&changes, 25..30)
    };
    relay.engine.fetched(DOCUMENT, Ok(both));
    relay.run();
    let (message, _) = relay.hears_sync(READER).unwrap();
    let expected = [&snapshot.bytes[..], &chunks(&changes[25..]).concat()].concat();
    assert_eq!(message.changes, [Bytes::from(expected)]);
    assert_eq!(message.heads, [changes[29].hash()]);
    assert_eq!(relay.hears(READER), None);
}

#[test]
fn a_snapshot_that_is_lost_is_done_without() {
    let changes = made(30);
    let mut relay = woken(&changes, 0, Limits::default());
    let info = crate::storage::SnapshotInfo {
        count: 30,
        heads: vec![changes[29].hash()],
        len: 100,
    };
    relay.engine.snapshot_made(DOCUMENT, info.clone());
    assert_eq!(relay.hears(READER), None);
    assert!(asked(&mut relay).snapshot);
    relay.engine.fetched(DOCUMENT, Ok(Fetched::default()));
    assert_eq!(relay.hears(READER), None);
    assert_eq!(asked(&mut relay).changes.len(), 1);
    let again = Fetched {
        snapshot: Some(info),
        ..part(&changes, 0..30)
    };
    relay.engine.fetched(DOCUMENT, Ok(again));
    relay.run();
    let (message, _) = relay.hears_sync(READER).unwrap();
    assert_eq!(message.changes, [Bytes::from(chunks(&changes).concat())]);
}

/// Where changes lie far apart, more has to be read than there is room for.
#[test]
fn what_does_not_fit_the_cache_goes_in_parts() {
    let changes = made(30);
    let limits = Limits {
        cache_bytes: 10,
        ..Limits::default()
    };
    let mut relay = woken(&changes, 0, limits);
    let mut sent = Vec::new();
    for at in 0..30 {
        assert_eq!(relay.hears(READER), None);
        assert_eq!(asked(&mut relay).changes, vec![at as u32..30]);
        relay
            .engine
            .fetched(DOCUMENT, Ok(part(&changes, at..at + 1)));
        let (message, _) = relay.hears_sync(READER).unwrap();
        assert_eq!(message.heads, [changes[at].hash()]);
        sent.extend(message.changes);
    }
    assert_eq!(sent.concat(), chunks(&changes).concat());
    assert_eq!(relay.hears(READER), None);
}

#[test]
fn what_cannot_be_read_makes_the_document_unavailable() {
    let changes = made(30);
    for outcome in [
        Err(StoreFailed),
        Ok(Fetched::default()),
        Ok(part(&changes, 5..9)),
    ] {
        let mut relay = woken(&changes, 20, Limits::default());
        assert_eq!(relay.hears(READER), None);
        asked(&mut relay);
        relay.engine.fetched(DOCUMENT, outcome);
        relay.run();
        assert_eq!(relay.notices, [Notice::Damaged { document: DOCUMENT }]);
        let unavailable = Body::Unavailable { document: DOCUMENT };
        assert_eq!(relay.hears(READER), Some(unavailable));
    }
}

#[test]
fn a_document_sleeps_once_its_peers_have_all_of_it_and_wakes_for_news() {
    let changes = made(3);
    let mut relay = with_first(&changes);
    relay.reader(READER, vec![changes[0].hash()]);
    relay.sync(AUTHOR, &with(&changes[1..2]));
    relay.commit();
    while relay.hears_sync(AUTHOR).is_some() || relay.hears_sync(READER).is_some() {}
    // The reader was sent it and does not say so: nor does Automerge, where the next message names just its heads.
    relay.engine.tick(20);
    assert!(relay.engine.graph(DOCUMENT).is_none());
    assert_eq!(relay.engine.document_count(), 1);
    // What is stored is known all the same, whatever peers said last.
    let document = relay.engine.documents.get(&DOCUMENT).unwrap();
    assert_eq!(document.durable_heads(), [changes[1].hash()]);

    let data = with(&changes[2..]).encode().into();
    let body = Body::Sync {
        document: DOCUMENT,
        data,
        request: false,
        name: None,
    };
    let (sender, target) = ("peer1".to_owned(), None);
    relay.engine.received(
        AUTHOR,
        Message {
            sender,
            target,
            body,
        },
    );
    let effect = relay.engine.poll_effect();
    assert!(matches!(effect, Some(Effect::Load { .. })), "{effect:?}");
    let graph = outline(&changes[..2]);
    relay
        .engine
        .loaded(DOCUMENT, Ok(Loaded { graph, name: None }));
    relay.run();
    assert_eq!(relay.hears(READER), None, "it is not on disk");
    relay.commit();
    let (news, _) = relay.hears_sync(READER).unwrap();
    assert_eq!(news.changes, chunks(&changes[2..]));
    relay.disconnect_all();
    relay.engine.tick(60);
    assert_eq!(relay.engine.document_count(), 0);
}
