use jiff::civil::{DateTime, Time};

use super::case_row::{Came, CaseRow, columns};
use super::held::Held;
use super::plan::{FieldUpdate, Plan, PlannedRow, UpdatedRow};
use super::records::plan_with;
use super::row_error::{ImportError, RowError};
use super::table::Table;
use crate::document::{Name, SiteKey};
use crate::mediation::{MediationError, Proceedings, proceedings, take};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{
    Agreement, Case, Collection, Edit, FieldReader, Mediator, Party, RecordId, Side, Stage, Step,
    Typed, Value, View,
};
use crate::rules::Text;

/// Plans the import of a register of disputes: a case for each row, and what the row says came of it.
///
/// Beside the columns that [`plan_records`](super::plan_records) knows of a case, a register may name its parties, its mediators, when it
/// was taken up, what came of it and when, what was agreed on, when that was confirmed, and when it was closed. Steps are written once
/// and have no columns of their own: the row implies them, with ids that follow from the case, so that a register that is read twice
/// enters them once, here and on another replica. Of a case that people took steps with, only the result is compared.
///
/// # Errors
/// Every row that cannot be understood, or says otherwise than the register here; nothing is then imported.
pub fn plan_cases(
    table: &Table,
    site: Option<&SiteKey>,
    held: &Held<'_>,
    now: DateTime,
) -> Result<Plan, ImportError> {
    plan_with(
        &Case::KIND,
        table,
        site,
        (held, now),
        &columns(),
        |rows, plan, errors| {
            let places = places(plan);
            for cells in rows {
                let Some((document, record)) = places.get(&cells.line()) else {
                    continue;
                };
                let Some(row) = CaseRow::read(cells, &Past { held, now }, errors) else {
                    continue;
                };
                let importer = Importer {
                    document,
                    view: held.view(document),
                    file: &table.file,
                };
                match importer.write(&row, *record, plan) {
                    Ok(Some(stage)) => tell(plan, cells.line(), stage),
                    Ok(None) => {}
                    Err(error) => errors.push(*error),
                }
            }
        },
    )
}

/// What is known while rows are read.
#[derive(Clone, Copy)]
pub(super) struct Past<'h> {
    pub(super) held: &'h Held<'h>,
    pub(super) now: DateTime,
}

/// Where each row's case is, by line; not those that were removed.
fn places(plan: &Plan) -> BTreeMap<usize, (Name, RecordId)> {
    let updated = plan.updated.iter().map(|row| &row.row);
    let rows = plan.added.iter().chain(&plan.unchanged).chain(updated);
    rows.map(|row| (row.line, (row.document.clone(), row.record)))
        .collect()
}

/// A row that changes nothing but how far its case has come changes it all the same.
fn tell(plan: &mut Plan, line: usize, (from, to): (Stage, Stage)) {
    let update = FieldUpdate {
        field: "stage".to_owned(),
        from: Some(from.as_str().into()),
        to: to.as_str().into(),
    };
    let of_line = |row: &PlannedRow| row.line == line;
    if let Some(row) = plan.updated.iter_mut().find(|row| of_line(&row.row)) {
        row.fields.push(update);
    } else if let Some(place) = plan.unchanged.iter().position(of_line) {
        let row = plan.unchanged.remove(place);
        let fields = vec![update];
        plan.updated.push(UpdatedRow { row, fields });
    }
}

struct Importer<'a> {
    document: &'a Name,
    /// What is held of it.
    view: Option<&'a View>,
    file: &'a str,
}

/// A step that a row implies.
struct Implied {
    stage: Stage,
    at: DateTime,
    by: String,
    note: String,
    made: Option<RecordId>,
    /// The column that says so.
    field: &'static str,
}

