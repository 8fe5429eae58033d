use jiff::civil::{Date, DateTime, Time};

use super::cell::{choice, named_site, noted};
use super::clean;
use super::date::parse_date;
use super::goods::GoodsList;
use super::header::{Cells, Column};
use super::held::Held;
use super::moment::parse_moment;
use super::plan::Plan;
use super::record_row::own_id;
use super::row_error::RowError;
use super::value::whole;
use crate::document::{Name, SiteKey};
use crate::records::{Drive, EntryKind, Item, RecordId, View};
use crate::rules::Text;
use crate::supplies::COUNT_MAX;

/// A row of a list of goods.
pub(super) struct GoodsRow<'a> {
    pub(super) cells: Cells<'a>,
    /// The line that the row says it is.
    pub(super) id: Option<RecordId>,
    pub(super) kind: Option<EntryKind>,
    pub(super) name: String,
    pub(super) item: RecordId,
    pub(super) count: i64,
    pub(super) unit: String,
    pub(super) party: String,
    pub(super) phone: String,
    pub(super) drive: Option<(String, RecordId)>,
    pub(super) note: String,
    /// From when on it was so: the day's first moment where only that is said.
    pub(super) at: DateTime,
    /// Up to when: the day's last moment where only that is said.
    pub(super) until: DateTime,
}

impl GoodsRow<'_> {
    /// What people call it.
    pub(super) fn label(&self) -> String {
        let parts = [
            self.at.date().to_string(),
            self.name.clone(),
            self.count.to_string(),
            self.party.clone(),
        ];
        let said = parts.into_iter().filter(|part| !part.is_empty());
        said.collect::<Vec<_>>().join(" ")
    }
}

/// The columns of both lists, and those of an export that say nothing new.
pub(super) fn columns(list: GoodsList, has_day: bool) -> Vec<Column<'static>> {
    let column = |field, zh, others, required| Column {
        field,
        zh,
        others,
        required,
    };
    let counts: &[&str] = match list {
        GoodsList::Contributions => &["quantity", "捐入数", "捐赠数量", "件数"],
        GoodsList::Stocktaking => &[
            "quantity",
            "counted",
            "盘点数",
            "盘点数量",
            "实盘数",
            "实盘数量",
            "实有",
            "实有数",
            "件数",
        ],
    };
    let days: &[&str] = &[
        "at",
        "when",
        "time",
        "时间",
        "捐入日期",
        "捐赠日期",
        "盘点日期",
        "盘点时间",
    ];
    let parties: &[&str] = &[
        "from",
        "fromwhom",
        "giver",
        "donor",
        "来源",
        "捐赠方",
        "捐赠人",
        "捐赠单位",
        "捐入方",
        "谁捐的",
    ];
    vec![
        column("id", "编号", &[], false),
        column("date", "日期", days, !has_day),
        column("kind", "类型", &[], false),
        column(
            "item",
            "物资",
            &["name", "goods", "物品", "品名", "名称", "物资名称"],
            true,
        ),
        column("count", "数量", counts, true),
        column("unit", "单位", &["计量单位"], false),
        column("party", "对方", parties, false),
        column("phone", "电话", &["telephone", "联系电话"], false),
        column("drive", "活动", &["event"], false),
        column("note", "备注", &["remark", "说明", "原因"], false),
        column("site", "站点", &[], false),
        column("device", "设备", &[], false),
        column("to", "转给", &[], false),
        column("to_site", "转往站点", &["tosite"], false),
        column("state", "状态", &[], false),
    ]
}

/// What rows are read with.
pub(super) struct RowReader<'h> {
    pub(super) list: GoodsList,
    /// The day of rows that say none.
    pub(super) day: Option<Date>,
    pub(super) held: &'h Held<'h>,
    /// Whose ledger it is.
    pub(super) site: &'h SiteKey,
    pub(super) now: DateTime,
}

