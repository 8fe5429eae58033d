//! The course of a case, written as those who are at it write it.

mod agreement;
mod odd;
mod promise;

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use yilian_core::document::{Author, Name};
use yilian_core::mediation::{Assignment, assign, code, proceedings, register, share, step};
use yilian_core::records::{
    Agreement, Case, Collection, Edit, Mode, Party, RecordId, Referral, ReferralKind, Side,
    Sitting, Stage, Step, Typed as _,
};

use super::super::desk::{Desk, drawn};
use super::super::dice::Dice;
use super::super::place::{Place, Roll};
use super::super::rota;
use super::super::words::{DECLINED, FAILED, MEDIATOR};
use super::super::{CaseFacts, County, Document, Facts, Mess, work_days};
use super::{Draft, Fate};
use odd::{ODD, Odd};
use promise::{due, promise};

/// One in eight cases of the last two months is left lying somewhere; of older ones somebody was reminded.
const LEFT_PERCENT: usize = 12;
const LEFT_DAYS: i32 = 60;

/// In how many of a hundred cases a site asks the one above it to help, by whether specialists are to look at it together.
const SHARED_PERCENT: [usize; 2] = [5, 40];

/// Before what a case is left lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Accept,
    Assign,
    Conclude,
    Refer,
    Close,
}

const LEFT: [Left; 5] = [
    Left::Accept,
    Left::Assign,
    Left::Conclude,
    Left::Refer,
    Left::Close,
];

/// A case while it is written.
struct Course<'a> {
    county: &'a County,
    place: &'a Place,
    roll: Roll,
    draft: &'a Draft,
    dice: Dice,
    name: Name,
    code: String,
    desk: Desk,
    facts: CaseFacts,
    odd: Odd,
    left: Option<Left>,
    /// By when the site has to act.
    due: Option<DateTime>,
    accepted: DateTime,
    agreement: Option<Agreement>,
    /// What tells another site of it.
    pointer: Option<Document>,
}

/// The case, and what tells another site of it.
pub(super) fn documents(
    county: &County,
    place: &Place,
    draft: &Draft,
    dice: &mut Dice,
) -> Vec<Document> {
    let mut course = Course::begin(county, place, draft, dice);
    // It goes on until today.
    let _ = course.run();
    course.finish()
}

impl<'a> Course<'a> {
    fn begin(county: &'a County, place: &'a Place, draft: &'a Draft, dice: &mut Dice) -> Self {
        let roll = place.roll(county);
        let code = code(draft.received.date(), dice.bytes());
        let case = Case {
            id: Case::id_of(&place.key, &code),
            site: place.key.clone(),
            case: code.clone(),
            mode: draft.mode,
            origin: draft.origin,
            claim: draft.claim,
            amount: draft.amount.map(|yuan| yuan as f64),
            people: (draft.people > 1).then_some(draft.people),
            received: draft.received,
            reference: String::new(),
            facts: String::new(),
            extended_to: None,
            note: String::new(),
            removed_at: None,
        };
        let (name, mut edits) = register(case).unwrap();
        edits.extend(parties(place, &code, draft, dice).flat_map(|party| party.create(&name)));
        let mut desk = Desk::begin(county, &name, &place.author(&roll, 0));
        desk.write(&edits, "", draft.received);
        let recent = county.now().checked_sub(LEFT_DAYS.days()).unwrap();
        let left = draft.received > recent && dice.percent(LEFT_PERCENT);
        Self {
            county,
            place,
            roll,
            draft,
            dice: dice.clone(),
            name,
            code,
            desk,
            facts: facts(place, draft),
            odd: dice.weighted(&ODD),
            left: left.then(|| *dice.pick(&LEFT)),
            due: Some(due(draft.received, promise(draft.mode).accept)),
            accepted: draft.received,
            agreement: None,
            pointer: None,
        }
    }

