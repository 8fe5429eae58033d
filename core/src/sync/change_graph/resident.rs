//! The bytes of changes that are in memory: the last ones, and blocks that were fetched.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::ordered::BTreeMap;

/// Bytes by index. A change that is not durable is always among the last ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Resident {
    /// Index of the first of the last ones.
    from: u32,
    tail: VecDeque<Bytes>,
    tail_bytes: usize,
    /// Fetched blocks by the index of their first change.
    blocks: BTreeMap<u32, Vec<Bytes>>,
}

impl Resident {
    pub(super) fn get(&self, index: u32) -> Option<&Bytes> {
        if let Some(at) = index.checked_sub(self.from) {
            return self.tail.get(at as usize);
        }
        let (first, block) = self.blocks.range(..=index).next_back()?;
        block.get((index - first) as usize)
    }

    /// Appends the next change's bytes; those of a change that is stored only, `None`, are not here,
    /// nor are then those of any before it.
    pub(super) fn push(&mut self, bytes: Option<Bytes>) {
        match bytes {
            Some(bytes) => {
                self.tail_bytes += bytes.len();
                self.tail.push_back(bytes);
            }
            None => {
                self.from += self.tail.len() as u32 + 1;
                self.tail.clear();
                self.tail_bytes = 0;
            }
        }
    }

    /// Forgets the last change.
    pub(super) fn pop(&mut self) {
        if let Some(bytes) = self.tail.pop_back() {
            self.tail_bytes -= bytes.len();
        }
    }

    /// Forgets the first of the last ones until they have `bytes_max` bytes, but none from `keep` on. Whether there were too
    /// many.
    pub(super) fn trim(&mut self, keep: u32, bytes_max: usize) -> bool {
        let too_many = self.tail_bytes > bytes_max;
        while self.tail_bytes > bytes_max
            && self.from < keep
            && let Some(bytes) = self.tail.pop_front()
        {
            self.tail_bytes -= bytes.len();
            self.from += 1;
        }
        if self.tail.capacity() > 4 * self.tail.len() + 64 {
            self.tail.shrink_to(self.tail.len() + 16);
        }
        too_many
    }

    pub(super) fn put_block(&mut self, first: u32, changes: Vec<Bytes>) {
        self.blocks.insert(first, changes);
    }

    pub(super) fn drop_block(&mut self, first: u32) {
        self.blocks.remove(&first);
    }
}
