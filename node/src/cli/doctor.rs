use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::Change;
use serde_json::json;
use yilian_core::document::{LiveDocument, Name};
use yilian_core::rules::Text;
use yilian_core::storage::{Fault, Problem, Store as _, StoredDocument};
use yilian_core::sync::chunk::read_changes;
use yilian_core::sync::limits::Limits;
use yilian_node::OpenNodeError;
use yilian_node::store::{SqliteStore, StoreError, StoreSettings};

use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    if !SqliteStore::is_at(&context.data) {
        return Err(OpenNodeError::Missing {
            directory: context.data.clone(),
        }
        .into());
    }
    let settings = StoreSettings {
        create: false,
        ..StoreSettings::default()
    };
    let opened = SqliteStore::open_with(&context.data, &settings);
    let store = opened.map_err(|error| Failure::of_store(&error))?;
    let unreadable =
        |error| Failure::from_error(("数据读不出来", "the data cannot be read"), &error);
    let mut problems: Vec<Text> = store
        .check()
        .map_err(unreadable)?
        .iter()
        .map(wording)
        .collect();
    // Where the list itself is damaged, the check has said so.
    let documents = match store.documents() {
        Ok(documents) => documents,
        Err(_) if !problems.is_empty() => Vec::new(),
        Err(error) => return Err(unreadable(error)),
    };
    let broken = !problems.is_empty();
    problems.extend(lost(&store).map_err(unreadable)?);
    if !broken {
        problems.extend(
            documents
                .iter()
                .filter(|document| !opens(&store, document))
                .map(|document| {
                    let name = label(document);
                    Text::new(
                        format!("{name}：打不开"),
                        format!("{name}: cannot be opened"),
                    )
                }),
        );
    }
    if context.json {
        out::json(&json!({ "documents": documents.len(), "problems": problems }))?;
    }
    if problems.is_empty() {
        let count = documents.len();
        return match context.json {
            true => Ok(()),
            false => context.say(
                &format!("{count} 个文档，都完好"),
                &format!("{count} documents, all sound"),
            ),
        };
    }
    Err(Failure::Failed(
        Text::new(
            "数据有损坏：完好的文档照常可用；损坏的变更在打开文档时搁置，连上中心后补回；仍打不开的，换一个数据目录 init 后 sync",
            "the data is damaged: sound documents go on working; damaged changes are set aside when their document is opened, and come back from the hub; for what still does not open, init another directory and sync",
        ),
        problems,
    ))
}

/// What was lost to damage and has not come back.
fn lost(store: &SqliteStore) -> Result<Vec<Text>, StoreError> {
    let commits = match store.lost_commits() {
        0 => None,
        commits => Some(Text::new(
            format!("预写日志损坏，其后的 {commits} 次提交已丢失；连上中心后会补回"),
            format!(
                "the write-ahead log was damaged, and {commits} commits behind the damage are lost; the hub brings back what it has"
            ),
        )),
    };
    let lacking = store.lacking()?.into_iter().map(|lacking| {
        let name = lacking.name.unwrap_or_else(|| lacking.document.to_string());
        Text::new(
            format!("文档 {name}：有变更损坏并已搁置，尚未补回"),
            format!("document {name}: changes were damaged and set aside, and have not come back"),
        )
    });
    Ok(commits.into_iter().chain(lacking).collect())
}

fn label(document: &StoredDocument) -> String {
    document
        .name
        .clone()
        .unwrap_or_else(|| document.id.to_string())
}

/// Whether Automerge can make a document of what is stored.
fn opens(store: &SqliteStore, document: &StoredDocument) -> bool {
    let name: Option<Name> = document.name.as_ref().and_then(|name| name.parse().ok());
    let Ok(chunks) = store.load(&document.id) else {
        return false;
    };
    let limits = Limits::default();
    let changes: Option<Vec<Change>> = chunks
        .iter()
        .map(|chunk| read_changes(chunk, &limits).ok())
        .collect::<Option<Vec<_>>>()
        .and_then(|read| {
            read.into_iter()
                .flatten()
                .map(|(_, bytes)| Change::try_from(&bytes[..]).ok())
                .collect()
        });
    let Some(changes) = changes else { return false };
    // The actor writes nothing: what is opened here is only looked at.
    let load = AssertUnwindSafe(|| LiveDocument::load(document.id, name, [0; 16], changes).is_ok());
    catch_unwind(load).unwrap_or(false)
}

fn wording(problem: &Problem) -> Text {
    let en = problem.to_string();
    let zh = match problem {
        Problem::Document {
            document,
            name,
            fault,
        } => {
            let name = name.clone().unwrap_or_else(|| document.to_string());
            let fault = match fault {
                Fault::Checksum { row } => format!("第 {row} 行的校验和不对"),
                Fault::Unreadable { report } => format!("读不出来（{report}）"),
                Fault::NotChanges { chunk, .. } => format!("第 {chunk} 段不是变更"),
                Fault::MissingDependency { missing, .. } => format!("缺少变更 {missing}"),
                Fault::Heads { .. } => "记录的版本与内容不符".to_owned(),
                _ => fault.to_string(),
            };
            format!("文档 {name}：{fault}")
        }
        Problem::Medium { report } => format!("数据文件损坏（{report}）"),
        Problem::Stray { row } => format!("第 {row} 行不属于任何文档"),
        _ => en.clone(),
    };
    Text::new(zh, en)
}
