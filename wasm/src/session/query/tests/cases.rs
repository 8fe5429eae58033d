//! Goal: disputes go their way in a browser as they do at a site's computer, and a hub answers about thousands without having them open.

use super::*;

/// A site below the hub, and the hub's own mediator on duty from eight to eight.
fn centre() -> (Browser, Browser) {
    let (mut one, mut two, _) = network();
    let shift = |name: &str, post: &str, (start, end): (&str, &str)| {
        json!({
            "site": "keyun", "name": name, "post": post, "state": "planned",
            "start": format!("2026-12-05T{start}"), "end": format!("2026-12-05T{end}"),
        })
    };
    let roster = "roster/keyun/2026-12";
    let day = ("08:00", "20:00");
    one.add(roster, "shifts", shift("傅玉兰", "仲裁员", day));
    one.add(roster, "shifts", shift("孙平", "法官", day));
    one.add(roster, "shifts", shift("李超", "前台", day));
    two.hear(&one);
    (one, two)
}

fn dispute(mode: &str) -> Json {
    json!({
        "site": "jiefang-1", "mode": mode, "origin": "walk-in", "claim": "wages", "amount": 12_000.5,
    })
}

fn parties() -> Json {
    json!([
        {"name": "张三", "side": "applicant", "people": 3},
        {"name": "某物流公司", "side": "respondent"},
    ])
}

fn open(browser: &mut Browser, case: Json, parties: Json) -> String {
    let opened = browser.act("caseOpen", json!({"case": case, "parties": parties}));
    opened.unwrap().code.unwrap()
}

fn step(browser: &mut Browser, document: &str, stage: &str) {
    let args = json!({"document": document, "stage": stage, "note": "谈不拢"});
    browser.act("caseStep", args).unwrap();
}

fn sheet(browser: &mut Browser, document: &str) -> Json {
    browser.ask("case", json!({"document": document}))
}

#[test]
fn an_emergency_goes_to_whoever_is_on_duty_and_is_no_party() {
    let (_, mut two) = centre();
    let parties = json!([
        {"name": "孙平", "side": "applicant"}, {"name": "某物流公司", "side": "respondent"},
    ]);
    let document = open(&mut two, dispute("emergency"), parties);
    assert!(
        document.starts_with("cases/jiefang-1/20261205-"),
        "{document}"
    );
    let case = sheet(&mut two, &document);
    assert_eq!(case["stage"], "assigned");
    assert_eq!(case["mediators"][0]["name"], "傅玉兰");
    assert_eq!(case["mediators"][0]["of"], "keyun");
    assert_eq!(case["steps"][0]["by"], "萧平");
    assert_eq!(case["steps"][1]["by"], "傅玉兰");
    assert_eq!(case["deadline"]["duty"], "conclude");
    assert_eq!(case["title"]["zh"], "孙平 与 某物流公司");

    let reading = two.reading("mediatorsOnDuty", &json!({"site": "jiefang-1"}), NOW_MS);
    let names: Vec<Json> = json(&reading)
        .as_array()
        .unwrap()
        .iter()
        .map(|on| json!([on["name"], on["cases"]]))
        .collect();
    assert_eq!(names, [json!(["孙平", 0]), json!(["傅玉兰", 1])]);
    // At eight in the evening both go home.
    let hour = 3_600_000;
    assert_eq!(reading.until_ms, Some(NOW_MS + 10 * hour + hour / 2));
    let at = json!({"site": "jiefang-1", "at": "2026-12-05T21:00"});
    assert_eq!(two.ask("mediatorsOnDuty", at), json!([]));
    // Without a site it is the hub's.
    let anywhere = two.ask("mediatorsOnDuty", json!({}));
    assert_eq!(anywhere.as_array().unwrap().len(), 2);
}

