//! Lists of goods: what people put in, and what there is on the shelves.

use jiff::civil::{DateTime, date};

use super::{counts, full, table, zh};
use crate::document::{Name, SiteKey};
use crate::import::{GoodsList, ImportError, Plan, plan_goods};
use crate::records::{Drive, Item, RecordId};
use crate::rules::Rule;
use crate::rules::replica::{Replica, key};
use crate::supplies::{Desk, Ledger, Order};

use GoodsList::{Contributions, Stocktaking};

const GIVEN: &str = "日期,物资,数量,单位,捐赠方,活动,备注
2026-12-01,手套,20,双,爱心企业,爱心互献,
2026/12/1,毛 巾,10,条,区工会,,冬季
2026-12-02 15:30,手套,5,双,爱心企业,爱心互献,
2026-12-01,手套,20,双,爱心企业,爱心互献,";

const COUNTED: &str = "物资,盘点数,日期,备注
手套,22,2026-12-04,
毛巾,10,2026-12-04,
口罩,100,2026-12-04,旧存";

fn keyun() -> SiteKey {
    key("keyun")
}

fn at(day: i8) -> DateTime {
    date(2026, 12, day).at(9, 30, 0, 0)
}

/// Somebody's device: the replica, and what it holds rights as.
struct Device(Replica, &'static str);

impl Device {
    fn new(holder: &'static str) -> Self {
        Self(full(), holder)
    }

    fn ledger(&self) -> Ledger {
        let goods = Name::Supplies { site: keyun() };
        let (site, held) = (keyun(), self.0.held());
        Ledger::new(held.view(&goods).map(|view| (&site, view)))
    }

    fn plan(&self, list: GoodsList, text: &str) -> Result<Plan, ImportError> {
        let site = keyun();
        let desk = Desk {
            site: &site,
            holder: self.1,
            at: at(5),
        };
        plan_goods(
            list,
            &table(text),
            None,
            &self.0.held(),
            &self.ledger(),
            &desk,
        )
    }

    fn import(&mut self, list: GoodsList, text: &str) -> Plan {
        let plan = self.plan(list, text).unwrap();
        self.0.apply(&plan.edits);
        plan
    }

    fn refused(&self, list: GoodsList, text: &str) -> Vec<String> {
        zh(&self.plan(list, text).unwrap_err())
    }

    /// What there is of an item, and what this device may give out of it.
    fn stock(&self, item: &str) -> (i64, i64) {
        let (ledger, item) = (self.ledger(), Item::id_of(item));
        let held = ledger.stock(&keyun(), item).held;
        (held, ledger.rights(&keyun(), item, self.1))
    }

    fn give(&mut self, count: i64, at: DateTime) {
        let (site, ledger) = (keyun(), self.ledger());
        let desk = Desk {
            site: &site,
            holder: self.1,
            at,
        };
        let id = RecordId::new(u64::try_from(count).unwrap(), [7; 10]);
        let order = Order::of(Item::id_of("手套"), count);
        let edits = ledger.plan_gift(&desk, id, &order).unwrap();
        self.0.apply(&edits);
    }
}

#[test]
fn a_list_of_contributions_is_entered_once() {
    let mut device = Device::new("a");
    let plan = device.import(Contributions, GIVEN);
    assert_eq!(counts(&plan), [3, 0, 0, 0, 0]);
    let told: Vec<&str> = plan
        .warnings
        .iter()
        .map(|told| told.text.zh.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "“爱心互献”是新的活动",
            "与第2行相同，已略过（真是两笔的，日期后写上时间）"
        ]
    );
    assert_eq!(
        (device.stock("手套"), device.stock("毛巾")),
        ((25, 25), (10, 10))
    );
    let drives = device.0.view(&Name::Sites).present::<Drive>().count();
    assert_eq!(drives, 1);
    let again = device.import(Contributions, GIVEN);
    assert_eq!((again.is_empty(), counts(&again)), (true, [0, 0, 3, 0, 0]));

    // The goods are this device's, and of their day.
    device.give(25, at(5));
    assert_eq!(device.stock("手套"), (0, 0));
    let lines = device.ledger();
    let mut days: Vec<String> = lines.lines().map(|line| line.at.to_string()).collect();
    days.sort();
    assert_eq!(
        days.first().map(String::as_str),
        Some("2026-12-01T00:00:00")
    );
}

