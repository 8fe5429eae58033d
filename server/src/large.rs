//! Large messages in memory, of all connections together.
//!
//! One connection is bounded by what it may send in a frame and by its share of the relay's time; ten thousand that each send
//! the first 60 MiB of a message and then wait are not. So messages above [`LARGE`] are counted from their first bytes until
//! nobody holds on to them any more, and where there are too many, whoever has been sending its message for longest is cut off.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use crate::metrics::Metrics;

/// Smaller messages are not counted: there is little to gain from them, and nearly all are.
const LARGE: usize = 1 << 20;

/// All that there are. A handle; clones are of one relay.
#[derive(Clone, Debug)]
pub(crate) struct LargeMessages(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    bytes_max: usize,
    metrics: Metrics,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes of messages that are whole, and of those that are not.
    bytes: usize,
    /// Those that are not, in the order in which they became large.
    unfinished: BTreeMap<u64, Unfinished>,
    next: u64,
}

#[derive(Debug)]
struct Unfinished {
    bytes: usize,
    cut: Arc<Notify>,
}

/// What is read from one connection. A handle; clones are of one connection.
#[derive(Clone, Debug)]
pub(crate) struct Reading(Arc<Connection>);

#[derive(Debug)]
struct Connection {
    all: LargeMessages,
    /// Bytes since the last message ended.
    bytes: AtomicUsize,
    /// Its number among the unfinished; zero where it is not.
    number: AtomicU64,
    cut: Arc<Notify>,
}

/// A whole message, for as long as somebody holds on to a part of it.
#[derive(Debug)]
struct Whole {
    message: Bytes,
    all: LargeMessages,
}

impl LargeMessages {
    /// At most `bytes_max` bytes of them.
    pub(crate) fn new(bytes_max: usize, metrics: Metrics) -> Self {
        Self(Arc::new(Shared {
            bytes_max,
            metrics,
            state: Mutex::default(),
        }))
    }

    /// A new connection.
    pub(crate) fn connection(&self) -> Reading {
        Reading(Arc::new(Connection {
            all: self.clone(),
            bytes: AtomicUsize::new(0),
            number: AtomicU64::new(0),
            cut: Arc::default(),
        }))
    }

    /// A message is so large by now.
    fn grown(&self, connection: &Connection, bytes: usize) {
        let mut state = self.state();
        let mut number = connection.number.load(Ordering::Relaxed);
        if number == 0 {
            state.next += 1;
            number = state.next;
            connection.number.store(number, Ordering::Relaxed);
        }
        let cut = &connection.cut;
        let unfinished = state.unfinished.entry(number);
        let unfinished = unfinished.or_insert_with(|| Unfinished {
            bytes: 0,
            cut: Arc::clone(cut),
        });
        let more = bytes.saturating_sub(unfinished.bytes);
        unfinished.bytes += more;
        state.bytes += more;
        while state.bytes > self.0.bytes_max {
            let Some((_, oldest)) = state.unfinished.pop_first() else {
                return;
            };
            state.bytes -= oldest.bytes;
            oldest.cut.notify_one();
            self.0.metrics.limit("max_large_bytes");
        }
    }

    fn forget(&self, number: u64) {
        let mut state = self.state();
        if let Some(unfinished) = state.unfinished.remove(&number) {
            state.bytes -= unfinished.bytes;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nobody panics while holding it.
        let state = self.0.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// So many bytes came in.
    pub(crate) fn received(&self, count: usize) {
        let before = self.0.bytes.fetch_add(count, Ordering::Relaxed);
        let now = before + count;
        // The table is looked at once for each that is begun.
        if now / LARGE != before / LARGE {
            self.0.all.grown(&self.0, now);
        }
    }

    /// A ping or pong was among them: it ends no message.
    pub(crate) fn control(&self, count: usize) {
        // Nothing else takes away from it meanwhile: frames come out one by one.
        let bytes = self.0.bytes.load(Ordering::Relaxed);
        self.0.bytes.fetch_sub(count.min(bytes), Ordering::Relaxed);
    }

    /// A message ended. What is returned is the same, and is counted until nobody has any of it.
    pub(crate) fn ended(&self, message: Bytes) -> Bytes {
        self.0.bytes.store(0, Ordering::Relaxed);
        self.0.forget();
        if message.len() < LARGE {
            return message;
        }
        let all = self.0.all.clone();
        all.state().bytes += message.len();
        Bytes::from_owner(Whole { message, all })
    }

    /// Waits until this connection is to be cut off.
    pub(crate) async fn cut(&self) {
        self.0.cut.notified().await;
    }
}

impl Connection {
    fn forget(&self) {
        let number = self.number.swap(0, Ordering::Relaxed);
        if number != 0 {
            self.all.forget(number);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.forget();
    }
}

impl AsRef<[u8]> for Whole {
    fn as_ref(&self) -> &[u8] {
        &self.message
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.all.state().bytes -= self.message.len();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const MIB: usize = 1 << 20;

    fn bytes(all: &LargeMessages) -> usize {
        all.state().bytes
    }

    fn is_cut(reading: &Reading) -> bool {
        reading.cut().now_or_never().is_some()
    }

    #[test]
    fn who_has_been_sending_for_longest_is_cut_off_where_there_is_too_much() {
        let all = LargeMessages::new(5 * MIB, Metrics::new(1));
        let (slow, other, small) = (all.connection(), all.connection(), all.connection());
        (0..3).for_each(|_| slow.received(MIB));
        small.received(MIB - 1);
        other.received(2 * MIB);
        assert_eq!(bytes(&all), 5 * MIB);
        assert!(!is_cut(&slow));
        other.received(MIB);
        assert_eq!(bytes(&all), 3 * MIB);
        assert!(is_cut(&slow) && !is_cut(&other) && !is_cut(&small));
        drop((slow, other));
        assert_eq!(bytes(&all), 0);
    }

    #[test]
    fn a_message_counts_until_the_last_part_of_it_is_gone() {
        let all = LargeMessages::new(5 * MIB, Metrics::new(1));
        let reading = all.connection();
        reading.received(2 * MIB);
        let message = reading.ended(Bytes::from(vec![7; 2 * MIB]));
        drop(reading);
        let part = message.slice(1..2);
        drop(message);
        assert_eq!((&part[..], bytes(&all)), (&[7][..], 2 * MIB));
        drop(part);
        assert_eq!(bytes(&all), 0);
    }

    #[test]
    fn pings_are_no_message_and_end_none() {
        let all = LargeMessages::new(5 * MIB, Metrics::new(1));
        let reading = all.connection();
        for _ in 0..3 * MIB / 100 {
            reading.received(106);
            reading.control(106);
        }
        assert_eq!(bytes(&all), 0);
        reading.received(2 * MIB);
        reading.control(106);
        assert_eq!(bytes(&all), 2 * MIB);
        reading.ended(Bytes::from_static(b"a"));
        assert_eq!(bytes(&all), 0);
    }
}
