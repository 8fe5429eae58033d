//! A case as people read it.

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};
use yilian_core::civil::WorkCalendar;
use yilian_core::document::Name;
use yilian_core::flow::Fit;
use yilian_core::mediation::{Cycle, Deadline, proceedings};
use yilian_core::records::{
    Agreement, Case, Mediator, Party, Referral, Sitting, Stage, Step, View, write_date_time,
};

use super::{find, number};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::site::OnlySite;
use crate::cli::timeline::{clean, print_step, step_json, when};

/// A case, taken out of its document.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) document: Name,
    pub(super) case: Case,
    pub(super) stage: Stage,
    /// In Chinese and in English.
    pub(super) title: (String, String),
    pub(super) deadline: Option<Deadline>,
    pub(super) is_overdue: bool,
    /// Whether it waits for an outcome.
    pub(super) is_open: bool,
    people: i64,
    cycle: Option<Cycle>,
    steps: Vec<(Step, Fit)>,
    next: Vec<Stage>,
    parties: Vec<Party>,
    mediators: Vec<Mediator>,
    sittings: Vec<Sitting>,
    agreements: Vec<Agreement>,
    referrals: Vec<Referral>,
}

impl Shown {
    /// The case in a document; none where there is none.
    pub(super) fn of(
        name: &Name,
        view: &View,
        calendar: &WorkCalendar,
        now: DateTime,
    ) -> Option<Self> {
        let case = proceedings(view)?;
        let steps = case.steps.iter();
        Some(Self {
            document: name.clone(),
            case: case.case.clone(),
            stage: case.stage,
            title: case.title(),
            deadline: case.deadline(calendar),
            is_overdue: case.overdue(calendar, now).is_some(),
            is_open: case.outcome().is_none() && !case.is_over(),
            people: case.people(),
            cycle: case.cycle(calendar),
            steps: steps
                .map(|placed| (placed.step.clone(), placed.fit))
                .collect(),
            next: case.next().collect(),
            parties: case.parties.into_iter().cloned().collect(),
            mediators: case.mediators.into_iter().cloned().collect(),
            sittings: case.sittings.into_iter().cloned().collect(),
            agreements: case.agreements.into_iter().cloned().collect(),
            referrals: case.referrals.into_iter().cloned().collect(),
        })
    }

    pub(super) fn site(&self) -> String {
        let site = self.document.site();
        site.map_or_else(|| "-".to_owned(), ToString::to_string)
    }

    pub(super) fn mediators(&self, between: &str) -> String {
        let names: Vec<&str> = self.mediators.iter().map(|of| of.name.as_str()).collect();
        names.join(between)
    }

    fn deadline_json(&self) -> Value {
        match self.deadline {
            Some(deadline) => json!({
                "duty": deadline.duty,
                "since": write_date_time(deadline.since),
                "due": write_date_time(deadline.due),
                "overdue": self.is_overdue,
            }),
            None => Value::Null,
        }
    }

    /// In a list.
    pub(super) fn row_json(&self) -> Value {
        let Case {
            mode,
            origin,
            claim,
            amount,
            received,
            ..
        } = &self.case;
        let mediators: Vec<&str> = self.mediators.iter().map(|of| of.name.as_str()).collect();
        json!({
            "case": number(&self.document),
            "document": self.document,
            "site": self.document.site(),
            "title": self.title.0,
            "mode": mode,
            "origin": origin,
            "claim": claim,
            "amount": amount,
            "people": self.people,
            "received": write_date_time(*received),
            "stage": self.stage,
            "open": self.is_open,
            "mediators": mediators,
            "deadline": self.deadline_json(),
        })
    }

    fn json(&self) -> Value {
        let steps = self.steps.iter().map(|(step, fit)| step_json(step, *fit));
        let cycle = self.cycle;
        json!({
            "document": self.document,
            "case": self.case,
            "title": self.title.0,
            "people": self.people,
            "stage": self.stage,
            "deadline": self.deadline_json(),
            "days": cycle.map(|cycle| cycle.days),
            "working_days": cycle.map(|cycle| cycle.working_days),
            "parties": self.parties,
            "mediators": self.mediators,
            "sittings": self.sittings,
            "agreements": self.agreements,
            "referrals": self.referrals,
            "steps": steps.collect::<Vec<_>>(),
            "next": self.next,
        })
    }

    fn print(&self, context: &Context) -> Result<(), Failure> {
        for (label, value) in self.lines(context) {
            if !value.trim().is_empty() {
                out::line(&format!("{label}  {value}"))?;
            }
        }
        let registered = Stage::Registered.label();
        let registered = context.pick(registered.zh, registered.en);
        out::line(&format!("  {}  {registered}", when(self.case.received)))?;
        for (step, fit) in &self.steps {
            print_step(context, step, *fit)?;
        }
        let next = self.next.iter().map(|stage| stage.label());
        let next: Vec<&str> = next.map(|label| context.pick(label.zh, label.en)).collect();
        match next.is_empty() {
            true => Ok(()),
            false => out::line(&format!(
                "{}  {}",
                context.pick("下一步", "next"),
                next.join(context.pick("、", ", "))
            )),
        }
    }

