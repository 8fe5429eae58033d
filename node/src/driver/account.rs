use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What all peers together may take of a relay's time beyond their shares. A handle; clones are of one relay.
///
/// Every connection has an [`Account`]. What its messages cost is charged to it, less what it earns by bringing changes and
/// by reading what it is sent. Whoever is overdrawn is not read from until it is made up for. What those that are overdrawn
/// get back together shrinks as they become more: one that opens twenty thousand documents has half of all cores for it, and
/// a hundred at once share a tenth, so that what is left is for those who say little.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    began: Instant,
    cores: f64,
    /// Accounts that are overdrawn.
    overdrawn: AtomicUsize,
    /// How often one became so.
    overdrafts: AtomicU64,
}

/// What one connection has taken of the relay's time. A handle; clones are of one connection.
///
/// See [`Budget`].
#[derive(Clone, Debug)]
pub struct Account(Arc<Holder>);

#[derive(Debug)]
struct Holder {
    budget: Budget,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Nanoseconds that it may still take; below zero it is overdrawn.
    balance: f64,
    /// When the balance was right, since the budget began.
    at: Duration,
    is_overdrawn: bool,
}

impl Budget {
    /// What one may take at once before it has to wait: 4 ms of a core.
    pub const CREDIT: Duration = Duration::from_millis(4);
    /// All that are overdrawn together get at most this part of all cores, divided by the root of their number …
    const PART_MAX: f64 = 0.5;
    /// … and at least this.
    const PART_MIN: f64 = 0.1;
    /// Who is not overdrawn gets back so much of a core: a hundred who take just that, half a core.
    const SOLVENT: f64 = 0.005;

    /// The budget of a process that has so many cores.
    #[must_use]
    pub fn new(cores: usize) -> Self {
        Self(Arc::new(Shared {
            began: Instant::now(),
            cores: cores.max(1) as f64,
            overdrawn: AtomicUsize::new(0),
            overdrafts: AtomicU64::new(0),
        }))
    }

    /// The account of a new connection.
    #[must_use]
    pub fn open(&self) -> Account {
        let state = State {
            balance: nanoseconds(Self::CREDIT),
            at: self.0.began.elapsed(),
            is_overdrawn: false,
        };
        Account(Arc::new(Holder {
            budget: self.clone(),
            state: Mutex::new(state),
        }))
    }

    /// How many connections are overdrawn now.
    #[must_use]
    pub fn overdrawn(&self) -> usize {
        self.0.overdrawn.load(Ordering::Relaxed)
    }

    /// How often a connection became overdrawn.
    #[must_use]
    pub fn overdrafts(&self) -> u64 {
        self.0.overdrafts.load(Ordering::Relaxed)
    }

    /// What one account gets back: seconds of a core in a second.
    fn rate(&self) -> f64 {
        let number = self.overdrawn().max(1) as f64;
        let part = (Self::PART_MAX / number.sqrt()).max(Self::PART_MIN);
        self.0.cores * part / number
    }
}

impl Account {
    /// What reading a byte costs, in nanoseconds, and a message beside its bytes.
    const BYTE_NS: f64 = 3.0;
    const MESSAGE: Duration = Duration::from_micros(8);
    /// What a change earns that was not here before: more than taking it in and acknowledging it cost on a busy machine, unless
    /// it has very many operations.
    const CHANGE: Duration = Duration::from_micros(300);
    /// What reading something aside is charged before it is known what it takes.
    const ASIDE: Duration = Duration::from_millis(3);
    /// What a message earns that it is sent, and will have to answer.
    const ANSWER: Duration = Duration::from_micros(12);

    /// A message of `bytes` bytes was read.
    pub fn read(&self, bytes: usize) {
        self.pay(nanoseconds(Self::MESSAGE) + bytes as f64 * Self::BYTE_NS);
    }

    /// Taking a message took so long, and it brought so many changes that are new.
    pub fn received(&self, took: Duration, changes: u64) {
        self.pay(nanoseconds(took) - nanoseconds(Self::CHANGE) * changes as f64);
    }

    /// What it sent is going to be read aside: it is charged for that now, so that it sends no more meanwhile, and gets back
    /// what it did not take.
    pub fn set_aside(&self) {
        self.pay(nanoseconds(Self::ASIDE));
    }

    /// What was set aside took so long, and brought so many changes that are new.
    pub fn read_aside(&self, took: Duration, changes: u64) {
        let cost = nanoseconds(took) - nanoseconds(Self::ASIDE);
        self.pay(cost - nanoseconds(Self::CHANGE) * changes as f64);
    }

