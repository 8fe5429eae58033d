use jiff::civil::{Date, DateTime};

use super::goods_row::{GoodsRow, RowReader, columns};
use super::header::Header;
use super::held::Held;
use super::plan::{Plan, PlannedRow};
use super::row_error::{ImportError, RowError};
use super::table::Table;
use crate::document::Name;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, Drive, Edit, EntryKind, Item, RecordId, Typed, write_date_time};
use crate::rules::Text;
use crate::supplies::{self, Desk, Ledger, Line, Order, SupplyError, Trouble};

/// What a list of goods is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoodsList {
    /// What people put in: a contribution for each row.
    Contributions,
    /// What there is on a site's shelves: a correction for each row.
    Stocktaking,
}

/// Plans the import of a list of goods into the ledger of the site at `desk`, by the same plans as single entries: what comes in
/// is that device's to give out. `day` is for rows that say none; `ledger` and `held` are what is known of goods, sites and
/// events.
///
/// A line of the ledger stays as it is, so a list corrects nothing that is entered: a contribution is known by its item, its
/// day or time and who gave it, a count by its item, its day or time and the number; a row of the same says nothing new, or is
/// refused where it differs. A row that gives the `id` of a line, as an export does, is that line. Two devices that import one
/// list apart make the same lines, which one of them then holds.
///
/// # Errors
/// Every row that cannot be understood or entered; nothing is then imported.
pub fn plan_goods(
    list: GoodsList,
    table: &Table,
    day: Option<Date>,
    held: &Held<'_>,
    ledger: &Ledger,
    desk: &Desk<'_>,
) -> Result<Plan, ImportError> {
    let (header, mut plan) = Header::begin(table, &columns(list, day.is_some()))?;
    let reader = RowReader {
        list,
        day,
        held,
        site: desk.site,
        now: desk.at,
    };
    let mut importer = Importer {
        list,
        held,
        ledger,
        desk,
        lines: BTreeMap::new(),
        counted: BTreeMap::new(),
        new: BTreeSet::new(),
    };
    let mut errors = Vec::new();
    for cells in header.rows() {
        if let Some(row) = reader.read(cells, &mut plan, &mut errors)
            && let Err(error) = importer.take(&row, &mut plan)
        {
            errors.push(*error);
        }
    }
    match errors.is_empty() {
        true => Ok(plan),
        false => Err(ImportError::in_file_order(errors)),
    }
}

struct Importer<'a> {
    list: GoodsList,
    held: &'a Held<'a>,
    ledger: &'a Ledger,
    desk: &'a Desk<'a>,
    /// The rows that were taken: the line in the file and the number, by the line in the ledger.
    lines: BTreeMap<RecordId, (usize, i64)>,
    /// Where in the file each item was counted.
    counted: BTreeMap<RecordId, usize>,
    /// Items and events that earlier rows make.
    new: BTreeSet<RecordId>,
}

