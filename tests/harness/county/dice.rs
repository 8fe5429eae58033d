//! Numbers that look random and follow from a seed and a label: the same on every machine and in every version, so the
//! generator is its own and not a library's.

use sha2::{Digest, Sha256};

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    /// The stream of a label: whoever asks for it again, in whatever order, gets the same.
    pub(super) fn of(seed: u64, label: &str) -> Dice {
        let digest = Sha256::new()
            .chain_update(seed.to_le_bytes())
            .chain_update(label)
            .finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Dice(u64::from_le_bytes(first))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 and below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        // The bias of a remainder is far below what anybody could see in a county.
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    /// A number of `from..=to`.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = usize::try_from(to - from).unwrap() + 1;
        from + i64::try_from(self.below(span)).unwrap()
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of several, each as often as its weight says.
    pub(super) fn weighted<T: Copy>(&mut self, items: &[(T, usize)]) -> T {
        let all: usize = items.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(all);
        for (item, weight) in items {
            if at < *weight {
                return *item;
            }
            at -= weight;
        }
        items[0].0
    }

    /// Puts items in another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Bytes, as an actor or an id wants them.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            let next = self.next().to_le_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
        bytes
    }
}
