//! The loop from training to duty: who is rostered has to be certified, a seat in a course is the way there, and what is on file decides.

use super::super::super::Severity;
use super::*;

#[test]
fn duty_without_a_certificate_is_mended_by_a_seat_in_the_next_course() {
    let mut case = Case::demanding();
    assert_eq!(
        case.shown_but_repaired(),
        [
            "Error 解放区快递驿站排了李超，存档里没有有效的“急救员证”：12月6日 前台、12月7日 前台",
            "  给李超报名“急救员第3期”（解放区快递驿站），12月20日开始",
        ]
    );
    assert_eq!(
        case.english(),
        [
            "李超 is rostered at 解放区快递驿站 without a valid 急救员证 on file: 6 Dec 前台, 7 Dec 前台",
            "  enrol 李超 in 急救员第3期 (解放区快递驿站), from 20 Dec",
        ]
    );
    let found = case.findings().findings;
    let edits = found[0].repairs[0].edits.clone();
    case.apply(&edits);
    // They are still without, and have nothing more to enrol in.
    let after = case.findings().findings;
    assert_eq!(after[0].id, found[0].id);
    assert!(after[0].repairs.is_empty());
    let view = case.replica.view(&school("jiefang-1"));
    let enrolled: Vec<&Enrolment> = view.all().map(|(one, _)| one).collect();
    assert_eq!(enrolled.len(), 1);
    assert_eq!(enrolled[0].phone, "10099385437");
    assert_eq!(enrolled[0].home, None);
    // Passed, certified: the loop closes, for as long as it is valid.
    let phone = [("phone", "10099385437".into())];
    let passed = [("on", "2026-12-05".into()), ("score", Value::Int(90))];
    let passed: Vec<_> = phone.iter().cloned().chain(passed).collect();
    case.learner("jiefang-1", &Assessment::KIND, "李超", &passed);
    let certified = [
        ("certificate", "急救员证".into()),
        ("issued_on", "2026-12-05".into()),
        ("expires_on", "2026-12-06".into()),
    ];
    let certified: Vec<_> = phone.iter().cloned().chain(certified).collect();
    let certificate = case.learner("jiefang-1", &Certificate::KIND, "李超", &certified);
    case.publish();
    assert_eq!(
        case.shown_but_repaired(),
        [
            "Error 解放区快递驿站排了李超，存档里没有有效的“急救员证”（12月6日已到期）：12月7日 前台",
            "Notice 李超（解放区快递驿站）的“急救员证”12月6日到期",
        ]
    );
    let renewed = [("expires_on", "2028-12-05")];
    case.set(
        &school("jiefang-1"),
        Collection::Certificates,
        certificate,
        &renewed,
    );
    case.publish();
    assert_eq!(case.shown(), [""; 0]);
}

impl Case {
    /// As [`Case::shown`], where a repair is the way to be right, and not there yet.
    fn shown_but_repaired(&self) -> Vec<String> {
        let found = self.findings().findings.into_iter();
        found
            .flat_map(|finding| {
                let text = format!("{:?} {}", finding.severity, finding.text.zh);
                let labels = finding.repairs.into_iter();
                let labels = labels.map(|repair| format!("  {}", repair.label.zh));
                std::iter::once(text).chain(labels).collect::<Vec<_>>()
            })
            .collect()
    }
}

#[test]
fn what_a_site_has_on_file_is_enough_for_duty() {
    let mut case = Case::demanding();
    let li = crate::records::Person::id_of_row(&key("jiefang-1"), "李超", "");
    let fields = [
        ("person", li.to_string().into()),
        ("certificate", "急救员证".into()),
        ("issued_on", "2026-01-01".into()),
    ];
    let people = Name::People {
        site: key("jiefang-1"),
    };
    case.put(&people, &Qualification::KIND, &fields);
    assert_eq!(case.shown(), [""; 0]);
}

#[test]
fn what_another_school_issued_has_to_be_on_file() {
    let mut case = Case::demanding();
    case.course("keyun", "01", &[]);
    case.learner(
        "keyun",
        &Enrolment::KIND,
        "李超",
        &[("home", "jiefang-1".into())],
    );
    let passed = [("on", "2026-12-02".into()), ("result", "passed".into())];
    case.learner("keyun", &Assessment::KIND, "李超", &passed);
    let certified = [
        ("certificate", "急救员证".into()),
        ("home", "jiefang-1".into()),
        ("issued_on", "2026-12-03".into()),
    ];
    case.learner("keyun", &Certificate::KIND, "李超", &certified);
    case.publish();
    assert_eq!(
        case.shown(),
        [
            "Notice 解放区快递驿站排了李超，存档里没有有效的“急救员证”（城市客运共享职工之家发过，没有存档）：12月6日 前台、12月7日 前台",
            "  存入解放区快递驿站的资质档案",
        ]
    );
    // The station does not hold that school, and says what it knows: nothing is on file.
    case.replica.documents.remove(&school("keyun"));
    let found = case.findings();
    assert_eq!(found.findings[0].severity, Severity::Error);
    let missing = |found: &super::super::Findings| {
        let mut all = found.not_checked.iter();
        all.find(|one| one.rule == Rule::UncertifiedShift)
            .map(|one| one.text.zh.clone())
    };
    assert_eq!(missing(&found), None);
    // Without its own people and school, it says nothing.
    case.replica.documents.remove(&school("jiefang-1"));
    let found = case.findings();
    assert_eq!(found.findings, []);
    assert_eq!(
        missing(&found).as_deref(),
        Some("没有核对上岗证书：本机没有解放区快递驿站的夜校")
    );
    // Where it is known that nobody began one, there is nothing in it.
    let mut holdings = Holdings::new(now());
    for document in case.replica.documents.values() {
        holdings.add(document);
    }
    holdings.add_empty(school("jiefang-1"));
    let found = findings(&holdings, None);
    assert_eq!(found.findings.len(), 1);
    assert_eq!(missing(&found), None);
}
