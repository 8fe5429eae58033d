//! Goal: nothing is given out twice, every replica counts the same, and what cannot be so is said. Method: devices with documents
//! of their own, edited and merged by hand; and random histories of them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod device;
mod random;

use device::{Network, date_time, glove, item_id, key};

use super::clerk::duties;
use super::*;
use crate::records::{Device, Edit, Typed};
use crate::rules::{Holdings, Rule, findings};

fn rules_of(network: &Network, device: usize) -> Vec<Rule> {
    let mut holdings = Holdings::new(date_time());
    for document in network.devices[device].documents.values() {
        holdings.add(document);
    }
    let found = findings(&holdings, None).findings;
    found.into_iter().map(|finding| finding.rule).collect()
}

/// Makes the first repair of the only finding of a rule.
fn repair(network: &mut Network, device: usize, rule: Rule) {
    let mut holdings = Holdings::new(date_time());
    for document in network.devices[device].documents.values() {
        holdings.add(document);
    }
    let found = findings(&holdings, None).findings;
    let of_rule: Vec<_> = found
        .iter()
        .filter(|finding| finding.rule == rule)
        .collect();
    assert_eq!(of_rule.len(), 1, "{found:?}");
    let edits = of_rule[0].repairs[0].edits.clone();
    network.edit(device, &edits);
}

#[test]
fn a_device_gives_out_what_it_holds_and_no_more() {
    let mut network = Network::new(&["keyun", "keyun"]);
    network.contribute(0, 10);
    network.merge_all();
    assert_eq!(network.held(1), 0);
    network.gift(0, 7).unwrap();
    let error = network.gift(0, 4).unwrap_err();
    assert!(
        matches!(&error, SupplyError::Short { asked: 4, here: 3, others, .. } if others.is_empty()),
        "{error:?}"
    );
    let error = network.gift(1, 1).unwrap_err();
    let text = error.text();
    assert!(
        text.zh.contains("站内其他设备有 10（电脑0 10）"),
        "{}",
        text.zh
    );
    network.merge_all();
    for device in 0..2 {
        let stock = network.devices[device]
            .ledger
            .stock(&key("keyun"), item_id());
        assert_eq!((stock.held, stock.contributed, stock.given), (3, 10, 7));
    }
    assert_eq!(network.gift(0, 0), Err(SupplyError::Count(0)));
    assert_eq!(
        network.gift(0, COUNT_MAX + 1),
        Err(SupplyError::Count(COUNT_MAX + 1))
    );
}

#[test]
fn goods_are_in_transit_until_their_device_receives_them_once() {
    let mut network = Network::new(&["keyun", "keyun", "hualian", "hualian"]);
    network.contribute(0, 10);
    network.contribute(2, 1);
    network.merge_all();
    network.send(0, 6, "hualian").unwrap();
    network.merge_all();
    let transit = |network: &Network, device: usize| {
        let ledger = &network.devices[device].ledger;
        (
            ledger.stock(&key("keyun"), item_id()),
            ledger.stock(&key("hualian"), item_id()),
        )
    };
    let (keyun, hualian) = transit(&network, 3);
    assert_eq!((keyun.held, keyun.leaving), (4, 6));
    assert_eq!((hualian.held, hualian.arriving), (1, 6));
    let sent = network.devices[3].ledger.in_transit(&key("hualian"))[0].id;
    let error = network.receive(3, sent).unwrap_err();
    assert!(matches!(error, SupplyError::NotYourTransfer { device } if device == "电脑2"));
    network.receive(2, sent).unwrap();
    assert_eq!(network.receive(2, sent), Err(SupplyError::Answered));
    assert_eq!(network.held(2), 7);
    network.merge_all();
    let (keyun, hualian) = transit(&network, 0);
    assert_eq!((keyun.held, keyun.leaving), (4, 0));
    assert_eq!((hualian.held, hualian.arriving), (7, 0));
    assert_eq!(rules_of(&network, 0), []);
    let error = network.send(0, 1, "keyun").unwrap_err();
    assert_eq!(error, SupplyError::OwnSite);
    let error = network.send(0, 1, "nowhere").unwrap_err();
    assert_eq!(error, SupplyError::NoDevice("nowhere".to_owned()));
}

