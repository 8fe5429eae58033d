use super::clean;
use super::header::{Column, Header};
use super::held::Held;
use super::plan::{GoneRecord, Plan};
use super::reconcile::{IMPORTED, RowRecord};
use super::row_error::{ImportError, RowError};
use super::shift_row::{Content, RowReader, ShiftRow, label};
use super::table::Table;
use crate::document::{Month, Name, SiteKey};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, RecordId, Shift, View};
use crate::rules::Text;

const COLUMNS: &[Column] = &[
    Column {
        field: "date",
        zh: "日期",
        others: &["值班日期", "day"],
        required: true,
    },
    Column {
        field: "name",
        zh: "姓名",
        others: &["名字", "人员", "值班人", "值班人员", "person"],
        required: true,
    },
    Column {
        field: "post",
        zh: "岗位",
        others: &["值班岗位", "duty", "position"],
        required: true,
    },
    Column {
        field: "start",
        zh: "开始",
        others: &["开始时间", "上班", "上班时间", "from", "starttime"],
        required: true,
    },
    Column {
        field: "end",
        zh: "结束",
        others: &["结束时间", "下班", "下班时间", "to", "endtime"],
        required: true,
    },
    Column {
        field: "note",
        zh: "备注",
        others: &["说明", "notes", "remark", "comment"],
        required: false,
    },
    Column {
        field: "site",
        zh: "站点",
        others: &["站点编号", "站点名称", "驿站"],
        required: false,
    },
    Column {
        field: "state",
        zh: "状态",
        others: &["status"],
        required: false,
    },
];

/// Plans the import of one month's shifts into `roster/<site>/<month>`. `site` is the one for rows that name none.
///
/// A row is known by site, date, post, start and person. Names are matched with the people of the site (or of the one that
/// lends), if they are held; a name that several have is an error that says how to tell which, a name that nobody has is
/// kept as written.
///
/// # Errors
/// Every row that cannot be understood; nothing is then imported.
pub fn plan_roster(
    table: &Table,
    month: Month,
    site: Option<&SiteKey>,
    held: &Held<'_>,
) -> Result<Plan, ImportError> {
    let (header, mut plan) = Header::begin(table, COLUMNS)?;
    let mut errors = Vec::new();
    let mut sites: BTreeMap<SiteKey, Vec<ShiftRow<'_>>> = header.by_site(site);
    for cells in header.rows() {
        let reader = RowReader {
            month,
            given: site,
            held,
            cells,
        };
        if let Some(row) = reader.read(&mut plan, &mut errors) {
            sites.entry(row.site.clone()).or_default().push(row);
        }
    }

    let mut records = Vec::new();
    let mut gone = Vec::new();
    for (site, rows) in sites {
        let document = Name::Roster { site, month };
        let view = held.view(&document);
        let roster = SiteRoster { document, view };
        let claimed = roster.records(rows, &mut plan, &mut errors);
        gone.extend(roster.gone(&claimed));
        records.extend(claimed.into_iter().map(|record| (record, view)));
    }
    if !errors.is_empty() {
        return Err(ImportError::in_file_order(errors));
    }
    records.sort_by_key(|(record, _)| record.line);
    for (record, view) in records {
        record.reconcile(view, &mut plan);
    }
    gone.sort_by(|a, b| (&a.label, a.record).cmp(&(&b.label, b.record)));
    plan.gone = gone;
    Ok(plan)
}

/// The rows of one site beside the roster it has.
struct SiteRoster<'h> {
    document: Name,
    view: Option<&'h View>,
}

impl SiteRoster<'_> {
    fn records(
        &self,
        rows: Vec<ShiftRow<'_>>,
        plan: &mut Plan,
        errors: &mut Vec<RowError>,
    ) -> Vec<RowRecord> {
        let mut by_id: BTreeMap<RecordId, ShiftRow<'_>> = BTreeMap::new();
        for row in rows {
            let id = row.id();
            match by_id.get(&id) {
                None => {
                    by_id.insert(id, row);
                }
                Some(first) if first.says_the_same(&row) => {
                    let line = first.cells.line();
                    let text = Text::of(
                        format_args!("与第{line}行相同，已略过"),
                        format_args!("the same as line {line}, passed over"),
                    );
                    plan.warn(row.cells.line(), None, text);
                }
                Some(first) => {
                    let line = first.cells.line();
                    let expected = Text::of(
                        format_args!(
                            "每个班次一行（第{line}行的日期、岗位、开始和姓名相同，其余不同）"
                        ),
                        format_args!(
                            "one row per shift (line {line} has the same date, post, start and name, and differs in the rest)"
                        ),
                    );
                    errors.push(*row.cells.error("date", expected));
                }
            }
        }
        let held = self.unclaimed(&by_id);
        let mut used = BTreeSet::new();
        let mut records = Vec::new();
        for (id, row) in by_id {
            let there = self
                .view
                .is_some_and(|view| view.entry(Collection::Shifts, id).is_some());
            let id = match held.get(&row.content()).map(Vec::as_slice) {
                // Typed by a person, or imported with another start and changed since: the same shift all the same.
                Some([shift]) if !there && row.may_be(shift) && used.insert(shift.id) => shift.id,
                _ => id,
            };
            records.push(row.record(&self.document, id));
        }
        records
    }

    /// The shifts that no row has by its id, by what they are known by.
    fn unclaimed(&self, rows: &BTreeMap<RecordId, ShiftRow<'_>>) -> BTreeMap<Content, Vec<&Shift>> {
        let mut out: BTreeMap<Content, Vec<&Shift>> = BTreeMap::new();
        for (shift, _) in self.view.into_iter().flat_map(View::present::<Shift>) {
            if !rows.contains_key(&shift.id) {
                let name = clean::name_key(&shift.name);
                let content = (shift.start, clean::name_key(&shift.post), name);
                out.entry(content).or_default().push(shift);
            }
        }
        out
    }

    fn gone(&self, claimed: &[RowRecord]) -> Vec<GoneRecord> {
        let claimed: BTreeSet<RecordId> = claimed.iter().map(|record| record.record).collect();
        let Some(view) = self.view else {
            return Vec::new();
        };
        view.present::<Shift>()
            .filter(|(shift, entry)| {
                entry.fields().contains_key(IMPORTED) && !claimed.contains(&shift.id)
            })
            .map(|(shift, _)| GoneRecord {
                document: self.document.clone(),
                record: shift.id,
                label: label(shift.start, &shift.post, &shift.name),
            })
            .collect()
    }
}
