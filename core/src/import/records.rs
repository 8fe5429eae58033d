use jiff::civil::DateTime;

use super::clean;
use super::header::{Cells, Column, Header};
use super::held::Held;
use super::plan::{GoneRecord, Plan, PlannedRow, UpdatedRow};
use super::reconcile::{IMPORTED, RowRecord, read};
use super::record_row::Row;
use super::row_error::{ImportError, RowError};
use super::table::Table;
use crate::document::{Kind, Name, SiteKey};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{ChangeError, Entry, Field, FieldReader, RecordId, RecordKind, Value};
use crate::rules::Text;

/// Plans the import of records of any kind, as its table of fields says. `site` is the one for rows that name none.
///
/// A column may have a field's name or its label in either language. Where something lasts, a column `date` may give the day
/// of times that have none. A row is known by what its kind says, or by its id where there is a column `id`: then it may
/// say that the record starts in another month, and the record moves there. `now` is the time on the wall.
///
/// # Errors
/// Every row that cannot be understood; nothing is then imported.
pub fn plan_records(
    kind: &'static RecordKind,
    table: &Table,
    site: Option<&SiteKey>,
    held: &Held<'_>,
    now: DateTime,
) -> Result<Plan, ImportError> {
    plan_with(kind, table, site, (held, now), &[], |_, _, _| {})
}

/// As [`plan_records`], for files with `more` columns; `then` is told the rows once all of their records are planned.
pub(super) fn plan_with(
    kind: &'static RecordKind,
    table: &Table,
    site: Option<&SiteKey>,
    (held, now): (&Held<'_>, DateTime),
    more: &[Column<'static>],
    then: impl FnOnce(Vec<Cells<'_>>, &mut Plan, &mut Vec<RowError>),
) -> Result<Plan, ImportError> {
    let labels: Vec<[String; 1]> = kind
        .fields
        .iter()
        .map(|field| [clean::word(field.label.en)])
        .collect();
    let others: Vec<[&str; 1]> = labels.iter().map(|[label]| [label.as_str()]).collect();
    let mut known = columns(kind, &others);
    known.extend_from_slice(more);
    let (header, mut plan) = Header::begin(table, &known)?;
    let importer = Importer {
        kind,
        given: site,
        held,
        now,
    };
    let mut errors = Vec::new();
    let mut rows: BTreeMap<RecordId, Row<'_>> = BTreeMap::new();
    for cells in header.rows() {
        let Some(row) = importer.row(cells, &mut plan, &mut errors) else {
            continue;
        };
        match rows.get(&row.record) {
            None => {
                rows.insert(row.record, row);
            }
            Some(first) => row.repeats(first, &mut plan, &mut errors),
        }
    }
    let mut rows = importer.as_held(rows);
    rows.sort_by_key(|row| row.cells.line());
    let claimed: BTreeSet<RecordId> = rows.iter().map(|row| row.record).collect();
    let cells: Vec<Cells<'_>> = rows.iter().map(|row| row.cells).collect();
    let sites: BTreeSet<Option<SiteKey>> = rows.iter().map(|row| row.site.clone()).collect();
    for row in rows {
        importer.write(row, &mut plan, &mut errors);
    }
    if errors.is_empty() {
        then(cells, &mut plan, &mut errors);
    }
    if !errors.is_empty() {
        return Err(ImportError::in_file_order(errors));
    }
    importer.gone(&claimed, &sites, &mut plan);
    Ok(plan)
}

/// What the last import of a file said of a record, by field.
pub fn imported_fields(entry: &Entry) -> Option<BTreeMap<String, String>> {
    entry.fields().get(IMPORTED)?.as_text().map(read)
}

/// The columns that a kind's fields may have, the row's id, whose it is where no field says so, and the day of its times.
fn columns<'a>(kind: &'static RecordKind, others: &'a [[&'a str; 1]]) -> Vec<Column<'a>> {
    let field = |(field, others): (&Field, &'a [&'a str; 1])| Column {
        field: field.name,
        zh: field.label.zh,
        others,
        // The site may be given for the whole file.
        required: field.required && field.name != "site",
    };
    let more = |field, zh| Column {
        field,
        zh,
        others: &[],
        required: false,
    };
    let mut columns: Vec<Column<'a>> = kind
        .fields
        .iter()
        .zip(others)
        .map(|pair| Column {
            field: pair.0.name,
            ..field(pair)
        })
        .collect();
    columns.push(more("id", "编号"));
    if !kind.has("site") && kind.document_kind() != Some(Kind::Sites) {
        columns.push(more("site", "站点"));
    }
    if kind.lasts.is_some() && !kind.has("date") {
        columns.push(more("date", "日期"));
    }
    columns
}

