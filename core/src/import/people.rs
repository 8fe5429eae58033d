use super::cell::{choice, field, noted, row_site};
use super::clean;
use super::header::{Cells, Column, Header};
use super::held::Held;
use super::plan::{GoneRecord, Plan};
use super::reconcile::{IMPORTED, RowRecord};
use super::row_error::{ImportError, RowError};
use super::table::Table;
use crate::document::{Name, SiteKey};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, Person, RecordId, Role, Typed, Value, View};
use crate::rules::Text;

const COLUMNS: &[Column] = &[
    Column {
        field: "site",
        zh: "站点",
        others: &["站点编号", "站点名称", "驿站", "所属站点"],
        required: false,
    },
    Column {
        field: "name",
        zh: "姓名",
        others: &["名字", "人员", "person"],
        required: true,
    },
    Column {
        field: "role",
        zh: "角色",
        others: &["身份", "岗位", "职务"],
        required: false,
    },
    Column {
        field: "phone",
        zh: "电话",
        others: &[
            "手机",
            "手机号",
            "手机号码",
            "联系电话",
            "电话号码",
            "mobile",
            "telephone",
        ],
        required: false,
    },
];

const ROLES: &[(&str, &str)] = &[
    ("职工", "staff"),
    ("工作人员", "staff"),
    ("专职", "staff"),
    ("协调员", "coordinator"),
    ("站长", "coordinator"),
    ("志愿", "volunteer"),
    ("义工", "volunteer"),
];

/// A row that can be understood by itself.
struct PersonRow<'a> {
    cells: Cells<'a>,
    name: String,
    name_key: String,
    role: Option<Value>,
    /// None where the file has no such column.
    phone: Option<String>,
    phone_key: String,
}

/// Plans the import of people into `people/<site>`. `site` is the one for rows that name none.
///
/// A person is known by site and name. Where several of one site have the same name, each row needs a phone, and where the
/// phones do not tell either, the row is an error that lists whom it may mean.
///
/// # Errors
/// Every row that cannot be understood; nothing is then imported.
pub fn plan_people(
    table: &Table,
    site: Option<&SiteKey>,
    held: &Held<'_>,
) -> Result<Plan, ImportError> {
    let (header, mut plan) = Header::begin(table, COLUMNS)?;
    let mut errors = Vec::new();
    let mut sites: BTreeMap<SiteKey, Vec<PersonRow<'_>>> = header.by_site(site);
    for cells in header.rows() {
        let key = noted(row_site(&cells, site, held, &mut plan), &mut errors);
        let row = person_row(cells, &mut errors);
        if let (Some(key), Some(row)) = (key, row) {
            sites.entry(key).or_default().push(row);
        }
    }

    let mut records = Vec::new();
    let mut gone = Vec::new();
    for (site, rows) in sites {
        let view = held.view(&Name::People { site: site.clone() });
        let people = SitePeople::new(site, rows, view);
        let (known, left) = people.resolve(&mut plan, &mut errors);
        records.extend(known.into_iter().map(|record| (record, view)));
        gone.extend(left);
    }
    if !errors.is_empty() {
        return Err(ImportError::in_file_order(errors));
    }
    records.sort_by_key(|(record, _)| record.line);
    for (record, view) in records {
        record.reconcile(view, &mut plan);
    }
    gone.sort();
    plan.gone = gone;
    Ok(plan)
}

fn person_row<'a>(cells: Cells<'a>, errors: &mut Vec<RowError>) -> Option<PersonRow<'a>> {
    let kind = &Person::KIND;
    let name = clean::name(cells.raw("name"));
    let before = errors.len();
    noted(field(&cells, kind, "name", &name), errors);
    let role = match cells.text("role").as_str() {
        "" => None,
        _ => noted(choice(&cells, "role", Role::CHOICES, ROLES), errors),
    };
    let phone = cells
        .has("phone")
        .then(|| clean::folded(cells.raw("phone")));
    if let Some(phone) = &phone {
        noted(check_phone(&cells, phone), errors);
    }
    let name_key = clean::name_key(&name);
    let phone_key = clean::phone_key(phone.as_deref().unwrap_or_default());
    (errors.len() == before).then_some(PersonRow {
        cells,
        name,
        name_key,
        role,
        phone,
        phone_key,
    })
}

