use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use yilian_core::sync::engine::ConnectionId;

use super::{Account, Frame};

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
    /// Who pays for what a connection says.
    accounts: BTreeMap<ConnectionId, Account>,
    /// Connections that are sent nothing while they are overdrawn.
    deferred: BTreeSet<ConnectionId>,
    /// The most that the frame being served is charged.
    charge_max: Duration,
}

/// What is charged at most beside what follows from the size. Clocks count the time in which somebody else had the
/// processor; nobody is to pay for that.
const BASE_MAX: Duration = Duration::from_micros(100);
/// The most that a byte is charged, in nanoseconds: checking the changes of an upload takes a third of it.
const BYTE_NS_MAX: u64 = 100;

/// The most that is charged for a message of so many bytes.
fn charge_max(bytes: usize) -> Duration {
    BASE_MAX + Duration::from_nanos((bytes as u64).saturating_mul(BYTE_NS_MAX))
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
        if let Some(account) = &frame.account {
            self.accounts
                .entry(connection)
                .or_insert_with(|| account.clone());
        }
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
        let frame = self.waiting.get_mut(&connection)?.pop_front()?;
        self.charge_max = charge_max(frame.message.payload_len());
        Some(frame)
    }

    /// The frame that [`FairQueue::pop`] gave took so long, and brought so many changes.
    pub(super) fn served(&mut self, connection: ConnectionId, took: Duration, changes: u64) {
        if let Some(account) = self.accounts.get(&connection) {
            account.received(took.min(self.charge_max), changes);
        }
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let next = self.now.saturating_add(took);
        self.next.insert(connection, next);
        match self.waiting.get(&connection) {
            Some(waiting) if !waiting.is_empty() => drop(self.turns.insert((next, connection))),
            _ => drop(self.waiting.remove(&connection)),
        }
    }

    /// What a connection sent was read aside, which took so long, and brought so many changes.
    pub(super) fn read_aside(&mut self, connection: ConnectionId, took: Duration, changes: u64) {
        if let Some(account) = self.accounts.get(&connection) {
            account.read_aside(took, changes);
        }
    }

    /// What a connection sent is going to be read aside.
    pub(super) fn set_aside(&mut self, connection: ConnectionId) {
        if let Some(account) = self.accounts.get(&connection) {
            account.set_aside();
        }
    }

    /// Whether a connection is to be sent something now; if not, it is among [`FairQueue::due`] later.
    pub(super) fn may_send(&mut self, connection: ConnectionId) -> bool {
        let overdrawn = self
            .accounts
            .get(&connection)
            .is_some_and(Account::is_overdrawn);
        if overdrawn {
            self.deferred.insert(connection);
        }
        !overdrawn
    }

    /// Making so many messages for a connection, of so many bytes together, took so long.
    pub(super) fn sent(
        &mut self,
        connection: ConnectionId,
        took: Duration,
        messages: u32,
        bytes: usize,
    ) {
        if let Some(account) = self.accounts.get(&connection) {
            let most = charge_max(bytes) * (messages + 1);
            account.sent(took.min(most), u64::from(messages));
        }
    }

    /// Connections that were to be sent something, and are not overdrawn any more.
    pub(super) fn due(&mut self) -> Vec<ConnectionId> {
        let accounts = &self.accounts;
        let solvent = |connection: &mut ConnectionId| {
            !accounts.get(connection).is_some_and(Account::is_overdrawn)
        };
        let mut due: Vec<ConnectionId> = self.deferred.iter().copied().collect();
        due.retain_mut(solvent);
        for connection in &due {
            self.deferred.remove(connection);
        }
        due
    }

    /// A connection is gone, and with it what it said last.
    pub(super) fn forget(&mut self, connection: ConnectionId) {
        self.waiting.remove(&connection);
        self.next.remove(&connection);
        self.accounts.remove(&connection);
        self.deferred.remove(&connection);
        self.turns.retain(|(_, waiting)| *waiting != connection);
    }
}

#[cfg(test)]
mod tests {
    use yilian_core::sync::wire::{Body, Message};

    use super::*;
    use crate::driver::Budget;

    fn frame(connection: u64) -> Frame {
        Frame {
            connection: ConnectionId(connection),
            message: Message {
                sender: String::new(),
                target: None,
                body: Body::Leave,
            },
            place: None,
            account: None,
        }
    }

    /// Serves what waits; a frame of connection 1 takes a second, one of any other a millisecond.
    fn serve(queue: &mut FairQueue) -> Option<u64> {
        let connection = queue.pop()?.connection;
        let took = if connection.0 == 1 { 1_000 } else { 1 };
        queue.served(connection, Duration::from_millis(took), 0);
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
    fn who_is_overdrawn_is_sent_nothing_until_that_is_made_up_for() {
        let account = Budget::new(1).open();
        let mut queue = FairQueue::default();
        queue.push(Frame {
            account: Some(account.clone()),
            ..frame(1)
        });
        assert!(queue.may_send(ConnectionId(1)));
        account.received(Duration::from_secs(1_000), 0);
        assert!(!queue.may_send(ConnectionId(1)));
        assert!(queue.may_send(ConnectionId(2)));
        assert_eq!(queue.due(), []);
        account.received(Duration::ZERO, 10_000_000);
        assert_eq!(queue.due(), [ConnectionId(1)]);
        assert_eq!(queue.due(), []);
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
