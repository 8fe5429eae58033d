use super::cell::{choice, field, named_site, noted, optional_field};
use super::clean;
use super::header::{Cells, Column, Header};
use super::held::{Held, SiteRef};
use super::plan::{GoneRecord, Plan};
use super::reconcile::{IMPORTED, RowRecord};
use super::row_error::{ImportError, RowError};
use super::table::Table;
use crate::document::{Name, SiteKey};
use crate::ordered::BTreeMap;
use crate::records::{Collection, Level, Site, Typed, Value};
use crate::rules::Text;

const COLUMNS: &[Column] = &[
    Column {
        field: "key",
        zh: "编号",
        others: &["站点编号", "站点代码", "代码", "id"],
        required: true,
    },
    Column {
        field: "name",
        zh: "名称",
        others: &["站点名称", "站点", "驿站", "site"],
        required: true,
    },
    Column {
        field: "level",
        zh: "级别",
        others: &["层级", "类别", "类型", "type"],
        required: true,
    },
    Column {
        field: "parent",
        zh: "上级",
        others: &["上级编号", "上级站点", "所属", "隶属"],
        required: false,
    },
    Column {
        field: "address",
        zh: "地址",
        others: &["位置"],
        required: false,
    },
    Column {
        field: "hours",
        zh: "开放时间",
        others: &["营业时间", "服务时间", "openinghours"],
        required: false,
    },
    Column {
        field: "amenities",
        zh: "设施",
        others: &["服务设施", "设施服务"],
        required: false,
    },
    Column {
        field: "phone",
        zh: "电话",
        others: &["联系电话", "telephone"],
        required: false,
    },
    Column {
        field: "lat",
        zh: "纬度",
        others: &["latitude"],
        required: false,
    },
    Column {
        field: "lng",
        zh: "经度",
        others: &["longitude", "lon"],
        required: false,
    },
    Column {
        field: "state",
        zh: "状态",
        others: &["status"],
        required: false,
    },
    Column {
        field: "notice",
        zh: "公告",
        others: &["通知"],
        required: false,
    },
];

const LEVELS: &[(&str, &str)] = &[
    ("共享职工之家", "home"),
    ("职工之家", "home"),
    ("驿站", "station"),
    ("站点", "station"),
    ("服务点", "point"),
];

/// What a directory in Chinese calls the amenities, and the words they are stored as.
const AMENITIES: &[(&str, &str)] = &[
    ("书籍", "books"),
    ("图书", "books"),
    ("充电", "charging"),
    ("饮水", "drinking-water"),
    ("饮用水", "drinking-water"),
    ("热水", "drinking-water"),
    ("急救", "first-aid"),
    ("急救箱", "first-aid"),
    ("药箱", "first-aid"),
    ("餐食", "meals"),
    ("热餐", "meals"),
    ("微波炉", "microwave"),
    ("热饭", "microwave"),
    ("休息", "rest"),
    ("淋浴", "shower"),
    ("洗澡", "shower"),
    ("卫生间", "toilet"),
    ("厕所", "toilet"),
    ("无线网", "wifi"),
    ("wi-fi", "wifi"),
];

/// Plans the import of the network's directory of sites into `sites`.
///
/// A row is known by its key. `parent` may name a site of this file or a held one, by its key or name.
///
/// # Errors
/// Every row that cannot be understood; nothing is then imported.
pub fn plan_sites(table: &Table, held: &Held<'_>) -> Result<Plan, ImportError> {
    let (header, mut plan) = Header::begin(table, COLUMNS)?;
    let mut errors = Vec::new();
    let mut lines: BTreeMap<SiteKey, usize> = BTreeMap::new();
    let mut keys_by_name = BTreeMap::new();
    for cells in header.rows() {
        if let Ok(key) = key_of(&cells) {
            keys_by_name.insert(clean::name_key(cells.raw("name")), key);
        }
    }

    let mut rows = Vec::new();
    for cells in header.rows() {
        let Some(key) = noted(key_of(&cells), &mut errors) else {
            continue;
        };
        if let Some(line) = lines.insert(key.clone(), cells.line()) {
            let expected = Text::of(
                format_args!("不重复的编号（第{line}行已有它）"),
                format_args!("a key of its own (line {line} has this one)"),
            );
            errors.push(*cells.error("key", expected));
            continue;
        }
        rows.extend(row(
            &cells,
            key,
            &keys_by_name,
            held,
            &mut plan,
            &mut errors,
        ));
    }
    if !errors.is_empty() {
        return Err(ImportError { errors });
    }

    let view = held.view(&Name::Sites);
    for row in rows {
        row.reconcile(view, &mut plan);
    }
    for (site, entry) in view.into_iter().flat_map(|view| view.present::<Site>()) {
        if entry.fields().contains_key(IMPORTED) && !lines.contains_key(&site.key) {
            plan.gone.push(GoneRecord {
                document: Name::Sites,
                record: site.id,
                label: format!("{} {}", site.key, site.name),
            });
        }
    }
    Ok(plan)
}