#[test]
fn a_case_goes_its_way_and_no_other() {
    let (_, mut two) = centre();
    let document = open(&mut two, dispute("clinic"), parties());
    let case = sheet(&mut two, &document);
    assert_eq!(case["next"], json!(["accepted", "declined", "withdrawn"]));
    assert_eq!((&case["people"], &case["open"]), (&json!(3), &json!(true)));
    assert_eq!(case["age"], json!({"days": 0, "working_days": 0}));
    // Three working days from a Saturday.
    assert_eq!(case["deadline"]["due"], "2026-12-09T23:59:59");

    let early = json!({"document": document, "agreement": {"amount": 9_000}});
    let refused = two.act("caseAgree", early.clone()).unwrap_err();
    assert_eq!(refused.code(), "CaseRefused");
    assert_eq!(
        refused.text().unwrap().zh,
        "案件现在是“已登记”，不能改为“已达成协议”"
    );
    assert_eq!(sheet(&mut two, &document), case);

    let party = json!({"document": document, "name": "张 三"});
    assert_eq!(
        two.act("caseAssign", party).unwrap_err().code(),
        "CaseRefused"
    );
    two.act("caseAssign", json!({"document": document}))
        .unwrap();
    step(&mut two, &document, "mediating");
    let times = json!({"start": "2026-12-07T09:00", "end": "2026-12-07T08:00"});
    let backward = json!({"document": document, "sitting": times});
    assert_eq!(
        two.act("caseSit", backward).unwrap_err().code(),
        "CaseRefused"
    );
    let times = json!({"start": "2026-12-06T09:00", "end": "2026-12-06T10:00", "place": "调解室"});
    let sitting = json!({"document": document, "sitting": times});
    two.act("caseSit", sitting).unwrap();
    let agreement = json!({"amount": 10_000, "confirm": true, "terms": "三日内付清"});
    let agree = json!({"document": document, "agreement": agreement, "at": "2026-12-05T09:00"});
    two.act("caseAgree", agree).unwrap();
    let case = sheet(&mut two, &document);
    assert_eq!(case["agreements"][0]["signed"], "2026-12-05");
    assert_eq!(
        case["outcome"],
        json!({"stage": "agreed", "at": "2026-12-05T09:00"})
    );
    assert_eq!(case["deadline"]["duty"], "refer");
    let referral = json!({"to": "解放区人民法院", "reference": "(2026)豫0802诉前调确1号"});
    let refer = json!({"document": document, "referral": referral});
    two.act("caseRefer", refer).unwrap();
    step(&mut two, &document, "ratified");
    step(&mut two, &document, "closed");
    let case = sheet(&mut two, &document);
    assert_eq!((&case["over"], &case["next"]), (&json!(true), &json!([])));
    assert_eq!(case["referrals"][0]["kind"], "confirmation");
    let late = json!({"document": document, "sitting": times});
    assert_eq!(two.act("caseSit", late).unwrap_err().code(), "CaseRefused");
    // Its number is taken.
    let number = case["case"]["case"].clone();
    let mut again = dispute("clinic");
    again["case"] = number;
    let again = two.act("caseOpen", json!({"case": again})).unwrap_err();
    assert_eq!(again.code(), "CaseRefused");
}

#[test]
fn a_case_that_was_handed_over_is_kept_by_that_site_and_listed_there() {
    let (mut one, mut two) = centre();
    let document = open(&mut two, dispute("consultation"), parties());
    one.hear(&two);
    let site = json!({"site": "keyun"});
    assert_eq!(one.ask("cases", site.clone()), json!([]));
    assert_eq!(one.ask("handedCases", site.clone()), json!([]));

    let share = json!({"document": document, "to": "keyun", "note": "请派法官"});
    two.act("caseShare", share.clone()).unwrap();
    assert_eq!(
        two.act("caseShare", share).unwrap_err().code(),
        "CaseRefused"
    );
    let unknown = json!({"document": document, "to": "nowhere"});
    assert_eq!(
        two.act("caseShare", unknown).unwrap_err().code(),
        "InvalidArgument"
    );
    one.hear(&two);
    one.close_all();
    assert_eq!(one.ask("handedCases", site.clone()), json!([document]));
    // What says so need not stay open; the case does, since its name does not say that it is kept.
    one.close_all();
    one.session.lead();
    assert!(one.opened("handedCases", &site).contains(&document));
    let listed = one.ask("cases", site);
    assert_eq!(listed[0]["document"], json!(document));
    assert_eq!(listed[0]["referrals"][0]["note"], "请派法官");
    assert_eq!(listed.as_array().unwrap().len(), 1);
    // It counts where it came in.
    let days = json!({"from": "2026-12-01", "until": "2026-12-31", "by": ["site"]});
    let figures = one.ask("caseFigures", days.clone());
    assert_eq!(figures["rows"].as_array().unwrap().len(), 1);
    assert_eq!(figures["rows"][0]["site"], "jiefang-1");
    let mut own = days;
    own["site"] = json!("keyun");
    assert_eq!(one.ask("caseFigures", own)["total"]["received"], 0);
}