fn check_phone(cells: &Cells<'_>, phone: &str) -> Result<(), Box<RowError>> {
    let signs = phone
        .chars()
        .all(|c| c.is_ascii_digit() || " +-()*转x,/".contains(c));
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if phone.is_empty() || signs && (3..=40).contains(&digits) {
        return Ok(());
    }
    Err(cells.error("phone", Text::new("电话号码", "a phone number")))
}

/// The rows of one site beside the people it has.
struct SitePeople<'a> {
    site: SiteKey,
    document: Name,
    rows: Vec<PersonRow<'a>>,
    held: Vec<&'a Person>,
    view: Option<&'a View>,
}

impl<'a> SitePeople<'a> {
    fn new(site: SiteKey, rows: Vec<PersonRow<'a>>, view: Option<&'a View>) -> Self {
        let held = view.into_iter().flat_map(View::persons).collect();
        let document = Name::People { site: site.clone() };
        Self {
            site,
            document,
            rows,
            held,
            view,
        }
    }

    /// The record that each row is about, and the imported people that no row is about.
    fn resolve(
        &self,
        plan: &mut Plan,
        errors: &mut Vec<RowError>,
    ) -> (Vec<RowRecord>, Vec<GoneRecord>) {
        let before = errors.len();
        let rows = self.distinct_rows(plan, errors);
        if errors.len() > before {
            return (Vec::new(), Vec::new());
        }
        let mut found: BTreeMap<usize, RecordId> = BTreeMap::new();
        // Those that name and phone both point at first, so that a namesake's row does not take them.
        for (index, row) in &rows {
            let exact = self.held.iter().find(|person| {
                !row.phone_key.is_empty()
                    && clean::phone_key(&person.phone) == row.phone_key
                    && clean::name_key(&person.name) == row.name_key
            });
            if let Some(person) = exact {
                found.insert(*index, person.id);
            }
        }
        let taken: BTreeSet<RecordId> = found.values().copied().collect();
        for (index, row) in &rows {
            if !found.contains_key(index)
                && let Some(id) = noted(self.inexact(row, &rows, &taken), errors)
            {
                found.insert(*index, id);
            }
        }
        if errors.len() > before {
            return (Vec::new(), Vec::new());
        }
        let records = rows
            .iter()
            .filter_map(|(index, row)| Some(self.record(row, *found.get(index)?)))
            .collect();
        let claimed: BTreeSet<RecordId> = found.into_values().collect();
        (records, self.gone(&claimed))
    }

    /// The rows without repetitions, by their place in the file. Namesakes must have a phone each.
    fn distinct_rows(
        &self,
        plan: &mut Plan,
        errors: &mut Vec<RowError>,
    ) -> Vec<(usize, &PersonRow<'a>)> {
        let mut by_name: BTreeMap<&str, Vec<(usize, &PersonRow<'a>)>> = BTreeMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let namesakes = by_name.entry(&row.name_key).or_default();
            let Some((_, first)) = namesakes
                .iter()
                .find(|(_, other)| other.phone_key == row.phone_key)
            else {
                namesakes.push((index, row));
                continue;
            };
            let line = first.cells.line();
            if first.role == row.role {
                let text = Text::of(
                    format_args!("与第{line}行相同，已略过"),
                    format_args!("the same as line {line}, passed over"),
                );
                plan.warn(row.cells.line(), None, text);
            } else {
                let expected = Text::of(
                    format_args!("与第{line}行一致的角色，或另一个电话"),
                    format_args!("the role that line {line} has, or another phone"),
                );
                errors.push(*row.cells.error("role", expected));
            }
        }
        for (_, row) in by_name.values().filter(|rows| rows.len() > 1).flatten() {
            if row.phone_key.is_empty() {
                let expected = Text::of(
                    format_args!("电话（{}有几位“{}”，靠电话区分）", self.site, row.name),
                    format_args!(
                        "a phone ({} has several people named {}; phones tell them apart)",
                        self.site, row.name
                    ),
                );
                errors.push(*row.cells.error("phone", expected));
            }
        }
        let mut rows: Vec<_> = by_name.into_values().flatten().collect();
        rows.sort_by_key(|(index, _)| *index);
        rows
    }

