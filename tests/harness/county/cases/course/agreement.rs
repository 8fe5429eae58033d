//! What the parties agree on: signed, confirmed by a court, performed or not.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use yilian_core::records::{Agreement, Collection, Edit, ReferralKind, Stage, Typed as _};

use super::super::super::Mess;
use super::super::super::desk::drawn;
use super::odd::Odd;
use super::promise::{due, promise};
use super::{Course, Left};

/// In how many of a hundred agreements the parties ask a court to confirm it.
const CONFIRM_PERCENT: usize = 45;

/// In how many of a hundred agreements something is to be done later, and how often it is not.
const LATER_PERCENT: usize = 55;
const UNPERFORMED_PERCENT: usize = 4;

impl Course<'_> {
    pub(super) fn agree(&mut self, at: DateTime) -> Option<()> {
        let agreement = self.agreement(at);
        if at > self.county.now() {
            return None;
        }
        let hub = (self.odd == Odd::WithdrawnMeanwhile).then(|| self.apart(Stage::Withdrawn, at));
        self.write(&agreement.create(&self.name), at)?;
        self.step(Stage::Agreed, at, "")?;
        if let Some((hub, step)) = hub {
            self.desk.merge(hub);
            match self.dice.percent(50) {
                true => self.void(step, at),
                false => self.desk.wrong(Mess::CaseStepIllegal),
            }
        }
        self.end(Stage::Agreed, at);
        self.facts.secured = agreement.amount.map_or(0, |yuan| yuan as i64);
        let performed = self.performed(&agreement);
        let (confirm, due_on) = (agreement.confirm, agreement.due);
        self.agreement = Some(agreement);
        // Until it is performed, or was to be.
        let settled = |at: DateTime, performed: Option<Date>| {
            let last = performed.or(due_on).map(|day| day.at(0, 0, 0, 0));
            last.map_or(at, |last| last.max(at))
        };
        let mut since = at;
        if confirm {
            self.due = Some(due(at, promise(self.draft.mode).refer));
            since = self.confirm(at)?;
        }
        self.due = Some(due(settled(since, None), promise(self.draft.mode).close));
        let done = performed.filter(|day| day.at(10, 0, 0, 0) <= self.county.now());
        if let Some(day) = done {
            self.perform(day, at);
        }
        // One that is never performed is closed once somebody has given up asking.
        let closed = settled(since, performed);
        if performed.is_some() && done.is_none() {
            return None;
        }
        self.close(closed, settled(since, done))
    }

    fn agreement(&mut self, at: DateTime) -> Agreement {
        let share = self.dice.between(12, 20);
        let amount = self.draft.amount.map(|yuan| yuan * share / 20);
        let later = self.dice.percent(LATER_PERCENT);
        let days = self.dice.between(5, 40);
        let due = later.then(|| at.date().checked_add(days.days()).unwrap());
        Agreement {
            id: drawn(at, &mut self.dice),
            site: self.place.key.clone(),
            case: self.code.clone(),
            signed: Some(at.date()),
            amount: amount.map(|yuan| yuan as f64),
            terms: "双方自愿达成协议".to_owned(),
            confirm: self.dice.percent(CONFIRM_PERCENT) && self.odd != Odd::AgreementGone,
            due,
            performed: None,
            note: String::new(),
            removed_at: None,
        }
    }

    /// The day on which it is performed: none where it is never, or where there was nothing to do later.
    fn performed(&mut self, agreement: &Agreement) -> Option<Date> {
        let (due, early) = (agreement.due?, self.dice.between(0, 4));
        let never = self.dice.percent(UNPERFORMED_PERCENT);
        (!never).then(|| due.checked_sub(early.days()).unwrap())
    }

    fn perform(&mut self, day: Date, at: DateTime) {
        let Some(agreement) = &mut self.agreement else {
            return;
        };
        agreement.performed = Some(day);
        let (id, value) = (agreement.id, day.to_string());
        let edit = Edit::set(&self.name, Collection::Agreements, id, "performed", value);
        self.desk.write(&[edit], "", day.at(10, 0, 0, 0).max(at));
    }

    /// A court or a tribunal confirms the agreement, or does not; answers when.
    fn confirm(&mut self, at: DateTime) -> Option<DateTime> {
        self.goes_on(Left::Refer)?;
        let sent = at.checked_add(self.dice.between(1, 6).days()).unwrap();
        let referral = self.referral(ReferralKind::Confirmation, "焦作市解放区人民法院", sent);
        self.write(&referral.create(&self.name), sent)?;
        self.step(Stage::Referred, sent, "")?;
        self.facts.referred = true;
        self.due = None;
        let answered = sent.checked_add(self.dice.between(3, 12).days()).unwrap();
        // One in twelve is sent back.
        if self.dice.percent(8) {
            self.step(Stage::Unratified, answered, "协议内容不明确")?;
        } else {
            self.step(Stage::Ratified, answered, "")?;
            self.facts.ratified = true;
        }
        Some(answered)
    }
}
