//! What a replica waits for.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::super::limits::Limits;
use super::super::sync_state::Voice;
use super::super::wire::Extension;
use super::*;

const RELAY: ConnectionId = ConnectionId(1);

fn connected() -> Replica {
    let network: Network = "jiaozuo".parse().unwrap();
    let config = Config {
        peer_id: "node".to_owned(),
        storage_id: "store".to_owned(),
        session_id: "session".to_owned(),
        voice: Voice::Replica,
        limits: Limits::default(),
        idle_ms: 60_000,
    };
    let prefixes = vec![String::new()];
    let mut replica = Replica::new(config, network, Vec::new(), prefixes, None);
    let yilian = Extension {
        version: 1,
        network: None,
    };
    let relay = PeerInfo {
        peer_id: "relay".to_owned(),
        storage_id: None,
        yilian: Some(yilian),
        dialled: true,
    };
    replica.connected(RELAY, relay);
    replica
}

/// The relay says what heads a document has.
fn told(replica: &mut Replica, position: u64, heads: Vec<ChangeHash>) {
    let entry = CatalogueEntry {
        name: "supplies/keyun".to_owned(),
        heads,
    };
    let body = Body::Catalogue {
        since: 0,
        cursor: Cursor {
            store: "run".to_owned(),
            position,
        },
        entries: vec![entry],
        more: false,
    };
    let message = Message {
        sender: "relay".to_owned(),
        target: None,
        body,
    };
    replica.received(RELAY, message);
    while replica.poll_effect().is_some() {}
}

#[test]
fn what_the_relay_told_of_and_then_took_back_is_waited_for_no_more() {
    let mut replica = connected();
    told(&mut replica, 1, vec![ChangeHash([7; 32])]);
    assert_eq!(replica.progress().arriving, 1);
    told(&mut replica, 2, Vec::new());
    assert_eq!(replica.progress().arriving, 0);
    assert!(replica.progress().is_in_step());
}
