use std::cmp::Ordering;

/// Numbers of slots in the order of what the slots hold, in runs of bounded length.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// None is empty.
    runs: Vec<Vec<u32>>,
    len: usize,
    /// Slots that were given up.
    free: Vec<u32>,
}

/// A place in an [`Order`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    run: usize,
    at: usize,
}

/// How what a slot holds compares to what is sought.
pub(super) type Compare<'a> = &'a dyn Fn(u32) -> Ordering;

impl Place {
    /// The place behind it, in the same run.
    pub(super) const fn next(self) -> Self {
        Self {
            run: self.run,
            at: self.at + 1,
        }
    }
}

const RUN_MAX: usize = 512;

impl Order {
    pub(super) const fn new() -> Self {
        Self {
            runs: Vec::new(),
            len: 0,
            free: Vec::new(),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Where what is sought is, or where it belongs.
    pub(super) fn search(&self, compare: Compare<'_>) -> Result<Place, Place> {
        let not_above = |run: &Vec<u32>| {
            run.first()
                .is_some_and(|slot| compare(*slot) != Ordering::Greater)
        };
        let run = self.runs.partition_point(not_above).saturating_sub(1);
        let slots = self.runs.get(run).map_or(&[][..], Vec::as_slice);
        match slots.binary_search_by(|slot| compare(*slot)) {
            Ok(at) => Ok(Place { run, at }),
            Err(at) => Err(Place { run, at }),
        }
    }

    pub(super) fn slot(&self, place: Place) -> Option<u32> {
        self.runs.get(place.run)?.get(place.at).copied()
    }

    /// Makes room at a place; answers the slot to fill, one that was given up or the next new one.
    pub(super) fn insert(&mut self, place: Place) -> u32 {
        // Without one given up, as many slots as are in the order were ever filled. They are numbered in 32 bits: more of
        // them fit no browser's memory.
        let slot = self.free.pop().unwrap_or(self.len as u32);
        self.len += 1;
        let Some(run) = self.runs.get_mut(place.run) else {
            self.runs.push(vec![slot]);
            return slot;
        };
        run.insert(place.at, slot);
        if run.len() > RUN_MAX {
            // What grows at its end leaves full runs behind.
            let half = if place.at == RUN_MAX {
                RUN_MAX
            } else {
                RUN_MAX / 2
            };
            let rest = run.split_off(half);
            self.runs.insert(place.run + 1, rest);
        }
        slot
    }

    pub(super) fn remove(&mut self, place: Place) -> Option<u32> {
        let run = self.runs.get_mut(place.run)?;
        if place.at >= run.len() {
            return None;
        }
        let slot = run.remove(place.at);
        if run.is_empty() {
            self.runs.remove(place.run);
        }
        self.len -= 1;
        self.free.push(slot);
        Some(slot)
    }

    pub(super) fn clear(&mut self) {
        self.runs.clear();
        self.len = 0;
        self.free.clear();
    }

    /// How many are before a place.
    pub(super) fn rank(&self, place: Place) -> usize {
        let before = self.runs.get(..place.run).unwrap_or_default();
        before.iter().map(Vec::len).sum::<usize>() + place.at
    }

    /// The place that so many are before.
    fn place(&self, rank: usize) -> Place {
        let mut at = rank;
        for (run, slots) in self.runs.iter().enumerate() {
            if at < slots.len() {
                return Place { run, at };
            }
            at -= slots.len();
        }
        Place {
            run: self.runs.len(),
            at: 0,
        }
    }

    /// From one rank up to another.
    pub(super) fn walk(&self, from: usize, to: usize) -> Walk<'_> {
        Walk {
            order: self,
            front: self.place(from),
            back: self.place(to),
            left: to.saturating_sub(from),
        }
    }

    /// All, from the first to the last.
    pub(super) fn all(&self) -> Walk<'_> {
        self.walk(0, self.len)
    }

    pub(super) fn first(&self) -> Option<Place> {
        (self.len > 0).then_some(Place { run: 0, at: 0 })
    }

    pub(super) fn last(&self) -> Option<Place> {
        let run = self.runs.len().checked_sub(1)?;
        let at = self.runs.get(run)?.len().checked_sub(1)?;
        Some(Place { run, at })
    }
}

/// Goes over slots from both ends.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a> {
    order: &'a Order,
    front: Place,
    /// After the last.
    back: Place,
    left: usize,
}

impl Walk<'_> {
    pub(super) const fn left(&self) -> usize {
        self.left
    }

    pub(super) fn forth(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let run = self.order.runs.get(self.front.run)?;
        let slot = run.get(self.front.at).copied()?;
        self.front.at += 1;
        if self.front.at == run.len() {
            self.front = Place {
                run: self.front.run + 1,
                at: 0,
            };
        }
        Some(slot)
    }

    pub(super) fn back(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        if self.back.at == 0 {
            self.back.run = self.back.run.checked_sub(1)?;
            self.back.at = self.order.runs.get(self.back.run)?.len();
        }
        self.back.at -= 1;
        self.order.slot(self.back)
    }
}