    /// None once the case is over, left lying, or where what comes next is still to come.
    fn run(&mut self) -> Option<()> {
        let [accepted, assigned, heard, outcome] = self.times();
        self.goes_on(Left::Accept)?;
        if self.draft.fate == Fate::Declined {
            let why = *self.dice.pick(&DECLINED);
            self.step(Stage::Declined, accepted, why)?;
            self.due = None;
            return None;
        }
        self.step(Stage::Accepted, accepted, "")?;
        self.accepted = accepted;
        self.due = Some(due(accepted, promise(self.draft.mode).assign));
        self.goes_on(Left::Assign)?;
        self.assign(assigned)?;
        self.goes_on(Left::Conclude)?;
        self.hear(heard, outcome)?;
        self.conclude(outcome)
    }

    /// When it is taken up, given to somebody, heard, and over.
    fn times(&mut self) -> [DateTime; 4] {
        let received = self.draft.received;
        let minutes = |at: DateTime, minutes: i64| at.checked_add(minutes.minutes()).unwrap();
        if self.draft.mode == Mode::Emergency {
            let accepted = minutes(received, self.dice.between(5, 90));
            let assigned = minutes(accepted, self.dice.between(5, 60));
            let last = received.date().checked_add(self.draft.days.days());
            let last = last.unwrap().at(23, 30, 0, 0).max(minutes(assigned, 100));
            let heard = minutes(assigned, self.dice.between(10, 90));
            let outcome = if self.draft.days == 0 {
                minutes(heard, 60)
            } else {
                last
            };
            return [accepted, assigned, heard, outcome];
        }
        let last = received.date().checked_add(self.draft.days.days());
        let outcome = work_days::from(last.unwrap()).at(16, 30, 0, 0);
        // The first steps take a fifth of it, the sitting is in its second half.
        let part = |percent: i64| {
            let day = received
                .date()
                .checked_add((self.draft.days * percent / 100).days());
            work_days::from(day.unwrap())
        };
        let accepted = minutes(received, 20).max(part(10).at(9, 0, 0, 0));
        let assigned = minutes(accepted, 15).max(part(20).at(9, 30, 0, 0));
        let heard = minutes(assigned, 10).max(part(60).at(14, 30, 0, 0));
        [accepted, assigned, heard, outcome.max(minutes(heard, 30))]
    }

    fn goes_on(&self, to: Left) -> Option<()> {
        (self.left != Some(to)).then_some(())
    }

    /// Writes edits, unless that is still to come.
    fn write(&mut self, edits: &[Edit], at: DateTime) -> Option<()> {
        (at <= self.county.now()).then(|| self.desk.write(edits, "", at))
    }

    fn new_step(&mut self, stage: Stage, at: DateTime, note: &str) -> Step {
        Step {
            id: drawn(at, &mut self.dice),
            about: None,
            after: None,
            stage,
            at,
            by: self.place.author(&self.roll, 0).to_string(),
            note: note.to_owned(),
            made: None,
            removed_at: None,
        }
    }

    fn step(&mut self, stage: Stage, at: DateTime, note: &str) -> Option<()> {
        let new = self.new_step(stage, at, note);
        let id = new.id;
        let edits = step(&self.name, self.desk.view(), new).unwrap();
        self.write(&edits, at)?;
        self.facts.stage = stage;
        if stage == Stage::Mediating && self.odd == Odd::Edited {
            let note = Edit::set(
                &self.name,
                Collection::Timeline,
                id,
                "note",
                "补记：双方到场",
            );
            self.desk.write(&[note], "", at);
            self.desk.wrong(Mess::CaseStepEdited);
        }
        Some(())
    }