fn key_of(cells: &Cells<'_>) -> Result<SiteKey, Box<RowError>> {
    clean::folded(cells.raw("key")).parse().map_err(|_| {
        let expected = Text::new(
            "站点编号：1到40个小写字母、数字或连字符",
            "a site's key: 1 to 40 of a-z, 0-9 and hyphen",
        );
        cells.error("key", expected)
    })
}

fn row(
    cells: &Cells<'_>,
    key: SiteKey,
    keys_by_name: &BTreeMap<String, SiteKey>,
    held: &Held<'_>,
    plan: &mut Plan,
    errors: &mut Vec<RowError>,
) -> Option<RowRecord> {
    let kind = &Site::KIND;
    let before = errors.len();
    let name = noted(
        field(cells, kind, "name", &clean::name(cells.raw("name"))),
        errors,
    );
    let level = noted(choice(cells, "level", Level::CHOICES, LEVELS), errors);
    let parent = noted(parent(cells, keys_by_name, held, plan), errors);
    let mut says = vec![
        ("name", name.clone()),
        ("level", level),
        ("parent", parent.flatten()),
    ];
    if cells.has("hours") {
        says.push((
            "hours",
            noted(
                field(cells, kind, "hours", &hours(cells.raw("hours"))),
                errors,
            ),
        ));
    }
    if cells.has("amenities") {
        says.push((
            "amenities",
            noted(
                field(cells, kind, "amenities", &amenities(cells.raw("amenities"))),
                errors,
            ),
        ));
    }
    for optional in ["address", "phone", "lat", "lng", "state", "notice"] {
        says.push((
            optional,
            noted(optional_field(cells, kind, optional), errors).flatten(),
        ));
    }
    if errors.len() > before {
        return None;
    }
    let label = format!(
        "{key} {}",
        name.as_ref().and_then(Value::as_text).unwrap_or_default()
    );
    Some(RowRecord {
        line: cells.line(),
        document: Name::Sites,
        collection: Collection::Sites,
        record: Site::id_of(&key),
        label,
        known_by: vec![("key", key.as_str().into())],
        says,
        implies: Vec::new(),
    })
}

fn parent(
    cells: &Cells<'_>,
    keys_by_name: &BTreeMap<String, SiteKey>,
    held: &Held<'_>,
    plan: &mut Plan,
) -> Result<Option<Value>, Box<RowError>> {
    if !cells.has("parent") {
        return Ok(None);
    }
    let text = cells.text("parent");
    if text.is_empty() {
        return Ok(Some(Value::from("")));
    }
    let in_file = keys_by_name
        .values()
        .find(|key| key.as_str() == clean::word(&text))
        .or_else(|| keys_by_name.get(&clean::name_key(&text)));
    let key = match in_file {
        Some(key) => key.clone(),
        None => match held.site(&text) {
            SiteRef::Unheard(key) => {
                let text = Text::of(
                    format_args!("上级“{key}”既不在文件里也不在站点名录里"),
                    format_args!(
                        "the parent {key} is neither in the file nor in the directory of sites"
                    ),
                );
                plan.warn(cells.line(), cells.column("parent"), text);
                key
            }
            SiteRef::Known(_) | SiteRef::Several | SiteRef::None => {
                named_site(cells, "parent", &text, held, plan)?
            }
        },
    };
    Ok(Some(key.as_str().into()))
}

/// `7：00至22：00、全天` and the like in the form that records have: spans with blanks between.
pub(super) fn hours(text: &str) -> String {
    let word = clean::word(text);
    if matches!(word.as_str(), "全天" | "24小时" | "全天24小时" | "24h") {
        return "00:00-24:00".to_owned();
    }
    let mut text = clean::folded(text);
    for dash in ["至", "到", "~", "～", "〜"] {
        text = text.replace(dash, "-");
    }
    let text = text.replace([',', ';', '、', '/', '，', '；'], " ");
    // Blanks around a dash belong to its span; the others part spans.
    let mut out = String::new();
    for part in text.split_whitespace() {
        if !out.is_empty() && !out.ends_with('-') && !part.starts_with('-') {
            out.push(' ');
        }
        out.push_str(part);
    }
    out
}

pub(super) fn amenities(text: &str) -> String {
    let words = clean::folded(text);
    let words = words
        .split([' ', ',', ';', '、', '，', '/'])
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| {
            let word = clean::word(word);
            AMENITIES
                .iter()
                .find(|(zh, _)| *zh == word)
                .map_or(word.clone(), |(_, stored)| (*stored).to_owned())
        })
        .collect();
    words.join(" ")
}
