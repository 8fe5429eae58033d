use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use yilian_core::sync::engine::ConnectionId;

use super::Frame;

/// Frames that wait for a shard, and whose turn it is: the connection's that has taken least of the shard's time.
///
/// Each frame is charged what it took. Whoever keeps the shard busy waits for everybody else, and whoever says little is
/// served next, however many others there are. Nobody saves up time by being silent.
#[derive(Debug, Default)]
pub(super) struct FairQueue {
    waiting: BTreeMap<ConnectionId, VecDeque<Frame>>,
    /// Connections with something waiting that is not being served, by when it is their turn.
    turns: BTreeSet<(u64, ConnectionId)>,
    /// When it is a connection's turn again, on a clock that only serving moves; in nanoseconds.
    next: BTreeMap<ConnectionId, u64>,
    now: u64,
}

impl FairQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// How many wait of the connection that has most.
    pub(super) fn most(&self) -> usize {
        let waiting = self.waiting.values().map(VecDeque::len);
        waiting.max().unwrap_or_default()
    }

    pub(super) fn push(&mut self, frame: Frame) {
        let connection = frame.connection;
        let waiting = self.waiting.entry(connection).or_default();
        if waiting.is_empty() {
            let next = self.next.get(&connection).copied().unwrap_or_default();
            self.turns.insert((next.max(self.now), connection));
        }
        waiting.push_back(frame);
    }

    /// The next frame. [`FairQueue::served`] is to follow.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        let (turn, connection) = self.turns.pop_first()?;
        self.now = turn;
        self.waiting.get_mut(&connection)?.pop_front()
    }

    /// The frame that [`FairQueue::pop`] gave took so long.
    pub(super) fn served(&mut self, connection: ConnectionId, took: Duration) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let next = self.now.saturating_add(took);
        self.next.insert(connection, next);
        match self.waiting.get(&connection) {
            Some(waiting) if !waiting.is_empty() => drop(self.turns.insert((next, connection))),
            _ => drop(self.waiting.remove(&connection)),
        }
    }

    /// A connection is gone, and with it what it said last.
    pub(super) fn forget(&mut self, connection: ConnectionId) {
        self.waiting.remove(&connection);
        self.next.remove(&connection);
        self.turns.retain(|(_, waiting)| *waiting != connection);
    }
}

#[cfg(test)]
mod tests {
    use yilian_core::sync::wire::{Body, Message};

    use super::*;

    fn frame(connection: u64) -> Frame {
        Frame {
            connection: ConnectionId(connection),
            message: Message {
                sender: String::new(),
                target: None,
                body: Body::Leave,
            },
            place: None,
        }
    }

    /// Serves what waits; a frame of connection 1 takes a second, one of any other a millisecond.
    fn serve(queue: &mut FairQueue) -> Option<u64> {
        let connection = queue.pop()?.connection;
        let took = if connection.0 == 1 { 1_000 } else { 1 };
        queue.served(connection, Duration::from_millis(took));
        Some(connection.0)
    }

    #[test]
    fn who_takes_little_waits_for_one_frame_of_who_takes_much() {
        let mut queue = FairQueue::default();
        (0..5).for_each(|_| queue.push(frame(1)));
        assert_eq!(serve(&mut queue), Some(1));
        (0..3).for_each(|_| queue.push(frame(2)));
        queue.push(frame(3));
        let order: Vec<u64> = std::iter::from_fn(|| serve(&mut queue)).collect();
        assert_eq!(order, [2, 3, 2, 2, 1, 1, 1, 1]);
        assert!(queue.is_empty());
    }

    #[test]
    fn silence_saves_nothing_up_and_what_is_gone_is_forgotten() {
        let mut queue = FairQueue::default();
        queue.push(frame(1));
        assert_eq!(serve(&mut queue), Some(1));
        // One that was silent meanwhile is next, and then they take turns by what they take.
        (0..3).for_each(|_| queue.push(frame(2)));
        (0..2).for_each(|_| queue.push(frame(1)));
        queue.forget(ConnectionId(2));
        let order: Vec<u64> = std::iter::from_fn(|| serve(&mut queue)).collect();
        assert_eq!(order, [1, 1]);
    }
}
