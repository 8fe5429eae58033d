use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::ChangeHash;
use bytes::Bytes;
use rusqlite::Connection;
use yilian_core::document::DocumentId;
use yilian_core::storage::{Fault, Part, Problem, Run, StoredDocument, audit};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::limits::Limits;

use super::{StoreError, read, rows};

/// How many reports of SQLite's own check to pass on: a file that is shot through has one for every page.
const REPORTS_MAX: u32 = 100;

/// Reads everything and reports what is wrong. What cannot be read is a problem too, so this does not fail.
pub(super) fn check(connection: &Connection) -> Vec<Problem> {
    let mut problems = Vec::new();
    let medium = |error: rusqlite::Error| Problem::Medium {
        report: error.to_string(),
    };
    match reports(connection) {
        Ok(reports) => {
            problems.extend(reports.into_iter().map(|report| Problem::Medium { report }))
        }
        Err(error) => problems.push(medium(error)),
    }
    match strays(connection) {
        Ok(rows) => problems.extend(rows.into_iter().map(|row| Problem::Stray { row })),
        Err(error) => problems.push(medium(error)),
    }
    match rows::documents(connection) {
        Ok(documents) => {
            for document in documents {
                let faults = faults(connection, &document);
                problems.extend(faults.into_iter().map(|fault| Problem::Document {
                    document: document.id,
                    name: document.name.clone(),
                    fault,
                }));
            }
        }
        Err(error) => problems.push(Problem::Medium {
            report: error.to_string(),
        }),
    }
    problems
}

/// What SQLite finds wrong with its pages and indexes.
fn reports(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(&format!("PRAGMA integrity_check({REPORTS_MAX})"))?
        .query_map([], |row| row.get(0))?
        .filter(|report| !matches!(report.as_deref(), Ok("ok")))
        .collect()
}

fn strays(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare(
            "SELECT row FROM log WHERE document NOT IN (SELECT id FROM documents) ORDER BY row",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn faults(connection: &Connection, document: &StoredDocument) -> Vec<Fault> {
    let mut parts = Vec::new();
    let mut faults = Vec::new();
    let read = read::for_each_row(connection, &document.id, |row| {
        match row.part {
            Some(part) => parts.push(part),
            None => faults.push(Fault::Checksum { row: row.number }),
        }
        Ok(())
    });
    if let Err(error) = read {
        faults.push(Fault::Unreadable {
            report: error.to_string(),
        });
    }
    if faults.is_empty() {
        faults.extend(outline_fault(connection, &document.id, &parts));
    }
    let chunks: Vec<Bytes> = parts.into_iter().map(|part| part.bytes).collect();
    let aside: Vec<ChangeHash> = match read::quarantined(connection, &document.id) {
        Ok(listed) => listed.into_iter().map(|one| one.change).collect(),
        Err(_) => Vec::new(),
    };
    // Where rows are damaged, it follows that changes are missing: nothing worth saying again.
    if faults.is_empty() {
        // Automerge may panic on bytes that are as they were written, and yet wrong.
        match catch_unwind(AssertUnwindSafe(|| audit(&document.heads, &chunks, &aside))) {
            Ok(found) => faults = found,
            Err(_) => faults.push(Fault::Unreadable {
                report: "Automerge breaks on them".to_owned(),
            }),
        }
    }
    faults
}

/// What is wrong with what was noted beside packed changes.
fn outline_fault(connection: &Connection, id: &DocumentId, parts: &[Part]) -> Option<Fault> {
    let unreadable = |report: String| Fault::Unreadable { report };
    let outline = match read::outline(connection, id) {
        Ok(outline) => outline,
        Err(StoreError::Damaged { row, .. }) => return Some(Fault::Checksum { row }),
        Err(error) => return Some(unreadable(error.to_string())),
    };
    if outline.runs.iter().all(|run| matches!(run, Run::Plain(_))) {
        return None;
    }
    let put = |mut graph: ChangeGraph| parts.iter().try_for_each(|part| graph.put(part));
    let outcome = ChangeGraph::load(Limits::default(), &outline).and_then(put);
    outcome.err().map(|error| unreadable(error.to_string()))
}
