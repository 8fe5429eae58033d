use super::super::supplies::{Goods, Scope};
use super::*;
use crate::records::{Drive, Item, Typed as _};
use crate::supplies::{Ledger, receipt_id};

const FRONT: &str = "front.1";
const OTHER: &str = "other.1";

fn drive() -> RecordId {
    Drive::KIND.natural_id(&["爱心互献"])
}

/// Writes a line of a site's ledger: number, kind, item, count, day, and other fields.
fn line(
    replica: &mut Replica,
    (site, record): (&str, RecordId),
    (kind, item, count): (&str, &str, i64),
    day: &str,
    more: &[(&str, Value)],
) {
    let holder = if site == "keyun" { FRONT } else { OTHER };
    let mut fields: Vec<(&str, Value)> = vec![
        ("item", Item::id_of(item).to_string().into()),
        ("kind", kind.into()),
        ("count", count.into()),
        ("holder", holder.into()),
        ("at", format!("2026-{day}").into()),
    ];
    fields.extend(more.iter().cloned());
    let name = Name::Supplies { site: key(site) };
    put(replica, &name, Collection::Ledger, record, &fields);
}

fn goods() -> Replica {
    let mut replica = network();
    let of = &mut replica;
    of.set(
        &Name::Sites,
        Collection::Drives,
        drive(),
        &[("name", "爱心互献")],
    );
    for (item, unit) in [("手套", "双"), ("毛巾", "条")] {
        let name = Name::Supplies { site: key("keyun") };
        let fields = [("name", item), ("unit", unit)];
        of.set(&name, Collection::Items, Item::id_of(item), &fields);
    }
    let keyun = |n| ("keyun", id(n));
    let company = [
        ("party", "爱心企业".into()),
        ("phone", "13800001111".into()),
        ("drive", drive().to_string().into()),
    ];
    line(
        of,
        keyun(1),
        ("contribution", "手套", 20),
        "12-01T08:00",
        &company,
    );
    line(
        of,
        keyun(2),
        ("contribution", "毛巾", 5),
        "12-01T08:00",
        &[("party", "张三".into())],
    );
    let driver = [
        ("party", "李师傅".into()),
        ("drive", drive().to_string().into()),
    ];
    line(of, keyun(3), ("gift", "手套", 3), "12-02T10:00", &driver);
    line(of, keyun(4), ("gift", "手套", 1), "11-30T10:00", &[]);
    line(of, keyun(5), ("correction", "手套", -1), "12-03T08:00", &[]);
    let away = [("to", OTHER.into()), ("to_site", "jiefang-1".into())];
    line(of, keyun(6), ("transfer", "手套", 4), "12-03T08:00", &away);
    line(of, keyun(7), ("transfer", "手套", 1), "12-03T09:00", &away);
    let about = [
        ("about", id(6).to_string().into()),
        ("to_site", "keyun".into()),
    ];
    let jiefang = |record| ("jiefang-1", record);
    line(
        of,
        jiefang(receipt_id(id(6))),
        ("receipt", "手套", 4),
        "12-03T12:00",
        &about,
    );
    line(
        of,
        jiefang(id(8)),
        ("gift", "手套", 2),
        "12-02T09:00",
        &[("party", "王师傅".into())],
    );
    replica
}

fn report(replica: &Replica, scope: &Scope, make: impl Fn(&Goods<'_, '_>) -> Report) -> Report {
    with_documents(replica, |all| make(&Goods::new(all, scope.clone())))
}

fn scope() -> Scope {
    Scope {
        period: december(),
        site: None,
        drive: None,
    }
}

#[test]
fn goods_are_told_by_item_and_site_with_what_is_left_and_on_its_way() {
    let replica = goods();
    // Contributed, given, sent, received, corrected; left, on the way here, on the way out.
    let by_item = report(&replica, &scope(), |goods| goods.by_item());
    assert_eq!(
        lines(&by_item)[..2],
        ["手套 双 20 5 5 4 -1 12 1 1", "毛巾 条 5 0 0 0 0 5 0 0"]
    );
    let by_site = report(&replica, &scope(), |goods| goods.by_site());
    let all = [
        "手套 双 jiefang-1 0 2 0 4 0 2 1 0",
        "手套 双 keyun 20 3 5 0 -1 10 0 1",
        "毛巾 条 keyun 5 0 0 0 0 5 0 0",
    ];
    assert_eq!(lines(&by_site)[..3], all);
    let site = Scope {
        site: Some(key("jiefang-1")),
        ..scope()
    };
    let one = report(&replica, &site, |goods| goods.by_site());
    assert_eq!(lines(&one)[..1], all[..1]);
    assert_eq!(one.rows.len(), 1);
}

#[test]
fn givers_and_gifts_are_listed_without_telephone_numbers() {
    let replica = goods();
    let drive_id = drive();
    let drive = drive_id.to_string();
    let givers = report(&replica, &scope(), |goods| goods.by_giver());
    assert_eq!(
        lines(&givers)[..2],
        [
            "张三 keyun 毛巾 条 5 -".to_owned(),
            format!("爱心企业 keyun 手套 双 20 {drive}"),
        ]
    );
    let gifts = report(&replica, &scope(), |goods| goods.gifts());
    assert_eq!(
        lines(&gifts)[..2],
        [
            "02T09:00 jiefang-1 手套 2 双 王师傅 -".to_owned(),
            format!("02T10:00 keyun 手套 3 双 李师傅 {drive}"),
        ]
    );
    assert!(!format!("{givers:?}{gifts:?}").contains("13800001111"));

    // Of an event nothing is left: rights belong to none.
    let of_drive = Scope {
        drive: Some(drive_id),
        ..scope()
    };
    let by_item = report(&replica, &of_drive, |goods| goods.by_item());
    assert_eq!(lines(&by_item)[..1], ["手套 双 20 3 0 0 0"]);
    assert!(by_item.subtitle.zh.ends_with("爱心互献"));
    assert_eq!(
        report(&replica, &of_drive, |goods| goods.gifts())
            .rows
            .len(),
        1
    );
}

#[test]
fn what_came_less_what_went_is_what_the_ledger_holds() {
    let replica = goods();
    let whole = Scope {
        period: Period::new(date(2026, 11, 1), date(2026, 12, 31)).unwrap(),
        ..scope()
    };
    let by_site = report(&replica, &whole, |goods| goods.by_site());
    let amount = |row: &[Cell], name: &str| {
        let at = by_site
            .columns
            .iter()
            .position(|column| column.name == name);
        match row[at.unwrap()] {
            Cell::Amount(amount) => amount,
            ref other => panic!("{other:?}"),
        }
    };
    let mut held = 0;
    for row in &by_site.rows {
        let of = |name| amount(row, name);
        let left = of("contributed") + of("received") + of("corrected") - of("given") - of("sent");
        assert_eq!(left, of("held"), "{row:?}");
        held += left;
    }
    let views: Vec<_> = ["keyun", "jiefang-1"]
        .map(|site| (key(site), Name::Supplies { site: key(site) }))
        .into_iter()
        .collect();
    let views = views.iter().map(|(site, name)| (site, replica.view(name)));
    let ledger = Ledger::new(views);
    let balances: i64 = ledger.balances().map(|(_, _, _, rights)| rights).sum();
    assert_eq!(held, balances);
    assert_eq!(held, 17);
}
