use automerge::Change;
use serde_json::json;
use yilian_core::document::{LiveDocument, Name};
use yilian_core::rules::Text;
use yilian_core::storage::{Fault, Outline, Problem, Quarantined, Store as _, StoredDocument};
use yilian_core::sync::change_graph::ChangeGraph;
use yilian_core::sync::limits::Limits;
use yilian_node::OpenNodeError;
use yilian_node::store::{Rebuilt, SqliteStore, StoreError, StoreSettings};
use yilian_node::verifier::{guarded, trial};

use super::args::Doctor;
use super::context::Context;
use super::failure::Failure;
use super::out;

pub(crate) fn run(context: &Context, asked: &Doctor) -> Result<(), Failure> {
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
    let open = || {
        let opened = SqliteStore::open_with(&context.data, &settings);
        opened.map_err(|error| Failure::of_store(&error))
    };
    let unreadable =
        |error| Failure::from_error(("数据读不出来", "the data cannot be read"), &error);
    let mut store = open()?;
    let mut found = store.check().map_err(unreadable)?;
    if asked.repair
        && found
            .iter()
            .any(|problem| !matches!(problem, Problem::Document { .. }))
    {
        store.ask_to_rebuild();
        drop(store);
        store = open()?;
        found = store.check().map_err(unreadable)?;
    }
    let mut problems: Vec<Text> = found.iter().map(wording).collect();
    // Where the list itself is damaged, the check has said so.
    let documents = match store.documents() {
        Ok(documents) => documents,
        Err(_) if !problems.is_empty() => Vec::new(),
        Err(error) => return Err(unreadable(error)),
    };
    let broken = !problems.is_empty();
    problems.extend(lost(&store).map_err(unreadable)?);
    let mut aside: Vec<Text> = store.rebuilt().iter().map(rebuilt).collect();
    for document in &documents {
        let listed = quarantined(&store, document).map_err(unreadable)?;
        aside.extend(listed.iter().map(|one| kept_aside(document, one)));
        if !broken {
            problems.extend(troubles(&store, document, listed));
        }
    }
    if context.json {
        let count = documents.len();
        out::json(&json!({ "documents": count, "problems": problems, "quarantined": aside }))?;
    } else {
        for text in &aside {
            context.say(&text.zh, &text.en)?;
        }
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
            "数据有损坏：完好的文档照常可用；损坏的变更在打开文档时搁置，连上中心后补回；文件本身损坏的，用 doctor --repair 重写",
            "the data is damaged: sound documents go on working; damaged changes are set aside when their document is opened, and come back from the hub; where the file itself is damaged, doctor --repair writes it anew",
        ),
        problems,
    ))
}

/// What became of a file that was damaged.
fn rebuilt(rebuilt: &Rebuilt) -> Text {
    let Rebuilt {
        kept,
        documents,
        incomplete,
        strays,
    } = rebuilt;
    let kept = kept.display();
    Text::new(
        format!(
            "数据文件曾损坏，已用读得出的内容重写：{documents} 个文档，其中 {incomplete} 个当时不全，{strays} 段改动不知属于哪个文档；原文件留在 {kept}"
        ),
        format!(
            "the file was damaged once, and written anew from what could be read: {documents} documents, {incomplete} of them incomplete then, {strays} runs of changes of documents that are not known any more; the old file is {kept}"
        ),
    )
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

/// What of a document is kept and not used.
fn quarantined(
    store: &SqliteStore,
    document: &StoredDocument,
) -> Result<Vec<Quarantined>, StoreError> {
    let stored = store.setting(&Quarantined::key(&document.id))?;
    Ok(stored.map_or_else(Vec::new, |bytes| Quarantined::read(&bytes)))
}

fn kept_aside(document: &StoredDocument, one: &Quarantined) -> Text {
    let (name, change, reason) = (label(document), one.change, &one.reason);
    let zh = match reason == Quarantined::BREAKS {
        true => "它会弄坏文档",
        false => reason,
    };
    Text::new(
        format!("{name}：变更 {change} 已隔离，不再使用也不再发送：{zh}"),
        format!("{name}: change {change} is kept aside, neither used nor sent: {reason}"),
    )
}

/// What keeps Automerge from making a document of what is stored, what is in quarantine left out.
fn troubles(store: &SqliteStore, document: &StoredDocument, aside: Vec<Quarantined>) -> Vec<Text> {
    let name = label(document);
    let Some(changes) = changes(store, document, aside) else {
        let (zh, en) = ("打不开", "cannot be opened");
        return vec![Text::new(format!("{name}：{zh}"), format!("{name}: {en}"))];
    };
    let parsed: Option<Name> = document.name.as_ref().and_then(|name| name.parse().ok());
    // The actor writes nothing: what is opened here is only looked at.
    let load = || LiveDocument::load(document.id, parsed.clone(), [0; 16], changes.clone()).is_ok();
    if guarded(load).unwrap_or(false) {
        return Vec::new();
    }
    let culprits = trial(document.id, parsed.as_ref(), &changes, &mut || true);
    let culprits = culprits.unwrap_or_default().into_iter();
    let texts = culprits.map(|change| {
        Text::new(
            format!("{name}：变更 {change} 会弄坏文档；下次打开时会把它隔离"),
            format!("{name}: change {change} breaks the document; it is put aside when it is opened next"),
        )
    });
    texts.collect()
}

fn changes(
    store: &SqliteStore,
    document: &StoredDocument,
    aside: Vec<Quarantined>,
) -> Option<Vec<Change>> {
    let outline = Outline::of_chunks(store.load(&document.id).ok()?);
    let mut graph = ChangeGraph::load(Limits::default(), &outline).ok()?;
    graph.quarantine(aside);
    let sound = (0..graph.len()).filter(|index| !graph.is_aside(*index));
    let bytes = sound.filter_map(|index| graph.bytes(index));
    bytes
        .map(|bytes| Change::try_from(&bytes[..]).ok())
        .collect()
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
