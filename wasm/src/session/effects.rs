use bytes::BytesMut;
use yilian_core::document::DocumentId;
use yilian_core::sync::engine::{ConnectionId, Effect, Notice, StoreRequest, examine};
use yilian_core::sync::limits::Limits;
use yilian_core::sync::replica::Memo;

use super::{Session, Signal};

impl Session {
    /// Carries out effects until there are none.
    pub(super) fn work(&mut self) {
        while let Some(effect) = self.replica.poll_effect() {
            match effect {
                Effect::Close { connection, reason } => {
                    if self.is_current(connection) {
                        let reason = reason.to_string();
                        self.signal(Signal::Close { reason });
                    }
                }
                Effect::Expand {
                    document,
                    connection,
                    bytes,
                    ..
                } => {
                    let connection = connection.0;
                    let signal = Signal::Expand {
                        document,
                        connection,
                    };
                    self.signals.push_back((signal, bytes));
                }
                // A replica has all bytes in memory, and asks for none.
                Effect::Fetch { .. } => {}
                Effect::Load { document, .. } => self.signal(Signal::Load { document }),
                Effect::Quarantine {
                    document,
                    listed,
                    heads,
                } => self.note_aside(document, listed, heads),
                Effect::Notify(notice) => self.notice(notice),
                Effect::Store(request) => self.store(request),
                Effect::Wake { connection } => {
                    if self.is_current(connection) {
                        self.signal(Signal::Wake);
                    }
                }
            }
        }
        while let Some(memo) = self.replica.poll_memo() {
            self.signal(match memo {
                Memo::RemoteHeads {
                    document,
                    remote_heads,
                    ..
                } => Signal::RemoteHeads {
                    document,
                    heads: texts(remote_heads),
                },
                Memo::Cursor(cursor) => Signal::Cursor {
                    store: cursor.store,
                    position: cursor.position,
                },
            });
        }
    }

    /// Expands what [`Signal::Expand`] asked for. A hostile chunk can make Automerge panic, which ends
    /// the module: remember beforehand what is expanded.
    pub fn expand(&mut self, document: DocumentId, connection: u64, bytes: &[u8]) {
        let changes = examine(bytes, &Limits::default());
        self.replica
            .expanded(document, ConnectionId(connection), changes);
        self.work();
    }

    fn is_current(&self, connection: ConnectionId) -> bool {
        self.link
            .as_ref()
            .is_some_and(|link| link.connection == connection)
    }

    fn store(&mut self, request: StoreRequest) {
        let Some(graph) = self.replica.engine().graph(request.document) else {
            return;
        };
        let before = texts(graph.durable_heads());
        let from = graph.durable_len();
        let mut bytes = BytesMut::new();
        let mut ours = 0_usize;
        for (index, change) in (from..).zip(&request.changes) {
            let elsewhere = graph
                .hash(index)
                .is_some_and(|hash| self.elsewhere.remove(&hash));
            if !elsewhere {
                bytes.extend_from_slice(change);
                ours += 1;
            }
        }
        if ours == 0 && !request.changes.is_empty() {
            // Another tab has stored all of it.
            self.replica.stored(request.document, Ok(()));
            return;
        }
        let signal = Signal::Store {
            document: request.document,
            name: request.name,
            before,
            after: texts(request.heads),
        };
        self.signals.push_back((signal, bytes.freeze()));
    }

    fn notice(&mut self, notice: Notice) {
        match notice {
            Notice::Damaged { document } => {
                let name = self.name_of(document);
                self.signal(Signal::Damaged { document, name });
            }
            Notice::Durable { document, to, .. } => self.durable(document, to),
            Notice::Ephemeral { document, data, .. } => {
                if let Some(name) = self.name_of(document) {
                    self.signals.push_back((Signal::Ephemeral { name }, data));
                }
            }
            Notice::Lost { document } => {
                if let Some(name) = self.name_of(document) {
                    self.known.touch(&name);
                }
                self.rebuild(document);
            }
            Notice::Opened { document } => self.opened(document),
            Notice::Quarantined { document, .. } => self.put_aside(document),
            Notice::Refused {
                document,
                connection,
                changes,
                reason,
            } => self
                .replica
                .take_back(document, connection, changes, &reason),
            Notice::PeerError { message, .. } => self.signal(Signal::Complaint { message }),
            // The rest shows in the progress.
            _ => {}
        }
    }

    fn opened(&mut self, document: DocumentId) {
        if let Some(changes) = self.announced.remove(&document) {
            self.take_announced(document, &changes);
        }
        self.learn(document);
        let changes = self.durable_len(document);
        let Some(open) = self.open.get_mut(&document) else {
            return;
        };
        if open.live.is_some() {
            return;
        }
        open.durable = open.durable.max(changes);
        let name = open.name.clone();
        self.find_ours(document, &name);
        self.signal(Signal::Arrived {
            document,
            name,
            changes,
        });
    }

    /// A document is here, as soon as it holds something.
    fn learn(&mut self, document: DocumentId) {
        if let Some((Some(name), heads)) = self.replica.document(document)
            && !heads.is_empty()
        {
            self.known.learn(name);
        }
    }

    fn durable(&mut self, document: DocumentId, to: u32) {
        self.learn(document);
        if let Some(name) = self.name_of(document)
            && !self.open.contains_key(&document)
        {
            // Nobody is shown it, but what was worked out of it is another now.
            self.known.touch(&name);
        }
        let Some(open) = self.open.get_mut(&document) else {
            return;
        };
        open.durable = to;
        let mut tickets = Vec::new();
        open.edits.retain(|(len, ticket)| {
            let settled = *len <= to;
            if settled {
                tickets.push(*ticket);
            }
            !settled
        });
        if !tickets.is_empty() {
            self.settled_again(&tickets, true);
            self.signal(Signal::Settled {
                tickets,
                durable: true,
            });
        }
        self.tell_behind(document);
        let unheld = self
            .open
            .get(&document)
            .is_some_and(|open| open.holders == 0);
        if unheld {
            self.let_go(document);
        }
    }
}

fn texts(hashes: impl IntoIterator<Item = automerge::ChangeHash>) -> Vec<String> {
    hashes.into_iter().map(|hash| hash.to_string()).collect()
}