    fn assign(&mut self, at: DateTime) -> Option<()> {
        if at > self.county.now() {
            return None;
        }
        let before = (self.odd == Odd::WithdrawnBefore).then(|| self.apart(Stage::Withdrawn, at));
        let (name, post, person) = self.chosen();
        let assignment = Assignment {
            name: name.clone(),
            post: post.to_owned(),
            of: Some(self.place.key.clone()),
            person,
            at,
            note: String::new(),
        };
        let ids = [0, 1].map(|_| drawn(at, &mut self.dice));
        let by = self.place.author(&self.roll, 0).to_string();
        let file = proceedings(self.desk.view()).unwrap();
        let edits = assign(&self.name, &file, assignment, ids, &by).unwrap();
        self.write(&edits, at)?;
        self.facts.stage = Stage::Assigned;
        self.due = Some(due(self.accepted, promise(self.draft.mode).conclude));
        if let Some((hub, _)) = before {
            self.desk.merge(hub);
            self.end(Stage::Withdrawn, at);
            // Somebody who looks at the board cancels what was moot.
            match self.dice.percent(50) {
                true => self.void(ids[1], at),
                false => self.desk.wrong(Mess::CaseStepIllegal),
            }
            return None;
        }
        self.share(at);
        self.odd_mediator(&name, at);
        let author = Author::new(&self.place.key, &name).unwrap();
        self.desk.sign(&author);
        Some(())
    }

    /// Who mediates it: name, post and person.
    fn chosen(&mut self) -> (String, &'static str, Option<RecordId>) {
        if self.odd == Odd::OffRota {
            return ("钱借调".to_owned(), MEDIATOR, None);
        }
        let number = self.dice.below(1_000);
        let (place, roll) = (self.place, &self.roll);
        let turns = (number..).filter_map(|number| rota::mediator(place, roll, number));
        let mut free = turns.filter(|of| of.member.name != self.draft.applicant);
        let of = free.next().expect("a site that has cases has mediators");
        (of.member.name.clone(), of.post, Some(of.member.id))
    }

    /// The site asks the one above it to help.
    fn share(&mut self, at: DateTime) {
        let [usual, together] = SHARED_PERCENT;
        let chance = match self.draft.mode {
            Mode::Consultation => together,
            _ => usual,
        };
        let Some(above) = self.place.parent.filter(|_| self.dice.percent(chance)) else {
            return;
        };
        let to = &self.county.places[above].key;
        let referral = Referral {
            to_site: Some(to.clone()),
            sent: at,
            ..self.referral(ReferralKind::Site, "", at)
        };
        let file = proceedings(self.desk.view()).unwrap();
        let edits = share(&self.name, &file, referral).unwrap();
        let (here, there): (Vec<Edit>, Vec<Edit>) = edits
            .into_iter()
            .partition(|edit| *edit.document() == self.name);
        self.desk.write(&here, "", at);
        let pointer = there[0].document().clone();
        let mut desk = Desk::begin(self.county, &pointer, &self.place.author(&self.roll, 0));
        desk.write(&there, "", at);
        self.pointer = Some(desk.finish());
        self.facts.shared_with = Some(to.clone());
    }

    fn referral(&mut self, kind: ReferralKind, to: &str, at: DateTime) -> Referral {
        Referral {
            id: drawn(at, &mut self.dice),
            site: self.place.key.clone(),
            case: self.code.clone(),
            kind,
            to: to.to_owned(),
            to_site: None,
            sent: at,
            reference: String::new(),
            note: String::new(),
            removed_at: None,
        }
    }

    /// The parties meet; where several specialists have to, they may let it take until a day that they name.
    fn hear(&mut self, at: DateTime, outcome: DateTime) -> Option<()> {
        let sitting = Sitting {
            id: drawn(at, &mut self.dice),
            site: self.place.key.clone(),
            case: self.code.clone(),
            start: at,
            end: at.checked_add(90.minutes()).unwrap(),
            venue: None,
            place: "调解室".to_owned(),
            minutes: String::new(),
            removed_at: None,
        };
        let mut edits = sitting.create(&self.name);
        if self.draft.mode == Mode::Consultation && self.dice.percent(20) {
            let last = outcome.date();
            let case = Case::id_of(&self.place.key, &self.code);
            let until = last.to_string();
            edits.push(Edit::set(
                &self.name,
                Collection::Case,
                case,
                "extended_to",
                until,
            ));
            let extended = last.at(23, 59, 59, 0);
            self.write(&edits, at)?;
            self.due = self.due.map(|due| due.max(extended));
        } else {
            self.write(&edits, at)?;
        }
        self.step(Stage::Mediating, at, "")
    }

