#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use automerge::ChangeHash;
use serde_json::{Value as Json, json};

use super::*;

const NAME: &str = "roster/keyun/2026-12";
/// 2026-12-05T01:30:00Z, which is 09:30 in Shanghai.
const NOW_MS: u64 = 1_796_434_200_000;

fn session(number: u8) -> Session {
    session_with(number, &json!({}))
}

/// A session on a store that holds more than nothing.
fn session_with(number: u8, more: &Json) -> Session {
    let mut options = json!({
        "network": "jiaozuo",
        "peerId": format!("tab-{number}"),
        "storageId": "store",
        "author": format!("keyun/{number}"),
        "offsetMinutes": 480,
    });
    let stored = more.as_object().unwrap().clone();
    options.as_object_mut().unwrap().extend(stored);
    Session::new(Options::read(&options.to_string()).unwrap(), [number; 32])
}

fn name() -> Name {
    NAME.parse().unwrap()
}

/// A tab that answers its signals as a driver does, on a store that it shares with others.
struct Tab {
    session: Session,
    /// What was committed, and not told to the other tabs yet.
    committed: Vec<Bytes>,
    patches: Vec<Json>,
    settled: Vec<(Vec<u32>, bool)>,
    made_again: Vec<ChangeHash>,
    refuses: bool,
}

impl Tab {
    fn open(number: u8, stored: &[Bytes]) -> Self {
        Self::of(session(number), stored)
    }

    fn of(session: Session, stored: &[Bytes]) -> Self {
        let mut tab = Self {
            session,
            committed: Vec::new(),
            patches: Vec::new(),
            settled: Vec::new(),
            made_again: Vec::new(),
            refuses: false,
        };
        tab.session.open(&name());
        tab.work(stored);
        tab
    }

