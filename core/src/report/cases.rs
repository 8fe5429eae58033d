//! Disputes: how many came in, what came of them, and how long that took.

use jiff::civil::{Date, DateTime};

use super::{Cell, Column, ColumnKind, Documents, Period, Report};
use crate::civil::WorkCalendar;
use crate::document::{Kind, Month, Name, SiteKey};
use crate::mediation::{Proceedings, Tally, fen, proceedings};
use crate::ordered::{self, BTreeMap, BTreeSet};
use crate::records::{Label, Side, Stage};
use crate::rules::Text;

/// The cases of a period, of one site or of all.
///
/// A case counts as received on the day on which it was registered, and as concluded on the day on which the parties agreed, did not, or
/// withdrew it: these may lie in different months. What is open or overdue is so at the time handed in.
#[derive(Debug)]
pub struct Cases<'a> {
    documents: &'a Documents<'a>,
    period: Period,
    site: Option<SiteKey>,
    now: DateTime,
    calendar: WorkCalendar,
    cases: Vec<(&'a SiteKey, Proceedings<'a>)>,
}

/// What the rows of a table are told apart by: how a row begins.
type Row = (Vec<String>, Vec<Cell>);

impl<'a> Cases<'a> {
    /// Looks for the cases of a period, of `site` or of all.
    #[must_use]
    pub fn new(
        documents: &'a Documents<'a>,
        period: Period,
        site: Option<SiteKey>,
        now: DateTime,
    ) -> Self {
        let all = documents.of_kind(Kind::Cases);
        let cases = all.filter_map(|(name, view)| {
            let at = name
                .site()
                .filter(|at| site.as_ref().is_none_or(|site| site == *at))?;
            Some((at, proceedings(view)?))
        });
        Self {
            calendar: WorkCalendar::of(documents.view(&Name::Sites)),
            cases: cases.collect(),
            documents,
            period,
            site,
            now,
        }
    }

    /// By month.
    #[must_use]
    pub fn by_month(&self) -> Report {
        let column = Column::new("month", "月份", "month", ColumnKind::Text);
        self.table("cases_by_month", vec![column], |_, _, date| {
            let name = Month::of(date).map(|month| month.to_string());
            let name = name.unwrap_or_default();
            (vec![name.clone()], vec![Cell::Text(name)])
        })
    }

    /// By the way in which they are mediated.
    #[must_use]
    pub fn by_mode(&self) -> Report {
        let column = Column::new("mode", "方式", "mode", ColumnKind::Text);
        self.table("cases_by_mode", vec![column], |_, case, _| {
            let mode = case.case.mode;
            choice(mode as usize, mode.as_str(), mode.label())
        })
    }

    /// By what they are about.
    #[must_use]
    pub fn by_claim(&self) -> Report {
        let column = Column::new("claim", "争议类型", "claim", ColumnKind::Text);
        self.table("cases_by_claim", vec![column], |_, case, _| {
            let claim = case.case.claim;
            choice(claim as usize, claim.as_str(), claim.label())
        })
    }

    /// By site.
    #[must_use]
    pub fn by_site(&self) -> Report {
        let column = Column::new("site", "站点", "site", ColumnKind::Text);
        self.table("cases_by_site", vec![column], |site, _, _| {
            (vec![site.to_string()], vec![self.documents.site_cell(site)])
        })
    }

    /// By quarter and site, as the joint meeting of court, union and authorities looks at them each quarter.
    #[must_use]
    pub fn by_quarter(&self) -> Report {
        let columns = vec![
            Column::new("quarter", "季度", "quarter", ColumnKind::Text),
            Column::new("site", "站点", "site", ColumnKind::Text),
        ];
        let mut report = self.table("cases_by_quarter", columns, |site, _, date| {
            let quarter = (date.month() + 2) / 3;
            let name = format!("{:04}-Q{quarter}", date.year());
            let text = Text::new(format!("{}年第{quarter}季度", date.year()), name.clone());
            let cells = vec![
                Cell::Named(name.clone(), text),
                self.documents.site_cell(site),
            ];
            (vec![name, site.to_string()], cells)
        });
        report.title = self.title(
            "联席会议 调解工作季度统计",
            "Joint meeting: disputes by quarter",
        );
        report
    }

