use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What of one connection may wait for shards: a large message takes more of it than a small one.
#[derive(Clone, Debug)]
pub struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(Self::ALL)))
    }
}

impl Places {
    /// How many there are. A message takes one for each [`Places::BYTES`] that is begun; one that is larger than all of them
    /// waits until it is alone.
    pub const ALL: usize = 32;
    /// The bytes of one place.
    pub const BYTES: usize = 32 << 10;

    fn count(size: usize) -> u32 {
        u32::try_from((size / Self::BYTES + 1).min(Self::ALL)).unwrap_or(1)
    }

    /// Waits for places for a message of `size` bytes. They are given back when the permit is dropped.
    pub async fn take(&self, size: usize) -> Option<OwnedSemaphorePermit> {
        // It is never closed.
        let places = Arc::clone(&self.0);
        places.acquire_many_owned(Self::count(size)).await.ok()
    }

    /// The same, if they are free now.
    #[must_use]
    pub fn try_take(&self, size: usize) -> Option<OwnedSemaphorePermit> {
        let places = Arc::clone(&self.0);
        places.try_acquire_many_owned(Self::count(size)).ok()
    }
}