/// A hub that has a closed case, one that waits for its mediator's outcome, and a new one.
fn hub() -> (Browser, Vec<String>) {
    let (mut one, mut two) = centre();
    let mut hub = Browser::hub(9);
    let mut closed = dispute("clinic");
    closed["received"] = json!("2026-11-25T09:00");
    let closed = open(&mut two, closed, parties());
    let assign =
        json!({"document": closed, "name": "孙平", "of": "keyun", "at": "2026-11-26T09:00"});
    two.act("caseAssign", assign).unwrap();
    let failed =
        json!({"document": closed, "stage": "failed", "note": "谈不拢", "at": "2026-11-30T09:00"});
    two.act("caseStep", failed).unwrap();
    step(&mut two, &closed, "closed");
    let waits = open(&mut two, dispute("emergency"), parties());
    let new = open(&mut two, dispute("clinic"), parties());
    one.hear(&two);
    hub.told(&one);
    hub.told(&two);
    (hub, vec![closed, waits, new])
}

#[test]
fn a_hub_opens_each_case_once_and_a_later_session_no_closed_one() {
    let (mut hub, names) = hub();
    let all = hub.ask("cases", json!({}));
    let order: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|case| &case["document"])
        .collect();
    assert_eq!(
        order,
        [&json!(names[1]), &json!(names[2]), &json!(names[0])]
    );
    let open = hub.ask("cases", json!({"open_only": true}));
    assert_eq!(open.as_array().unwrap().len(), 2);
    let of = json!({"mediator": "孙 平"});
    assert_eq!(hub.ask("cases", of)[0]["document"], json!(names[0]));
    let at = json!({"stage": "registered"});
    assert_eq!(hub.ask("cases", at)[0]["document"], json!(names[2]));
    hub.close_all();
    assert_eq!(hub.opened("cases", &json!({})), ["sites"]);
    let memories = hub.session.take_memories();
    assert_eq!(memories.len(), 1);

    let days = json!({"from": "2026-11-01", "until": "2026-12-31", "by": ["month", "mode"]});
    let figures = hub.ask("caseFigures", days.clone());
    let mut later = hub.again();
    assert_eq!(
        later.opened("cases", &json!({})).len(),
        1,
        "first of all the calendar"
    );
    later.session.recall(&memories);
    later.open("sites");
    let opened = later.opened("cases", &json!({}));
    assert_eq!(opened.len(), 3, "{opened:?}");
    assert!(!opened.contains(&names[0]));
    assert_eq!(later.ask("cases", json!({})), all);
    assert_eq!(later.ask("caseFigures", days), figures);
    let memory = memories[0].text.replace("jiefang-1", "Nirgends");
    let other = crate::session::Memory {
        text: memory,
        ..memories[0].clone()
    };
    let mut later = hub.again();
    later.session.recall(&[other]);
    later.open("sites");
    assert_eq!(later.opened("cases", &json!({})).len(), 4);
}