    /// Each case that came in or came to an outcome, as a register has them: by the time at which they came in.
    #[must_use]
    pub fn register(&self) -> Report {
        let is_of = |case: &Proceedings<'_>| {
            let concluded = case.outcome().map(|(_, at)| at.date());
            let days = [Some(case.case.received.date()), concluded];
            days.into_iter()
                .flatten()
                .any(|date| self.period.contains(date))
        };
        let mut cases: Vec<_> = self.cases.iter().filter(|(_, case)| is_of(case)).collect();
        ordered::sort_by_key(&mut cases, |(_, case)| {
            (case.case.received, &case.case.case, case.case.id)
        });
        let rows = cases.into_iter().map(|(site, case)| self.row(site, case));
        Report {
            name: "cases",
            title: self.title("调解案件登记簿", "Register of disputes"),
            subtitle: self.period.text(),
            columns: register_columns(),
            rows: rows.collect(),
            totals: Vec::new(),
            notes: self.notes(),
        }
    }

    fn row(&self, site: &SiteKey, case: &Proceedings<'_>) -> Vec<Cell> {
        let of = case.case;
        let choice = Cell::choice;
        let when = |at: DateTime| match at {
            DateTime::ZERO => Cell::Empty,
            at => Cell::DateTime(at),
        };
        let (zh, en) = case.title();
        let names: Vec<&str> = case.mediators.iter().map(|of| of.name.as_str()).collect();
        let outcome = case.outcome();
        let cycle = case.cycle(&self.calendar);
        let days = |days: Option<i64>| days.map_or(Cell::Empty, Cell::Amount);
        let late = case.overdue(&self.calendar, self.now);
        let late = late.map(|deadline| deadline.duty.label());
        vec![
            Cell::Text(of.case.clone()),
            self.documents.site_cell(site),
            Cell::Named(zh.clone(), Text::new(zh, en)),
            choice(of.mode.as_str(), of.mode.label()),
            choice(of.origin.as_str(), of.origin.label()),
            choice(of.claim.as_str(), of.claim.label()),
            Cell::Amount(case.people()),
            of.amount.map_or(Cell::Empty, |_| yuan(fen(of.amount))),
            when(of.received),
            Cell::Text(names.join("、")),
            choice(case.stage.as_str(), case.stage.label()),
            outcome.map_or(Cell::Empty, |(stage, _)| {
                choice(stage.as_str(), stage.label())
            }),
            outcome.map_or(Cell::Empty, |(_, at)| when(at)),
            days(cycle.map(|cycle| cycle.days)),
            days(cycle.map(|cycle| cycle.working_days)),
            late.map_or(Cell::Empty, |duty| choice(duty.en, duty)),
        ]
    }

    fn table(
        &self,
        name: &'static str,
        mut columns: Vec<Column>,
        row: impl Fn(&SiteKey, &Proceedings<'_>, Date) -> Row,
    ) -> Report {
        let mut rows: BTreeMap<Vec<String>, (Vec<Cell>, Tally)> = BTreeMap::new();
        let mut total = Tally::default();
        let heads = columns.len();
        for (site, case) in &self.cases {
            let counted = case.counted();
            let mut of = |date: Date, count: &dyn Fn(&mut Tally)| {
                if self.period.contains(date) {
                    let (key, cells) = row(site, case, date);
                    count(&mut rows.entry(key).or_insert((cells, Tally::default())).1);
                    count(&mut total);
                }
            };
            of(case.case.received.date(), &|tally| {
                tally.receive(&counted, &self.calendar, self.now);
            });
            if let Some((_, at)) = case.outcome() {
                of(at.date(), &|tally| tally.conclude(&counted, &self.calendar));
            }
        }
        columns.extend(figures());
        let rows = rows.into_iter().map(|(_, (mut row, tally))| {
            row.extend(cells(&tally));
            row
        });
        let mut totals = vec![Cell::Empty; heads];
        if let Some(first) = totals.first_mut() {
            *first = Cell::Named("total".to_owned(), Text::new("合计", "total"));
        }
        totals.extend(cells(&total));
        Report {
            name,
            title: self.title("调解案件统计", "Disputes"),
            subtitle: self.subtitle(),
            columns,
            rows: rows.collect(),
            totals,
            notes: self.notes(),
        }
    }

    fn title(&self, zh: &str, en: &str) -> Text {
        self.documents.title(self.site.as_ref(), zh, en)
    }

    fn subtitle(&self) -> Text {
        let period = self.period.text();
        Text::new(
            format!(
                "{} 登记的和办结的案件；成功率为达成协议数占协议与不成之和，确认率为司法确认数占协议数",
                period.zh
            ),
            format!(
                "registered or concluded {}; success: agreements among agreements and failures; confirmed: among agreements",
                period.en
            ),
        )
    }

    fn notes(&self) -> Vec<Text> {
        let lost = self.cases.iter();
        let lost = lost
            .filter(|(_, case)| case.case.received == DateTime::ZERO)
            .count();
        let mut notes = Vec::new();
        if lost > 0 {
            notes.push(Text::new(
                format!("有 {lost} 件看不出何时登记，没有计入收案"),
                format!(
                    "{lost} cases that do not say when they came in are not counted as received"
                ),
            ));
        }
        let years: BTreeSet<i16> = self
            .years()
            .filter(|year| !self.calendar.knows(*year))
            .collect();
        if !years.is_empty() {
            let years: Vec<String> = years.iter().map(ToString::to_string).collect();
            notes.push(Text::new(
                format!(
                    "没有 {} 年的节假日表，工作日按周一至周五计",
                    years.join("、")
                ),
                format!(
                    "no holidays of {} are held: working days are those from Monday to Friday",
                    years.join(", ")
                ),
            ));
        }
        notes
    }

    /// The years in which working days were counted.
    fn years(&self) -> impl Iterator<Item = i16> {
        let concluded = self.cases.iter().filter_map(|(_, case)| {
            let (_, at) = case.outcome()?;
            case.cycle(&self.calendar)?;
            self.period
                .contains(at.date())
                .then_some((case.case.received, at))
        });
        concluded.flat_map(|(from, to)| from.year()..=to.year())
    }
}