impl Importer<'_> {
    fn take(&mut self, row: &GoodsRow<'_>, plan: &mut Plan) -> Result<(), Box<RowError>> {
        let id = row.id.unwrap_or_else(|| self.id_of(row));
        let line = row.cells.line();
        if let Some((first, count)) = self.lines.get(&id) {
            return repeated(row, *first, *count, plan);
        }
        let planned = PlannedRow {
            line,
            document: supplies::document(self.desk.site),
            record: id,
            label: row.label(),
        };
        match self.ledger.line(self.desk.site, id) {
            Some(known) => {
                if let Some((field, stays)) = self.differs(row, &known) {
                    return Err(row.cells.error(field, stays));
                }
                match known.trouble {
                    Some(Trouble::Removed) => plan.removed.push(planned),
                    _ => plan.unchanged.push(planned),
                }
            }
            None if row.id.is_some() => return Err(row.cells.error("id", no_such_line())),
            None => {
                let edits = self.enter(id, row, plan)?;
                plan.edits.extend(edits);
                plan.added.push(planned);
            }
        }
        self.lines.insert(id, (line, row.count));
        Ok(())
    }

    /// From the row alone, so that reading a list twice enters it once, here and on another device.
    fn id_of(&self, row: &GoodsRow<'_>) -> RecordId {
        let site = self.desk.site.as_str();
        let (item, count) = (row.item.to_string(), row.count.to_string());
        let (from, until) = (write_date_time(row.at), write_date_time(row.until));
        let parts = match self.list {
            GoodsList::Contributions => ["imported contribution", site, &item, &from, &row.party],
            GoodsList::Stocktaking => ["imported count", site, &item, &until, &count],
        };
        RecordId::natural(Collection::Ledger, &parts)
    }

    /// The cell that says something else than the line that it is about, and what should be there.
    fn differs(&self, row: &GoodsRow<'_>, line: &Line<'_>) -> Option<(&'static str, Text)> {
        let item = self.ledger.item(self.desk.site, line.item);
        let item = item.map_or("", |item| item.name.as_str());
        if row.item != line.item {
            return Some(("item", stays(item, item)));
        }
        let kind = line.kind.label();
        if row.kind.is_some_and(|kind| kind != line.kind) {
            return Some(("kind", stays(kind.zh, kind.en)));
        }
        // The line of a stocktaking says what was too much or too little.
        let is_count = row.id.is_none() && self.list == GoodsList::Stocktaking;
        if row.count != line.count && !is_count {
            let count = line.count.to_string();
            return Some(("count", stays(&count, &count)));
        }
        if row.cells.has("party") && row.party != line.party {
            return Some(("party", stays(line.party, line.party)));
        }
        let is_dated = !row.cells.text("date").is_empty();
        if is_dated && !(row.at..=row.until).contains(&line.at) {
            let at = write_date_time(line.at).replace('T', " ");
            return Some(("date", stays(&at, &at)));
        }
        let drive = row.drive.as_ref().map(|(_, id)| *id);
        if drive.is_some() && drive != line.drive {
            let known = line.drive.and_then(|id| self.drive_name(id));
            let known = known.unwrap_or_default();
            return Some(("drive", stays(known, known)));
        }
        None
    }

    fn drive_name(&self, id: RecordId) -> Option<&str> {
        let drive = self.held.view(&Name::Sites)?.get::<Drive>(id)?;
        Some(drive.name.as_str())
    }

    fn enter(
        &mut self,
        id: RecordId,
        row: &GoodsRow<'_>,
        plan: &mut Plan,
    ) -> Result<Vec<Edit>, Box<RowError>> {
        let enters = match self.list {
            GoodsList::Contributions => EntryKind::Contribution,
            GoodsList::Stocktaking => EntryKind::Correction,
        };
        if row.kind.is_some_and(|kind| kind != enters) {
            return Err(row.cells.error("kind", only(enters)));
        }
        if let GoodsList::Stocktaking = self.list
            && let Some(first) = self.counted.insert(row.item, row.cells.line())
        {
            return Err(row.cells.error("item", once(first)));
        }
        let mut edits = self.drive(row, plan);
        let order = Order {
            item: row.item,
            count: row.count,
            party: &row.party,
            phone: &row.phone,
            drive: row.drive.as_ref().map(|(_, id)| *id),
            note: &row.note,
        };
        let new = item(row);
        let lines = match self.list {
            GoodsList::Contributions => {
                let desk = self.at(row.at);
                self.ledger.plan_contribution(&desk, id, &order, Some(&new))
            }
            GoodsList::Stocktaking => {
                let others = self.others(row.item);
                if others > 0 {
                    plan.warn(
                        row.cells.line(),
                        row.cells.column("count"),
                        of_others(others),
                    );
                }
                let desk = self.at(row.until.min(self.desk.at));
                self.ledger
                    .plan_count(&desk, id, &order, row.until, Some(&new))
            }
        };
        let mut lines = lines.map_err(|error| self.refusal(row, &error))?;
        // An item that is in the list twice is made once.
        if !self.new.insert(row.item) {
            lines.retain(|edit| {
                !matches!(
                    edit,
                    Edit::Set {
                        collection: Collection::Items,
                        ..
                    }
                )
            });
        }
        edits.append(&mut lines);
        Ok(edits)
    }

    /// This device, at another time.
    fn at(&self, at: DateTime) -> Desk<'_> {
        Desk { at, ..*self.desk }
    }

    /// The edits that make a row's event, where nobody has.
    fn drive(&mut self, row: &GoodsRow<'_>, plan: &mut Plan) -> Vec<Edit> {
        let Some((name, id)) = &row.drive else {
            return Vec::new();
        };
        let sites = self.held.view(&Name::Sites);
        let known = sites.is_some_and(|sites| sites.get::<Drive>(*id).is_some());
        if known || !self.new.insert(*id) {
            return Vec::new();
        }
        let text = Text::of(
            format_args!("“{name}”是新的活动"),
            format_args!("{name} is a new event"),
        );
        plan.warn(row.cells.line(), row.cells.column("drive"), text);
        Drive::named(name).create(&Name::Sites)
    }

    /// What other devices of the site may give out.
    fn others(&self, item: RecordId) -> i64 {
        let holders = self.ledger.holders(self.desk.site, item).into_iter();
        let others = holders.filter(|(holder, _)| *holder != self.desk.holder);
        others.map(|(_, rights)| rights).sum()
    }

    fn refusal(&self, row: &GoodsRow<'_>, error: &SupplyError) -> Box<RowError> {
        let known = error.text();
        match error {
            SupplyError::Unit { known, .. } => {
                let text = Text::of(
                    format_args!("单位“{known}”（这种物资按它计数，请换算数量）"),
                    format_args!("{known}, which the item is counted in: convert the number"),
                );
                row.cells.error("unit", text)
            }
            SupplyError::Short { here, others, .. } => {
                let thought = self.ledger.held_at(self.desk.site, row.item, row.until);
                let least = thought - here;
                let others: Vec<String> = others
                    .iter()
                    .map(|other| format!("{} {}", other.device, other.count))
                    .collect();
                let text = Text::of(
                    format_args!(
                        "{least} 或更多（本机只能减 {here}，其余由别的设备发放：{}）",
                        others.join("、")
                    ),
                    format_args!(
                        "{least} or more (this device may take off {here}, others hold the rest: {})",
                        others.join(", ")
                    ),
                );
                row.cells.error("count", text)
            }
            _ => row.cells.error("", known),
        }
    }
}

