//! Makes a module smaller on the wire: what is alike is put side by side.
//!
//! gzip finds what repeats within the last 32 KB only. A compiler leaves the many near-copies of generic
//! functions wherever the crates that use them are; moved next to each other, they cost a tenth of the
//! whole module less. Each function is followed by the one of which most is to be found in those just before
//! it. Optimising for raw size instead (`wasm-opt -Oz`) makes a compressed module larger.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::module::{Module, push_number};
use crate::size::gzipped;
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
            "--remove-unused-module-elements",
            "--remove-unused-brs",
            "--duplicate-function-elimination",
            "--optimize-instructions",
            "--precompute",
            "--vacuum",
            "--merge-blocks",
            "--rse",
            "--vacuum",
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
    let order = shortest_chain(&module.bodies)?;
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

/// What functions are compared by: how many bytes in a row they may have in common, and how many may have them before that says
/// nothing about which are alike. Which is best changes with every build, by a thousandth.
const COMPARED_BY: [(usize, usize); 4] = [(5, 400), (5, 800), (6, 400), (6, 800)];
/// How many bytes of functions a function may find its likes in: gzip sees 32 KB, its own included.
const WINDOW: usize = 24 << 10;
/// Keeps short functions, of which all is to be found everywhere, from being put between long ones that are alike.
const SHORT: usize = 30;

/// Of several ways to compare functions, the chain that gzip makes least of.
fn shortest_chain(bodies: &[&[u8]]) -> Result<Vec<usize>> {
    let mut best: Option<(u64, Vec<usize>)> = None;
    for (run, common) in COMPARED_BY {
        let order = chain(bodies, run, common);
        let ordered: Vec<&[u8]> = order
            .iter()
            .filter_map(|function| bodies.get(*function).copied())
            .collect();
        let (_, length) = gzipped(&ordered.concat()[..])?;
        if best.as_ref().is_none_or(|(shortest, _)| length < *shortest) {
            best = Some((length, order));
        }
    }
    Ok(best.map(|(_, order)| order).unwrap_or_default())
}

/// All functions, each followed by the one of which most is to be found in those just before it.
fn chain(bodies: &[&[u8]], run: usize, common: usize) -> Vec<usize> {
    let mut alike = Alike::new(bodies, run, common);
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut window = VecDeque::new();
    let mut in_window = 0;
    let mut order = Vec::with_capacity(bodies.len());
    while let Some(next) = alike.best(&left) {
        left.remove(&next);
        order.push(next);
        alike.enter(next);
        window.push_back(next);
        in_window += alike.length(next);
        while in_window > WINDOW
            && let Some(oldest) = window.pop_front()
        {
            in_window -= alike.length(oldest);
            alike.leave(oldest);
        }
    }
    order
}

/// A function, by what it has in common with others.
#[derive(Default)]
struct Function {
    bytes: usize,
    /// How many different runs it has.
    runs: usize,
    /// Those that others have too.
    shared: Vec<usize>,
    /// How many of its runs are in the window.
    seen: usize,
    /// How many of its runs the last function had.
    just_seen: usize,
}

/// What functions have in common with those that were put before them.
struct Alike {
    functions: Vec<Function>,
    /// Who has a run.
    holders: Vec<Vec<usize>>,
    /// How often a run is in the window.
    present: Vec<usize>,
    last: Option<usize>,
}

impl Alike {
    fn new(bodies: &[&[u8]], run: usize, common: usize) -> Self {
        let mut numbers = HashMap::new();
        let mut holders: Vec<Vec<usize>> = Vec::new();
        let mut functions = Vec::new();
        for (function, body) in bodies.iter().enumerate() {
            let runs: BTreeSet<&[u8]> = body.windows(run).collect();
            let number = |run| {
                let number = *numbers.entry(run).or_insert(holders.len());
                match holders.get_mut(number) {
                    Some(holders) => holders.push(function),
                    None => holders.push(vec![function]),
                }
                number
            };
            functions.push(Function {
                bytes: body.len(),
                runs: runs.len(),
                shared: runs.into_iter().map(number).collect(),
                ..Function::default()
            });
        }
        for function in &mut functions {
            let held = |run: &usize| holders.get(*run).map_or(0, Vec::len);
            function
                .shared
                .retain(|run| (2..=common).contains(&held(run)));
        }
        Self {
            present: vec![0; holders.len()],
            functions,
            holders,
            last: None,
        }
    }

    fn length(&self, function: usize) -> usize {
        self.functions.get(function).map_or(0, |of| of.bytes)
    }

    /// The function of which most was seen; of equal ones the longest.
    fn best(&self, left: &BTreeSet<usize>) -> Option<usize> {
        let rank = |number: &usize| {
            let function = self.functions.get(*number)?;
            let seen = (function.seen + function.just_seen) << 20;
            Some((seen / (function.runs + SHORT), function.bytes))
        };
        left.iter().copied().max_by_key(rank)
    }

    fn enter(&mut self, function: usize) {
        if let Some(last) = self.last.replace(function) {
            self.each_holder(last, |_| true, |other| other.just_seen -= 1);
        }
        self.each_holder(function, |_| true, |other| other.just_seen += 1);
        let is_new = |present: &mut usize| {
            *present += 1;
            *present == 1
        };
        self.each_holder(function, is_new, |other| other.seen += 1);
    }

    fn leave(&mut self, function: usize) {
        let is_gone = |present: &mut usize| {
            *present -= 1;
            *present == 0
        };
        self.each_holder(function, is_gone, |other| other.seen -= 1);
    }

    /// Changes all that share a run with a function, once for each run that is `wanted`.
    fn each_holder(
        &mut self,
        function: usize,
        wanted: impl Fn(&mut usize) -> bool,
        change: impl Fn(&mut Function),
    ) {
        let runs = self.functions.get(function).map(|of| of.shared.clone());
        for run in runs.unwrap_or_default() {
            if self.present.get_mut(run).is_some_and(&wanted) {
                for other in self.holders.get(run).into_iter().flatten() {
                    if let Some(other) = self.functions.get_mut(*other) {
                        change(other);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::chain;

    #[test]
    fn what_is_alike_is_put_side_by_side() {
        let one: Vec<u8> = (0..200).collect();
        let other: Vec<u8> = (0..200).map(|byte| byte ^ 0x55).rev().collect();
        let like_one = [&one[..150], &[7; 20]].concat();
        let like_other = [&other[..150], &[9; 20]].concat();
        let bodies: [&[u8]; 5] = [&one, &other, &like_one, &[11], &like_other];
        let order = chain(&bodies, 5, 400);
        let place = |function| order.iter().position(|one| *one == function).unwrap();
        assert_eq!(order.len(), bodies.len());
        assert_eq!(place(0).abs_diff(place(2)), 1);
        assert_eq!(place(1).abs_diff(place(4)), 1);
    }
}