    fn work(&mut self, stored: &[Bytes]) {
        while let Some((signal, bytes)) = self.session.poll() {
            match signal {
                Signal::Arrived {
                    document, changes, ..
                }
                | Signal::Rebuild { document, changes } => self.session.build(document, changes),
                Signal::Behind { document } => self.session.apply(document, u32::MAX),
                Signal::Changed(json) => self.patches.push(serde_json::from_str(&json).unwrap()),
                Signal::Load { document } => {
                    let changes = Bytes::from(stored.concat());
                    self.session
                        .loaded(document, Some((changes, Some(NAME.to_owned()))));
                }
                Signal::MadeAgain { change } => self.made_again.push(change),
                Signal::Settled { tickets, durable } => self.settled.push((tickets, durable)),
                Signal::Store { document, .. } => {
                    if !self.refuses {
                        self.committed.push(bytes);
                    }
                    self.session.stored(document, !self.refuses);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn edit(&mut self, orders: Json) -> Result<Edited, SessionError> {
        let orders = Order::read_all(&orders.to_string())?;
        let edited = self.session.edit(&name(), orders, "", NOW_MS)?;
        self.work(&[]);
        Ok(edited)
    }

    fn add(&mut self, who: &str) -> String {
        let fields = json!({
            "site": "keyun", "name": who, "post": "值守", "state": "planned",
            "start": "2026-12-05T08:00", "end": "2026-12-05T14:00",
        });
        let add = json!([{"op": "add", "collection": "shifts", "fields": fields}]);
        self.edit(add).unwrap().records[0].to_string()
    }

    /// Who has a shift.
    fn names(&self) -> Vec<String> {
        let name = |shift: &Json| shift["name"].as_str().unwrap().to_owned();
        let mut names: Vec<String> = self.shifts().iter().map(name).collect();
        names.sort();
        names
    }

    fn shifts(&self) -> Vec<Json> {
        let parts = self.session.snapshot(&name()).unwrap();
        let parts = parts
            .iter()
            .map(|part| serde_json::from_str::<Json>(part).unwrap());
        parts
            .flat_map(|part| part["records"].as_array().unwrap().clone())
            .collect()
    }
}

#[test]
fn an_edit_is_shown_at_once_and_settled_once_stored() {
    let mut tab = Tab::open(1, &[]);
    let id = tab.add("萧平");
    assert_eq!(tab.patches[0]["patches"][0]["now"]["name"], "萧平");
    assert_eq!(tab.patches[0]["local"], true);
    assert_eq!(tab.settled, [(vec![1], true)]);
    assert_eq!(tab.shifts()[0]["id"], json!(id));

    let mut again = Tab::open(2, &tab.committed);
    assert_eq!(again.shifts(), tab.shifts());
    let set = json!([{"op": "set", "collection": "shifts", "record": id, "fields": {"note": "带钥匙", "lent_by": null}}]);
    again.edit(set).unwrap();
    assert_eq!(again.shifts()[0]["note"], "带钥匙");
    let history = again
        .session
        .history(&name(), "shifts".parse().unwrap(), id.parse().unwrap());
    let history: Json = serde_json::from_str(&history.unwrap()).unwrap();
    assert_eq!(history[1]["author"], "keyun/2");
}

#[test]
fn what_another_tab_stored_is_shown_and_not_stored_again() {
    let (mut one, mut two) = (Tab::open(1, &[]), Tab::open(2, &[]));
    one.add("萧平");
    for changes in one.committed.drain(..) {
        two.session.announced(&name(), changes);
    }
    two.work(&[]);
    assert_eq!(two.shifts().len(), 1);
    assert_eq!(two.patches[0]["local"], false);
    assert!(two.committed.is_empty());

    // And the next edit builds on it.
    two.add("傅玉兰");
    for changes in two.committed.drain(..) {
        one.session.announced(&name(), changes);
    }
    one.work(&[]);
    assert_eq!(one.shifts(), two.shifts());
    assert_eq!(one.shifts().len(), 2);
}

#[test]
fn an_edit_that_cannot_be_stored_is_taken_back() {
    let mut tab = Tab::open(1, &[]);
    tab.add("萧平");
    tab.refuses = true;
    tab.add("满");
    assert_eq!(tab.settled.last(), Some(&(vec![2], false)));
    assert_eq!(tab.shifts().len(), 1);
    tab.refuses = false;
    tab.add("傅玉兰");
    assert_eq!(tab.shifts().len(), 2);
}

#[test]
fn undo_and_redo_go_back_and_forth() {
    let mut tab = Tab::open(1, &[]);
    let id = tab.add("萧平");
    let set = |note: &str| json!([{"op": "set", "collection": "shifts", "record": id, "fields": {"note": note}}]);
    tab.edit(set("一")).unwrap();
    tab.edit(set("二")).unwrap();
    let note = |tab: &mut Tab, undo: bool| {
        if undo {
            tab.session.undo(&name(), NOW_MS).unwrap();
        } else {
            tab.session.redo(&name(), NOW_MS).unwrap();
        }
        tab.work(&[]);
        tab.shifts()[0]["note"].clone()
    };
    assert_eq!(note(&mut tab, true), "一");
    assert_eq!(note(&mut tab, true), "");
    assert_eq!(note(&mut tab, false), "一");
    assert_eq!(note(&mut tab, false), "二");
    assert_eq!(note(&mut tab, false), "二");
    assert_eq!(note(&mut tab, true), "一");
    tab.edit(set("三")).unwrap();
    assert_eq!(note(&mut tab, false), "三");
}

#[test]
fn what_does_not_fit_is_refused_by_name_and_changes_nothing() {
    let mut tab = Tab::open(1, &[]);
    let id = tab.add("萧平");
    let unknown = "01a20d6e-6fca-76fa-a6b6-707d3605898e";
    let set = |record: &str, fields: Json| json!([{"op": "set", "collection": "shifts", "record": record, "fields": fields}]);
    let refused = [
        (set(&id, json!({"state": "perhaps"})), "InvalidField"),
        (set(&id, json!({"start": "tomorrow"})), "InvalidField"),
        (set(&id, json!({"name": ""})), "InvalidField"),
        (set(&id, json!({"mood": "good"})), "InvalidField"),
        (set(&id, json!({"note": {}})), "InvalidField"),
        (set(unknown, json!({"note": "x"})), "NoSuchRecord"),
        (
            json!([{"op": "add", "collection": "shifts", "fields": {"name": "x"}}]),
            "InvalidField",
        ),
        (json!([{"op": "dance"}]), "InvalidArgument"),
        (json!({}), "InvalidArgument"),
    ];
    let before = tab.shifts();
    for (orders, code) in refused {
        assert_eq!(
            tab.edit(orders.clone()).unwrap_err().code(),
            code,
            "{orders}"
        );
    }
    assert_eq!(tab.shifts(), before);
}

#[test]
fn the_network_s_clocks_are_ahead_by_the_offset() {
    let session = session(1);
    let shown = |ms: u64| session.civil(ms).to_string();
    assert_eq!(shown(NOW_MS), "2026-12-05T09:30:00");
    assert_eq!(shown(0), "1970-01-01T08:00:00");
    assert_eq!(
        shown(951_782_400_000 - 8 * 3_600_000),
        "2000-02-29T00:00:00"
    );
    assert_eq!(shown(1_798_732_799_000), "2026-12-31T23:59:59");
}

/// Something of the roster goes into quarantine and the tab ends before it has written again what stood on it.
#[test]
fn what_a_tab_could_not_write_again_the_next_one_writes() {
    let mut tab = Tab::open(1, &[]);
    tab.add("萧平");
    tab.add("孙平");
    let id = tab.session.id_of(&name());
    let log: Json = serde_json::from_str(&tab.session.log(&name(), 2).unwrap()).unwrap();
    let hash = |number: usize| log[number]["hash"].as_str().unwrap().parse().unwrap();
    let (second, first): (ChangeHash, ChangeHash) = (hash(0), hash(1));
    let aside = json!([{
        "document": id.to_string(),
        "listed": [{"change": first.to_string(), "reason": "it breaks Automerge"}],
    }]);
    let stored = tab.committed;

    let mut next = Tab::of(
        session_with(2, &json!({ "author": "keyun/1", "aside": aside })),
        &stored,
    );
    assert_eq!(next.names(), [""; 0]);
    // Another tab has the socket, and writes it.
    next.session.tick(NOW_MS);
    next.work(&stored);
    assert_eq!(next.names(), [""; 0]);
    next.session.lead();
    next.session.tick(NOW_MS);
    next.work(&stored);
    assert_eq!(next.names(), ["孙平"]);
    assert_eq!(next.made_again, [second]);
    // What was in quarantine itself is for its author to decide.
    assert_eq!(next.session.refused().len(), 1);
    assert!(next.session.refused()[0].retry);
    next.session.retry(first, NOW_MS).unwrap();
    next.work(&stored);
    assert_eq!(next.names(), ["孙平", "萧平"]);

    // One that stopped, and knows not of what, waits until something else is aside.
    let careful = json!({ "author": "keyun/1", "aside": aside, "careful": true });
    let mut wary = Tab::of(session_with(4, &careful), &stored);
    wary.session.lead();
    for _ in 0..2 {
        assert_eq!(wary.names(), [""; 0]);
        wary.session.tick(NOW_MS);
        wary.work(&stored);
    }
    let listed = listed(&aside[0].to_string()).unwrap();
    wary.session.set_aside(id, listed);
    wary.session.tick(NOW_MS);
    wary.work(&stored);
    assert_eq!(wary.names(), ["孙平"]);

    // Done is done: whoever removed it since does not see it come back.
    let dismissed = json!([second.to_string()]);
    let mut last = Tab::of(
        session_with(
            3,
            &json!({ "author": "keyun/1", "aside": aside, "dismissed": dismissed }),
        ),
        &stored,
    );
    last.session.lead();
    last.session.tick(NOW_MS);
    last.work(&stored);
    assert_eq!(last.names(), [""; 0]);
    assert!(last.committed.is_empty() && last.made_again.is_empty());
}
