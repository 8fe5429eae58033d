//! Which documents are in memory: loaded when they are used, put away when they are not.

use super::document::Document;
use super::{Effect, Engine, Loaded, Notice, StoreFailed};
use crate::document::{DocumentId, Name};
use crate::sync::sync_state::Voice;

impl Engine {
    /// Time has passed: `now_ms` is Unix time in milliseconds. Once a second is often enough.
    pub fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        let oldest = now_ms.saturating_sub(self.config.idle_ms);
        let is_idle = |document: &Document| {
            document.is_idle() && (document.used_ms <= oldest || document.is_forgotten())
        };
        let idle: Vec<DocumentId> = self
            .documents
            .iter()
            .filter(|(_, document)| is_idle(document))
            .map(|(id, _)| *id)
            .collect();
        idle.into_iter().for_each(|id| self.put_away(id));
    }

    /// Takes a document out of memory. A relay remembers where its peers are, and answers for it as long
    /// as anybody has it open; a replica takes it up again when there is news.
    fn put_away(&mut self, id: DocumentId) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        if self.config.voice == Voice::Relay && !document.peers.is_empty() {
            return document.sleep(self.config.limits);
        }
        let peers = std::mem::take(&mut document.peers);
        self.documents.remove(&id);
        for connection in peers.keys() {
            if let Some(link) = self.connections.get_mut(connection) {
                link.documents.remove(&id);
            }
        }
    }

    /// Keeps a document in memory until [`Engine::close`]; [`Notice::Opened`] follows.
    pub fn open(&mut self, id: DocumentId, name: Option<&Name>) {
        self.touch(id);
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        document.held += 1;
        if let Some(name) = name {
            document.set_name(name.to_string());
        }
        if document.is_ready() {
            self.effects
                .push_back(Effect::Notify(Notice::Opened { document: id }));
        }
    }

    /// Takes back one [`Engine::open`].
    pub fn close(&mut self, id: DocumentId) {
        if let Some(document) = self.documents.get_mut(&id) {
            document.held = document.held.saturating_sub(1);
            document.used_ms = self.now_ms;
        }
    }

    /// What is stored of a document, or that it cannot be had.
    pub fn loaded(&mut self, id: DocumentId, stored: Result<Loaded, StoreFailed>) {
        let Some(document) = self.documents.get_mut(&id) else {
            return;
        };
        let Ok(Loaded { graph, name }) = stored else {
            return self.cannot_load(id);
        };
        document.graph = graph;
        document.name = document.name.take().or_else(|| name.clone());
        document.stored_name = name;
        self.ready(id);
        self.keep_aside(id);
        self.effects
            .push_back(Effect::Notify(Notice::Opened { document: id }));
    }

    /// Loads a document unless it is here.
    pub(super) fn touch(&mut self, id: DocumentId) {
        let now_ms = self.now_ms;
        let limits = self.config.limits;
        let document = self
            .documents
            .entry(id)
            .or_insert_with(|| Box::new(Document::new(limits)));
        document.used_ms = now_ms;
        if document.wake() {
            self.effects.push_back(Effect::Load {
                document: id,
                whole: self.config.voice == Voice::Replica,
            });
        }
    }
}
