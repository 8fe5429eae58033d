use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, mpsc};
use std::time::Instant;

use tokio::sync::oneshot;
use yilian_core::storage::{Commit, Store};

use super::super::reply::next;
use super::{Answer, CommitError, Message, Shared};

/// What does the work of a [`Writer`](super::Writer): usually in a thread of its own, or step by step.
pub struct Committer<S> {
    pub(super) store: S,
    pub(super) receiver: mpsc::Receiver<Message>,
    pub(super) shared: Arc<Shared>,
}

impl<S: Store> Committer<S> {
    /// Commits all that has been asked for meanwhile as one group, or what comes first of it where that is large, and then
    /// packs or salvages, if that was asked for next. False if nothing has been asked for.
    pub fn step(&mut self) -> bool {
        let Ok(first) = self.receiver.try_recv() else {
            return false;
        };
        if let Some(done) = self.take(first) {
            // Whoever asked may have stopped waiting.
            let _ = done.send(());
        }
        true
    }

    /// The store, to look into.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Takes steps until the last handle is gone, or it is told to stop.
    pub(super) fn run(mut self) {
        let mut stop = None;
        while stop.is_none() {
            // Nobody is left to ask.
            let Some(first) = next(&self.receiver, || self.store.rest()) else {
                break;
            };
            stop = self.take(first);
        }
        drop(self.store);
        if let Some(done) = stop {
            // Whoever asked may have stopped waiting. What is left in the channel is answered as it is dropped.
            let _ = done.send(());
        }
    }

    /// One step, and whether it was told to stop.
    fn take(&mut self, first: Message) -> Option<oneshot::Sender<()>> {
        let mut group = Commit::default();
        let mut replies = Vec::new();
        let mut size_bytes = 0;
        let mut stop = None;
        let mut aside = None;
        let mut following = Some(first);
        while let Some(message) = following.take() {
            match message {
                Message::Commit(request) => {
                    group.extend(request.commit);
                    replies.push(request.reply);
                    size_bytes += request.size_bytes;
                    if size_bytes < self.shared.settings.group_bytes_max as u64 {
                        following = self.receiver.try_recv().ok();
                    }
                }
                Message::Stop(done) => stop = Some(done),
                other => aside = Some(other),
            }
        }
        if !replies.is_empty() {
            let answer = self.commit(&group, replies.len(), size_bytes);
            for reply in replies {
                reply.answer(answer.clone());
            }
        }
        match aside {
            Some(Message::Pack(id, packing, reply)) => {
                reply.answer(self.store.pack(&id, &packing).map_err(CommitError::of));
            }
            Some(Message::Salvage(id, reply)) => {
                reply.answer(self.store.salvage(&id).map_err(CommitError::of));
            }
            Some(Message::Commit(_) | Message::Stop(_)) | None => {}
        }
        stop
    }

    fn commit(&mut self, group: &Commit, requests: usize, size_bytes: u64) -> Answer {
        let shared = &self.shared;
        let add = |counter: &AtomicU64, more: u64| counter.fetch_add(more, Ordering::Relaxed);
        let start = Instant::now();
        let result = self.store.commit(group).map_err(CommitError::of);
        let failure = result.as_ref().err().cloned();
        *shared
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = failure;
        add(
            &shared.busy_ns,
            u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
        );
        if result.is_ok() {
            add(&shared.groups, 1);
            add(&shared.requests, requests as u64);
            add(&shared.size_bytes, size_bytes);
        } else {
            add(&shared.groups_failed, 1);
        }
        shared
            .backlog_bytes
            .fetch_sub(size_bytes, Ordering::Relaxed);
        shared.committed.notify_waiters();
        result
    }
}

impl<S> fmt::Debug for Committer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committer").finish_non_exhaustive()
    }
}