#[test]
fn a_receipt_without_its_transfer_counts_for_nothing() {
    let mut network = Network::new(&["keyun", "hualian"]);
    network.contribute(0, 10);
    network.contribute(1, 1);
    network.merge_all();
    network.send(0, 6, "hualian").unwrap();
    network.merge_all();
    let sent = network.devices[1].ledger.in_transit(&key("hualian"))[0].id;
    let edits: Vec<Edit> = network
        .plan(1, |ledger, desk, _| ledger.plan_receipt(desk, sent))
        .unwrap();
    // More than was sent.
    let more = edits.into_iter().map(|edit| match edit {
        Edit::Set {
            document,
            collection,
            record,
            field,
            ..
        } if field == "count" => Edit::Set {
            document,
            collection,
            record,
            field,
            value: 60.into(),
        },
        other => other,
    });
    network.edit(1, &more.collect::<Vec<_>>());
    assert_eq!(network.held(1), 1);
    assert_eq!(rules_of(&network, 1), [Rule::UnmatchedReceipt]);
    // The sender's ledger is not held: not a fault, and not counted.
    let alone = Ledger::new([(&key("hualian"), network.view(1, "hualian"))]);
    assert_eq!(
        alone.rights(&key("hualian"), item_id(), network.holder(1)),
        1
    );
    let mut holdings = Holdings::new(date_time());
    holdings.add(&network.devices[1].documents[&document(&key("hualian"))]);
    let found = findings(&holdings, None);
    assert_eq!(found.findings, []);
    let of_rule = |missing: &&crate::rules::NotChecked| missing.rule == Rule::UnmatchedReceipt;
    assert_eq!(found.not_checked.iter().filter(of_rule).count(), 1);
    assert_eq!(
        sources(network.view(1, "hualian"))
            .into_iter()
            .collect::<Vec<_>>(),
        [key("keyun")]
    );
    repair(&mut network, 1, Rule::UnmatchedReceipt);
    assert_eq!(network.held(1), 61);
}

#[test]
fn a_line_that_is_edited_gives_no_rights_and_takes_what_it_took() {
    let mut network = Network::new(&["keyun", "keyun"]);
    let line = network.contribute(0, 10);
    network.gift(0, 4).unwrap();
    network.merge_all();
    let name = document(&key("keyun"));
    network.edit(
        1,
        &[Edit::set(&name, Collection::Ledger, line, "count", 100)],
    );
    network.merge_all();
    for device in 0..2 {
        assert_eq!(network.held_by(device, 0), -4);
        assert_eq!(
            rules_of(&network, device),
            [Rule::EditedLedgerLine, Rule::Overdrawn]
        );
        // The same after a restart, where all is read at once.
        let again = network.reread(device);
        assert_eq!(again.faults(), network.devices[device].ledger.faults());
    }
    repair(&mut network, 1, Rule::EditedLedgerLine);
    network.merge_all();
    assert_eq!(network.held(0), 96);

    // A removal is an edit that can be taken back.
    let mut network = Network::new(&["keyun"]);
    let line = network.contribute(0, 10);
    network.edit(
        0,
        &[Edit::remove(&name, Collection::Ledger, line, date_time())],
    );
    assert_eq!(network.held(0), 0);
    repair(&mut network, 0, Rule::EditedLedgerLine);
    assert_eq!(network.held(0), 10);
    assert_eq!(rules_of(&network, 0), []);
}