    fn lines(&self, context: &Context) -> Vec<(String, String)> {
        let case = &self.case;
        let pick = |zh: &str, en: &str| context.pick(zh, en).to_owned();
        let (mode, origin) = (case.mode.label(), case.origin.label());
        let (claim, stage) = (case.claim.label(), self.stage.label());
        let mut lines = vec![
            (pick("编号", "number"), case.case.clone()),
            (pick("站点", "site"), self.site()),
            (
                pick("案件", "case"),
                clean(&pick(&self.title.0, &self.title.1)),
            ),
            (pick("方式", "mode"), pick(mode.zh, mode.en)),
            (pick("来源", "origin"), pick(origin.zh, origin.en)),
            (pick("来文号", "reference"), clean(&case.reference)),
            (pick("争议", "claim"), pick(claim.zh, claim.en)),
            (pick("金额", "amount"), yuan(case.amount)),
            (pick("人数", "people"), self.people.to_string()),
            (pick("案情", "facts"), clean(&case.facts)),
        ];
        for party in &self.parties {
            let side = party.side.label();
            let words = [clean(&party.name), clean(&party.phone), clean(&party.agent)];
            lines.push((pick(side.zh, side.en), joined(&words)));
        }
        for mediator in &self.mediators {
            let of = mediator.of.as_ref().map(ToString::to_string);
            let words = [
                clean(&mediator.name),
                clean(&mediator.post),
                of.unwrap_or_default(),
            ];
            lines.push((pick("调解员", "mediator"), joined(&words)));
        }
        for sitting in &self.sittings {
            let start = when(sitting.start);
            let words = [start, clean(&sitting.place), clean(&sitting.minutes)];
            lines.push((pick("调解会", "sitting"), joined(&words)));
        }
        for agreement in &self.agreements {
            let confirm = match agreement.confirm {
                true => pick("申请司法确认", "to be confirmed"),
                false => String::new(),
            };
            let dated = |zh: &str, en: &str, date: Option<Date>| {
                let date = date.map(|date| format!("{} {date}", context.pick(zh, en)));
                date.unwrap_or_default()
            };
            let words = [
                dated("签订", "signed", agreement.signed),
                yuan(agreement.amount),
                clean(&agreement.terms),
                dated("履行期限", "due", agreement.due),
                dated("已履行", "performed", agreement.performed),
                confirm,
            ];
            lines.push((pick("协议", "agreement"), joined(&words)));
        }
        for referral in &self.referrals {
            let kind = referral.kind.label();
            let site = referral.to_site.as_ref().map(ToString::to_string);
            let words = [
                when(referral.sent),
                pick(kind.zh, kind.en),
                clean(&referral.to),
                site.unwrap_or_default(),
                clean(&referral.reference),
                clean(&referral.note),
            ];
            lines.push((pick("移送", "referral"), joined(&words)));
        }
        lines.push((pick("现在", "now"), pick(stage.zh, stage.en)));
        if let Some(cycle) = self.cycle {
            let (days, working) = (cycle.days, cycle.working_days);
            lines.push((
                pick("用时", "took"),
                pick(
                    &format!("{days} 天（{working} 个工作日）"),
                    &format!("{days} days ({working} working days)"),
                ),
            ));
        }
        if let Some(deadline) = self.deadline {
            let (duty, due) = (deadline.duty.label(), when(deadline.due));
            let late = match self.is_overdue {
                true => pick("，已超期", ", late"),
                false => String::new(),
            };
            let text = format!("{} {due}{late}", context.pick(duty.zh, duty.en));
            lines.push((pick("期限", "due"), text));
        }
        lines
    }
}

fn joined(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("  ")
}

fn yuan(amount: Option<f64>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

pub(super) async fn run(context: &Context, asked: &str, site: &OnlySite) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find(context, &node, asked, site).await?;
    let now = node.clock().civil();
    let of = name.clone();
    let shown = node
        .read(vec![name, Name::Sites], move |documents| {
            let sites = documents.get(&Name::Sites).map(|sites| sites.view());
            let calendar = WorkCalendar::of(sites);
            Shown::of(&of, documents.get(&of)?.view(), &calendar, now)
        })
        .await?;
    node.stop().await;
    let shown = shown.ok_or_else(|| super::refused(&super::MediationError::Empty))?;
    match context.json {
        true => out::json(&shown.json()),
        false => shown.print(context),
    }
}