impl Importer<'_> {
    /// The edits for what came of a case; from which stage to which it comes by them, if it does.
    fn write(
        &self,
        row: &CaseRow<'_>,
        record: RecordId,
        plan: &mut Plan,
    ) -> Result<Option<(Stage, Stage)>, Box<RowError>> {
        let held = self.view.and_then(proceedings);
        let case = match &held {
            Some(held) => held.case.clone(),
            None => planned(record, &plan.edits),
        };
        let implied = self.implied(row, &case);
        let ids: BTreeSet<RecordId> = implied.iter().map(|step| id_of(&case, step)).collect();
        if let Some(held) = &held
            && held.steps.iter().any(|of| !ids.contains(&of.step.id))
            && !self.is_imported(&case, held)
        {
            return agrees(row, held).map(|()| None);
        }
        let mut edits = Vec::new();
        let parties = self.parties(row, &case, &mut edits);
        let mediators = self.mediators(row, &case, &mut edits);
        let agreement = self.agreement(row, &case, &mut edits);
        let mut with = held.unwrap_or_else(|| Proceedings::new(&case));
        with.parties.extend(&parties);
        with.mediators.extend(&mediators);
        with.agreements.extend(&agreement);
        let from = with.stage;
        let to = self.steps(row, &with, implied, &mut edits)?;
        plan.edits.extend(edits);
        Ok((from != to).then_some((from, to)))
    }

    /// Whether all steps of a case are those that an import makes of it: an earlier file may have said more.
    fn is_imported(&self, case: &Case, held: &Proceedings<'_>) -> bool {
        held.steps.iter().all(|placed| {
            let step = placed.step;
            step.id == imported_id(case, step.stage, &step.by)
        })
    }

    /// The steps that a row implies, in their order.
    fn implied(&self, row: &CaseRow<'_>, case: &Case) -> Vec<Implied> {
        let step = |stage, at, field| Implied {
            stage,
            at,
            by: String::new(),
            note: String::new(),
            made: None,
            field,
        };
        // Why it was so need not be in a register; then it says where to look.
        let why = |text: &str| match text {
            "" => format!("见登记簿 {}", self.file),
            text => text.to_owned(),
        };
        let mut steps = Vec::new();
        let taken_up = row.accepted.unwrap_or(row.received);
        let is_declined = row.result == Some(Came::Declined);
        let is_taken_up = row.accepted.is_some() || !row.mediators.is_empty();
        if !is_declined && (is_taken_up || row.result.is_some()) {
            steps.push(step(Stage::Accepted, taken_up, "accepted"));
        }
        for name in &row.mediators {
            steps.push(Implied {
                by: name.clone(),
                made: Some(Mediator::id_of(&case.site, &case.case, name)),
                ..step(Stage::Assigned, taken_up, "mediator")
            });
        }
        let (Some(result), Some(at)) = (row.result, row.concluded) else {
            return steps;
        };
        let outcome = result.outcome();
        steps.push(Implied {
            note: match outcome {
                Stage::Failed | Stage::Declined => why(&row.reason),
                _ => row.reason.clone(),
            },
            ..step(outcome, at, "result")
        });
        if let Some(confirmation) = result.confirmation() {
            let confirmed = row.confirmed.unwrap_or(at);
            steps.push(step(Stage::Referred, at, "result"));
            let note = match confirmation {
                Stage::Unratified => why(&row.reason),
                _ => String::new(),
            };
            steps.push(Implied {
                note,
                ..step(confirmation, confirmed, "confirmed")
            });
        }
        if let Some(closed) = row
            .closed
            .filter(|_| !crate::mediation::FLOW.is_over(outcome))
        {
            steps.push(step(Stage::Closed, closed, "closed"));
        }
        steps
    }

    /// Takes the steps that are not on the timeline yet; answers the stage that it comes to.
    fn steps(
        &self,
        row: &CaseRow<'_>,
        with: &Proceedings<'_>,
        implied: Vec<Implied>,
        edits: &mut Vec<Edit>,
    ) -> Result<Stage, Box<RowError>> {
        let case = with.case;
        let mut steps = Vec::new();
        for of in implied {
            let id = id_of(case, &of);
            match with.steps.iter().find(|known| known.step.id == id) {
                // Steps are written once: what is wrong with one, people put right by another.
                Some(known) if !is_same_minute(known.step.at, of.at) => {
                    let at = known.step.at.to_string().replace('T', " ");
                    return Err(row.cells.error(of.field, stays(&at, &at)));
                }
                Some(_) => {}
                None => steps.push(Step {
                    id,
                    about: None,
                    after: None,
                    stage: of.stage,
                    at: of.at,
                    by: of.by,
                    note: of.note,
                    made: of.made,
                    removed_at: None,
                }),
            }
        }
        let to = steps.last().map_or(with.stage, |step| step.stage);
        let taken = take(self.document, with, steps);
        let taken = taken.map_err(|error| match error {
            MediationError::Party(_) => {
                let other = Text::new("当事人以外的人", "somebody who is no party to the case");
                row.cells.error("mediator", other)
            }
            error => row.cells.error("result", error.text()),
        })?;
        edits.extend(taken);
        Ok(to)
    }

    fn parties(&self, row: &CaseRow<'_>, case: &Case, edits: &mut Vec<Edit>) -> Vec<Party> {
        let sides = [
            (Side::Applicant, &row.applicants),
            (Side::Respondent, &row.respondents),
        ];
        let named = sides
            .into_iter()
            .flat_map(|(side, names)| names.iter().map(move |name| (side, name)));
        let parties = named.map(|(side, name)| Party::new(&case.site, &case.case, name, side));
        self.unknown(
            parties.collect(),
            |party| party.id,
            Collection::Parties,
            edits,
        )
    }

    fn mediators(&self, row: &CaseRow<'_>, case: &Case, edits: &mut Vec<Edit>) -> Vec<Mediator> {
        let mediators = row.mediators.iter().map(|name| Mediator {
            id: Mediator::id_of(&case.site, &case.case, name),
            site: case.site.clone(),
            case: case.case.clone(),
            name: name.clone(),
            post: row.post.clone(),
            of: None,
            person: None,
            note: String::new(),
            removed_at: None,
        });
        let id = |mediator: &Mediator| mediator.id;
        self.unknown(mediators.collect(), id, Collection::Mediators, edits)
    }

    fn agreement(&self, row: &CaseRow<'_>, case: &Case, edits: &mut Vec<Edit>) -> Vec<Agreement> {
        let agreed = row.result.filter(|of| of.outcome() == Stage::Agreed);
        let (Some(result), Some(at)) = (agreed, row.concluded) else {
            return Vec::new();
        };
        let parts = ["imported", case.site.as_str(), &case.case];
        let id = RecordId::natural(Collection::Agreements, &parts);
        let agreement = Agreement {
            site: case.site.clone(),
            case: case.case.clone(),
            signed: Some(at.date()),
            amount: row.agreed_amount,
            confirm: result.confirmation().is_some(),
            ..Agreement::read(id, &FieldReader::new(&BTreeMap::new()))
        };
        self.unknown(vec![agreement], |of| of.id, Collection::Agreements, edits)
    }

    /// Those that nobody has entered, with the edits that do.
    fn unknown<T: Typed>(
        &self,
        all: Vec<T>,
        id: impl Fn(&T) -> RecordId,
        collection: Collection,
        edits: &mut Vec<Edit>,
    ) -> Vec<T> {
        let known = |one: &T| {
            let entry = self.view.and_then(|view| view.entry(collection, id(one)));
            entry.is_some()
        };
        let new: Vec<T> = all.into_iter().filter(|one| !known(one)).collect();
        edits.extend(new.iter().flat_map(|one| one.create(self.document)));
        new
    }
}