/// What came of cases, as [`plan_cases`](crate::import::plan_cases) reads it back: columns beside those of their fields, and for each case
/// of a document its cells.
pub fn outcomes<'a>(
    cases: impl IntoIterator<Item = Option<Proceedings<'a>>>,
) -> Vec<(Column, Vec<Cell>)> {
    use ColumnKind::{DateTime, Text};
    let columns = [
        ("applicant", "申请人", "applicant", Text),
        ("respondent", "被申请人", "respondent", Text),
        ("mediator", "调解员", "mediator", Text),
        ("post", "岗位", "post", Text),
        ("accepted", "受理时间", "accepted", DateTime),
        ("result", "结果", "result", Text),
        ("concluded", "办结时间", "concluded", DateTime),
        ("agreed_amount", "协议金额", "agreed amount", Text),
        ("confirmed", "确认时间", "confirmed", DateTime),
        ("closed", "结案时间", "closed", DateTime),
        ("reason", "原因", "reason", Text),
    ];
    let columns = columns.map(|(name, zh, en, kind)| Column::new(name, zh, en, kind));
    let mut all: Vec<(Column, Vec<Cell>)> = Vec::new();
    all.extend(columns.into_iter().map(|column| (column, Vec::new())));
    for case in cases {
        let cells = case.map(|case| outcome(&case)).unwrap_or_default();
        let cells = cells.into_iter().chain(std::iter::repeat(Cell::Empty));
        all.iter_mut()
            .zip(cells)
            .for_each(|((_, column), cell)| column.push(cell));
    }
    all
}

fn outcome(case: &Proceedings<'_>) -> Vec<Cell> {
    let text = |text: String| match text.as_str() {
        "" => Cell::Empty,
        _ => Cell::Text(text),
    };
    let side = |side: Side| {
        let parties = case.parties.iter().filter(|party| party.side == side);
        let names: Vec<&str> = parties.map(|party| party.name.as_str()).collect();
        text(names.join("、"))
    };
    let mediators: Vec<&str> = case.mediators.iter().map(|of| of.name.as_str()).collect();
    let post = case.mediators.first().map(|of| of.post.clone());
    let at = |stage| case.reached(stage).map_or(Cell::Empty, Cell::DateTime);
    let ended = case.outcome();
    let last = |stages: &[Stage]| {
        let step = case.counting().rfind(|step| stages.contains(&step.stage));
        step.map(|step| (step.stage, step.at, step.note.clone()))
    };
    let declined = last(&[Stage::Declined]).filter(|_| case.is_over());
    let confirmed = last(&[Stage::Ratified, Stage::Unratified]).filter(|_| ended.is_some());
    let result = match (&confirmed, ended, &declined) {
        (Some((stage, ..)), ..) => Some(*stage),
        (None, Some((stage, _)), _) => Some(stage),
        (None, None, declined) => declined.as_ref().map(|(stage, ..)| *stage),
    };
    let concluded = ended.map(|(_, at)| at);
    let concluded = concluded.or_else(|| declined.as_ref().map(|(_, at, _)| *at));
    let reason = last(&[
        Stage::Failed,
        Stage::Unratified,
        Stage::Declined,
        Stage::Withdrawn,
    ]);
    let amount = case.agreements.first().and_then(|of| of.amount);
    vec![
        side(Side::Applicant),
        side(Side::Respondent),
        text(mediators.join("、")),
        text(post.unwrap_or_default()),
        at(Stage::Accepted),
        result.map_or(Cell::Empty, |stage| {
            Cell::choice(stage.as_str(), stage.label())
        }),
        concluded.map_or(Cell::Empty, Cell::DateTime),
        amount.map_or(Cell::Empty, |amount| Cell::Text(amount.to_string())),
        confirmed.map_or(Cell::Empty, |(_, at, _)| Cell::DateTime(at)),
        at(Stage::Closed),
        text(reason.map(|(.., note)| note).unwrap_or_default()),
    ]
}