/// The item of a row, where nobody knows it.
fn item(row: &GoodsRow<'_>) -> Item {
    Item {
        unit: row.unit.clone(),
        ..Item::named(&row.name)
    }
}

fn repeated(
    row: &GoodsRow<'_>,
    first: usize,
    count: i64,
    plan: &mut Plan,
) -> Result<(), Box<RowError>> {
    if row.count == count {
        let text = Text::of(
            format_args!("与第{first}行相同，已略过（真是两笔的，日期后写上时间）"),
            format_args!(
                "the same as line {first}, passed over (where there were two, give their times)"
            ),
        );
        plan.warn(row.cells.line(), None, text);
        return Ok(());
    }
    let expected = Text::of(
        format_args!(
            "每笔一行（第{first}行是同一天同一方的同一种物资，数量却不同；真是两笔的，日期后写上时间）"
        ),
        format_args!(
            "one row for each contribution (line {first} is about the same item, day and giver with another number; where there were two, give their times)"
        ),
    );
    Err(row.cells.error("count", expected))
}

fn stays(zh: &str, en: &str) -> Text {
    Text::of(
        format_args!("“{zh}”（台账里已这样登记，登记后不改；数量不对用 supply correct 更正）"),
        format_args!(
            "\"{en}\", which the ledger has: its lines stay as they are (what is wrong with a number, supply correct puts right)"
        ),
    )
}

fn no_such_line() -> Text {
    Text::new(
        "本站台账里一条的编号，或留空（先同步；要当作新的登记，请清空这一格）",
        "the id of a line of this site's ledger, or nothing (sync first; to enter it anew, empty the cell)",
    )
}

fn only(kind: EntryKind) -> Text {
    let label = kind.label();
    Text::of(
        format_args!(
            "“{}”或留空（这里只登记这一种；发放、调拨等用各自的命令）",
            label.zh
        ),
        format_args!(
            "{}, or nothing (a list enters these only; giving and sending have commands of their own)",
            label.en
        ),
    )
}

fn once(first: usize) -> Text {
    Text::of(
        format_args!("每种物资一行（第{first}行已盘点过它）"),
        format_args!("one row for each item (line {first} has counted it)"),
    )
}

fn of_others(count: i64) -> Text {
    Text::of(
        format_args!("全站一起盘点：其中 {count} 由本站别的设备发放，以上次同步为准"),
        format_args!(
            "counted for the whole site: other devices of it may give out {count}, as of the last sync"
        ),
    )
}