impl RowReader<'_> {
    /// The row, or every error in it.
    pub(super) fn read<'a>(
        &self,
        cells: Cells<'a>,
        plan: &mut Plan,
        errors: &mut Vec<RowError>,
    ) -> Option<GoodsRow<'a>> {
        let before = errors.len();
        let id = noted(own_id(&cells), errors).flatten();
        let kind = noted(kind(&cells), errors).flatten();
        noted(self.own_site(&cells, plan), errors);
        let name = noted(name(&cells), errors);
        let count = noted(self.count(&cells, id.is_some()), errors);
        let days = noted(self.days(&cells), errors);
        if errors.len() > before {
            return None;
        }
        let (name, (at, until)) = (name?, days?);
        Some(GoodsRow {
            id,
            kind,
            item: Item::id_of(&name),
            name,
            count: count?,
            unit: cells.text("unit"),
            party: clean::blanks(cells.raw("party")),
            phone: cells.text("phone"),
            drive: self.drive(&clean::name(cells.raw("drive"))),
            note: cells.text("note"),
            at,
            until,
            cells,
        })
    }

    /// Rights belong to the device that imports, and so does what it enters to its site.
    fn own_site(&self, cells: &Cells<'_>, plan: &mut Plan) -> Result<(), Box<RowError>> {
        let text = cells.text("site");
        if text.is_empty() {
            return Ok(());
        }
        let site = named_site(cells, "site", &text, self.held, plan)?;
        if site == *self.site {
            return Ok(());
        }
        let own = self.site;
        let expected = Text::of(
            format_args!("本站 {own}，或留空（别的站点的物资，在它自己的设备上导入）"),
            format_args!(
                "this site, {own}, or nothing (another site's goods are imported on a device of its own)"
            ),
        );
        Err(cells.error("site", expected))
    }

    fn count(&self, cells: &Cells<'_>, has_id: bool) -> Result<i64, Box<RowError>> {
        let least = match self.list {
            // What is in the ledger already may be anything.
            _ if has_id => -COUNT_MAX,
            GoodsList::Contributions => 1,
            GoodsList::Stocktaking => 0,
        };
        let count = whole(&clean::word(cells.raw("count"))).parse::<i64>().ok();
        let count = count.filter(|count| (least..=COUNT_MAX).contains(count));
        count.ok_or_else(|| {
            let expected = Text::of(
                format_args!("{least} 到 {COUNT_MAX} 的数"),
                format_args!("a number from {least} to {COUNT_MAX}"),
            );
            cells.error("count", expected)
        })
    }

    /// From and up to when a row is: a time is both.
    fn days(&self, cells: &Cells<'_>) -> Result<(DateTime, DateTime), Box<RowError>> {
        let text = cells.raw("date");
        let day = match clean::blanks(text).is_empty() {
            true => self.day,
            false => parse_date(text, None),
        };
        let days = match day {
            Some(day) => Some((day.to_datetime(Time::MIN), day.to_datetime(LAST_SECOND))),
            // Hours and minutes alone are all of the minute.
            None => parse_moment(text).map(|at| match at.second() {
                0 => (at, at.with().second(59).build().unwrap_or(at)),
                _ => (at, at),
            }),
        };
        days.filter(|(at, _)| *at <= self.now).ok_or_else(|| {
            let today = self.now.date();
            let expected = Text::of(
                format_args!("不晚于今天（{today}）的日期或时间，如 2026-12-03、2026-12-03 08:00"),
                format_args!(
                    "a day or a time up to today ({today}), like 2026-12-03 or 2026-12-03 08:00"
                ),
            );
            cells.error("date", expected)
        })
    }

    /// The event of a name, as it is held, or as it will be called.
    fn drive(&self, name: &str) -> Option<(String, RecordId)> {
        if name.is_empty() {
            return None;
        }
        let wanted = clean::name_key(name);
        let sites = self.held.view(&Name::Sites).into_iter();
        let mut drives = sites.flat_map(View::present::<Drive>);
        let known = drives.find(|(drive, _)| clean::name_key(&drive.name) == wanted);
        Some(known.map_or_else(
            || (name.to_owned(), Drive::named(name).id),
            |(drive, _)| (drive.name.clone(), drive.id),
        ))
    }
}

const LAST_SECOND: Time = Time::constant(23, 59, 59, 0);

fn kind(cells: &Cells<'_>) -> Result<Option<EntryKind>, Box<RowError>> {
    if cells.text("kind").is_empty() {
        return Ok(None);
    }
    let value = choice(cells, "kind", EntryKind::CHOICES, &[])?;
    Ok(value.as_text().and_then(EntryKind::from_stored))
}

fn name(cells: &Cells<'_>) -> Result<String, Box<RowError>> {
    match clean::name(cells.raw("item")) {
        name if name.is_empty() => {
            Err(cells.error("item", Text::new("物资的名称", "the name of an item")))
        }
        name => Ok(name),
    }
}
