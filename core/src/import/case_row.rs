use jiff::civil::DateTime;

use super::cases::{Past, on_day};
use super::cell::noted;
use super::clean;
use super::date::parse_date;
use super::header::{Cells, Column};
use super::moment::parse_moment;
use super::row_error::RowError;
use super::value::read_field;
use crate::records::{Agreement, Stage, Typed};
use crate::rules::Text;

/// What a register says came of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    Agreed,
    Failed,
    Withdrawn,
    Declined,
    /// The parties agreed, and that was confirmed.
    Ratified,
    /// They did, and it was not.
    Unratified,
}

/// Each result with the words for it, folded; the first is how it is exported.
const RESULTS: [(Came, &[&str]); 6] = [
    (
        Came::Agreed,
        &["已达成协议", "达成协议", "调解成功", "成功", "agreed"],
    ),
    (
        Came::Failed,
        &["调解不成", "未达成协议", "不成", "失败", "failed"],
    ),
    (
        Came::Withdrawn,
        &["已撤回", "撤回", "撤回申请", "withdrawn"],
    ),
    (
        Came::Declined,
        &["未受理", "不予受理", "不受理", "declined"],
    ),
    (
        Came::Ratified,
        &[
            "已司法确认",
            "司法确认",
            "confirmedjudicially",
            "ratified",
            "confirmed",
        ],
    ),
    (
        Came::Unratified,
        &["未获确认", "未获司法确认", "notconfirmed", "unratified"],
    ),
];

impl Came {
    /// What came of the mediation.
    pub(super) const fn outcome(self) -> Stage {
        match self {
            Self::Agreed | Self::Ratified | Self::Unratified => Stage::Agreed,
            Self::Failed => Stage::Failed,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Declined => Stage::Declined,
        }
    }

    /// What a court or a tribunal said of the agreement, if it did.
    pub(super) const fn confirmation(self) -> Option<Stage> {
        match self {
            Self::Ratified => Some(Stage::Ratified),
            Self::Unratified => Some(Stage::Unratified),
            Self::Agreed | Self::Failed | Self::Withdrawn | Self::Declined => None,
        }
    }
}

/// What a register has beside the fields of a case.
pub(super) fn columns() -> Vec<Column<'static>> {
    let column = |field, zh, others| Column {
        field,
        zh,
        others,
        required: false,
    };
    vec![
        column("applicant", "申请人", &["applicants"]),
        column("respondent", "被申请人", &["respondents"]),
        column("mediator", "调解员", &["mediators", "承办人", "经办人"]),
        column("post", "岗位", &[]),
        column("accepted", "受理时间", &["受理日期"]),
        column("result", "结果", &["outcome", "调解结果", "处理结果"]),
        column("concluded", "办结时间", &["办结日期", "调解日期"]),
        column("agreed_amount", "协议金额", &["agreedamount"]),
        column("confirmed", "确认时间", &["司法确认时间", "确认日期"]),
        column("closed", "结案时间", &["结案日期"]),
        column("reason", "原因", &["不成原因"]),
    ]
}

/// What a row of a register says beside the fields of its case.
pub(super) struct CaseRow<'a> {
    pub(super) cells: Cells<'a>,
    pub(super) received: DateTime,
    pub(super) applicants: Vec<String>,
    pub(super) respondents: Vec<String>,
    pub(super) mediators: Vec<String>,
    pub(super) post: String,
    pub(super) accepted: Option<DateTime>,
    pub(super) result: Option<Came>,
    /// When it came to the result: when it was closed, where that alone is said.
    pub(super) concluded: Option<DateTime>,
    pub(super) agreed_amount: Option<f64>,
    pub(super) confirmed: Option<DateTime>,
    pub(super) closed: Option<DateTime>,
    pub(super) reason: String,
}

