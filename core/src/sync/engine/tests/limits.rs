//! What a peer may not do, and what damage does.

use super::*;

#[test]
fn a_refused_change_is_said_to_our_own_peers_and_ends_others() {
    let changes = made(2);
    let mut other = AutoCommit::new().with_actor(ActorId::from(vec![1; 16]));
    other.put(ROOT, "key", "something else").unwrap();
    other.commit();
    let forged = with(&other.get_changes(&[]));
    let mut relay = with_first(&changes);
    relay.connect(ConnectionId(2), true);
    relay.sync(ConnectionId(2), &forged);
    let Some(Body::Refusal {
        changes: refused, ..
    }) = relay.hears(ConnectionId(2))
    else {
        panic!("no refusal")
    };
    assert_eq!(refused, [other.get_changes(&[])[0].hash()]);
    assert_eq!(relay.closed, []);
    relay.connect(ConnectionId(3), false);
    relay.sync(ConnectionId(3), &forged);
    assert!(matches!(
        relay.hears(ConnectionId(3)),
        Some(Body::Error { .. })
    ));
    assert_eq!(relay.closed, [(ConnectionId(3), CloseReason::BadChange)]);
    assert_eq!(relay.engine.graph(DOCUMENT).unwrap().len(), 1);
}

#[test]
fn a_name_is_believed_if_it_gives_the_id() {
    let network: Network = "jiaozuo".parse().unwrap();
    let id = DocumentId::of(&network, &Name::Sites);
    let data = |changes: &[Change]| Bytes::from(with(changes).encode());
    let named = |name: &str, data| Body::Sync {
        document: id,
        data,
        request: false,
        name: Some(name.to_owned()),
    };
    let mut relay = Relay::new(Limits::default());
    relay.connect(AUTHOR, true);
    relay.says(AUTHOR, named("sites", data(&made(1))));
    assert_eq!(relay.stored[0].name.as_deref(), Some("jiaozuo:sites"));
    relay.connect(ConnectionId(2), true);
    relay.says(ConnectionId(2), named("people/keyun", data(&made(1))));
    assert_eq!(relay.closed, [(ConnectionId(2), CloseReason::WrongName)]);
}

#[test]
fn limits_end_the_connection_that_breaks_them() {
    let limits = Limits {
        documents: 2,
        ..Limits::default()
    };
    let mut relay = Relay::new(limits);
    relay.connect(AUTHOR, false);
    for number in 0..3 {
        let data = at(vec![]).encode().into();
        let document = DocumentId::from_bytes([number; 16]);
        relay.says(
            AUTHOR,
            Body::Sync {
                document,
                data,
                request: true,
                name: None,
            },
        );
    }
    assert_eq!(relay.closed, [(AUTHOR, CloseReason::TooManyDocuments)]);
    relay.connect(ConnectionId(2), false);
    let data = Bytes::from_static(&[0x99]);
    relay.says(
        ConnectionId(2),
        Body::Sync {
            document: DOCUMENT,
            data,
            request: false,
            name: None,
        },
    );
    assert_eq!(
        relay.closed.last(),
        Some(&(ConnectionId(2), CloseReason::BadMessage))
    );
}

#[test]
fn a_damaged_document_is_unavailable_and_the_others_are_served() {
    let mut relay = Relay::new(Limits::default());
    relay.connect(AUTHOR, false);
    let data: Bytes = at(vec![]).encode().into();
    let body = |document| Body::Sync {
        document,
        data: data.clone(),
        request: true,
        name: None,
    };
    relay.engine.received(
        AUTHOR,
        Message {
            sender: "peer1".to_owned(),
            target: None,
            body: body(DOCUMENT),
        },
    );
    assert_eq!(
        relay.engine.poll_effect(),
        Some(Effect::Load {
            document: DOCUMENT,
            whole: false
        })
    );
    relay.engine.loaded(DOCUMENT, Err(StoreFailed));
    relay.run();
    assert_eq!(relay.notices, [Notice::Damaged { document: DOCUMENT }]);
    assert_eq!(
        relay.hears(AUTHOR),
        Some(Body::Unavailable { document: DOCUMENT })
    );
    assert_eq!((relay.closed.len(), relay.engine.document_count()), (0, 0));
    relay.says(AUTHOR, body(DOCUMENT));
    assert_eq!(
        (relay.hears(AUTHOR), relay.engine.document_count()),
        (None, 0)
    );
    let other = DocumentId::from_bytes([8; 16]);
    relay.says(AUTHOR, body(other));
    assert_eq!(
        relay.hears(AUTHOR),
        Some(Body::Unavailable { document: other })
    );
}

#[test]
fn nobody_says_for_us_how_far_we_are() {
    let changes = made(1);
    let mut relay = with_first(&changes);
    relay.says(
        AUTHOR,
        Body::RemoteSubscription {
            add: vec!["storage".to_owned(), "elsewhere".to_owned()],
            remove: vec![],
        },
    );
    let told = |relay: &mut Relay| match relay.hears(AUTHOR) {
        Some(Body::RemoteHeads { heads, .. }) => heads.into_keys().next(),
        _ => None,
    };
    assert_eq!(told(&mut relay).as_deref(), Some("storage"));
    relay.reader(ConnectionId(2), vec![changes[0].hash()]);
    for store in ["storage", "elsewhere"] {
        relay.says(
            ConnectionId(2),
            Body::RemoteHeads {
                document: DOCUMENT,
                heads: [(store.to_owned(), (vec![], 1.0))].into(),
            },
        );
    }
    assert_eq!(told(&mut relay).as_deref(), Some("elsewhere"));
    assert_eq!(told(&mut relay), None);
}

/// If each head were compared with each, this would take minutes, and hold up everybody.
#[test]
fn thousands_of_heads_are_not_compared_with_each_other() {
    let root = made(1).remove(0);
    let mut begun = AutoCommit::new();
    begun.apply_changes(vec![root.clone()]).unwrap();
    let forks = (0..10_000_u32).map(|number| {
        let actor = [&[9; 12][..], &number.to_be_bytes()].concat();
        let mut fork = begun.fork().with_actor(ActorId::from(actor));
        fork.put(ROOT, "key", i64::from(number) + 1).unwrap();
        fork.commit_with(CommitOptions::default().with_time(0));
        fork.get_last_local_change().unwrap().clone()
    });
    let changes: Vec<Change> = [root].into_iter().chain(forks).collect();
    let heads: Vec<ChangeHash> = changes[1..].iter().map(Change::hash).collect();
    let mut relay = Relay::new(Limits::default());
    relay.connect(AUTHOR, false);
    let upload = SyncMessage {
        heads: heads.clone(),
        ..with(&changes)
    };
    relay.sync(AUTHOR, &upload);
    relay.commit();
    assert_eq!(relay.hears_sync(AUTHOR).unwrap().0.heads.len(), heads.len());
    relay.reader(ConnectionId(2), heads.clone());
    let state = relay
        .engine
        .documents
        .get(&DOCUMENT)
        .unwrap()
        .peers
        .get(&ConnectionId(2))
        .unwrap();
    assert_eq!(state.known().count(), heads.len());
}
