//! A bad line: a proxy that delays, cuts, half-closes, stalls, and passes only so much.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, sleep_until};

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// Every piece comes late, by up to so much.
    Delay(Duration),
    /// It is cut after some bytes.
    Cut,
    /// One direction ends after some bytes, the other goes on.
    HalfClose,
    /// After some bytes nothing passes for so long.
    Stall(Duration),
    /// Connections are accepted, and nothing ever passes.
    Mute,
    /// So many bytes a second pass each way, and it is cut every so often.
    Slow(usize, Duration),
}

/// A line to a relay, with trouble until it is mended.
pub(crate) struct Line {
    pub(crate) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    trouble: Trouble,
    mended: AtomicBool,
    /// How often something was done to a connection.
    troubles: AtomicUsize,
    dice: Mutex<StdRng>,
}

impl Line {
    pub(crate) async fn to(target: String, trouble: Trouble, seed: u64) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/sync", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            trouble,
            mended: AtomicBool::new(false),
            troubles: AtomicUsize::new(0),
            dice: Mutex::new(StdRng::seed_from_u64(seed)),
        });
        let line = Line {
            url,
            shared: Arc::clone(&shared),
        };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A relay that is down is one more trouble.
                if let Ok(far) = TcpStream::connect(&target).await {
                    tokio::spawn(connection(near, far, Arc::clone(&shared)));
                }
            }
        });
        line
    }

    /// From now on all is well.
    pub(crate) fn mend(&self) {
        self.shared.mended.store(true, Ordering::Relaxed);
    }

    /// How often something was done to a connection.
    pub(crate) fn troubles(&self) -> usize {
        self.shared.troubles.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn up_to(&self, max: usize) -> usize {
        self.dice.lock().unwrap().random_range(0..=max)
    }

    fn trouble(&self) -> Option<Trouble> {
        let mended = self.mended.load(Ordering::Relaxed);
        (!mended).then_some(self.trouble)
    }

    fn count(&self) {
        self.troubles.fetch_add(1, Ordering::Relaxed);
    }
}

async fn connection(near: TcpStream, far: TcpStream, shared: Arc<Shared>) {
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    let up = pass(near_read, far_write, Arc::clone(&shared));
    let down = pass(far_read, near_write, Arc::clone(&shared));
    let cut = async {
        match shared.trouble {
            Trouble::Slow(_, every) => sleep(every).await,
            _ => std::future::pending().await,
        }
    };
    let both = async {
        tokio::pin!(up, down);
        // Where one direction is cut, both are; where it ends, the other goes on.
        tokio::select! {
            ended = &mut up => if ended == Ended::Closed { down.await; },
            ended = &mut down => if ended == Ended::Closed { up.await; },
        }
    };
    tokio::select! {
        () = both => {}
        () = cut => shared.count(),
    }
}

#[derive(PartialEq)]
enum Ended {
    Closed,
    Cut,
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, shared: Arc<Shared>) -> Ended {
    /// Enough for a handshake and a little more.
    const BYTES_MAX: usize = 12_000;
    let mut left = shared.up_to(BYTES_MAX);
    let (began, mut passed) = (Instant::now(), 0);
    let mut buffer = vec![0; 1_024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let due = left < count;
        match shared.trouble() {
            Some(Trouble::Delay(max)) => {
                shared.count();
                let late = shared.up_to(max.as_millis() as usize);
                sleep(Duration::from_millis(late as u64)).await;
            }
            Some(Trouble::Cut) if due => {
                shared.count();
                return Ended::Cut;
            }
            Some(Trouble::HalfClose) if due => {
                shared.count();
                let _ = to.shutdown().await;
                return Ended::Closed;
            }
            Some(Trouble::Stall(time)) if due => {
                shared.count();
                sleep(time).await;
                left = shared.up_to(BYTES_MAX) + count;
            }
            Some(Trouble::Mute) => {
                shared.count();
                std::future::pending::<()>().await;
            }
            Some(Trouble::Slow(rate, _)) => {
                passed += count;
                sleep_until(began + Duration::from_secs_f64(passed as f64 / rate as f64)).await;
            }
            _ => {}
        }
        left = left.saturating_sub(count);
        if to.write_all(&buffer[..count]).await.is_err() {
            return Ended::Cut;
        }
    }
    let _ = to.shutdown().await;
    Ended::Closed
}
