//! `yilian` without a network: each claim is made by processes on a data directory of its own, with the sample
//! network's files, and read off exit codes, `--json` and what people see.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const MONTH: &str = "2026-12";

/// A computer: a folder for its data and for what a test writes.
struct Desk {
    folder: TempDir,
}

struct Done {
    code: i32,
    stdout: String,
    stderr: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn sample(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/samples/jiaozuo");
    folder.join(name).display().to_string()
}

impl Desk {
    /// Of 客运之家, without a relay.
    fn keyun() -> Self {
        let desk = Self::empty();
        desk.ok("init --network jiaozuo --site keyun --author 李超");
        desk
    }

    /// With the sites, the people and the roster of the sample.
    fn with_samples() -> Self {
        let desk = Self::keyun();
        for (command, file) in [
            ("site import", "sites.csv"),
            ("person import", "people.csv"),
        ] {
            desk.ok(&format!("{command} {}", sample(file)));
        }
        desk.import(&sample("roster-keyun-2026-12.csv"));
        desk
    }

    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yilian"));
        command
            .arg("--data")
            .arg(self.path("data"))
            .args(line.split(' '))
            .env("LC_ALL", "C")
            .env_remove("YILIAN_LOG")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Done {
        self.command(line).output().unwrap().into()
    }

    #[track_caller]
    fn ends(&self, line: &str, code: i32) -> Done {
        let done = self.run(line);
        assert_eq!(
            done.code, code,
            "yilian {line}\n{}\n{}",
            done.stdout, done.stderr
        );
        done
    }

    #[track_caller]
    fn ok(&self, line: &str) -> String {
        self.ends(line, 0).stdout
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        let text = self.ok(&format!("--json {line}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}\n{text}"))
    }

    /// The message and the list of an error, as `--json` has them.
    #[track_caller]
    fn refusal(&self, line: &str, code: i32) -> (String, String) {
        let done = self.ends(&format!("--json {line}"), code);
        let error: Value = serde_json::from_str(&done.stderr)
            .unwrap_or_else(|error| panic!("{line}: {error}\n{}", done.stderr));
        let text = error["error"].as_str().unwrap().to_owned();
        (text, error["details"].to_string())
    }

    fn import(&self, file: &str) -> Value {
        self.json(&format!("roster import {file} --month {MONTH}"))
    }

    fn shifts(&self) -> Vec<Value> {
        let shown = self.json(&format!("roster show --month {MONTH}"));
        shown["shifts"].as_array().unwrap().clone()
    }

