//! What the run saw, for `FAULTS.md`.
//!
//! Printed always; where `YILIAN_FAULTS_REPORT` names a file, a row of its table is replaced as well.

use std::sync::Mutex;

static FILE: Mutex<()> = Mutex::new(());

const HEAD: &str = "# Faults

What was done to relay and nodes, and what was seen. The run writes this itself:
`YILIAN_FAULTS_REPORT=$PWD/tests/FAULTS.md cargo test -p yilian-tests --test faults`, with `YILIAN_LONG=1` at full length.
Times are of the machine that ran it; nothing is asserted of them.

| fault | seen |
|---|---|
";

/// Says what was seen of a fault.
pub(crate) fn seen(fault: &str, seen: &str) {
    println!("{fault}: {seen}");
    let Some(file) = std::env::var_os("YILIAN_FAULTS_REPORT") else {
        return;
    };
    let _turn = FILE.lock().unwrap();
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    let row = |line: &str| line.starts_with(&format!("| {fault} |"));
    let mut rows: Vec<String> = before
        .lines()
        .skip_while(|line| *line != "|---|---|")
        .skip(1)
        .filter(|line| !row(line))
        .map(str::to_owned)
        .collect();
    rows.push(format!("| {fault} | {seen} |"));
    rows.sort();
    std::fs::write(&file, format!("{HEAD}{}\n", rows.join("\n"))).unwrap();
}
