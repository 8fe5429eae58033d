//! Changes that were stored and passed on, and then found to break Automerge: from then on they go to nobody, nothing
//! builds on them, and everything else goes on.

use super::*;

/// Two changes of the author, and beside them two of another actor: the first of these is bad.
fn scene() -> (Relay, Vec<Change>, Vec<Change>) {
    let good = made(2);
    let mut other = AutoCommit::new().with_actor(ActorId::from(vec![9; 16]));
    other.apply_changes(vec![good[0].clone()]).unwrap();
    for number in 0..3 {
        other.put(ROOT, "other", number).unwrap();
        other.commit_with(CommitOptions::default().with_time(0));
    }
    let bad = other.get_changes(&[good[0].hash()]);
    let mut relay = with_first(&good);
    relay.connect(ConnectionId(2), true);
    relay.sync(ConnectionId(2), &with(&bad[..2]));
    relay.commit();
    relay.sync(AUTHOR, &with(&good[1..]));
    relay.commit();
    for connection in [AUTHOR, ConnectionId(2)] {
        while relay.hears(connection).is_some() {}
    }
    (relay, good, bad)
}

/// A change of another actor on top of some.
fn on_top(ground: &[Change], actor: u8, key: &str) -> Change {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(vec![actor; 16]));
    doc.apply_changes(ground.to_vec()).unwrap();
    doc.put(ROOT, key, 1).unwrap();
    doc.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().unwrap().clone()
}

fn quarantine(relay: &mut Relay, change: &Change) {
    let found = vec![Quarantined::breaking(change.hash())];
    relay.engine.quarantine(DOCUMENT, found);
    relay.run();
}

#[test]
fn what_is_in_quarantine_is_withheld_with_what_builds_on_it() {
    let (mut relay, good, bad) = scene();
    quarantine(&mut relay, &bad[0]);
    let found = Quarantined::breaking(bad[0].hash());
    assert_eq!(relay.aside, Some((vec![found], vec![good[1].hash()])));
    assert_eq!(
        relay.notices.last(),
        Some(&Notice::Quarantined {
            document: DOCUMENT,
            changes: vec![bad[0].hash(), bad[1].hash()],
        })
    );
    let graph = relay.engine.graph(DOCUMENT).unwrap();
    assert_eq!((graph.len(), graph.aside().len()), (4, 2));
    // A newcomer hears of the rest only, also if it asks for one of them by name.
    relay.connect(ConnectionId(3), false);
    let asks = SyncMessage {
        need: vec![bad[1].hash()],
        have: vec![Have::default()],
        ..at(vec![])
    };
    relay.sync(ConnectionId(3), &asks);
    let (message, _) = relay.hears_sync(ConnectionId(3)).unwrap();
    assert_eq!(message.heads, [good[1].hash()]);
    let sent: Vec<Change> = message
        .changes
        .iter()
        .flat_map(|chunks| crate::sync::chunk::read_changes(chunks, &Limits::default()).unwrap())
        .map(|(_, bytes)| Change::try_from(&bytes[..]).unwrap())
        .collect();
    assert_eq!(sent, good);
}

#[test]
fn who_has_it_is_told_once_and_goes_on_being_heard() {
    let (mut relay, good, bad) = scene();
    quarantine(&mut relay, &bad[0]);
    let Some(Body::Refusal {
        changes, reason, ..
    }) = relay.hears(ConnectionId(2))
    else {
        panic!("no refusal");
    };
    assert_eq!(changes, [bad[0].hash()]);
    assert_eq!(reason, Quarantined::BREAKS);
    let (told, _) = relay.hears_sync(ConnectionId(2)).unwrap();
    assert_eq!(told.heads, [good[1].hash()]);
    // Found again, or claimed again: nothing new.
    quarantine(&mut relay, &bad[0]);
    relay.sync(ConnectionId(2), &at(vec![bad[1].hash()]));
    while let Some(body) = relay.hears(ConnectionId(2)) {
        assert!(matches!(body, Body::Sync { .. }), "{body:?}");
    }
    // What it makes on sound ground is taken on the same connection.
    let more = on_top(&good, 8, "more");
    relay.sync(ConnectionId(2), &with(std::slice::from_ref(&more)));
    assert_eq!(relay.stored.last().unwrap().heads, [more.hash()]);
    relay.commit();
    let graph = relay.engine.graph(DOCUMENT).unwrap();
    assert_eq!(graph.durable_heads().collect::<Vec<_>>(), [more.hash()]);
    assert_eq!(relay.closed, []);
}

