use jiff::civil::DateTime;

use crate::flow::{PlacedStep, Timeline, counting};
use crate::import::name_key;
use crate::ordered;
use crate::records::{
    Agreement, Case, Mediator, Party, Referral, Side, Sitting, Stage, Step, Typed, View,
};

use super::FLOW;

/// A case with all that belongs to it, and how far it has come. Removed records are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Proceedings<'a> {
    /// The case.
    pub case: &'a Case,
    /// The stage it is at.
    pub stage: Stage,
    /// Every step, in the order that is the same on every replica; those that moved nothing are among them.
    pub steps: Vec<PlacedStep<'a>>,
    /// The parties, applicants first.
    pub parties: Vec<&'a Party>,
    /// Who mediates it, by name.
    pub mediators: Vec<&'a Mediator>,
    /// The sittings, by start.
    pub sittings: Vec<&'a Sitting>,
    /// The agreements, by the day on which they were signed.
    pub agreements: Vec<&'a Agreement>,
    /// To whom it was handed, by time.
    pub referrals: Vec<&'a Referral>,
}

/// The case that a document holds, with all that belongs to it; none where there is none.
pub fn proceedings(view: &View) -> Option<Proceedings<'_>> {
    // A document has one case. Whoever adds another knows its name too, and the first counts wherever it is looked at.
    let (case, _) = view.present::<Case>().next()?;
    let Timeline { stage, steps } = FLOW.timeline(view, case.id)?;
    let mut parties: Vec<&Party> = present(view);
    ordered::sort_by_key(&mut parties, |party| (party.side, &party.name, party.id));
    let mut mediators: Vec<&Mediator> = present(view);
    ordered::sort_by_key(&mut mediators, |mediator| (&mediator.name, mediator.id));
    let mut sittings: Vec<&Sitting> = present(view);
    ordered::sort_by_key(&mut sittings, |sitting| (sitting.start, sitting.id));
    let mut agreements: Vec<&Agreement> = present(view);
    ordered::sort_by_key(&mut agreements, |agreement| {
        (agreement.signed, agreement.id)
    });
    let mut referrals: Vec<&Referral> = present(view);
    ordered::sort_by_key(&mut referrals, |referral| (referral.sent, referral.id));
    Some(Proceedings {
        case,
        stage,
        steps,
        parties,
        mediators,
        sittings,
        agreements,
        referrals,
    })
}

fn present<T: Typed>(view: &View) -> Vec<&T> {
    view.present::<T>().map(|(record, _)| record).collect()
}

impl<'a> Proceedings<'a> {
    /// Those of a case that has just been registered: nothing belongs to it yet.
    pub const fn new(case: &'a Case) -> Self {
        Self {
            case,
            stage: Stage::Registered,
            steps: Vec::new(),
            parties: Vec::new(),
            mediators: Vec::new(),
            sittings: Vec::new(),
            agreements: Vec::new(),
            referrals: Vec::new(),
        }
    }

    /// The steps that count.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &'a Step> {
        counting(&self.steps)
    }

    /// The last step that counts.
    pub fn last(&self) -> Option<&'a Step> {
        self.counting().next_back()
    }

    /// Where it may go from here.
    pub fn next(&self) -> impl Iterator<Item = Stage> {
        FLOW.next((), self.stage)
    }

    /// Whether nothing more is to be done with it.
    pub fn is_over(&self) -> bool {
        FLOW.is_over(self.stage)
    }

    /// When it came to a stage, the last time; none where it did not, or where that cannot be told.
    pub fn reached(&self, stage: Stage) -> Option<DateTime> {
        let step = self.counting().rfind(|step| step.stage == stage)?;
        (step.at != DateTime::ZERO).then_some(step.at)
    }

    /// What came of the mediation, and when: an agreement, a failure or a withdrawal. None where it goes on, again or still.
    pub fn outcome(&self) -> Option<(Stage, DateTime)> {
        let goes_on = matches!(
            self.stage,
            Stage::Registered | Stage::Accepted | Stage::Assigned | Stage::Mediating
        );
        let ends =
            |step: &&Step| matches!(step.stage, Stage::Agreed | Stage::Failed | Stage::Withdrawn);
        let step = self.counting().rfind(ends).filter(|_| !goes_on)?;
        Some((step.stage, step.at))
    }

    /// Whether the parties want their agreement confirmed.
    pub fn asks_for_confirmation(&self) -> bool {
        self.agreements.iter().any(|agreement| agreement.confirm)
    }

    /// Whether somebody of that name is a party.
    pub fn is_party(&self, name: &str) -> bool {
        let wanted = name_key(name);
        let mut names = self.parties.iter().map(|party| name_key(&party.name));
        !wanted.is_empty() && names.any(|name| name == wanted)
    }

    /// How many people it is about: as the case says, or those its applicants stand for.
    pub fn people(&self) -> i64 {
        let applicants = self.parties.iter();
        let applicants = applicants.filter(|party| party.side == Side::Applicant);
        let count = || applicants.map(|party| party.people.unwrap_or(1)).sum();
        self.case.people.unwrap_or_else(count)
    }

    /// What people call it: `张三 与 某物流公司`, or its number where it has no parties.
    pub fn title(&self) -> (String, String) {
        let side = |side: Side| -> Vec<&str> {
            let parties = self.parties.iter().filter(|party| party.side == side);
            parties.map(|party| party.name.as_str()).collect()
        };
        let (applicants, respondents) = (side(Side::Applicant), side(Side::Respondent));
        match (applicants.as_slice(), respondents.as_slice()) {
            ([], []) => (self.case.case.clone(), self.case.case.clone()),
            (some, []) | ([], some) => (several(some, "等"), several(some, " et al.")),
            (some, others) => (
                format!("{} 与 {}", several(some, "等"), several(others, "等")),
                format!(
                    "{} and {}",
                    several(some, " et al."),
                    several(others, " et al.")
                ),
            ),
        }
    }
}

fn several(names: &[&str], more: &str) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [name, ..] => format!("{name}{more}"),
    }
}
