//! The sample network: one county, thirty sites, and the December rosters of three of them.

use std::path::{Path, PathBuf};

/// A file of the sample network, such as `sites.csv`.
pub fn jiaozuo(file: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples/jiaozuo")
        .join(file);
    assert!(path.is_file(), "no sample {}", path.display());
    path
}

/// The December roster of `site`, as its office wrote it.
pub fn roster(site: &str) -> PathBuf {
    jiaozuo(&format!("roster-{site}-2026-12.csv"))
}

/// The text of a sample file, without its byte order mark.
pub fn text(file: &str) -> String {
    let text = std::fs::read_to_string(jiaozuo(file)).expect("samples are UTF-8");
    text.trim_start_matches('\u{feff}').to_owned()
}
