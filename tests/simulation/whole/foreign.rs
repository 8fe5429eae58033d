//! A peer that is not ours: Automerge's own sync behind the protocol's messages, as JavaScript clients are. It has no names,
//! and keeps nothing but what is in memory; its process never ends.

use std::collections::{BTreeMap, VecDeque};

use automerge::sync::{Message as SyncMessage, State, SyncDoc as _};
use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, AutoCommit, ROOT};
use bytes::Bytes;
use yilian_core::document::DocumentId;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::wire::{self, Body, Message, PROTOCOL_VERSION, PeerMetadata};

use super::application::Made;

pub(super) struct Foreign {
    name: String,
    pub(super) documents: BTreeMap<DocumentId, (AutoCommit, State)>,
    /// What it says first on a connection.
    hello: bool,
    met: bool,
    /// It sends back what it is sent that is not stored, as JavaScript clients do.
    bounces: VecDeque<Bytes>,
}

impl Foreign {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            documents: BTreeMap::new(),
            hello: false,
            met: false,
            bounces: VecDeque::new(),
        }
    }

    fn document(&mut self, id: DocumentId) -> &mut AutoCommit {
        let actor = [self.name.as_bytes(), id.as_bytes()].concat();
        let fresh = || {
            let doc = AutoCommit::new().with_actor(ActorId::from(actor));
            (doc, State::new())
        };
        &mut self.documents.entry(id).or_insert_with(fresh).0
    }

    /// Opens a document, if it has not; edits it, if it is to.
    pub(super) fn edit(&mut self, id: DocumentId, value: Option<u64>) -> Option<Made> {
        let doc = self.document(id);
        let value = value?;
        doc.put(ROOT, format!("k{}", value % 17), value).unwrap();
        doc.commit_with(CommitOptions::default().with_time(0));
        let change = doc.get_last_local_change().unwrap();
        Some(Made {
            document: id,
            hash: change.hash(),
            deps: change.deps().to_vec(),
            bytes: Bytes::copy_from_slice(change.raw_bytes()),
        })
    }

    pub(super) fn connected(&mut self) {
        (self.hello, self.met) = (true, false);
        for (_, state) in self.documents.values_mut() {
            *state = State::new();
        }
    }

    pub(super) fn disconnected(&mut self) {
        (self.hello, self.met) = (false, false);
        self.bounces.clear();
    }

    pub(super) fn transmit(&mut self) -> Option<Bytes> {
        if std::mem::take(&mut self.hello) {
            let body = Body::Join {
                metadata: PeerMetadata::default(),
                versions: vec![PROTOCOL_VERSION.to_owned()],
            };
            return Some(self.say(body));
        }
        if !self.met {
            return None;
        }
        if let Some(frame) = self.bounces.pop_front() {
            return Some(frame);
        }
        let mut documents = self.documents.iter_mut();
        let body = documents.find_map(|(id, (doc, state))| {
            let request = doc.get_heads().is_empty();
            let message = doc.sync().generate_sync_message(state)?;
            Some(Body::Sync {
                document: *id,
                data: message.encode().into(),
                request,
                name: None,
            })
        })?;
        Some(self.say(body))
    }

    fn say(&self, body: Body) -> Bytes {
        wire::encode(&Message {
            sender: self.name.clone(),
            target: None,
            body,
        })
    }

    pub(super) fn receive(&mut self, frame: &Bytes) {
        match wire::decode(frame, &Limits::default()).unwrap().body {
            Body::Peer { .. } => self.met = true,
            Body::Sync { document, data, .. } => {
                let message = SyncMessage::decode(&data).unwrap();
                let (doc, state) = self.documents.get_mut(&document).unwrap();
                doc.sync().receive_sync_message(state, message).unwrap();
            }
            Body::Error { message } => panic!("a foreign peer is told: {message}"),
            Body::Ephemeral { .. } => self.bounces.push_back(frame.clone()),
            Body::Unavailable { .. } => {}
            other => panic!("a foreign peer is sent {other:?}"),
        }
    }
}
