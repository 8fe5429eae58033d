//! A submission as people read it.

use jiff::civil::DateTime;
use serde_json::{Value, json};
use yilian_core::document::Name;
use yilian_core::flow::Fit;
use yilian_core::inbox::{Overdue, Party, Progress, progress};
use yilian_core::records::{
    Booking, Course, Item, Label, RecordId, Site, Stage, Step, Submission, SubmissionKind, Typed,
    Venue, write_date_time,
};
use yilian_core::report::{Cell, Column, ColumnKind};
use yilian_node::Documents;

use super::code_of;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::shift_id::short;
use crate::cli::timeline::{clean, print_step, step_json, when};

/// A submission, taken out of its document, with the names of what it is about.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) document: Name,
    pub(super) submission: Submission,
    pub(super) stage: Stage,
    pub(super) overdue: Option<Overdue>,
    pub(super) assignee: Option<String>,
    steps: Vec<(Step, Fit)>,
    next: [Vec<Stage>; 2],
    made: Option<RecordId>,
    booking: Option<Booking>,
    site: Option<String>,
    about: Option<String>,
}

impl Shown {
    /// The submission in a document; none where there is none.
    pub(super) fn of(name: &Name, documents: &Documents<'_>, now: DateTime) -> Option<Self> {
        let progress = progress(documents.get(name)?.view())?;
        let Progress {
            submission,
            stage,
            steps,
        } = &progress;
        let venue = submission.venue.map(|venue| {
            let known = record::<Venue>(documents, venue);
            known.map_or_else(|| short(&venue), |venue| venue.name)
        });
        let item = submission.item.map(|item| {
            let known = record::<Item>(documents, item);
            known.map_or_else(|| short(&item), |item| item.name)
        });
        let course = submission.course.map(|course| {
            let known = record::<Course>(documents, course);
            known.map_or_else(|| short(&course), |course| course.name)
        });
        let made = progress.made();
        Some(Self {
            document: name.clone(),
            submission: (*submission).clone(),
            stage: *stage,
            overdue: progress.overdue(now),
            assignee: progress.assignee().map(str::to_owned),
            steps: steps
                .iter()
                .map(|placed| (placed.step.clone(), placed.fit))
                .collect(),
            next: [Party::Sender, Party::Site].map(|party| progress.next(party).collect()),
            made,
            booking: made.and_then(|made| record::<Booking>(documents, made)),
            site: name
                .site()
                .and_then(|site| record::<Site>(documents, Site::id_of(site)))
                .map(|site| site.name),
            about: venue.or(item).or(course),
        })
    }

    /// The document of the booking that was made, if one was.
    pub(super) fn bookings(&self) -> Option<Name> {
        self.made?;
        let site = self.document.site()?.clone();
        let month = yilian_core::document::Month::of(self.submission.start?.date()).ok()?;
        (self.submission.kind == SubmissionKind::Booking).then_some(Name::Bookings { site, month })
    }

    /// In a list.
    pub(super) fn row_json(&self) -> Value {
        let Submission {
            kind,
            name,
            phone,
            at,
            ..
        } = &self.submission;
        json!({
            "code": code_of(&self.document),
            "document": self.document,
            "site": self.document.site(),
            "kind": kind,
            "name": name,
            "phone": phone,
            "at": write_date_time(*at),
            "stage": self.stage,
            "overdue": self.overdue.map(Overdue::as_str),
            "assignee": self.assignee,
        })
    }

    pub(super) fn json(&self) -> Value {
        let steps = self.steps.iter().map(|(step, fit)| step_json(step, *fit));
        json!({
            "code": code_of(&self.document),
            "document": self.document,
            "submission": self.submission,
            "about": self.about,
            "stage": self.stage,
            "overdue": self.overdue.map(Overdue::as_str),
            "assignee": self.assignee,
            "steps": steps.collect::<Vec<_>>(),
            "booking": self.booking,
            "next": { "sender": self.next[0], "site": self.next[1] },
        })
    }

    /// A row for [`columns`].
    pub(super) fn cells(&self, context: &Context) -> Vec<Cell> {
        let sent = &self.submission;
        let text = |text: &str| Cell::Text(clean(text));
        let time = |at: DateTime| Some(at).filter(|at| *at != DateTime::ZERO);
        let moment = |at: Option<DateTime>| at.map_or(Cell::Empty, Cell::DateTime);
        let some = |said: Option<&str>| said.map_or(Cell::Empty, text);
        vec![
            text(&code_of(&self.document)),
            moment(time(sent.at)),
            some(self.document.site().map(|site| site.as_str())),
            Cell::choice(sent.kind.as_str(), sent.kind.label()),
            text(&sent.name),
            text(&sent.phone),
            some(self.about.as_deref()),
            moment(sent.start),
            moment(sent.end),
            sent.count.map_or(Cell::Empty, Cell::Amount),
            text(&sent.text),
            Cell::choice(self.stage.as_str(), self.stage.label()),
            some(self.overdue.map(|late| overdue_text(context, late))),
            some(self.assignee.as_deref()),
            moment(self.moved().and_then(time)),
        ]
    }

