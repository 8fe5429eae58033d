use super::document::Document;
use super::{Connection, Engine};

/// What an engine holds on behalf of its peers, to be compared with [`Limits`](crate::sync::limits::Limits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Documents that are known, asleep or not.
    pub documents: usize,
    /// Those whose graph is in memory, or on its way there.
    pub awake: usize,
    /// Most documents of one connection.
    pub connection_documents: usize,
    /// Most messages that wait for one document to be loaded.
    pub loading_messages: usize,
    /// Most bytes of such messages.
    pub loading_bytes: usize,
    /// Most changes of one document that wait for others.
    pub orphans: usize,
    /// Most bytes of such changes.
    pub orphan_bytes: usize,
    /// Most ephemeral messages that wait for one connection.
    pub ephemerals: usize,
    /// Most answers that wait for one connection.
    pub answers: usize,
    /// Bytes of older changes and snapshots that are accounted for as read.
    pub cached_bytes: usize,
    /// Bytes of older changes and snapshots that are in memory.
    pub fetched_bytes: usize,
}

impl Engine {
    /// What is held now. Takes as long as looking at every document and connection.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut usage = Usage {
            documents: self.documents.len(),
            cached_bytes: self.cache.bytes(),
            ..Usage::default()
        };
        self.documents
            .values()
            .for_each(|document| usage.count_document(document));
        self.connections
            .values()
            .for_each(|connection| usage.count_connection(connection));
        usage
    }
}

impl Usage {
    fn count_document(&mut self, document: &Document) {
        let graph = &document.graph;
        self.awake += usize::from(!document.is_asleep());
        self.loading_messages = self.loading_messages.max(document.waiting.len());
        self.loading_bytes = self.loading_bytes.max(document.waiting_bytes());
        self.orphans = self.orphans.max(graph.waiting());
        self.orphan_bytes = self.orphan_bytes.max(graph.waiting_bytes());
        self.fetched_bytes += graph.fetched_bytes();
    }

    fn count_connection(&mut self, connection: &Connection) {
        let answers = connection.control.len() + connection.unavailable.len();
        self.answers = self.answers.max(answers);
        self.ephemerals = self.ephemerals.max(connection.ephemerals.len());
        let documents = connection.documents.len();
        self.connection_documents = self.connection_documents.max(documents);
    }
}
