use std::cell::RefCell;
use std::rc::Rc;

use yilian_core::document::Name;
use yilian_core::matrix::Board;
use yilian_core::ordered::BTreeMap;
use yilian_core::supplies::Ledger;

/// No more is kept of one kind than this: months that nobody looks at any more are worked out again.
const KEPT_MAX: usize = 100_000;

/// What was worked out of documents, each with the state of these, so that nothing is worked out again that did not change.
#[derive(Debug)]
pub(super) struct Kept<K, S, T>(RefCell<BTreeMap<K, (S, Rc<T>)>>);

impl<K: Ord, S: PartialEq, T> Kept<K, S, T> {
    pub(super) const fn new() -> Self {
        Self(RefCell::new(BTreeMap::new()))
    }

    /// What was worked out in that state.
    pub(super) fn get(&self, key: &K, state: &S) -> Option<Rc<T>> {
        let kept = self.0.borrow();
        let (of, value) = kept.get(key)?;
        (of == state).then(|| value.clone())
    }

    pub(super) fn put(&self, key: K, state: S, value: T) -> Rc<T> {
        let value = Rc::new(value);
        let mut kept = self.0.borrow_mut();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, (state, value.clone()));
        value
    }
}

/// What takes in documents one by one, with the version of each that it took in.
#[derive(Debug, Default)]
pub(super) struct Fed<T> {
    pub(super) of: T,
    pub(super) read: BTreeMap<Name, u32>,
}

/// The ledgers that were read.
pub(super) type Books = RefCell<Fed<Ledger>>;

/// The bookings that were read.
pub(super) type Boards = RefCell<Fed<Board>>;
