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

/// What a peer of a relay with these limits is told, and how it ends.
fn outcome(limits: Limits, messages: &[SyncMessage]) -> (Option<CloseReason>, String) {
    let mut relay = Relay::new(limits);
    relay.connect(AUTHOR, false);
    let mut told = String::new();
    for message in messages {
        relay.sync(AUTHOR, message);
        while let Some(body) = relay.hears(AUTHOR) {
            if let Body::Error { message } = body {
                told = message;
            }
        }
    }
    (relay.closed.first().map(|(_, reason)| *reason), told)
}

/// A limit that is added to [`Limits`] does not compile here until it is said what it does.
#[test]
fn every_limit_on_what_a_peer_sends_ends_its_connection_and_names_itself() {
    let Limits {
        frame_bytes: _,           // no_frame_above_the_limit_is_read
        change_bytes: _,          // here
        change_ops: _,            // here
        change_preds: _,          // here
        change_deps: _,           // here
        change_actors: _,         // here
        op_ahead: _,              // here
        orphans: _,               // here
        orphan_bytes: _,          // here
        hashes: _,                // here
        haves: _,                 // here
        bloom_bytes: _,           // here
        bloom_probes: _,          // here
        documents: _,             // limits_end_the_connection_that_breaks_them
        ephemerals: _,            // of_ephemeral_messages_few_and_small_ones_wait
        ephemeral_bytes: _,       // the same
        ephemeral_queue_bytes: _, // the same
        loading_messages: _,      // what_waits_for_a_load_is_bounded
        loading_bytes: _,         // the same
        message_bytes: _,         // a_large_upload_and_download_go_in_parts
        foreign_message_bytes: _, // the same
        tail_bytes: _,            // cold.rs: what is read is not kept for ever
        cache_bytes: _,           // the same
    } = Limits::default();
    let usual = Limits::default();
    let two = made(2);
    let mut other = AutoCommit::new().with_actor(ActorId::from(vec![2; 16]));
    other.apply_changes(two[..1].to_vec()).unwrap();
    other.put(ROOT, "key", 9).unwrap();
    other.put(ROOT, "more", 9).unwrap();
    other.commit_with(CommitOptions::default().with_time(0));
    let of_other = other.get_last_local_change().unwrap().clone();
    let merged = [two[0].clone(), of_other];
    let hashes: Vec<ChangeHash> = two.iter().map(Change::hash).collect();
    let bloom = Have {
        bloom: crate::sync::bloom::BloomFilter::of(&hashes),
        ..Have::default()
    };
    let filtered = SyncMessage {
        have: vec![bloom],
        ..at(vec![])
    };
    let twice = SyncMessage {
        have: vec![Have::default(); 2],
        ..at(vec![])
    };
    use CloseReason::{BadChange, BadMessage, TooManyOrphans};
    let limits: [(Limits, SyncMessage, CloseReason, &str); 12] = [
        (
            Limits {
                change_bytes: 20,
                ..usual
            },
            with(&two[..1]),
            BadChange,
            "above the limit of 20",
        ),
        (
            Limits {
                change_ops: 1,
                ..usual
            },
            with(&merged),
            BadChange,
            "number of operations is 2, above the limit of 1",
        ),
        (
            Limits {
                change_preds: 0,
                ..usual
            },
            with(&two),
            BadChange,
            "number of predecessors is 1, above the limit of 0",
        ),
        (
            Limits {
                change_deps: 0,
                ..usual
            },
            with(&two),
            BadChange,
            "number of dependencies is 1, above the limit of 0",
        ),
        (
            Limits {
                change_actors: 0,
                ..usual
            },
            with(&merged),
            BadChange,
            "number of actors is 1, above the limit of 0",
        ),
        (
            Limits {
                op_ahead: 1,
                ..usual
            },
            with(&merged),
            BadChange,
            "starts at operation 2, outside 2..=2",
        ),
        (
            Limits {
                orphans: 0,
                ..usual
            },
            with(&two[1..]),
            TooManyOrphans,
            "",
        ),
        (
            Limits {
                orphan_bytes: 9,
                ..usual
            },
            with(&two[1..]),
            TooManyOrphans,
            "",
        ),
        (
            Limits { hashes: 1, ..usual },
            at(hashes.clone()),
            BadMessage,
            "",
        ),
        (Limits { haves: 1, ..usual }, twice, BadMessage, ""),
        (
            Limits {
                bloom_bytes: 3,
                ..usual
            },
            filtered.clone(),
            BadMessage,
            "",
        ),
        (
            Limits {
                bloom_probes: 6,
                ..usual
            },
            filtered,
            BadMessage,
            "",
        ),
    ];
    for (number, (limits, message, reason, words)) in limits.into_iter().enumerate() {
        let (closed, told) = outcome(limits, std::slice::from_ref(&message));
        assert_eq!(closed, Some(reason), "limit {number}: {told}");
        assert!(told.contains(words), "limit {number}: {told}");
        // At the usual limits nobody is cut off for it.
        assert_eq!(outcome(usual, &[message]), (None, String::new()));
    }
}

