//! How large the engine is on its way to a browser.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The most that the module may take on the wire, gzipped: less than two thirds of `@automerge/automerge` 3.5.0 alone
/// (1,137,000), with the rules, the bookings' grants, the ledgers of goods, the inbox, the night school and disputes in it.
const GZIP_BYTES_MAX: u64 = 750_000;

/// Prints what the module takes.
pub(crate) fn report(module: &Path) -> Result<()> {
    let (raw, gzipped) = sizes(module)?;
    eprintln!(
        "{}: {raw} bytes, {gzipped} gzipped, of {GZIP_BYTES_MAX}",
        module.display()
    );
    Ok(())
}

/// Holds the module to its budget.
///
/// # Errors
/// When it is too large.
pub(crate) fn check(module: &Path) -> Result<()> {
    report(module)?;
    let (_, gzipped) = sizes(module)?;
    ensure!(
        gzipped <= GZIP_BYTES_MAX,
        "the module takes {gzipped} bytes gzipped, {} too many",
        gzipped - GZIP_BYTES_MAX
    );
    Ok(())
}

/// How many bytes a file has, and how many gzipped.
pub(crate) fn sizes(file: &Path) -> Result<(u64, u64)> {
    let cannot = || format!("cannot read {}", file.display());
    let file = File::open(file).with_context(cannot)?;
    gzipped(file).with_context(cannot)
}

/// How many bytes there are to read, and how many gzipped.
pub(crate) fn gzipped(mut bytes: impl Read) -> Result<(u64, u64)> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let raw = std::io::copy(&mut bytes, &mut encoder)?;
    let gzipped = encoder.finish()?;
    Ok((raw, u64::try_from(gzipped.len())?))
}