    /// Making messages for it took so long, and so many were sent.
    pub fn sent(&self, took: Duration, messages: u64) {
        self.pay(nanoseconds(took) - nanoseconds(Self::ANSWER) * messages as f64);
    }

    /// Whether it has taken more than its share.
    #[must_use]
    pub fn is_overdrawn(&self) -> bool {
        let mut state = self.state();
        self.settle(&mut state);
        state.is_overdrawn
    }

    /// How long it will be overdrawn, as things stand; zero if it is not.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let mut state = self.state();
        self.settle(&mut state);
        if !state.is_overdrawn {
            return Duration::ZERO;
        }
        let debt_s = -state.balance / 1e9;
        Duration::try_from_secs_f64(debt_s / self.0.budget.rate()).unwrap_or(Duration::MAX)
    }

    fn pay(&self, cost: f64) {
        let mut state = self.state();
        self.settle(&mut state);
        // Nobody saves up.
        state.balance = (state.balance - cost).min(nanoseconds(Budget::CREDIT));
        self.note(&mut state);
    }

    /// Brings the balance up to date.
    fn settle(&self, state: &mut State) {
        let budget = &self.0.budget;
        let now = budget.0.began.elapsed();
        let passed = nanoseconds(now.saturating_sub(state.at));
        state.at = now;
        let rate = match state.is_overdrawn {
            true => budget.rate(),
            false => Budget::SOLVENT,
        };
        state.balance = (state.balance + passed * rate).min(nanoseconds(Budget::CREDIT));
        self.note(state);
    }

    fn note(&self, state: &mut State) {
        let shared = &self.0.budget.0;
        match (state.is_overdrawn, state.balance < 0.0) {
            (false, true) => {
                shared.overdrawn.fetch_add(1, Ordering::Relaxed);
                shared.overdrafts.fetch_add(1, Ordering::Relaxed);
                state.is_overdrawn = true;
            }
            (true, false) => {
                shared.overdrawn.fetch_sub(1, Ordering::Relaxed);
                state.is_overdrawn = false;
            }
            _ => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked left a whole state behind: each change of it is one step.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if state.is_overdrawn {
            self.budget.0.overdrawn.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_more_than_the_credit_is_overdrawn_and_who_brings_changes_is_not() {
        let budget = Budget::new(2);
        let (idle, busy, author) = (budget.open(), budget.open(), budget.open());
        for _ in 0..100 {
            busy.received(Duration::from_secs(1), 0);
            author.read(100);
            author.received(Duration::from_millis(1), 25);
        }
        assert!(!idle.is_overdrawn());
        assert!(busy.is_overdrawn());
        assert!(!author.is_overdrawn());
        assert_eq!((budget.overdrawn(), budget.overdrafts()), (1, 1));
        assert_eq!(idle.wait(), Duration::ZERO);
        assert!(busy.wait() > Duration::from_secs(50));
        drop(busy);
        assert_eq!(budget.overdrawn(), 0);
    }

    #[test]
    fn reading_what_is_sent_is_earned() {
        let budget = Budget::new(1);
        let reader = budget.open();
        for _ in 0..1_000_000 {
            reader.sent(Duration::from_micros(2), 1);
            reader.read(200);
            reader.received(Duration::from_nanos(700), 0);
        }
        assert!(!reader.is_overdrawn());
        assert_eq!(budget.overdrafts(), 0);
    }

    #[test]
    fn what_is_read_aside_is_paid_for_in_advance() {
        let budget = Budget::new(1);
        let sender = budget.open();
        sender.set_aside();
        assert!(!sender.is_overdrawn());
        sender.set_aside();
        assert!(sender.is_overdrawn());
        // It took less than that, and brought something.
        sender.read_aside(Duration::from_millis(1), 0);
        assert!(!sender.is_overdrawn());
        sender.read_aside(Duration::from_millis(60), 300);
        assert!(!sender.is_overdrawn());
    }

    #[test]
    fn the_more_are_overdrawn_the_less_each_of_them_gets() {
        let budget = Budget::new(2);
        let accounts: Vec<Account> = (0..100).map(|_| budget.open()).collect();
        let mut rates = Vec::new();
        for account in &accounts {
            account.received(Duration::from_secs(1_000), 0);
            rates.push(budget.rate());
        }
        assert_eq!(rates.first(), Some(&1.0));
        assert!(rates.is_sorted_by(|one, next| one > next));
        let together = rates.last().copied().unwrap_or_default() * 100.0;
        assert!((together - 0.2).abs() < 1e-9, "{together}");
    }
}
