use yilian_core::document::{Kind, Name};

use super::Session;
use super::cases::{Held, Sheet};
use super::inbox::Sent;

/// Something that was worked out of a document and can be kept beside the store: losing it costs time only.
///
/// A county's hub is sent thousands of things a year, each a document. What is settled is not opened again for each report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The document.
    pub name: Name,
    /// The version of the engine and the heads that it holds for.
    pub state: String,
    /// What was worked out.
    pub text: String,
}

impl Session {
    /// Takes back what [`Session::take_memories`] gave another session, as far as it still holds: what changed since, and what
    /// another version of the engine worked out, does not.
    pub fn recall(&self, memories: &[Memory]) {
        for Memory { name, state, text } in memories {
            let is_untouched = self.known.is_known(name) && self.known.version(name) == 0;
            if !is_untouched || *state != self.state_of(name) {
                continue;
            }
            match name.kind() {
                Kind::Cases => self.recall_one("case", name, Sheet::read(text).map(Held::Case)),
                _ => self.recall_one("sent", name, Sent::read(text).map(Some)),
            }
        }
    }

    fn recall_one<T: 'static>(&self, what: &str, name: &Name, value: Option<T>) {
        if let Some(value) = value {
            let key = format!("{what} {name}");
            self.kept.put(key, "0".to_owned(), true, value);
        }
    }

    /// What was worked out since the last time and can be kept.
    pub fn take_memories(&mut self) -> Vec<Memory> {
        self.memories.take()
    }

    pub(super) fn remember(&self, name: &Name, text: &str) {
        self.memories.borrow_mut().push(Memory {
            name: name.clone(),
            state: self.state_of(name),
            text: text.to_owned(),
        });
    }

    fn state_of(&self, name: &Name) -> String {
        let mut state = env!("CARGO_PKG_VERSION").to_owned();
        if let Some((_, heads)) = self.replica.document(self.id_of(name)) {
            for head in heads {
                state.push(' ');
                state.push_str(&head.to_string());
            }
        }
        state
    }
}
