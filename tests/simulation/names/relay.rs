//! The relay: an engine, a catalogue, and the disk beneath both.

use std::collections::VecDeque;

use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::sync::catalogue::Catalogue;
use yilian_core::sync::engine::{ConnectionId, Effect, Engine, StoreRequest};
use yilian_core::sync::sync_state::Voice;
use yilian_core::sync::wire::{self, Message};

use super::disk::{Disk, Kept, config, fetched, keep, loaded};

pub(super) struct Relay {
    pub(super) engine: Engine,
    pub(super) catalogue: Catalogue,
    pub(super) disk: Disk,
    pub(super) position: u64,
    pub(super) starts: u32,
    pub(super) work: VecDeque<Effect>,
}

impl Relay {
    pub(super) fn new(disk: Disk, position: u64, starts: u32) -> Self {
        let mut catalogue = Catalogue::new(format!("start-{starts}"));
        let mut by_position: Vec<&Kept> = disk.values().collect();
        by_position.sort_by_key(|kept| kept.position);
        for kept in by_position {
            let named = kept.name.clone().map(|name| (name, kept.heads.clone()));
            catalogue.committed(kept.position, named);
        }
        let engine = Engine::new(config("relay", Voice::Relay));
        Self {
            engine,
            catalogue,
            disk,
            position,
            starts,
            work: VecDeque::new(),
        }
    }

    /// The disk does one thing: a commit takes all that wait for one.
    pub(super) fn step(&mut self) -> bool {
        while let Some(effect) = self.engine.poll_effect() {
            if matches!(
                effect,
                Effect::Load { .. } | Effect::Fetch { .. } | Effect::Store(_)
            ) {
                self.work.push_back(effect);
            }
        }
        match self.work.pop_front() {
            Some(Effect::Load { document, whole }) => {
                let stored = loaded(&self.disk, document, whole);
                self.engine.loaded(document, Ok(stored));
                true
            }
            Some(Effect::Fetch {
                document, wanted, ..
            }) => {
                let read = fetched(&self.disk, document, &wanted);
                self.engine.fetched(document, Ok(read));
                true
            }
            Some(Effect::Store(request)) => {
                self.commit(request);
                true
            }
            _ => false,
        }
    }

    pub(super) fn commit(&mut self, first: StoreRequest) {
        let mut group = vec![first];
        while let Some(Effect::Store(_)) = self.work.front() {
            if let Some(Effect::Store(request)) = self.work.pop_front() {
                group.push(request);
            }
        }
        self.position += 1;
        let documents: Vec<DocumentId> = group.iter().map(|request| request.document).collect();
        for request in group {
            keep(&mut self.disk, request, self.position);
        }
        let named = documents.iter().filter_map(|id| {
            let kept = &self.disk[id];
            Some((kept.name.clone()?, kept.heads.clone()))
        });
        self.catalogue
            .committed(self.position, named.collect::<Vec<_>>());
        documents
            .into_iter()
            .for_each(|document| self.engine.stored(document, Ok(())));
    }

    pub(super) fn transmit(&mut self, connection: ConnectionId, target: &str) -> Option<Bytes> {
        let body = self.catalogue.poll(connection);
        let told = body.map(|body| {
            wire::encode(&Message {
                sender: "relay".to_owned(),
                target: Some(target.to_owned()),
                body,
            })
        });
        told.or_else(|| self.engine.poll_transmit(connection))
    }
}
