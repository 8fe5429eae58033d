//! `cargo xtask dist`: what is put on a server or a site's computer.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::project::{self, cargo};
use crate::step;

const PROGRAMS: [&str; 2] = ["yilian", "yilian-relay"];
const PAPERS: [&str; 5] = [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "dist/Dockerfile",
    "dist/yilian-relay.service",
];

pub(crate) fn run() -> Result<()> {
    step::run(cargo().args([
        "build",
        "--release",
        "--locked",
        "-p",
        "yilian-server",
        "-p",
        "yilian-node",
        "--bins",
    ]))?;
    let out = project::root().join("dist/out");
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let mut sums = String::new();
    for program in PROGRAMS {
        let built = project::binary("release", program)?;
        let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        let copy = out.join(&name);
        std::fs::copy(&built, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
        let digest = Sha256::digest(std::fs::read(&copy)?);
        for byte in digest {
            write!(sums, "{byte:02x}")?;
        }
        writeln!(sums, "  {name}")?;
    }
    for paper in PAPERS {
        let from = project::root().join(paper);
        let name = Path::new(paper).file_name().unwrap_or_default();
        std::fs::copy(&from, out.join(name))
            .with_context(|| format!("cannot copy {}", from.display()))?;
    }
    std::fs::write(out.join("SHA256SUMS"), sums)?;
    eprintln!("{}", out.display());
    Ok(())
}