#[test]
fn no_frame_above_the_limit_is_read() {
    let body = Body::Unavailable { document: DOCUMENT };
    let frame = wire::encode(&Message {
        sender: "peer".to_owned(),
        target: None,
        body,
    });
    let limits = |frame_bytes| Limits {
        frame_bytes,
        ..Limits::default()
    };
    assert!(wire::decode(&frame, &limits(frame.len())).is_ok());
    let error = wire::decode(&frame, &limits(frame.len() - 1)).unwrap_err();
    assert!(matches!(error, wire::WireError::Limit { .. }), "{error}");
}

#[test]
fn of_ephemeral_messages_few_and_small_ones_wait() {
    let limits = Limits {
        ephemerals: 2,
        ephemeral_bytes: 3,
        ..Limits::default()
    };
    let mut relay = Relay::new(limits);
    relay.connect(AUTHOR, false);
    relay.sync(AUTHOR, &at(vec![]));
    relay.reader(ConnectionId(2), vec![]);
    let say = |count, data: &'static [u8]| Body::Ephemeral {
        document: DOCUMENT,
        count,
        session: "session".to_owned(),
        data: Bytes::from_static(data),
    };
    for (count, data) in [(1, &[1][..]), (2, &[2]), (3, &[3, 3, 3, 3]), (4, &[4])] {
        relay.says(AUTHOR, say(count, data));
    }
    let mut heard = Vec::new();
    while let Some(body) = relay.hears(ConnectionId(2)) {
        if let Body::Ephemeral { count, .. } = body {
            heard.push(count);
        }
    }
    assert_eq!(heard, [2, 4]);
    assert_eq!(relay.closed, []);
}

#[test]
fn what_waits_for_a_load_is_bounded() {
    let data = Bytes::from(at(vec![]).encode());
    let usual = Limits::default();
    let tight = [
        Limits {
            loading_messages: 2,
            ..usual
        },
        Limits {
            loading_bytes: data.len() * 2,
            ..usual
        },
    ];
    for limits in tight {
        let mut relay = Relay::new(limits);
        relay.connect(AUTHOR, false);
        for _ in 0..3 {
            let body = Body::Sync {
                document: DOCUMENT,
                data: data.clone(),
                request: false,
                name: None,
            };
            let sender = "peer1".to_owned();
            let target = None;
            relay.engine.received(
                AUTHOR,
                Message {
                    sender,
                    target,
                    body,
                },
            );
        }
        let mut closed = Vec::new();
        while let Some(effect) = relay.engine.poll_effect() {
            if let Effect::Close { reason, .. } = effect {
                closed.push(reason);
            }
        }
        assert_eq!(closed, [CloseReason::TooMuchWaiting]);
    }
}
