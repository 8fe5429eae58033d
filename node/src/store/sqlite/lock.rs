use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::OpenError;

/// The right to use a store's directory, held by one process (and one store within it) at a time.
///
/// It is a lock of the operating system on a file that stays behind, so a process that dies gives it up.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    #[expect(dead_code, reason = "the lock is given up when the file is closed")]
    file: File,
}

const FILE: &str = "store.lock";

/// A program that the last owner was starting has its lock too, for the moment until it is that program.
const MOMENT: Duration = Duration::from_millis(10);
const MOMENTS: u32 = 20;

fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 1..MOMENTS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(MOMENT),
            outcome => return outcome,
        }
    }
    file.try_lock()
}

impl DirectoryLock {
    pub(super) fn take(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(FILE);
        let failed = |source| OpenError::Lock {
            path: path.clone(),
            source,
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse {
                    directory: directory.to_owned(),
                    // Only to help whoever reads the message: where the file cannot be read (Windows), it says less.
                    process: std::fs::read_to_string(&path)
                        .ok()
                        .and_then(|text| text.trim().parse().ok()),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // The number only helps whoever is kept out: a full disk has no room for it, and is read all the same.
        let _ = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { file })
    }
}