#[test]
fn a_list_enters_all_or_nothing_and_says_where_what_is_wrong() {
    let mut device = Device::new("a");
    let told = device.refused(
        Contributions,
        "date,item,count,site,id,kind
2026-12-06,手套,1,,,
2026-12-01,,1,,,
2026-12-01,手套,0,,,
2026-12-01,手套,1,jiefang-1,,
2026-12-01,手套,1,,abc,
2026-12-01,手套,1,,01234567-89ab-7cde-8f01-23456789abcd,
2026-12-01,手套,2,,,发放
,手套,2,,,",
    );
    let begin = [
        "f.csv 第2行 A列（date）：应为不晚于今天（2026-12-05）",
        "f.csv 第3行 B列（item）：应为物资的名称",
        "f.csv 第4行 C列（count）：应为1 到 1000000 的数",
        "f.csv 第5行 D列（site）：应为本站 keyun",
        "f.csv 第6行 E列（id）：应为一条记录的编号",
        "f.csv 第7行 E列（id）：应为本站台账里一条的编号",
        "f.csv 第8行 F列（kind）：应为“捐入”或留空",
        "f.csv 第9行 A列（date）：应为不晚于今天",
    ];
    assert_eq!(told.len(), begin.len(), "{told:#?}");
    for (told, begin) in told.iter().zip(begin) {
        assert!(told.starts_with(begin), "{told}");
    }
    let told = device.refused(Contributions, "物资,数量\n手套,1");
    assert_eq!(told, ["f.csv 第1行：应为一列“日期”，此处是“物资 数量”"]);

    // What is entered stays, whatever a later list says.
    device.import(
        Contributions,
        "日期,物资,数量,单位,来源\n2026-12-01,手套,20,双,区工会",
    );
    let text = "id,date,item,count\n";
    let line = device
        .ledger()
        .lines()
        .map(|line| line.id.to_string())
        .next();
    let moved = format!("{text}{},2026-12-02,手套,20", line.unwrap());
    for (text, begin) in [
        (
            moved.as_str(),
            "f.csv 第2行 B列（date）：应为“2026-12-01 00:00”",
        ),
        (
            "日期,物资,数量,来源,活动\n2026-12-01,手套,20,区工会,夏送清凉",
            "f.csv 第2行 E列（活动）：应为“”（台账里已这样登记",
        ),
        (
            "日期,物资,数量,来源\n2026-12-01,手套,21,区工会",
            "f.csv 第2行 C列（数量）：应为“20”（台账里已这样登记",
        ),
        (
            "日期,物资,数量,单位\n2026-12-02,手套,2,箱",
            "f.csv 第2行 D列（单位）：应为单位“双”（",
        ),
        (
            "日期,物资,数量,来源\n2026-12-02,手套,1,甲\n2026-12-02,手套,2,甲",
            "f.csv 第3行 C列（数量）：应为每笔一行（第2行",
        ),
    ] {
        let told = device.refused(Contributions, text);
        assert!(
            told.len() == 1 && told.concat().starts_with(begin),
            "{told:?}"
        );
    }
    assert_eq!(device.stock("手套"), (20, 20));
}

#[test]
fn a_stocktaking_corrects_what_differs_as_of_its_day_and_once() {
    let mut device = Device::new("a");
    device.import(Contributions, GIVEN);
    // After the shelves were counted, before the list is entered.
    device.give(4, at(5));
    assert_eq!(
        counts(&device.import(Stocktaking, COUNTED)),
        [3, 0, 0, 0, 0]
    );
    assert_eq!(device.stock("手套"), (18, 18));
    assert_eq!(device.stock("毛巾"), (10, 10));
    assert_eq!(device.stock("口罩"), (100, 100));
    device.give(3, at(5));
    let again = device.import(Stocktaking, COUNTED);
    assert_eq!((again.is_empty(), counts(&again)), (true, [0, 0, 3, 0, 0]));
    assert_eq!(device.stock("手套"), (15, 15));
    // Counted again the same day: the later number holds.
    device.import(Stocktaking, "物资,实有,日期\n手套,23,2026-12-04");
    assert_eq!(device.stock("手套"), (16, 16));
    let rules = |replica: &Replica| {
        let found = replica.findings(None).findings.into_iter();
        found.map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&device.0), rules(&full()));

    let told = device.refused(
        Stocktaking,
        "物资,数量,日期\n手套,0,2026-12-04\n毛巾,9,2026-12-04\n毛巾,8,2026-12-04\n口罩,-1,2026-12-04",
    );
    let begin = [
        "f.csv 第2行 B列（数量）：应为7 或更多（本机只能减 16",
        "f.csv 第4行 A列（物资）：应为每种物资一行（第3行",
        "f.csv 第5行 B列（数量）：应为0 到 1000000 的数",
    ];
    assert_eq!(told.len(), begin.len(), "{told:#?}");
    for (told, begin) in told.iter().zip(begin) {
        assert!(told.starts_with(begin), "{told}");
    }
}

#[test]
fn two_devices_that_enter_one_list_apart_have_the_goods_once_and_are_told() {
    let (mut front, mut back) = (Device::new("a"), Device(Replica::numbered(2), "b"));
    let list = "日期,物资,数量,单位,来源\n2026-12-01,手套,20,双,区工会";
    front.import(Contributions, list);
    back.import(Contributions, list);
    front.0.merge(&mut back.0);
    let (all, here) = front.stock("手套");
    let (same, there) = back.stock("手套");
    assert_eq!((all, same, here + there), (20, 20, 20));
    let found = front.0.findings(None).findings;
    let told = found.iter().any(|found| found.rule == Rule::FieldConflict);
    assert!(told, "{found:?}");

    // A count of all the shelves counts what the other device holds.
    let (mut poor, other) = if here == 0 {
        (front, back)
    } else {
        (back, front)
    };
    let counted = poor.import(Stocktaking, "物资,数量,日期\n手套,23,2026-12-05");
    assert_eq!(poor.stock("手套"), (23, 3));
    let told = &counted.warnings.first().unwrap().text.zh;
    assert!(told.contains("其中 20 由本站别的设备发放"), "{told}");
    let told = poor.refused(Stocktaking, "物资,数量,日期\n手套,19,2026-12-05");
    assert!(
        told.concat()
            .contains("应为20 或更多（本机只能减 3，其余由别的设备发放："),
        "{told:?}"
    );
    assert_eq!(other.stock("手套"), (20, 20));
}
