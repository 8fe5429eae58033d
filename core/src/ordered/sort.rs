use std::cmp::Ordering;

/// Sorts what may be told apart by nothing but its order: equal items may change places.
pub fn sort<T: Ord>(items: &mut [T]) {
    if cfg!(target_arch = "wasm32") {
        by_swaps(items, T::cmp);
    } else {
        items.sort_unstable();
    }
}

/// Sorts by what a function makes of an item; equal items keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    if cfg!(target_arch = "wasm32") {
        by_swaps(items, |a, b| key(a).cmp(&key(b)));
    } else {
        items.sort_by_key(key);
    }
}

/// Sorts, and leaves to code that does not know the type all that can be left to it.
pub(super) fn by_swaps<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    arrange(items.len(), &mut Sorted { items, compare });
}

/// What can be sorted without knowing what it is.
trait Items {
    fn compare(&self, a: usize, b: usize) -> Ordering;
    fn swap(&mut self, a: usize, b: usize);
}

struct Sorted<'a, T, C> {
    items: &'a mut [T],
    compare: C,
}

impl<T, C: Fn(&T, &T) -> Ordering> Items for Sorted<'_, T, C> {
    fn compare(&self, a: usize, b: usize) -> Ordering {
        match (self.items.get(a), self.items.get(b)) {
            (Some(a), Some(b)) => (self.compare)(a, b),
            _ => Ordering::Equal,
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.items.swap(a, b);
    }
}

/// Sorts so many items; equal ones keep their order.
fn arrange(len: usize, items: &mut dyn Items) {
    let mut sorted: Vec<usize> = (0..len).collect();
    sorted.sort_by(|a, b| items.compare(*a, *b));
    // Where the item that is at a place belongs.
    let mut belongs = vec![0; len];
    for (to, from) in sorted.iter().enumerate() {
        if let Some(belongs) = belongs.get_mut(*from) {
            *belongs = to;
        }
    }
    for place in 0..len {
        while let Some(to) = belongs.get(place).copied()
            && to != place
        {
            items.swap(place, to);
            belongs.swap(place, to);
        }
    }
}