impl<'a> CaseRow<'a> {
    /// The row, or every error in it.
    pub(super) fn read(
        cells: Cells<'a>,
        past: &Past<'_>,
        errors: &mut Vec<RowError>,
    ) -> Option<Self> {
        let before = errors.len();
        // Understood before, as a field of the case.
        let received = parse_moment(cells.raw("received")).unwrap_or(DateTime::ZERO);
        let mut last = received;
        let mut time = |field: &'static str, errors: &mut Vec<RowError>| {
            let at = noted(moment(&cells, field, last, past.now), errors).flatten();
            last = at.unwrap_or(last);
            at
        };
        let accepted = time("accepted", errors);
        let concluded = time("concluded", errors);
        let confirmed = time("confirmed", errors);
        let closed = time("closed", errors);
        let read = noted(result(&cells), errors);
        let is_misread = read.is_none();
        let result = read.flatten();
        let agreed_amount = noted(amount(&cells, past), errors).flatten();
        let mediators = names(&cells, "mediator");
        let concluded = concluded.or(closed);
        match (result, concluded) {
            (Some(_), None) => errors.push(*cells.error("concluded", when())),
            (Some(result), Some(_)) => {
                let needs = matches!(result.outcome(), Stage::Agreed | Stage::Failed);
                if needs && mediators.is_empty() {
                    let expected = Text::new(
                        "调解员的姓名（有结果的案件要写明谁调解的）",
                        "the mediator's name (whoever brought it to its result)",
                    );
                    errors.push(*cells.error("mediator", expected));
                }
            }
            (None, Some(_)) if !is_misread => errors.push(*cells.error("result", one_of())),
            (None, _) => {}
        }
        (errors.len() == before).then(|| Self {
            received,
            applicants: names(&cells, "applicant"),
            respondents: names(&cells, "respondent"),
            mediators,
            post: cells.text("post"),
            accepted,
            result,
            concluded,
            agreed_amount,
            confirmed,
            closed,
            reason: cells.text("reason"),
            cells,
        })
    }
}

/// The names in a cell.
fn names(cells: &Cells<'_>, field: &str) -> Vec<String> {
    let text = clean::blanks(cells.raw(field));
    let names = text
        .split(['、', '，', ',', ';', '；', '/'])
        .map(clean::name);
    let mut found: Vec<String> = Vec::new();
    for name in names.filter(|name| !name.is_empty()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// A time or a day that is no earlier than what came before it, and not to come.
fn moment(
    cells: &Cells<'_>,
    field: &'static str,
    before: DateTime,
    now: DateTime,
) -> Result<Option<DateTime>, Box<RowError>> {
    let text = cells.raw(field);
    if clean::blanks(text).is_empty() {
        return Ok(None);
    }
    let at = match parse_date(text, None) {
        Some(date) if date >= before.date() => Some(on_day(date, before)),
        Some(_) => None,
        None => parse_moment(text),
    };
    let at = at.filter(|at| *at >= before && *at <= now);
    at.map(Some).ok_or_else(|| {
        let from = before.to_string().replace('T', " ");
        let expected = Text::of(
            format_args!("不早于 {from}、不晚于今天的日期或时间，如 2026-12-03、2026-12-03 08:00"),
            format_args!(
                "a day or a time from {from} up to today, like 2026-12-03 or 2026-12-03 08:00"
            ),
        );
        cells.error(field, expected)
    })
}

fn result(cells: &Cells<'_>) -> Result<Option<Came>, Box<RowError>> {
    let word = clean::word(cells.raw("result"));
    if word.is_empty() {
        return Ok(None);
    }
    let mut known = RESULTS.iter();
    let found = known.find(|(_, words)| words.contains(&word.as_str()));
    found
        .map(|(result, _)| Some(*result))
        .ok_or_else(|| cells.error("result", one_of()))
}

fn amount(cells: &Cells<'_>, past: &Past<'_>) -> Result<Option<f64>, Box<RowError>> {
    let kind = &Agreement::KIND;
    let mut fields = kind.fields.iter();
    let Some(field) = fields.find(|field| field.name == "amount") else {
        return Ok(None);
    };
    let read = read_field(kind, field, cells.raw("agreed_amount"), None, past.held);
    let (value, _) = read.map_err(|expected| cells.error("agreed_amount", expected))?;
    Ok(value.as_float())
}

fn when() -> Text {
    Text::new(
        "有结果的时间或日期（办结时间或结案时间）",
        "when it came to the result, or when it was closed",
    )
}

fn one_of() -> Text {
    let zh: Vec<&str> = RESULTS
        .iter()
        .filter_map(|(_, words)| words.first().copied())
        .collect();
    let en: Vec<&str> = RESULTS
        .iter()
        .filter_map(|(_, words)| words.last().copied())
        .collect();
    Text::of(
        format_args!("{}之一", zh.join("、")),
        format_args!("one of {}", en.join(", ")),
    )
}