    fn shift(&self, date: &str, post: &str) -> Value {
        let shifts = self.shifts();
        let found = shifts.iter().find(|shift| {
            shift["start"].as_str().unwrap().starts_with(date) && shift["post"] == post
        });
        found.expect("it is on the roster").clone()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn id(shift: &Value) -> &str {
    shift["id"].as_str().unwrap()
}

#[test]
fn a_node_is_set_up_once_and_may_change_its_relay_and_author() {
    let desk = Desk::keyun();
    let (text, _) = desk.refusal("init --network jiaozuo --site keyun", 1);
    assert!(text.contains("已经建立"), "{text}");
    desk.refusal("init --network other --site keyun --hub ws://a/sync", 1);
    desk.ok("init --network jiaozuo --site keyun --hub wss://relay.example/sync");
    let status = desk.json("status");
    assert_eq!(status["hub"], "wss://relay.example/sync");
    assert_eq!(status["author"], "keyun/李超", "what was not given stays");
    desk.ok("init --network jiaozuo --site keyun --author 王芳");
    let status = desk.json("status");
    assert_eq!(status["author"], "keyun/王芳");
    assert_eq!(status["hub"], "wss://relay.example/sync");
    for wrong in [
        "init --network jiaozuo",
        "init --network Jiaozuo --site keyun",
        "init --network jiaozuo --site keyun --hub http://a",
        "init --network jiaozuo --site keyun --zone Asia/Atlantis",
    ] {
        Desk::empty().refusal(wrong, 2);
    }
}

#[test]
fn a_dry_run_says_what_an_import_would_do_and_does_nothing() {
    let desk = Desk::keyun();
    let file = sample("roster-keyun-2026-12.csv");
    let line = format!("roster import {file} --month {MONTH} --dry-run");
    let planned = desk.json(&line);
    assert_eq!(planned["added"].as_array().unwrap().len(), 93);
    assert!(desk.shifts().is_empty());
    assert_eq!(desk.import(&file)["added"].as_array().unwrap().len(), 93);
    assert_eq!(desk.json(&line)["unchanged"].as_array().unwrap().len(), 93);
}

#[test]
fn a_file_with_bad_rows_names_each_and_nothing_is_imported() {
    let desk = Desk::keyun();
    let file = desk.write(
        "bad.csv",
        "日期,姓名,岗位,开始,结束\n2026-12-01,李超,前台,8:00,14:00\n2026-12-32,李超,前台,8:00,25:00\n",
    );
    let (text, details) = desk.refusal(&format!("roster import {file} --month {MONTH}"), 1);
    assert!(text.contains("什么也没有导入"), "{text}");
    for part in ["bad.csv 第3行 A列", "2026-12-32", "E列", "25:00"] {
        assert!(details.contains(part), "{part} is not in {details}");
    }
    assert!(desk.shifts().is_empty());
    let missing = format!("roster import nowhere.csv --month {MONTH}");
    let (text, _) = desk.refusal(&missing, 1);
    assert!(text.contains("nowhere.csv"), "{text}");
}

#[test]
fn fields_are_set_by_name_or_label_and_history_and_undo_know_it() {
    let desk = Desk::with_samples();
    let shift = desk.shift("2026-12-03", "前台");
    // As a table shows it: the last digits.
    let short = &id(&shift)[28..];
    let set = format!("roster set {short} 状态=已确认 note=换班");
    assert_eq!(desk.json(&set)["changed"], true);
    assert_eq!(desk.json(&set)["changed"], false, "it is so already");
    let after = desk.shift("2026-12-03", "前台");
    assert_eq!(after["state"], "confirmed");
    assert_eq!(after["note"], "换班");

    let history = desk.json(&format!("history {}", id(&shift)));
    let last = history["history"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["author"], "keyun/李超");
    assert_eq!(last["fields"].as_array().unwrap().len(), 2, "{last}");
    let told = desk.ok(&format!("history {short}"));
    assert!(told.contains("状态: 计划 → 已确认"), "{told}");

    let undo = format!("roster undo --month {MONTH}");
    assert_eq!(desk.json(&undo)["undone"], true);
    assert_eq!(desk.shift("2026-12-03", "前台"), shift);
}

#[test]
fn what_cannot_be_set_changes_nothing() {
    let desk = Desk::with_samples();
    let before = desk.shifts();
    let shift = desk.shift("2026-12-03", "前台");
    let id = id(&shift);
    for (assignment, code) in [
        ("colour=red", 1),
        ("state=perhaps", 1),
        ("post=", 1),
        ("start=morning", 1),
        ("site=jiefang-1", 1),
        ("name=李超#999999", 1),
        ("name=李超@nowhere！", 1),
        ("removed_at=2026-12-01T00:00", 2),
        ("note", 2),
    ] {
        let (text, _) = desk.refusal(&format!("roster set {id} note=好 {assignment}"), code);
        assert!(!text.is_empty(), "{assignment}");
    }
    desk.refusal("roster set 00 note=x", 2);
    desk.refusal("roster set ffffffff note=x", 1);
    assert_eq!(desk.shifts(), before);
}

#[test]
fn namesakes_ask_and_somebody_lent_is_named_with_the_site() {
    let desk = Desk::keyun();
    let people = desk.write(
        "people.csv",
        "站点,姓名,电话\nkeyun,王芳,13800001111\nkeyun,王芳,13800002222\njiefang-1,李超,13800003333\n",
    );
    desk.ok(&format!("person import {people}"));
    let add = |name: &str| {
        format!("roster add name={name} post=前台 start=2026-12-01T08:00 end=2026-12-01T14:00")
    };
    let (text, _) = desk.refusal(&add("王芳"), 1);
    assert!(
        text.contains("王芳#1111") && text.contains("王芳#2222"),
        "{text}"
    );
    let persons = desk.json("person list")["persons"].clone();
    let person = |phone: &str| {
        let all = persons.as_array().unwrap();
        let found = all.iter().find(|person| person["phone"] == phone);
        found.unwrap()["id"].clone()
    };
    desk.ok(&add("王芳#2222"));
    let shift = desk.shift("2026-12-01", "前台");
    assert_eq!(shift["name"], "王芳");
    assert_eq!(shift["person"], person("13800002222"));
    // What is shown as CSV can be imported again: it says which of the two.
    let csv = desk.ok(&format!("roster show --month {MONTH} --format csv"));
    let again = desk.import(&desk.write("again.csv", &csv));
    assert_eq!(again["unchanged"].as_array().unwrap().len(), 1, "{again}");

    let workbook = desk.path("again.xlsx").display().to_string();
    let round = || {
        desk.ok(&format!("roster show --month {MONTH} --out {workbook}"));
        let again = desk.import(&workbook);
        assert_eq!(again["unchanged"].as_array().unwrap().len(), 1, "{again}");
    };
    round();

    desk.ok(&format!("roster set {} 姓名=李超@jiefang-1", id(&shift)));
    round();
    let shift = desk.shift("2026-12-01", "前台");
    assert_eq!(shift["lent_by"], "jiefang-1");
    assert_eq!(shift["person"], person("13800003333"));
    assert_eq!(
        desk.json("person list --site keyun")["persons"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn where_a_table_goes_says_its_format_and_a_pipe_gets_it_plain() {
    let desk = Desk::with_samples();
    let show = format!("roster show --month {MONTH}");
    let csv = desk.ok(&format!("{show} --format csv"));
    assert!(
        csv.starts_with("日期,姓名,岗位,开始,结束,状态,备注\n"),
        "{csv}"
    );
    let file = desk.path("roster.csv");
    let said = desk.json(&format!("{show} --out {}", file.display()));
    assert_eq!(said["file"], file.display().to_string());
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        written,
        format!("\u{feff}{}\r\n", csv.trim_end().replace('\n', "\r\n"))
    );
    // A workbook goes into a pipe as it is.
    let piped = desk
        .command(&format!("{show} --format xlsx"))
        .output()
        .unwrap();
    assert!(piped.stdout.starts_with(b"PK"), "{}", piped.stdout.len());

    let days = "report roster --from 2026-12-01 --to 2026-12-02 --by day";
    assert_eq!(desk.ok(&format!("{days} --format csv")).lines().count(), 7);
    let report = desk.json(days)["reports"][0].clone();
    assert_eq!(report["name"], "roster_by_day");
    assert_eq!(report["totals"]["hours"], 48.0);
    let (text, _) = desk.refusal("report roster --from 2026-12-02 --to 2026-12-01", 2);
    assert!(text.contains("2026-12-02"), "{text}");
}

#[test]
fn a_shift_that_moves_to_another_month_is_there_and_no_longer_here() {
    let desk = Desk::with_samples();
    let shift = desk.shift("2026-12-31", "热线");
    desk.ok(&format!(
        "roster set {} start=2027-01-01T20:00 end=2027-01-02T08:00",
        id(&shift)
    ));
    assert_eq!(desk.shifts().len(), 92);
    let january = desk.json("roster show --month 2027-01");
    assert_eq!(january["shifts"].as_array().unwrap().len(), 1);
    assert_eq!(
        january["shifts"][0]["id"], shift["id"],
        "it is the same shift"
    );
    desk.ok(&format!("roster set {} note=元旦", id(&shift)));
    let january = desk.json("roster show --month 2027-01");
    assert_eq!(january["shifts"][0]["note"], "元旦");
}

#[test]
fn a_finding_is_mended_by_its_id() {
    let desk = Desk::with_samples();
    let shift = desk.shift("2026-12-03", "前台");
    let clash = format!(
        "roster add name={} post=机动 start=2026-12-03T09:00 end=2026-12-03T10:00",
        shift["name"].as_str().unwrap()
    );
    desk.ok(&clash);
    let found = desk.json(&format!("findings --month {MONTH}"));
    let overlaps: Vec<&Value> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "overlap")
        .collect();
    assert_eq!(overlaps.len(), 1, "{found}");
    let finding = overlaps[0]["id"].as_str().unwrap();
    let told = desk.ok(&format!("--lang en findings --month {MONTH}"));
    assert!(
        told.contains(&finding[28..]) && told.contains("1. "),
        "{told}"
    );
    desk.refusal(&format!("findings --fix {finding} --repair 99"), 2);
    desk.refusal("findings --fix ffffffff", 1);
    desk.ok(&format!("findings --fix {}", &finding[28..]));
    let left = desk.json("findings").to_string();
    assert!(!left.contains(finding), "{left}");
}

#[test]
fn what_is_exported_opens_with_automerge_and_the_store_is_sound() {
    let desk = Desk::with_samples();
    let folder = desk.path("out");
    desk.ok(&format!("export {}", folder.display()));
    let roster = std::fs::read(folder.join("roster/keyun/2026-12.automerge")).unwrap();
    let document = automerge::Automerge::load(&roster).unwrap();
    assert!(!document.get_heads().is_empty());
    assert_eq!(desk.json("doctor")["problems"], serde_json::json!([]));
}

#[test]
fn without_a_relay_everything_waits_and_sync_says_why() {
    let desk = Desk::with_samples();
    assert!(desk.json("status")["waiting"].as_u64().unwrap() > 0);
    let (text, _) = desk.refusal("sync --once", 1);
    assert!(text.contains("--hub"), "{text}");
    desk.ok("init --network jiaozuo --site keyun --hub ws://127.0.0.1:9/sync");
    let (text, _) = desk.refusal("sync --once", 1);
    assert!(text.contains("127.0.0.1:9"), "{text}");
}

#[test]
fn chinese_comes_first_and_a_closed_pipe_ends_quietly() {
    let desk = Desk::empty();
    let refused = desk.ends("status", 1);
    assert!(refused.stderr.contains("还没有数据"), "{}", refused.stderr);
    let refused = desk.ends("--lang en status", 1);
    assert!(refused.stderr.contains("yilian init"), "{}", refused.stderr);
    assert!(desk.ok("--lang en --help").contains("Usage"));

    let desk = Desk::with_samples();
    let mut child = desk
        .command(&format!("roster show --month {MONTH}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done: Done = child.wait_with_output().unwrap().into();
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
}
