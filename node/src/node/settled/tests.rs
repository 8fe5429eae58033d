//! Goal: whoever looks twice opens only what changed, and finds what whoever opens everything finds; without the file, or with a
//! damaged one, all is read once more.
#![allow(clippy::unwrap_used, reason = "tests")]

use jiff::civil::{DateTime, date};
use yilian_core::document::Month;
use yilian_core::inbox::{Code, Party, send, step};
use yilian_core::mediation::{register, step as take_step};
use yilian_core::ordered;
use yilian_core::records::{
    Case, Edit, FieldReader, RecordId, Stage, Step, Submission, SubmissionKind, Typed, Value,
};
use yilian_core::rules::{Findings, Holdings, findings};

use super::*;
use crate::{Node, Profile};

const KINDS: [Kind; 2] = [Kind::Inbox, Kind::Cases];

const SENT: DateTime = date(2026, 11, 2).at(9, 0, 0, 0);

fn create() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let profile = Profile::of_hub("test".parse().unwrap());
    Node::create(directory.path(), &profile).unwrap();
    directory
}

async fn hub(directory: &Path) -> Node {
    Node::open(directory).await.unwrap()
}

async fn submit(node: &Node, number: u8) -> Name {
    let code = Code::new("keyun".parse().unwrap(), [number; 16]);
    let submission = Submission {
        id: RecordId::new(0, [0; 10]),
        site: "keyun".parse().unwrap(),
        kind: SubmissionKind::Request,
        name: "张三".to_owned(),
        phone: String::new(),
        text: "空调坏了".to_owned(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at: SENT,
        removed_at: None,
    };
    let (name, edits) = send(submission, &code, SENT).unwrap();
    node.edit(edits, "submit").await.unwrap();
    name
}

async fn take(node: &Node, name: &Name, party: Party, stage: Stage) {
    let of = name.clone();
    let id = node.new_record().unwrap();
    let edits: Vec<Edit> = node
        .read(vec![name.clone()], move |documents| {
            let taken = Step {
                id,
                about: None,
                after: None,
                stage,
                at: SENT,
                by: "孙平".to_owned(),
                note: String::new(),
                made: None,
                removed_at: None,
            };
            let view = documents.get(&of).unwrap().view();
            step(&of, view, party, taken, None).unwrap()
        })
        .await
        .unwrap();
    node.edit(edits, "step").await.unwrap();
}

async fn done(node: &Node, number: u8) -> Name {
    let name = submit(node, number).await;
    take(node, &name, Party::Site, Stage::Accepted).await;
    take(node, &name, Party::Site, Stage::Done).await;
    name
}

/// The names that are settled, and those that were opened to tell and are settled: what is not is left open.
async fn open_after(node: &Node) -> (Vec<Name>, Vec<Name>) {
    let settled = node.settled(&KINDS).await.unwrap();
    let listed = node.ask(Command::Listed).await.unwrap();
    let open = listed.into_iter().filter(|listed| listed.is_open);
    let open = open.map(|listed| listed.name).collect();
    (settled.into_keys().collect(), open)
}

async fn found(node: &Node, without: Vec<Name>) -> Findings {
    let names = node.names().await.unwrap();
    let read: Vec<Name> = names
        .into_iter()
        .filter(|name| !without.contains(name))
        .collect();
    node.read(read, move |documents| {
        let mut holdings = Holdings::new(date(2026, 12, 5).at(9, 0, 0, 0));
        documents.iter().for_each(|document| holdings.add(document));
        without
            .into_iter()
            .for_each(|name| holdings.add_settled(name));
        findings(&holdings, Some("2026-12".parse::<Month>().unwrap()))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn what_is_settled_is_read_again_once_it_changed() {
    let directory = create();
    let node = hub(directory.path()).await;
    let (over, again) = (done(&node, 1).await, done(&node, 2).await);
    let waits = submit(&node, 3).await;
    node.stop().await;

    let node = hub(directory.path()).await;
    let settled = node.settled(&KINDS).await.unwrap();
    let sent = Some(SENT.date());
    assert_eq!(settled.get(&over), Some(&sent));
    assert_eq!(settled.get(&again), Some(&sent));
    assert_eq!(settled.get(&waits), None, "it will be late");
    node.stop().await;

    let node = hub(directory.path()).await;
    let (settled, open) = open_after(&node).await;
    assert_eq!(settled.len(), 2);
    assert_eq!(
        open,
        std::slice::from_ref(&waits),
        "the others were not opened"
    );
    let late = found(&node, settled).await;
    assert_eq!(late.findings.len(), 1, "one waits since last month");
    assert_eq!(late, found(&node, Vec::new()).await);

    // Its sender says that it is not done after all.
    take(&node, &again, Party::Sender, Stage::Submitted).await;
    node.stop().await;
    let node = hub(directory.path()).await;
    let settled: Vec<Name> = node.settled(&KINDS).await.unwrap().into_keys().collect();
    assert_eq!(settled, [over]);
    let late = found(&node, settled).await;
    assert_eq!(late.findings.len(), 2);
    assert_eq!(late, found(&node, Vec::new()).await);
    node.stop().await;
}

#[tokio::test]
async fn without_the_file_or_with_a_damaged_one_all_is_read_once_more() {
    let directory = create();
    let file = directory.path().join(FILE);
    let node = hub(directory.path()).await;
    let over = done(&node, 1).await;
    assert!(node.settled(&KINDS).await.unwrap().contains_key(&over));
    node.stop().await;
    let text = std::fs::read_to_string(&file).unwrap();
    let seen = parse(&text).unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(print(&seen), text);
    for damaged in [
        text.replace("2026", "2025"),
        text.replace(HEADER, "yilian settled 0.0.0"),
        text.lines().next().unwrap_or_default().to_owned(),
        String::new(),
    ] {
        assert_eq!(parse(&damaged), None, "{damaged}");
        std::fs::write(&file, damaged).unwrap();
        let node = hub(directory.path()).await;
        assert!(node.settled(&KINDS).await.unwrap().contains_key(&over));
        node.stop().await;
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
}

#[tokio::test]
async fn cases_are_settled_once_they_are_over_and_asking_for_one_kind_forgets_no_other() {
    let directory = create();
    let node = hub(directory.path()).await;
    let over = done(&node, 1).await;
    let mut names = Vec::new();
    for number in ["c-1", "c-2"] {
        let fields: ordered::BTreeMap<String, Value> = [("site", "keyun"), ("case", number)]
            .into_iter()
            .map(|(field, value)| (field.to_owned(), value.into()))
            .collect();
        let case = Case {
            received: SENT,
            ..Case::read(RecordId::new(0, [0; 10]), &FieldReader::new(&fields))
        };
        let (name, edits) = register(case).unwrap();
        node.edit(edits, "register").await.unwrap();
        names.push(name);
    }
    let (of, id) = (names[0].clone(), node.new_record().unwrap());
    let edits = node
        .read(vec![of.clone()], move |documents| {
            let read = Step::read(id, &FieldReader::new(&ordered::BTreeMap::new()));
            let declined = Step {
                stage: Stage::Declined,
                at: SENT,
                note: "不属于劳动争议".to_owned(),
                ..read
            };
            take_step(&of, documents.get(&of).unwrap().view(), declined).unwrap()
        })
        .await
        .unwrap();
    node.edit(edits, "decline").await.unwrap();
    let both = node.settled(&KINDS).await.unwrap();
    assert_eq!(both.get(&names[0]), Some(&None));
    assert_eq!(both.get(&names[1]), None, "it waits");
    let one = node.settled(&[Kind::Inbox]).await.unwrap();
    assert_eq!(one.keys().collect::<Vec<_>>(), [&over]);
    node.stop().await;

    let node = hub(directory.path()).await;
    let (settled, open) = open_after(&node).await;
    assert_eq!(settled.len(), 2);
    assert_eq!(
        open,
        std::slice::from_ref(&names[1]),
        "the others were not opened"
    );
    node.stop().await;
}