/// The case that edits make.
fn planned(record: RecordId, edits: &[Edit]) -> Case {
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    for edit in edits {
        if let Edit::Set { field, value, .. } = edit
            && edit.place().1 == record
        {
            fields.insert(field.clone(), value.clone());
        }
    }
    Case::read(record, &FieldReader::new(&fields))
}

fn id_of(case: &Case, step: &Implied) -> RecordId {
    imported_id(case, step.stage, &step.by)
}

/// The id of a step that a register implies: a case may be given to several.
fn imported_id(case: &Case, stage: Stage, by: &str) -> RecordId {
    let by = if stage == Stage::Assigned { by } else { "" };
    let parts = [
        "imported",
        case.site.as_str(),
        &case.case,
        stage.as_str(),
        by,
    ];
    RecordId::natural(Collection::Timeline, &parts)
}

/// Whether a row says of a case what its own steps say.
fn agrees(row: &CaseRow<'_>, held: &Proceedings<'_>) -> Result<(), Box<RowError>> {
    let Some(result) = row.result else {
        return Ok(());
    };
    let outcome = held.outcome().map(|(stage, _)| stage);
    let outcome = outcome.or_else(|| held.is_over().then_some(held.stage));
    let confirmed = held
        .counting()
        .rfind(|step| matches!(step.stage, Stage::Ratified | Stage::Unratified));
    let confirmed = confirmed.map(|step| step.stage);
    if outcome == Some(result.outcome())
        && result.confirmation().is_none_or(|of| confirmed == Some(of))
    {
        return Ok(());
    }
    let stage = held.stage.label();
    Err(row.cells.error("result", stays(stage.zh, stage.en)))
}

fn stays(zh: &str, en: &str) -> Text {
    Text::of(
        format_args!("“{zh}”，或留空（办案记录里是这样，导入不改它；要改，用 case 的各个步骤）"),
        format_args!(
            "\"{en}\", or nothing (the case's steps say so, and an import leaves them; the commands of case take others)"
        ),
    )
}

/// Registers say no seconds.
fn is_same_minute(one: DateTime, other: DateTime) -> bool {
    one.duration_until(other).as_mins() == 0
}

/// The first moment of a day, or the time before it where that is of the same day: steps of one day keep their order.
pub(super) fn on_day(date: jiff::civil::Date, before: DateTime) -> DateTime {
    date.to_datetime(Time::MIN).max(before)
}
