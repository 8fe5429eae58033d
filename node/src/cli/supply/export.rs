//! The ledger and the stock as tables, which `import` reads back.

use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{Drive, LedgerEntry, RecordId, Typed};
use yilian_core::report::{Cell, Column, ColumnKind, Report};
use yilian_core::rules::Text;
use yilian_core::supplies::{self, Ledger};
use yilian_node::{Documents, Node};

use super::super::args::Format;
use super::super::context::Context;
use super::super::failure::Failure;
use super::super::noun::{FileOutput, write};
use super::super::sheet::{Target, rows_json};
use super::super::site::AtSite;
use super::sites;

pub(super) async fn run(
    context: &Context,
    node: Node,
    stock: bool,
    at: &AtSite,
    output: FileOutput,
) -> Result<(), Failure> {
    let target = Target::new(context, output.into())?;
    let site = at.site(context, &node).await?;
    let (own, others, now) = (site.clone(), sites(&node).await?, node.clock().civil());
    let report = node.read_goods(&site, others, move |documents, ledger| match stock {
        true => Shelf { site: &own, ledger }.report(now),
        false => Book {
            site: &own,
            documents,
            ledger,
        }
        .report(),
    });
    let report = report.await?;
    node.stop().await;
    match target.format {
        Format::Json => {
            let value = json!({ "site": site, report.name: rows_json(&report) });
            target.text(context, &format!("{value:#}"))
        }
        _ => write(context, &LedgerEntry::KIND, &target, &report),
    }
}

/// The ledger of a site, line by line.
struct Book<'a> {
    site: &'a SiteKey,
    documents: &'a Documents<'a>,
    ledger: &'a Ledger,
}

impl Book<'_> {
    fn report(&self) -> Report {
        let text = |name, zh, en| Column::new(name, zh, en, ColumnKind::Text);
        let columns = vec![
            text("id", "编号", "id"),
            Column::new("at", "时间", "when", ColumnKind::DateTime),
            text("kind", "类型", "kind"),
            text("item", "物资", "item"),
            Column::new("count", "数量", "count", ColumnKind::Amount),
            text("unit", "单位", "unit"),
            text("party", "对方", "party"),
            text("phone", "电话", "phone"),
            text("drive", "活动", "drive"),
            text("note", "备注", "note"),
            text("site", "站点", "site"),
            text("device", "设备", "device"),
            text("to", "转给", "to"),
            text("to_site", "转往站点", "to site"),
        ];
        let name = supplies::document(self.site);
        let view = self.documents.get(&name).map(|document| document.view());
        let lines = view
            .into_iter()
            .flat_map(|view| view.present::<LedgerEntry>());
        let mut lines: Vec<&LedgerEntry> = lines.map(|(line, _)| line).collect();
        lines.sort_by_key(|line| (line.at, line.id));
        table(
            "lines",
            columns,
            lines.into_iter().map(|line| self.row(line)),
        )
    }

    fn row(&self, line: &LedgerEntry) -> Vec<Cell> {
        let item = line.item.and_then(|item| self.ledger.item(self.site, item));
        let device = |holder: &str, at: &SiteKey| match holder {
            "" => Cell::Empty,
            holder => text(self.ledger.device_name(at, holder)),
        };
        let other = line.to_site.as_ref().unwrap_or(self.site);
        vec![
            Cell::Text(line.id.to_string()),
            Cell::DateTime(line.at),
            Cell::choice(line.kind.as_str(), line.kind.label()),
            text(item.map_or("", |item| &item.name)),
            line.count.map_or(Cell::Empty, Cell::Amount),
            text(item.map_or("", |item| &item.unit)),
            text(&line.party),
            text(&line.phone),
            self.drive(line.drive),
            text(&line.note),
            text(self.site.as_str()),
            device(&line.holder, self.site),
            device(&line.to, other),
            text(line.to_site.as_ref().map_or("", SiteKey::as_str)),
        ]
    }

    fn drive(&self, drive: Option<RecordId>) -> Cell {
        let sites = self.documents.get(&Name::Sites);
        let known = sites.and_then(|sites| sites.view().get::<Drive>(drive?));
        known.map_or(Cell::Empty, |drive| text(&drive.name))
    }
}

/// What a site has, as a list to count by.
struct Shelf<'a> {
    site: &'a SiteKey,
    ledger: &'a Ledger,
}

impl Shelf<'_> {
    fn report(&self, now: jiff::civil::DateTime) -> Report {
        let text_column = |name, zh, en| Column::new(name, zh, en, ColumnKind::Text);
        let columns = vec![
            text_column("item", "物资", "item"),
            Column::new("count", "数量", "count", ColumnKind::Amount),
            text_column("unit", "单位", "unit"),
            Column::new("at", "时间", "when", ColumnKind::DateTime),
            text_column("note", "备注", "note"),
            text_column("site", "站点", "site"),
        ];
        let stocks = self.ledger.stocks(self.site).into_iter();
        let named = stocks.map(|stock| (self.ledger.item(self.site, stock.item), stock));
        let mut stocks: Vec<_> = named.collect();
        stocks.sort_by_key(|(item, _)| item.map(|item| item.name.as_str()));
        let rows = stocks.into_iter().map(|(item, stock)| {
            vec![
                text(item.map_or("", |item| &item.name)),
                Cell::Amount(stock.held),
                text(item.map_or("", |item| &item.unit)),
                Cell::DateTime(now),
                Cell::Empty,
                text(self.site.as_str()),
            ]
        });
        table("stock", columns, rows)
    }
}

fn text(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

/// Nothing but the header and the rows: it is imported again.
fn table(
    name: &'static str,
    columns: Vec<Column>,
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Report {
    Report {
        name,
        title: Text::new("", ""),
        subtitle: Text::new("", ""),
        columns,
        rows: rows.collect(),
        totals: Vec::new(),
        notes: Vec::new(),
    }
}
