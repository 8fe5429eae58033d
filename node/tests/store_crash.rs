//! What a store has acknowledged is there after `kill -9`.
//!
//! This test binary runs itself as a child that commits as fast as it can and writes a line for every acknowledgement,
//! until it is killed in the midst of it. Then the store is opened again, holds every change that was acknowledged, and
//! has nothing wrong with it. Several children in a row use the same store, so that each also finds what the one before
//! it left behind.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use yilian_core::document::DocumentId;
use yilian_core::storage::conformance::sample_changes;
use yilian_core::storage::{Commit, DocumentWrite, Position, Store};
use yilian_node::store::{SqliteStore, Writer, WriterSettings};

const DIRECTORY: &str = "YILIAN_CRASH_TEST_DIRECTORY";
const ROUND: &str = "YILIAN_CRASH_TEST_ROUND";

const ROUNDS: u8 = 12;
const DOCUMENTS: u8 = 5;
const CHANGES: usize = 2_000;

fn id(round: u8, document: u8) -> DocumentId {
    DocumentId::from_bytes([round * DOCUMENTS + document; 16])
}

/// The child's part. Without a directory in its environment, it is not the child, and there is nothing to do.
#[test]
fn child_commits_until_it_is_killed() {
    let (Ok(directory), Ok(round)) = (std::env::var(DIRECTORY), std::env::var(ROUND)) else {
        return;
    };
    let round: u8 = round.parse().unwrap();
    let store = SqliteStore::open(directory).unwrap();
    let writer = Writer::spawn(store, WriterSettings::default()).unwrap();
    let (answer, answers) = std::sync::mpsc::channel();
    let documents: Vec<_> = (0..DOCUMENTS)
        .map(|document| sample_changes(round * DOCUMENTS + document, CHANGES))
        .collect();
    let mut out = std::io::stdout();
    for number in 0..CHANGES {
        for document in 0..DOCUMENTS {
            let changes = &documents[usize::from(document)];
            let (hash, chunk) = &changes[number];
            let write =
                DocumentWrite::changes(id(round, document), vec![chunk.clone()], vec![*hash]);
            let answer = answer.clone();
            writer.commit(Commit::of(write), move |result| {
                answer.send((document, number, result.unwrap())).unwrap();
            });
        }
        // Groups of different sizes: now and then everything that is asked for is waited for.
        let wait = number % 7 == 0;
        for _ in 0..if wait { DOCUMENTS } else { 0 } {
            let (document, number, position) = answers.recv().unwrap();
            writeln!(out, "acknowledged {document} {number} {}", position.0).unwrap();
        }
        for (document, number, position) in answers.try_iter() {
            writeln!(out, "acknowledged {document} {number} {}", position.0).unwrap();
        }
    }
    writeln!(out, "finished").unwrap();
}

/// Starts a child, kills it after it has acknowledged so many commits, and tells how far each document was acknowledged,
/// and the last position.
fn run_and_kill(directory: &Path, round: u8, after: usize) -> (BTreeMap<u8, usize>, Position) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_commits_until_it_is_killed", "--nocapture"])
        .env(DIRECTORY, directory)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = BTreeMap::new();
    let mut last = Position::START;
    let mut count = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        assert_ne!(line, "finished", "the child was too fast to be killed");
        let Some(rest) = line.strip_prefix("acknowledged ") else {
            continue;
        };
        let words: Vec<&str> = rest.split(' ').collect();
        // A last line may be cut short by the kill; what it would have said is not known to anybody.
        let [document, number, position] = words[..] else {
            break;
        };
        let Ok(position) = position.parse() else {
            break;
        };
        acknowledged.insert(document.parse().unwrap(), number.parse().unwrap());
        last = last.max(Position(position));
        count += 1;
        if count == after {
            // On Unix, this is kill -9. Lines that are in the pipe by now are still read.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(count >= after, "the child ended early");
    (acknowledged, last)
}

#[test]
fn acknowledged_commits_survive_kills() {
    let directory = TempDir::new().unwrap();
    let mut all = BTreeMap::new();
    for round in 0..ROUNDS {
        let after = 1 + usize::from(round) * 83;
        let (acknowledged, last) = run_and_kill(directory.path(), round, after);
        for (document, number) in acknowledged {
            all.insert((round, document), number);
        }
        let store = SqliteStore::open(directory.path()).unwrap();
        assert!(store.position().unwrap() >= last, "round {round}");
        assert_eq!(store.check().unwrap(), [], "round {round}");
        for ((round, document), number) in &all {
            let stored = store.load(&id(*round, *document)).unwrap().concat();
            let changes = sample_changes(round * DOCUMENTS + document, number + 1);
            let expected: Vec<u8> = changes
                .iter()
                .flat_map(|(_, chunk)| chunk.to_vec())
                .collect();
            assert!(
                stored.starts_with(&expected),
                "round {round}, document {document}, change {number}"
            );
        }
    }
}