    /// When it last got anywhere.
    fn moved(&self) -> Option<DateTime> {
        let steps = self.steps.iter();
        let steps = steps.filter(|(_, fit)| matches!(fit, Fit::Moves | Fit::Crosses { .. }));
        steps.map(|(step, _)| step.at).max()
    }

    pub(super) fn print(&self, context: &Context) -> Result<(), Failure> {
        let sent = &self.submission;
        let pick = |label: Label| context.pick(label.zh, label.en).to_owned();
        let field = |name: &str| {
            let field = Submission::KIND.fields.iter().find(|of| of.name == name);
            field.map_or_else(String::new, |field| pick(field.label))
        };
        let key = self.document.site().map_or("-", |site| site.as_str());
        let site = match &self.site {
            Some(name) => format!("{} ({key})", clean(name)),
            None => key.to_owned(),
        };
        let period = match (sent.start, sent.end) {
            (Some(start), Some(end)) => format!("{} – {}", when(start), when(end)),
            (Some(start), None) => when(start),
            _ => String::new(),
        };
        let about = self.about.as_deref().map(clean).unwrap_or_default();
        let mut stage = pick(self.stage.label());
        if let Some(late) = self.overdue {
            stage = format!("{stage}  {}", overdue_text(context, late));
        }
        let lines = [
            (
                context.pick("查询码", "code").to_owned(),
                code_of(&self.document),
            ),
            (field("kind"), pick(sent.kind.label())),
            (field("site"), site),
            (field("name"), clean(&sent.name)),
            (field("phone"), clean(&sent.phone)),
            (
                field(match (sent.item, sent.course) {
                    (Some(_), _) => "item",
                    (None, Some(_)) => "course",
                    (None, None) => "venue",
                }),
                about,
            ),
            (context.pick("时段", "when").to_owned(), period),
            (
                field("count"),
                sent.count
                    .map(|count| count.to_string())
                    .unwrap_or_default(),
            ),
            (field("text"), clean(&sent.text)),
            (context.pick("现在", "now").to_owned(), stage),
        ];
        for (label, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            out::line(&format!("{label}  {value}"))?;
        }
        self.print_booking(context)?;
        let submitted = pick(Stage::Submitted.label());
        out::line(&format!(
            "  {}  {submitted}  {}",
            when(sent.at),
            clean(&sent.name)
        ))?;
        for (step, fit) in &self.steps {
            print_step(context, step, *fit)?;
        }
        Ok(())
    }

    fn print_booking(&self, context: &Context) -> Result<(), Failure> {
        let Some(booking) = &self.booking else {
            return Ok(());
        };
        let state = booking.state.label();
        let (zh, en) = match booking.confirmed_by.as_str() {
            "" => (String::new(), String::new()),
            by => (
                format!("，{} 已答应", clean(by)),
                format!(", promised by {}", clean(by)),
            ),
        };
        let (start, end) = (when(booking.start), when(booking.end));
        context.say(
            &format!("预订  {}：{start} – {end}{zh}", state.zh),
            &format!("booking  {}: {start} – {end}{en}", state.en),
        )
    }
}

/// What a table of submissions has.
pub(super) fn columns() -> Vec<Column> {
    use ColumnKind::{Amount, DateTime, Text};
    let column = |name, zh, en, kind| Column::new(name, zh, en, kind);
    vec![
        column("code", "查询码", "code", Text),
        column("at", "提交时间", "sent", DateTime),
        column("site", "站点", "site", Text),
        column("kind", "类型", "kind", Text),
        column("name", "姓名", "name", Text),
        column("phone", "电话", "phone", Text),
        column("about", "场地、物资或课程", "venue, item or course", Text),
        column("start", "开始", "start", DateTime),
        column("end", "结束", "end", DateTime),
        column("count", "数量或人数", "how many", Amount),
        column("text", "内容", "text", Text),
        column("stage", "阶段", "stage", Text),
        column("overdue", "超期", "late", Text),
        column("assignee", "经办人", "with", Text),
        column("moved", "最近一步", "last step", DateTime),
    ]
}

fn record<T: Typed + Clone>(documents: &Documents<'_>, id: RecordId) -> Option<T> {
    documents
        .iter()
        .find_map(|document| document.view().get::<T>(id).cloned())
}

pub(super) fn overdue_text(context: &Context, overdue: Overdue) -> &str {
    match overdue {
        Overdue::Acceptance => context.pick("超期未受理", "late: not accepted"),
        Overdue::Completion => context.pick("超期未办结", "late: not done"),
    }
}