#[test]
fn a_claim_is_given_once_by_the_device_that_is_asked_or_bumped() {
    let mut network = Network::new(&["keyun", "keyun", "keyun"]);
    network.contribute(0, 5);
    network.merge_all();
    let first = network.claim(1, 4).unwrap();
    let second = network.claim(2, 2).unwrap();
    let error = network.withdraw(2, first).unwrap_err();
    assert!(
        matches!(error, SupplyError::UnknownClaim),
        "not merged yet: {error:?}"
    );
    network.merge_all();
    let states = |network: &Network, device: usize| -> Vec<(RecordId, ClaimState)> {
        let claims = network.devices[device].ledger.claims(&key("keyun"));
        claims.iter().map(|claim| (claim.id, claim.state)).collect()
    };
    assert_eq!(
        states(&network, 2),
        [(first, ClaimState::Waiting), (second, ClaimState::Bumped)]
    );
    assert_eq!(network.tend(1), 0, "only the one that is asked answers");
    assert_eq!(network.tend(0), 1);
    assert_eq!(network.tend(0), 0);
    network.merge_all();
    assert_eq!(states(&network, 1)[0].1, ClaimState::Given);
    assert_eq!(network.held(0), 1);
    network.withdraw(2, second).unwrap();
    assert_eq!(network.withdraw(1, first), Err(SupplyError::Answered));
    network.merge_all();
    assert_eq!(states(&network, 0)[1].1, ClaimState::Withdrawn);
    assert_eq!(rules_of(&network, 0), []);

    // A gift by something that does not keep to the id.
    let desk = network.desk(0);
    let order = Order::of(item_id(), 4);
    let gift = super::plan::line(
        &desk,
        RecordId::new(9, [9; 10]),
        EntryKind::Gift,
        &order,
        |line| {
            line.about = Some(first);
        },
    );
    network.edit(0, &gift);
    assert_eq!(rules_of(&network, 0), [Rule::DoubleGift, Rule::Overdrawn]);
    repair(&mut network, 0, Rule::DoubleGift);
    assert_eq!(network.held(0), 1);
}

#[test]
fn one_device_tops_up_the_others_and_keeps_its_own() {
    let mut network = Network::new(&["keyun", "keyun", "keyun", "keyun"]);
    network.contribute(0, 20);
    network.contribute(1, 15);
    for (device, keeps) in [(0, 8), (1, 5), (2, 10), (3, 9)] {
        network.keep(device, keeps);
    }
    network.merge_all();
    assert_eq!(network.tend(1) + network.tend(2) + network.tend(3), 0);
    // Twelve to spare: nine and ten are wanted.
    assert_eq!(network.tend(0), 2);
    network.merge_all();
    let held: Vec<i64> = (0..4).map(|device| network.held(device)).collect();
    assert_eq!(held, [8, 15, 6, 6]);
    assert_eq!(network.tend(0), 0);
    assert_eq!(network.tend(1), 2);
    network.merge_all();
    let held: Vec<i64> = (0..4).map(|device| network.held(device)).collect();
    assert_eq!(held, [8, 8, 10, 9]);
    assert_eq!((0..4).map(|device| network.tend(device)).sum::<usize>(), 0);
}

#[test]
fn what_a_lost_device_holds_goes_to_another_and_late_spends_are_said() {
    let mut network = Network::new(&["keyun", "keyun", "hualian"]);
    network.contribute(0, 10);
    network.contribute(1, 1);
    network.contribute(2, 5);
    network.merge_all();
    network.send(2, 3, "keyun").unwrap();
    network.merge_all();
    // Unseen by the hub.
    network.gift(0, 4).unwrap();
    let lost = network.holder(0).to_owned();
    network.lose(1, &lost).unwrap();
    assert_eq!((network.held(1), network.held_by(1, 0)), (11, 0));
    // What was on its way to the lost device can be received by another.
    let sent = network.devices[1].ledger.in_transit(&key("keyun"))[0].id;
    network.receive(1, sent).unwrap();
    assert_eq!(network.held(1), 14);
    assert_eq!(rules_of(&network, 1), []);
    network.lose(1, &lost).unwrap();
    assert_eq!(network.held(1), 14, "declaring it twice changes nothing");
    network.merge_all();
    assert_eq!(network.gift(0, 1), Err(SupplyError::Lost));
    for device in 0..2 {
        assert_eq!(rules_of(&network, device), [Rule::LateSpend]);
        assert_eq!(network.held_by(device, 0), -4);
    }
    repair(&mut network, 0, Rule::LateSpend);
    network.merge_all();
    assert_eq!((network.held(1), network.held_by(1, 0)), (10, 0));
    assert_eq!(rules_of(&network, 1), []);
}

