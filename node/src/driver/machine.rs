use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Quarantined, SnapshotInfo};
use yilian_core::sync::change_graph::ChangeError;
use yilian_core::sync::engine::{
    Checked, ConnectionId, Effect, Engine, Fetched, Loaded, PeerInfo, StoreFailed,
};
use yilian_core::sync::replica::Replica;
use yilian_core::sync::wire::Message;

/// An engine as a shard drives it: a relay's [`Engine`] or a node's [`Replica`].
pub trait Machine: Send {
    /// See [`Engine::connected`].
    fn connected(&mut self, connection: ConnectionId, peer: PeerInfo);
    /// See [`Engine::disconnected`].
    fn disconnected(&mut self, connection: ConnectionId);
    /// See [`Engine::received`].
    fn received(&mut self, connection: ConnectionId, message: Message);
    /// See [`Engine::loaded`].
    fn loaded(&mut self, document: DocumentId, stored: Result<Loaded, StoreFailed>);
    /// See [`Engine::fetched`]. A replica has all bytes in memory, and asks for none.
    fn fetched(&mut self, document: DocumentId, fetched: Result<Fetched, StoreFailed>) {
        let _ = (document, fetched);
    }
    /// See [`Engine::snapshot_made`]. A replica packs nothing.
    fn snapshot_made(&mut self, document: DocumentId, info: SnapshotInfo) {
        let _ = (document, info);
    }
    /// See [`Engine::quarantine`].
    fn quarantine(&mut self, document: DocumentId, found: Vec<Quarantined>);
    /// Whether the peer on a connection has spoken of a document: see [`Engine::their_heads`].
    fn speaks_of(&self, connection: ConnectionId, document: DocumentId) -> bool;
    /// See [`Engine::stored`].
    fn stored(&mut self, document: DocumentId, outcome: Result<(), StoreFailed>);
    /// See [`Engine::expanded`].
    fn expanded(
        &mut self,
        document: DocumentId,
        connection: ConnectionId,
        changes: Result<Checked, ChangeError>,
    );
    /// See [`Engine::tick`].
    fn tick(&mut self, now_ms: u64);
    /// See [`Engine::taken`].
    fn taken(&self) -> u64;
    /// See [`Engine::poll_effect`].
    fn poll_effect(&mut self) -> Option<Effect>;
    /// See [`Engine::poll_transmit`].
    fn poll_transmit(&mut self, connection: ConnectionId) -> Option<Bytes>;
}

macro_rules! machine {
    ($type:ty, { $($more:item)* }) => {
        impl Machine for $type {
            $($more)*
            fn connected(&mut self, connection: ConnectionId, peer: PeerInfo) {
                self.connected(connection, peer);
            }
            fn disconnected(&mut self, connection: ConnectionId) {
                self.disconnected(connection);
            }
            fn received(&mut self, connection: ConnectionId, message: Message) {
                self.received(connection, message);
            }
            fn loaded(&mut self, document: DocumentId, stored: Result<Loaded, StoreFailed>) {
                self.loaded(document, stored);
            }
            fn quarantine(&mut self, document: DocumentId, found: Vec<Quarantined>) {
                self.quarantine(document, found);
            }
            fn stored(&mut self, document: DocumentId, outcome: Result<(), StoreFailed>) {
                self.stored(document, outcome);
            }
            fn expanded(
                &mut self,
                document: DocumentId,
                connection: ConnectionId,
                changes: Result<Checked, ChangeError>,
            ) {
                self.expanded(document, connection, changes);
            }
            fn tick(&mut self, now_ms: u64) {
                self.tick(now_ms);
            }
            fn poll_effect(&mut self) -> Option<Effect> {
                self.poll_effect()
            }
            fn poll_transmit(&mut self, connection: ConnectionId) -> Option<Bytes> {
                self.poll_transmit(connection)
            }
        }
    };
}

machine!(Engine, {
    fn taken(&self) -> u64 {
        self.taken()
    }
    fn speaks_of(&self, connection: ConnectionId, document: DocumentId) -> bool {
        self.their_heads(document, connection).is_some()
    }
    fn fetched(&mut self, document: DocumentId, fetched: Result<Fetched, StoreFailed>) {
        self.fetched(document, fetched);
    }
    fn snapshot_made(&mut self, document: DocumentId, info: SnapshotInfo) {
        self.snapshot_made(document, info);
    }
});
machine!(Replica, {
    fn taken(&self) -> u64 {
        self.engine().taken()
    }
    fn speaks_of(&self, connection: ConnectionId, document: DocumentId) -> bool {
        self.engine().their_heads(document, connection).is_some()
    }
});
