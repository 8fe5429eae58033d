//! Makes a module smaller on the wire: what is alike is put side by side.
//!
//! gzip finds what repeats within the last 32 KB only. A compiler leaves the many near-copies of generic
//! functions wherever the crates that use them are; moved next to each other, they cost a tenth of the
//! whole module less. Each function is followed by the most similar one that is left. Optimising for raw
//! size instead (`wasm-opt -Oz`) makes a compressed module larger.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::module::{Module, push_number};
use crate::step;

/// What the engine is built with, in the words of binaryen.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Squeezes a module in place, with the binaryen that is installed in `folder`.
///
/// # Errors
/// It is no module, or binaryen fails.
pub(crate) fn squeeze(module: &Path, folder: &Path) -> Result<()> {
    binaryen(
        folder,
        module,
        &[
            "--duplicate-function-elimination",
            "--strip-debug",
            "--strip-producers",
        ],
    )?;
    let bytes = fs::read(module).context("binaryen wrote a module")?;
    let named = named_by_similarity(&bytes)?;
    fs::write(module, named).context("cannot write the module")?;
    binaryen(folder, module, &["-g", "--reorder-functions-by-name"])?;
    binaryen(folder, module, &["--strip-debug"])
}

fn binaryen(folder: &Path, module: &Path, passes: &[&str]) -> Result<()> {
    step::run(
        Command::new("node")
            .current_dir(folder)
            .arg("node_modules/binaryen/bin/wasm-opt")
            .args(FEATURES)
            .args(passes)
            .arg(module)
            .arg("-o")
            .arg(module),
    )
}

/// The module with a name for each function, in the order of which they are to be.
fn named_by_similarity(bytes: &[u8]) -> Result<Vec<u8>> {
    let module = Module::read(bytes)?;
    let order = chain(&module.bodies);
    let mut rank = vec![0_usize; order.len()];
    for (place, function) in order.iter().enumerate() {
        if let Some(rank) = rank.get_mut(*function) {
            *rank = place;
        }
    }
    let imported = module.imported_functions;
    let mut names = Vec::new();
    push_number(&mut names, imported + rank.len());
    for index in 0..imported + rank.len() {
        let name = match index.checked_sub(imported) {
            None => format!("import{index:06}"),
            Some(defined) => format!("f{:06}", rank.get(defined).copied().unwrap_or(defined)),
        };
        push_number(&mut names, index);
        push_number(&mut names, name.len());
        names.extend_from_slice(name.as_bytes());
    }
    let mut section = b"\x04name\x01".to_vec();
    push_number(&mut section, names.len());
    section.extend_from_slice(&names);
    let mut out = bytes.to_vec();
    out.push(0);
    push_number(&mut out, section.len());
    out.extend_from_slice(&section);
    ensure!(!order.is_empty(), "the module has no functions");
    Ok(out)
}

/// How many hashes a function is known by.
const HASHES: usize = 64;
/// How many bytes each hash is of.
const SHINGLE: usize = 5;
/// With fewer hashes in common two functions are not alike.
const ALIKE: u32 = 4;

type Signature = [u32; HASHES];

/// All functions, each followed by the most similar that is left; where none is, by the longest.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let signatures: Vec<Signature> = bodies.iter().map(|body| signature(body)).collect();
    let length = |function: usize| bodies.get(function).map_or(0, |body| body.len());
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    let longest = |left: &BTreeSet<usize>| left.iter().copied().max_by_key(|one| length(*one));
    let mut next = longest(&left);
    while let Some(function) = next {
        left.remove(&function);
        order.push(function);
        let Some(own) = signatures.get(function) else {
            break;
        };
        let alike = |other: &usize| {
            let other = signatures.get(*other);
            other.map_or(0, |other| {
                own.iter().zip(other).map(|(a, b)| u32::from(a == b)).sum()
            })
        };
        let best = left
            .iter()
            .copied()
            .map(|other| {
                let difference = length(other).abs_diff(length(function));
                (alike(&other), std::cmp::Reverse(difference), other)
            })
            .max();
        next = match best {
            Some((common, _, other)) if common >= ALIKE => Some(other),
            _ => longest(&left),
        };
    }
    order
}

/// The smallest of several hashes of all runs of a few bytes: two functions agree in about as many of them
/// as they have runs in common.
fn signature(body: &[u8]) -> Signature {
    let mut signature = [u32::MAX; HASHES];
    for run in body.windows(SHINGLE) {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in run {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        for (number, least) in (1_u64..).zip(&mut signature) {
            let mixed = (hash ^ (hash >> 29))
                .wrapping_mul(number.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15));
            *least = (*least).min((mixed >> 32) as u32);
        }
    }
    signature
}
