use super::cell::{field, noted};
use super::clean;
use super::header::{Column, Header};
use super::held::Held;
use super::plan::Plan;
use super::reconcile::RowRecord;
use super::row_error::ImportError;
use super::table::Table;
use crate::document::Name;
use crate::ordered::BTreeMap;
use crate::records::{Collection, Post, Typed, Value};
use crate::rules::Text;

const COLUMNS: &[Column] = &[
    Column {
        field: "name",
        zh: "岗位",
        others: &["名称", "岗位名称", "post"],
        required: true,
    },
    Column {
        field: "any_hours",
        zh: "全天",
        others: &["不限开放时间", "不限时间", "anyhours"],
        required: true,
    },
];

/// Plans the import of the network's posts into `sites`: which of them may run while a site is closed.
///
/// # Errors
/// Every row that cannot be understood; nothing is then imported.
pub fn plan_posts(table: &Table, held: &Held<'_>) -> Result<Plan, ImportError> {
    let (header, mut plan) = Header::begin(table, COLUMNS)?;
    let mut errors = Vec::new();
    let mut rows = BTreeMap::new();
    for cells in header.rows() {
        let name = clean::name(cells.raw("name"));
        let any_hours = match clean::word(cells.raw("any_hours")).as_str() {
            "" => Ok(Value::from(false)),
            word => field(&cells, &Post::KIND, "any_hours", word),
        };
        let value = noted(field(&cells, &Post::KIND, "name", &name), &mut errors);
        let (Some(value), Some(any_hours)) = (value, noted(any_hours, &mut errors)) else {
            continue;
        };
        let row = RowRecord {
            line: cells.line(),
            document: Name::Sites,
            collection: Collection::Posts,
            record: Post::id_of(&name),
            label: name.clone(),
            known_by: vec![("name", value)],
            says: vec![("any_hours", Some(any_hours))],
            implies: Vec::new(),
        };
        if let Some(other) = rows.insert(name, row) {
            let expected = Text::of(
                format_args!("不重复的岗位（第{}行已有它）", other.line),
                format_args!("a post of its own (line {} has this one)", other.line),
            );
            errors.push(*cells.error("name", expected));
        }
    }
    if !errors.is_empty() {
        return Err(ImportError { errors });
    }
    let mut rows: Vec<RowRecord> = rows.into_values().collect();
    rows.sort_by_key(|row| row.line);
    for row in rows {
        row.reconcile(held.view(&Name::Sites), &mut plan);
    }
    Ok(plan)
}
