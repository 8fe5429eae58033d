//! Goods: who gave, what went where, and what is left.

use jiff::civil::DateTime;

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::document::{Kind, Name, SiteKey};
use crate::ordered::{self, BTreeMap};
use crate::records::{Drive, EntryKind, Item, RecordId};
use crate::rules::Text;
use crate::supplies::{Giving, GivingBy, Ledger, Line, PartyRow, giving};

/// What a report of goods is about: a period, and perhaps one site and one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Of which days.
    pub period: Period,
    /// Of one site only.
    pub site: Option<SiteKey>,
    /// Of one event only.
    pub drive: Option<RecordId>,
}

/// The ledgers that reports of goods are made from.
///
/// The other sites' should be at hand too, whatever the report is about: a transfer has arrived when its receipt is there.
#[derive(Debug)]
pub struct Goods<'d, 'a> {
    documents: &'d Documents<'a>,
    ledger: Ledger,
    scope: Scope,
}

/// What was moved of an item, and what is left of it now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    contributed: i64,
    given: i64,
    sent: i64,
    received: i64,
    corrected: i64,
    held: i64,
    arriving: i64,
    leaving: i64,
}

impl<'d, 'a> Goods<'d, 'a> {
    /// The ledgers of the documents at hand.
    #[must_use]
    pub fn new(documents: &'d Documents<'a>, scope: Scope) -> Self {
        let ledgers = documents.of_kind(Kind::Supplies);
        let ledgers = ledgers.filter_map(|(name, view)| Some((name.site()?, view)));
        Self {
            documents,
            ledger: Ledger::new(ledgers),
            scope,
        }
    }

    /// What was moved of each item, all sites together.
    #[must_use]
    pub fn by_item(&self) -> Report {
        let mut items: BTreeMap<RecordId, Sum> = BTreeMap::new();
        for ((item, _), sum) in self.sums() {
            items.entry(item).or_default().add(&sum);
        }
        let mut lines: Vec<(String, RecordId, Sum)> = items
            .into_iter()
            .map(|(item, sum)| (self.item_name("", item), item, sum))
            .collect();
        ordered::sort_by_key(&mut lines, |(name, item, _)| (name.clone(), *item));
        let row = |(name, item, sum): &(String, RecordId, Sum)| {
            let mut row = vec![Cell::Text(name.clone()), self.unit("", *item)];
            row.extend(self.cells(sum));
            row
        };
        let rows = lines.iter().map(row).collect();
        let columns = [item_column(), unit_column()];
        let columns = columns.into_iter().chain(self.columns()).collect();
        self.report("supplies_by_item", ("物资统计", "Goods"), columns, rows)
    }

    /// What was moved of each item at each site.
    #[must_use]
    pub fn by_site(&self) -> Report {
        let mut lines: Vec<(String, String, RecordId, Sum)> = self
            .sums()
            .into_iter()
            .map(|((item, site), sum)| (self.item_name(&site, item), site, item, sum))
            .collect();
        ordered::sort_by_key(&mut lines, |(name, site, item, _)| {
            (name.clone(), site.clone(), *item)
        });
        let row = |(name, site, item, sum): &(String, String, RecordId, Sum)| {
            let mut row = vec![
                Cell::Text(name.clone()),
                self.unit(site, *item),
                self.site_cell(site),
            ];
            row.extend(self.cells(sum));
            row
        };
        let rows = lines.iter().map(row).collect();
        let columns = [item_column(), unit_column(), site_column()];
        let columns = columns.into_iter().chain(self.columns()).collect();
        let title = ("各站物资统计", "Goods by site");
        self.report("supplies_by_site", title, columns, rows)
    }

    /// Who put what in, and where.
    #[must_use]
    pub fn by_giver(&self) -> Report {
        let parties = self.giving().parties.into_iter();
        let mut given: Vec<(String, PartyRow)> = parties
            .filter(|row| row.contributed > 0)
            .map(|row| (self.item_name(&row.site, row.item), row))
            .collect();
        ordered::sort_by_key(&mut given, |(item, row)| {
            (row.party.clone(), row.site.clone(), item.clone(), row.drive)
        });
        let rows = given.into_iter().map(|(item, row)| {
            vec![
                Cell::Text(row.party),
                self.site_cell(&row.site),
                Cell::Text(item),
                self.unit(&row.site, row.item),
                Cell::Amount(row.contributed),
                self.drive_cell(row.drive),
            ]
        });
        let columns = vec![
            Column::new("party", "捐赠方", "giver", ColumnKind::Text),
            site_column(),
            item_column(),
            unit_column(),
            Column::new("contributed", "捐入", "contributed", ColumnKind::Amount),
            drive_column(),
        ];
        let title = ("谁捐了什么", "Who gave");
        self.report("supplies_by_giver", title, columns, rows.collect())
    }

    /// What was given out, line by line.
    #[must_use]
    pub fn gifts(&self) -> Report {
        let by = self.by();
        let is_gift = |line: &Line<'_>| line.kind == EntryKind::Gift && line.count > 0;
        let mut gifts: Vec<Line<'_>> = self
            .ledger
            .lines()
            .filter(|line| is_gift(line) && by.covers(line))
            .collect();
        ordered::sort_by_key(&mut gifts, |line| (line.at, line.site.to_owned(), line.id));
        let rows = gifts.iter().map(|line| {
            vec![
                match line.at == DateTime::ZERO {
                    true => Cell::Empty,
                    false => Cell::DateTime(line.at),
                },
                self.site_cell(line.site),
                Cell::Text(self.item_name(line.site, line.item)),
                Cell::Amount(line.count),
                self.unit(line.site, line.item),
                Cell::Text(line.party.to_owned()),
                self.drive_cell(line.drive),
            ]
        });
        let columns = vec![
            Column::new("at", "时间", "time", ColumnKind::DateTime),
            site_column(),
            item_column(),
            Column::new("count", "数量", "count", ColumnKind::Amount),
            unit_column(),
            Column::new("party", "领取人", "received by", ColumnKind::Text),
            drive_column(),
        ];
        let title = ("发放明细", "Gifts");
        self.report("supplies_gifts", title, columns, rows.collect())
    }