    /// Whom a row is about that agrees with nobody in both name and phone.
    fn inexact(
        &self,
        row: &PersonRow<'a>,
        rows: &[(usize, &PersonRow<'a>)],
        taken: &BTreeSet<RecordId>,
    ) -> Result<RecordId, Box<RowError>> {
        let free = |person: &&&Person| person.removed_at.is_none() && !taken.contains(&person.id);
        let namesakes: Vec<&&Person> = self
            .held
            .iter()
            .filter(free)
            .filter(|person| clean::name_key(&person.name) == row.name_key)
            .collect();
        let rows_of_name = rows
            .iter()
            .filter(|(_, other)| other.name_key == row.name_key)
            .count();
        let rows_of_phone = rows
            .iter()
            .filter(|(_, other)| other.phone_key == row.phone_key)
            .count();
        let by_phone: Vec<&&Person> = self
            .held
            .iter()
            .filter(free)
            .filter(|person| {
                !row.phone_key.is_empty() && clean::phone_key(&person.phone) == row.phone_key
            })
            .collect();
        match (namesakes.as_slice(), by_phone.as_slice()) {
            // The phone alone is somebody's who is not otherwise in the file: they changed their name.
            ([], [person])
                if rows_of_phone == 1
                    && !rows
                        .iter()
                        .any(|(_, other)| other.name_key == clean::name_key(&person.name)) =>
            {
                Ok(person.id)
            }
            ([], _) => Ok(self.new_id(row, rows_of_name > 1)?),
            ([person], []) if rows_of_name == 1 => Ok(person.id),
            (people, others) => {
                let whom: Vec<&&Person> = people.iter().chain(others).copied().collect();
                let list = |between: &str| {
                    let shown: Vec<String> = whom
                        .iter()
                        .map(|person| format!("{} {}", person.name, person.phone))
                        .collect();
                    shown.join(between)
                };
                let expected = Text::of(
                    format_args!("能看出是哪一位的姓名和电话：{}", list("、")),
                    format_args!("a name and phone that tell which of them: {}", list(", ")),
                );
                Err(row.cells.error(
                    if row.phone_key.is_empty() {
                        "name"
                    } else {
                        "phone"
                    },
                    expected,
                ))
            }
        }
    }

    /// The id of someone new: by the name alone, or where that is not enough, with the phone.
    fn new_id(&self, row: &PersonRow<'a>, with_phone: bool) -> Result<RecordId, Box<RowError>> {
        let id = Person::id_of_row(&self.site, &row.name_key, "");
        // The id may be that of somebody who has since got another name.
        let used = |id: RecordId| {
            self.held
                .iter()
                .any(|person| person.id == id && clean::name_key(&person.name) != row.name_key)
        };
        if !with_phone && !used(id) {
            return Ok(id);
        }
        if row.phone_key.is_empty() {
            let expected = Text::new(
                "电话（有人曾叫这个名字，靠电话区分）",
                "a phone (somebody had this name before; phones tell them apart)",
            );
            return Err(row.cells.error("phone", expected));
        }
        Ok(Person::id_of_row(&self.site, &row.name_key, &row.phone_key))
    }

    fn record(&self, row: &PersonRow<'a>, id: RecordId) -> RowRecord {
        let exists = self
            .view
            .is_some_and(|view| view.entry(Collection::Persons, id).is_some());
        let role = match &row.role {
            // Someone new is staff unless the file says otherwise; of someone held, a blank says nothing.
            None if !exists => Some(Role::Staff.as_str().into()),
            role => role.clone(),
        };
        let phone = row
            .phone
            .as_ref()
            .filter(|phone| !phone.is_empty())
            .map(|phone| phone.as_str().into());
        RowRecord {
            line: row.cells.line(),
            document: self.document.clone(),
            collection: Collection::Persons,
            record: id,
            label: format!("{} {}", self.site, row.name),
            known_by: vec![("site", self.site.as_str().into())],
            says: vec![
                ("name", Some(row.name.as_str().into())),
                ("role", role),
                ("phone", phone),
            ],
            implies: Vec::new(),
        }
    }

    fn gone(&self, claimed: &BTreeSet<RecordId>) -> Vec<GoneRecord> {
        let Some(view) = self.view else {
            return Vec::new();
        };
        view.present::<Person>()
            .filter(|(person, entry)| {
                entry.fields().contains_key(IMPORTED) && !claimed.contains(&person.id)
            })
            .map(|(person, _)| GoneRecord {
                document: self.document.clone(),
                record: person.id,
                label: format!("{} {}", self.site, person.name),
            })
            .collect()
    }
}
