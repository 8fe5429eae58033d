use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use yilian_core::document::Name;
use yilian_core::matrix::Board;
use yilian_core::ordered::BTreeMap;
use yilian_core::supplies::Ledger;

/// No more is kept than this: months that nobody looks at any more are worked out again.
const KEPT_MAX: usize = 200_000;

/// What was worked out of documents, each with the state of these, so that nothing is worked out again that did not change.
///
/// What it is makes no difference to how it is kept: a map for each type would weigh more in a browser than what is in it.
#[derive(Debug, Default)]
pub(super) struct Kept(RefCell<BTreeMap<String, Value>>);

/// The state, and what was worked out in it.
type Value = (String, Rc<dyn Any>);

impl Kept {
    /// What was worked out in that state.
    pub(super) fn get<T: 'static>(&self, key: &str, state: &str) -> Option<Rc<T>> {
        let kept = self.0.borrow();
        let (_, value) = kept.get(key).filter(|(of, _)| of == state)?;
        value.clone().downcast().ok()
    }

    /// Keeps what was worked out, if it is of that state; else it is worked out again the next time.
    pub(super) fn put<T: 'static>(
        &self,
        key: String,
        state: String,
        is_current: bool,
        value: T,
    ) -> Rc<T> {
        let value = Rc::new(value);
        if is_current {
            let mut kept = self.0.borrow_mut();
            if kept.len() >= KEPT_MAX {
                kept.clear();
            }
            kept.insert(key, (state, value.clone()));
        }
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