/// A choice sorts as it stands in the list of its kind.
fn choice(place: usize, value: &str, label: Label) -> Row {
    (
        vec![format!("{place:02}")],
        vec![Cell::choice(value, label)],
    )
}

fn figures() -> Vec<Column> {
    use ColumnKind::{Amount, Count, Tenths};
    [
        ("received", "收案", "received", Count),
        ("referred_in", "法院仲裁移送", "from courts", Count),
        ("people", "涉及人数", "people", Amount),
        ("claimed", "涉案金额（元）", "claimed (yuan)", Amount),
        ("declined", "不予受理", "declined", Count),
        ("concluded", "办结", "concluded", Count),
        ("agreed", "达成协议", "agreed", Count),
        ("failed", "调解不成", "failed", Count),
        ("withdrawn", "撤回", "withdrawn", Count),
        ("success", "成功率（%）", "success (%)", Tenths),
        ("secured", "协议金额（元）", "agreed on (yuan)", Amount),
        ("referred", "提请确认", "referred", Count),
        ("ratified", "司法确认", "confirmed", Count),
        ("confirmation", "确认率（%）", "confirmed (%)", Tenths),
        ("median_days", "办结天数（中位）", "days (median)", Tenths),
        ("p90_days", "办结天数（九成）", "days (9 of 10)", Tenths),
        (
            "median_working_days",
            "工作日（中位）",
            "working days (median)",
            Tenths,
        ),
        (
            "p90_working_days",
            "工作日（九成）",
            "working days (9 of 10)",
            Tenths,
        ),
        ("open", "未办结", "open", Count),
        ("overdue", "超期", "overdue", Count),
    ]
    .into_iter()
    .map(|(name, zh, en, kind)| Column::new(name, zh, en, kind))
    .collect()
}

fn register_columns() -> Vec<Column> {
    use ColumnKind::{Amount, DateTime, Text};
    [
        ("case", "案件编号", "number", Text),
        ("site", "站点", "site", Text),
        ("title", "当事人", "parties", Text),
        ("mode", "方式", "mode", Text),
        ("origin", "来源", "origin", Text),
        ("claim", "争议类型", "claim", Text),
        ("people", "人数", "people", Amount),
        ("amount", "金额（元）", "amount (yuan)", Amount),
        ("received", "登记时间", "received", DateTime),
        ("mediators", "调解员", "mediators", Text),
        ("stage", "阶段", "stage", Text),
        ("outcome", "结果", "outcome", Text),
        ("concluded", "办结时间", "concluded", DateTime),
        ("days", "办结天数", "days", Amount),
        ("working_days", "工作日", "working days", Amount),
        ("late", "超期事项", "late with", Text),
    ]
    .into_iter()
    .map(|(name, zh, en, kind)| Column::new(name, zh, en, kind))
    .collect()
}

/// Fen to the whole yuan, half of one rounded up.
fn yuan(fen: i64) -> Cell {
    Cell::Amount(fen.saturating_add(50) / 100)
}

fn cells(tally: &Tally) -> Vec<Cell> {
    let tenths = |tenths: Option<i64>| tenths.map_or(Cell::Empty, Cell::Tenths);
    vec![
        Cell::count(tally.received),
        Cell::count(tally.referred_in),
        Cell::Amount(tally.people),
        yuan(tally.claimed),
        Cell::count(tally.declined),
        Cell::count(tally.concluded()),
        Cell::count(tally.agreed),
        Cell::count(tally.failed),
        Cell::count(tally.withdrawn),
        tenths(tally.success_permille()),
        yuan(tally.secured),
        Cell::count(tally.referred),
        Cell::count(tally.ratified),
        tenths(tally.confirmation_permille()),
        tenths(tally.days.median_tenths()),
        tenths(tally.days.p90().map(|days| days * 10)),
        tenths(tally.working_days.median_tenths()),
        tenths(tally.working_days.p90().map(|days| days * 10)),
        Cell::count(tally.open),
        Cell::count(tally.overdue),
    ]
}