    fn by(&self) -> GivingBy {
        GivingBy {
            drive: self.scope.drive,
            site: self.scope.site.clone(),
            from: Some(self.scope.period.from()),
            until: Some(self.scope.period.to()),
        }
    }

    fn giving(&self) -> Giving {
        giving(&self.ledger, &self.by())
    }

    /// By item and site: what was moved, and unless it is about one event, what is left.
    fn sums(&self) -> BTreeMap<(RecordId, String), Sum> {
        let giving = self.giving();
        let mut sums: BTreeMap<(RecordId, String), Sum> = BTreeMap::new();
        for row in giving.rows {
            sums.entry((row.item, row.site)).or_default().add(&Sum {
                contributed: row.contributed,
                given: row.given,
                sent: row.sent,
                received: row.received,
                corrected: row.corrected,
                ..Sum::default()
            });
        }
        if self.scope.drive.is_none() {
            for (site, stock) in giving.left {
                sums.entry((stock.item, site)).or_default().add(&Sum {
                    held: stock.held,
                    arriving: stock.arriving,
                    leaving: stock.leaving,
                    ..Sum::default()
                });
            }
        }
        sums.retain(|_, sum| *sum != Sum::default());
        sums
    }

    fn columns(&self) -> Vec<Column> {
        let amount = |name, zh, en| Column::new(name, zh, en, ColumnKind::Amount);
        let mut columns = vec![
            amount("contributed", "捐入", "contributed"),
            amount("given", "发放", "given"),
            amount("sent", "调出", "sent"),
            amount("received", "调入", "received"),
            amount("corrected", "盘点增减", "corrected"),
        ];
        if self.scope.drive.is_none() {
            columns.extend([
                amount("held", "现存", "left now"),
                amount("arriving", "在途调入", "on the way here"),
                amount("leaving", "在途调出", "on the way out"),
            ]);
        }
        columns
    }

    fn cells(&self, sum: &Sum) -> Vec<Cell> {
        let moved = [
            sum.contributed,
            sum.given,
            sum.sent,
            sum.received,
            sum.corrected,
        ];
        let left = [sum.held, sum.arriving, sum.leaving];
        let left = left.into_iter().filter(|_| self.scope.drive.is_none());
        moved.into_iter().chain(left).map(Cell::Amount).collect()
    }

    fn report(
        &self,
        name: &'static str,
        (zh, en): (&str, &str),
        columns: Vec<Column>,
        rows: Vec<Vec<Cell>>,
    ) -> Report {
        let period = self.scope.period.text();
        let drive = self.scope.drive.map(|drive| self.drive_name(drive));
        let subtitle = match drive {
            Some(drive) => Text::new(
                format!("{}　{drive}", period.zh),
                format!("{}; {drive}", period.en),
            ),
            None => period,
        };
        Report {
            name,
            title: self.documents.title(self.scope.site.as_ref(), zh, en),
            subtitle,
            columns,
            rows,
            // Gloves and towels do not add up.
            totals: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What people call an item at a site, or where that does not know it, at another.
    fn item_name(&self, site: &str, item: RecordId) -> String {
        let name = self.item(site, item).map(|item| item.name.trim());
        let name = name.filter(|name| !name.is_empty());
        name.map_or_else(|| item.to_string(), str::to_owned)
    }

    fn unit(&self, site: &str, item: RecordId) -> Cell {
        let unit = self.item(site, item).map(|item| item.unit.as_str());
        Cell::Text(unit.unwrap_or_default().to_owned())
    }

    fn item(&self, site: &str, item: RecordId) -> Option<&Item> {
        let own = site.parse().ok();
        let own = own.and_then(|site: SiteKey| self.ledger.item(&site, item));
        let mut others = self.ledger.sites();
        own.or_else(|| others.find_map(|key| self.ledger.item(key, item)))
    }

    fn site_cell(&self, site: &str) -> Cell {
        match site.parse::<SiteKey>() {
            Ok(key) => self.documents.site_cell(&key),
            Err(_) => Cell::Text(site.to_owned()),
        }
    }

    fn drive_cell(&self, drive: Option<RecordId>) -> Cell {
        let name = |drive: RecordId| {
            let name = self.drive_name(drive);
            Cell::Named(drive.to_string(), Text::new(name.clone(), name))
        };
        drive.map_or(Cell::Empty, name)
    }

    fn drive_name(&self, id: RecordId) -> String {
        let drive: Option<&Drive> = self
            .documents
            .view(&Name::Sites)
            .and_then(|view| view.get(id));
        let name = drive.map(|drive| drive.name.trim());
        let name = name.filter(|name| !name.is_empty());
        name.map_or_else(|| id.to_string(), str::to_owned)
    }
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.contributed += other.contributed;
        self.given += other.given;
        self.sent += other.sent;
        self.received += other.received;
        self.corrected += other.corrected;
        self.held += other.held;
        self.arriving += other.arriving;
        self.leaving += other.leaving;
    }
}

fn item_column() -> Column {
    Column::new("item", "物资", "item", ColumnKind::Text)
}

fn unit_column() -> Column {
    Column::new("unit", "单位", "unit", ColumnKind::Text)
}

fn site_column() -> Column {
    Column::new("site", "站点", "site", ColumnKind::Text)
}

fn drive_column() -> Column {
    Column::new("drive", "活动", "drive", ColumnKind::Text)
}