#[test]
fn figures_are_of_what_came_in_and_of_what_ended_by_month_mode_and_site() {
    let (mut hub, _) = hub();
    let days = json!({"from": "2026-11-01", "until": "2026-12-31", "by": ["month", "mode"]});
    let figures = hub.ask("caseFigures", days);
    let rows: Vec<Json> = figures["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            json!([
                row["month"],
                row["mode"],
                row["site"],
                row["received"],
                row["concluded"],
                row["open"]
            ])
        })
        .collect();
    assert_eq!(
        rows,
        [
            json!(["2026-11", "clinic", null, 1, 1, 0]),
            json!(["2026-12", "clinic", null, 1, 0, 1]),
            json!(["2026-12", "emergency", null, 1, 0, 1]),
        ]
    );
    let total = &figures["total"];
    // Wednesday to Monday.
    assert_eq!(total["median_days"], 5.0);
    assert_eq!(total["median_working_days"], 3.0);
    assert_eq!(total["p90_days"], 5);
    assert_eq!(total["success_percent"], 0.0);
    assert_eq!(total["confirmation_percent"], Json::Null);
    assert_eq!(total["claimed_fen"], 3_600_150);
    let only = json!({"from": "2026-12-01", "until": "2026-12-31", "by": [], "mode": "clinic"});
    assert_eq!(hub.ask("caseFigures", only)["total"]["received"], 1);
    let wrong = hub.session.query(
        "caseFigures",
        r#"{"from":"2026-12-01","until":"2026-12-31","by":["moon"]}"#,
        NOW_MS,
    );
    assert_eq!(wrong.unwrap_err().code(), "InvalidArgument");
}

#[test]
fn a_mediators_day_has_the_sittings_of_the_week_and_what_is_due() {
    let (mut hub, names) = hub();
    for (start, end) in [
        ("2026-12-06T09:00", "2026-12-06T10:00"),
        ("2026-12-07T09:00", "2026-12-07T10:00"),
    ] {
        let sitting = json!({"document": names[1], "sitting": {"start": start, "end": end}});
        hub.act("caseSit", sitting).unwrap();
    }
    let mediator = sheet(&mut hub, &names[1])["mediators"][0]["name"].clone();
    let day = hub.ask(
        "mediatorsDay",
        json!({"mediator": mediator, "date": "2026-12-05"}),
    );
    assert_eq!(
        (&day["from"], &day["until"]),
        (&json!("2026-11-30"), &json!("2026-12-06"))
    );
    assert_eq!(day["sittings"].as_array().unwrap().len(), 1);
    assert_eq!(day["sittings"][0]["document"], json!(names[1]));
    assert_eq!(day["due"].as_array().unwrap().len(), 1);
    assert_eq!(day["due"][0]["deadline"]["overdue"], false);
    let monday = hub.ask("mediatorsDay", json!({"date": "2026-12-07"}));
    assert_eq!(monday["from"], "2026-12-07");
    assert_eq!(monday["sittings"][0]["start"], "2026-12-07T09:00");
    assert_eq!(monday["due"].as_array().unwrap().len(), 2);

    // What is due becomes late, and says when.
    let args = json!({"open_only": true});
    let mut at = NOW_MS;
    let mut late = false;
    for _ in 0..8 {
        let reading = hub.reading("cases", &args, at);
        late = json(&reading)[0]["deadline"]["overdue"] == true;
        match reading.until_ms {
            Some(next) if !late => at = next,
            _ => break,
        }
    }
    assert!(late, "asked whenever the answer said so");
    // Two working days after Saturday, to the last second of Tuesday.
    assert_eq!(at, NOW_MS + (3 * 24 + 14) * 3_600_000 + 1_800_000);
}

#[test]
fn what_is_settled_is_not_open_for_findings_until_it_changes() {
    let (mut hub, names) = hub();
    let month = "2026-12".parse().unwrap();
    let around = |hub: &Browser| -> Vec<String> {
        let names = hub.session.around(month);
        names.iter().map(ToString::to_string).collect()
    };
    let all = around(&hub);
    assert!(names.iter().all(|name| all.contains(name)), "{all:?}");
    all.iter().for_each(|name| hub.open(name));
    let found = hub.session.findings(Some(month), NOW_MS);
    let after = around(&hub);
    assert!(!after.contains(&names[0]), "{after:?}");
    assert!(after.contains(&names[1]) && after.contains(&names[2]));
    hub.close_all();
    after.iter().for_each(|name| hub.open(name));
    assert_eq!(hub.session.findings(Some(month), NOW_MS), found);

    let case = hub.ask("case", json!({"document": names[0]}))["case"]["id"].clone();
    let fields = json!({"note": "补充材料"});
    let set = json!([{"op": "set", "collection": "case", "record": case, "fields": fields}]);
    hub.edit(&names[0], set).unwrap();
    assert!(around(&hub).contains(&names[0]));
}