#[test]
fn low_stock_and_long_ways_are_said() {
    let mut network = Network::new(&["keyun", "hualian"]);
    network.contribute(0, 10);
    network.contribute(1, 2);
    let name = document(&key("hualian"));
    network.edit(
        1,
        &[Edit::set(&name, Collection::Items, item_id(), "low", 5)],
    );
    network.merge_all();
    assert_eq!(rules_of(&network, 0), [Rule::LowStock]);
    network.send(0, 4, "hualian").unwrap();
    network.merge_all();
    assert_eq!(rules_of(&network, 1), []);
    let mut holdings = Holdings::new(date_time().checked_add(jiff::Span::new().days(8)).unwrap());
    for document in network.devices[1].documents.values() {
        holdings.add(document);
    }
    let found = findings(&holdings, None).findings;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].rule, Rule::LongInTransit);
    let edits = found[0].repairs[0].edits.clone();
    network.edit(1, &edits);
    assert_eq!(network.held(1), 6);
}

#[test]
fn the_report_says_who_gave_and_what_went_where() {
    let mut network = Network::new(&["keyun", "hualian"]);
    network.contribute(0, 10);
    network.contribute(1, 5);
    network.merge_all();
    network.gift(0, 3).unwrap();
    network.send(0, 2, "hualian").unwrap();
    network.merge_all();
    let report = giving(&network.devices[0].ledger, &GivingBy::default());
    let sum = |of: fn(&GivingRow) -> i64| report.rows.iter().map(of).sum::<i64>();
    assert_eq!(sum(|row| row.contributed), 15);
    assert_eq!(sum(|row| row.given), 3);
    assert_eq!(sum(|row| row.sent), 2);
    assert_eq!(sum(|row| row.received), 0);
    let left: i64 = report.left.iter().map(|(_, stock)| stock.held).sum();
    assert_eq!(left, 10);
    assert!(
        report
            .parties
            .iter()
            .any(|row| row.party == "李师傅" && row.given == 3)
    );
    let by = GivingBy {
        site: Some(key("hualian")),
        ..GivingBy::default()
    };
    let report = giving(&network.devices[0].ledger, &by);
    assert_eq!((report.rows.len(), report.rows[0].contributed), (1, 5));
    let by = GivingBy {
        from: Some(jiff::civil::date(2027, 1, 1)),
        ..GivingBy::default()
    };
    assert_eq!(giving(&network.devices[0].ledger, &by).rows, []);
}

#[test]
fn one_more_of_twenty_thousand_lines_is_counted_by_itself() {
    let mut network = Network::new(&["keyun"]);
    network.contribute(0, 30_000);
    let desk = network.desk(0);
    let mut edits = Vec::new();
    for number in 0..20_000_u64 {
        let id = RecordId::new(number, [1; 10]);
        edits.extend(plan::line(
            &desk,
            id,
            EntryKind::Gift,
            &Order::of(item_id(), 1),
            |_| {},
        ));
    }
    network.edit(0, &edits);
    let before = network.devices[0].ledger.lines_counted();
    assert_eq!(before, 20_001);
    assert_eq!(network.held(0), 10_000);
    network.gift(0, 1).unwrap();
    assert_eq!(network.held(0), 9_999);
    assert_eq!(network.devices[0].ledger.lines_counted(), before + 1);
    assert_eq!(
        network
            .reread(0)
            .rights(&key("keyun"), item_id(), network.holder(0)),
        9_999
    );
}

#[test]
fn holders_are_written_as_device_and_incarnation() {
    let device = uuid::Uuid::from_u128(1);
    assert_eq!(
        holder(&device, 0xab),
        "00000000-0000-0000-0000-000000000001.000000ab"
    );
    assert_eq!(glove().id, item_id());
    let known = Device::KIND.known_by;
    assert_eq!(known, ["holder"]);
    let none = duties(
        &Ledger::default(),
        &Desk {
            site: &key("a"),
            holder: "x",
            at: date_time(),
        },
        item_id,
    );
    assert_eq!(none, clerk::Duties::default());
}
