//! The documents of a node as what reads them takes them.

use yilian_core::import::Held;
use yilian_core::report;
use yilian_node::Documents;

/// The documents as the importer looks at them: one that nobody has begun is not held, and rules
/// and imports tell that from an empty one.
pub(crate) fn held<'a>(documents: &Documents<'a>) -> Held<'a> {
    documents
        .iter()
        .fold(Held::new(), |held, document| match document.name() {
            Some(name) if !document.view().is_empty() => held.with(name.clone(), document.view()),
            _ => held,
        })
}

/// The documents as reports look at them.
pub(crate) fn reported<'a>(documents: &Documents<'a>) -> report::Documents<'a> {
    let mut all = report::Documents::new();
    for document in documents.iter() {
        if let Some(name) = document.name() {
            all.add(name.clone(), document.view());
        }
    }
    all
}