#[test]
fn nothing_new_builds_on_it_and_a_foreign_peer_is_not_cut_off_for_it() {
    let (mut relay, _, bad) = scene();
    quarantine(&mut relay, &bad[0]);
    relay.connect(ConnectionId(3), false);
    let ahead = with(&bad[2..]);
    relay.sync(ConnectionId(3), &ahead);
    let (answer, _) = relay.hears_sync(ConnectionId(3)).unwrap();
    // Nor is it asked for what would be refused.
    assert_eq!(answer.need, []);
    assert_eq!(relay.closed, []);
    let graph = relay.engine.graph(DOCUMENT).unwrap();
    assert_eq!((graph.len(), graph.waiting()), (4, 0));
    // One of ours is told what it builds on: of that one it does not know, and it would build on it again.
    while relay.hears(ConnectionId(2)).is_some() {}
    relay.sync(ConnectionId(2), &ahead);
    let Some(Body::Refusal {
        changes, reason, ..
    }) = relay.hears(ConnectionId(2))
    else {
        panic!("no refusal");
    };
    assert_eq!(
        (changes, &reason[..]),
        (vec![bad[0].hash()], Quarantined::BREAKS)
    );
}

/// Peers send nothing twice on one connection.
#[test]
fn what_comes_with_one_that_builds_on_it_is_taken() {
    let (mut relay, good, bad) = scene();
    quarantine(&mut relay, &bad[0]);
    let more = on_top(&good, 8, "more");
    relay.connect(ConnectionId(3), false);
    relay.sync(ConnectionId(3), &with(&[bad[2].clone(), more.clone()]));
    assert_eq!(relay.stored.last().unwrap().heads, [more.hash()]);
    assert_eq!(relay.closed, []);
}

/// Its heads say nothing of what it has below them: whoever builds on one of many hears of all of them at once, and does not
/// come back as often as there are many.
#[test]
fn who_builds_on_one_hears_of_all() {
    let (mut relay, good, bad) = scene();
    let worse = on_top(&good, 7, "third");
    relay.sync(ConnectionId(2), &with(std::slice::from_ref(&worse)));
    relay.commit();
    quarantine(&mut relay, &worse);
    quarantine(&mut relay, &bad[0]);

    relay.connect(ConnectionId(3), true);
    for _ in 0..2 {
        relay.sync(ConnectionId(3), &with(&bad[2..]));
    }
    let mut told = Vec::new();
    while let Some(body) = relay.hears(ConnectionId(3)) {
        if let Body::Refusal { changes, .. } = body {
            told.push(changes);
        }
    }
    // The second time it may have had it from elsewhere since.
    assert_eq!(
        told,
        [vec![worse.hash(), bad[0].hash()], vec![bad[0].hash()]]
    );
}

#[test]
fn a_document_that_is_not_in_memory_is_loaded_for_it() {
    let (relay, _, bad) = scene();
    let graph = relay.engine.graph(DOCUMENT).unwrap().clone();
    let mut fresh = Relay::new(Limits::default());
    let found = vec![Quarantined::breaking(bad[0].hash())];
    fresh.engine.quarantine(DOCUMENT, found);
    let effect = fresh.engine.poll_effect();
    assert!(matches!(effect, Some(Effect::Load { .. })), "{effect:?}");
    fresh
        .engine
        .loaded(DOCUMENT, Ok(Loaded { graph, name: None }));
    fresh.run();
    assert!(fresh.aside.is_some());
}

#[test]
fn a_commit_that_fails_takes_nothing_out_of_quarantine() {
    let (mut relay, good, bad) = scene();
    let more = on_top(&good, 8, "more");
    relay.sync(AUTHOR, &with(std::slice::from_ref(&more)));
    quarantine(&mut relay, &bad[0]);
    // The commit under way comes first, and what is stored of the quarantine after it.
    assert_eq!(relay.aside.take().unwrap().1, [more.hash()]);
    relay.engine.stored(DOCUMENT, Err(StoreFailed));
    relay.run();
    assert_eq!(relay.aside.take().unwrap().1, [good[1].hash()]);
    let graph = relay.engine.graph(DOCUMENT).unwrap();
    assert!(graph.is_quarantined(&bad[1].hash()));
}