pub(super) struct Importer<'h> {
    pub(super) kind: &'static RecordKind,
    pub(super) given: Option<&'h SiteKey>,
    pub(super) held: &'h Held<'h>,
    now: DateTime,
}

/// Where a record is held.
#[derive(Clone, Copy)]
struct Place<'h> {
    document: &'h Name,
    entry: &'h Entry,
}

impl<'h> Importer<'h> {
    /// Whether each record has one site: a field says which, or the document it is in.
    pub(super) fn has_site(&self) -> bool {
        let required = |field: &Field| field.name == "site" && field.required;
        self.kind.document_kind() != Some(Kind::Sites) || self.kind.fields.iter().any(required)
    }

    /// The fields that tell rows apart.
    fn identity(&self) -> Vec<&'static str> {
        let kind = self.kind;
        let named = if kind.known_by.is_empty() {
            kind.rows_by
        } else {
            kind.known_by
        };
        if named.is_empty() {
            let required = kind.fields.iter().filter(|field| field.required);
            return required.map(|field| field.name).collect();
        }
        named.to_vec()
    }

    /// What a row or a record is known by in words.
    fn content(&self, site: Option<&SiteKey>, values: &BTreeMap<String, Value>) -> Vec<String> {
        let text = |field: &str| values.get(field).map(Value::to_string).unwrap_or_default();
        let site = site.map(ToString::to_string).unwrap_or_default();
        let fields = self
            .identity()
            .into_iter()
            .map(|field| clean::name_key(&text(field)));
        [site].into_iter().chain(fields).collect()
    }

    /// From the row alone, so that it is the same on a replica that holds something else or nothing.
    pub(super) fn id_of(
        &self,
        site: Option<&SiteKey>,
        values: &BTreeMap<String, Value>,
    ) -> RecordId {
        self.kind.own_id(values).unwrap_or_else(|| {
            let parts = self.content(site, values);
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            self.kind.natural_id(&parts)
        })
    }

    fn site_of(&self, document: &Name, entry: &Entry) -> Option<SiteKey> {
        if !self.has_site() {
            return None;
        }
        let own = FieldReader::new(entry.fields())
            .site("site")
            .filter(|_| self.kind.has("site"));
        own.or_else(|| document.site().cloned())
    }

    /// Where a record is held: not where it was before it moved. Where the document alone says whose a record is, one name is
    /// one id at every site, and another site's is another record.
    fn locate(&self, record: RecordId, place: &Name) -> Option<Place<'h>> {
        let held = self.held.records(self.kind).filter(|(name, entry)| {
            entry.record().id() == record && (self.kind.has("site") || name.site() == place.site())
        });
        let mut places: Vec<Place<'h>> = held
            .map(|(document, entry)| Place { document, entry })
            .collect();
        places.sort_by_key(|found| (found.entry.removed_at().is_some(), found.document != place));
        places.first().copied()
    }

    /// The rows, each with the record that is held for it: typed by a person, or imported with another id and changed since, it
    /// is the same record all the same.
    fn as_held<'a>(&self, rows: BTreeMap<RecordId, Row<'a>>) -> Vec<Row<'a>> {
        let mut unclaimed: BTreeMap<Vec<String>, Vec<RecordId>> = BTreeMap::new();
        for (document, entry) in self.held.records(self.kind) {
            let id = entry.record().id();
            if entry.removed_at().is_none() && !rows.contains_key(&id) {
                let site = self.site_of(document, entry);
                let content = self.content(site.as_ref(), entry.fields());
                unclaimed.entry(content).or_default().push(id);
            }
        }
        let mut out = Vec::new();
        for (_, mut row) in rows {
            if !row.has_id && self.locate(row.record, &row.place).is_none() {
                let content = self.content(row.site.as_ref(), &row.values);
                if let Some([id]) = unclaimed.get(&content).map(Vec::as_slice) {
                    row.record = *id;
                }
            }
            out.push(row);
        }
        out
    }

    fn write(&self, row: Row<'_>, plan: &mut Plan, errors: &mut Vec<RowError>) {
        let Some(place) = self.locate(row.record, &row.place) else {
            return self.row_record(&row, &row.place).reconcile(None, plan);
        };
        let record = self.row_record(&row, place.document);
        let planned = PlannedRow {
            line: record.line,
            document: place.document.clone(),
            record: record.record,
            label: record.label.clone(),
        };
        if place.entry.removed_at().is_some() {
            plan.removed.push(planned);
            return;
        }
        let elsewhere = self
            .site_of(place.document, place.entry)
            .filter(|site| Some(site) != row.site.as_ref());
        if let Some(site) = elsewhere.filter(|_| row.has_id) {
            errors.push(*refusal(&row.cells, &ChangeError::OtherSite { site }));
            return;
        }
        let changes = record.changes(place.entry);
        let mut fields: BTreeMap<String, Value> = changes
            .iter()
            .map(|change| (change.field.clone(), change.to.clone()))
            .collect();
        let stamp = record.stamp(place.entry);
        if place.entry.fields().get(IMPORTED) != Some(&stamp) {
            fields.insert(IMPORTED.to_owned(), stamp);
        }
        match self
            .kind
            .change(place.document, place.entry, fields, self.now)
        {
            Ok(edits) => plan.edits.extend(edits),
            Err(error) => errors.push(*refusal(&row.cells, &error)),
        }
        if changes.is_empty() {
            plan.unchanged.push(planned);
        } else {
            plan.updated.push(UpdatedRow {
                row: planned,
                fields: changes,
            });
        }
    }

    fn row_record(&self, row: &Row<'_>, document: &Name) -> RowRecord {
        let kind = self.kind;
        let is_known = |field: &str| {
            let site = field == "site" && self.has_site();
            // With its id, a row may correct what records of its kind are otherwise told apart by.
            site || kind.known_by.contains(&field) && !row.has_id
        };
        let (mut known_by, mut says) = (Vec::new(), Vec::new());
        for field in kind.fields {
            let Some(value) = row.values.get(field.name) else {
                continue;
            };
            if is_known(field.name) {
                known_by.push((field.name, value.clone()));
            } else {
                says.push((field.name, Some(value.clone())));
            }
        }
        RowRecord {
            line: row.cells.line(),
            document: document.clone(),
            collection: kind.collection,
            record: row.record,
            label: kind.caption(&row.values),
            known_by,
            says,
            implies: Vec::new(),
        }
    }

    /// The records of the file's sites that an earlier file had, and this one has not. Those that came here from another month
    /// are another file's.
    fn gone(
        &self,
        claimed: &BTreeSet<RecordId>,
        sites: &BTreeSet<Option<SiteKey>>,
        plan: &mut Plan,
    ) {
        let rows = plan
            .added
            .iter()
            .chain(&plan.unchanged)
            .chain(plan.updated.iter().map(|row| &row.row));
        let documents: BTreeSet<Name> = rows.map(|row| row.document.clone()).collect();
        let mut gone = Vec::new();
        for (document, entry) in self.held.records(self.kind) {
            let record = entry.record().id();
            let Some(said) = imported_fields(entry) else {
                continue;
            };
            if entry.removed_at().is_some()
                || claimed.contains(&record)
                || !documents.contains(document)
                || !sites.contains(&self.site_of(document, entry))
            {
                continue;
            }
            let said = said.into_iter().filter(|(_, value)| !value.is_empty());
            let said: BTreeMap<String, Value> =
                said.map(|(field, value)| (field, value.into())).collect();
            let of = self.kind.place(document.site(), &said);
            if of.is_none_or(|of| of == *document || of.site() != document.site()) {
                gone.push(GoneRecord {
                    document: document.clone(),
                    record,
                    label: self.kind.caption(entry.fields()),
                });
            }
        }
        gone.sort();
        plan.gone = gone;
    }
}

fn refusal(cells: &Cells<'_>, error: &ChangeError) -> Box<RowError> {
    let (field, expected) = match error {
        ChangeError::KnownBy { field } => (
            *field,
            Text::new(
                "原来的内容（记录由它识别，不能改）",
                "what it was (the record is known by it)",
            ),
        ),
        ChangeError::OtherSite { site } => (
            "site",
            Text::of(
                format_args!("{site}（记录不能换站点）"),
                format_args!("{site} (a record stays at its site)"),
            ),
        ),
        ChangeError::Once { .. } => (
            "",
            Text::new("不再改动的记录", "a record that stays as it is"),
        ),
    };
    cells.error(field, expected)
}