    fn conclude(&mut self, at: DateTime) -> Option<()> {
        match self.draft.fate {
            Fate::Failed => {
                let why = *self.dice.pick(&FAILED);
                self.step(Stage::Failed, at, why)?;
                self.end(Stage::Failed, at);
                if self.dice.percent(80) {
                    let to = "焦作市劳动人事争议仲裁委员会";
                    let referral = self.referral(ReferralKind::Arbitration, to, at);
                    self.desk.write(&referral.create(&self.name), "", at);
                }
                self.close(at, at)
            }
            Fate::Withdrawn => {
                self.step(Stage::Withdrawn, at, "")?;
                self.end(Stage::Withdrawn, at);
                None
            }
            Fate::Agreed | Fate::Declined => self.agree(at),
        }
    }

    /// What came of it. Nothing is due any more until somebody says what.
    fn end(&mut self, stage: Stage, at: DateTime) {
        self.facts.outcome = Some((stage, at));
        self.facts.stage = stage;
        self.due = None;
    }

    /// Somebody closes it some days after the last that was waited for.
    fn close(&mut self, last: DateTime, since: DateTime) -> Option<()> {
        self.due = Some(due(since, promise(self.draft.mode).close));
        self.goes_on(Left::Close)?;
        let at = last.checked_add(self.dice.between(1, 6).days()).unwrap();
        self.step(Stage::Closed, at, "")?;
        self.due = None;
        if self.odd == Odd::AgreementGone {
            self.lose_agreement(at);
        }
        None
    }

    fn finish(mut self) -> Vec<Document> {
        let (now, stage) = (self.county.now(), self.facts.stage);
        self.facts.overdue = self.due.is_some_and(|due| now > due);
        if self.facts.overdue {
            self.desk.wrong(Mess::CaseOverdue);
        }
        if matches!(stage, Stage::Assigned | Stage::Mediating) {
            match self.odd {
                Odd::OffRota => self.desk.wrong(Mess::CaseOffRota),
                Odd::Unmediated => self.desk.wrong(Mess::CaseUnmediated),
                _ => {}
            }
        }
        if let Some(agreement) = &self.agreement {
            let late = agreement.due.is_some_and(|due| due < now.date());
            if late && agreement.performed.is_none() {
                self.desk.wrong(Mess::CaseUnperformed);
            }
            if agreement.confirm && !self.facts.referred {
                self.desk.wrong(Mess::CaseUnreferred);
            }
        }
        let mut case = self.desk.finish();
        case.facts = vec![Facts::Case(self.facts)];
        std::iter::once(case).chain(self.pointer).collect()
    }
}

fn facts(place: &Place, draft: &Draft) -> CaseFacts {
    CaseFacts {
        site: place.key.clone(),
        mode: draft.mode,
        origin: draft.origin,
        claim: draft.claim,
        received: draft.received,
        people: draft.people,
        claimed: draft.amount.unwrap_or(0),
        stage: Stage::Registered,
        outcome: None,
        secured: 0,
        referred: false,
        ratified: false,
        overdue: false,
        shared_with: None,
    }
}

/// Who asks, for how many people they speak, and whom they have it with.
fn parties(
    place: &Place,
    code: &str,
    draft: &Draft,
    dice: &mut Dice,
) -> impl Iterator<Item = Party> + use<> {
    let mut applicant = Party::new(&place.key, code, &draft.applicant, Side::Applicant);
    applicant.phone.clone_from(&draft.phone);
    applicant.people = (draft.people > 1).then_some(draft.people);
    if dice.percent(12) {
        applicant.agent = "法律援助律师".to_owned();
    }
    let respondent = Party::new(&place.key, code, &draft.respondent, Side::Respondent);
    [applicant, respondent].into_iter()
}
