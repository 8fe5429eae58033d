//! `cases/<site>/<case>`: the disputes that sites mediate, from whoever comes in to the court that confirms what was agreed.
//!
//! What a case is about is drawn first, then its course is written step by step until today: see `course`. No figure here is
//! anybody's statistics; they are set so that a county's board, its joint meeting and its rules have something to say, and so that
//! what the model centre achieved can be seen in them: half of the cases took eleven days, and two years later take three.

mod course;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use yilian_core::document::Month;
use yilian_core::records::{Dispute, Level, Mode, Origin};

use super::dice::Dice;
use super::place::Place;
use super::words::{FIRM_TRADES, FIRMS, GIVEN, SURNAMES};
use super::{County, Document, work_days};

/// So many days half of the cases of the first month take, and of the last.
const MEDIAN_DAYS: [i64; 2] = [11, 3];

/// How the days of cases lie around their median, in per cent of it: half of them below, and a long tail of those in which
/// somebody does not come, or papers are missing.
const SPREAD: [i64; 11] = [30, 50, 60, 75, 90, 100, 110, 130, 160, 220, 330];

/// At the centre come so many a month in the first year, and in the second, when people have heard of it.
const AT_CENTRE: [i64; 2] = [16, 24];

/// Wages are asked for before people go home for the Spring Festival: so many times as many cases in hundredths, in December and
/// January.
const BEFORE_FESTIVAL: i64 = 150;

/// Wage arrears and injuries are what outdoor workers come for.
const CLAIMS: [(Dispute, usize); 7] = [
    (Dispute::Wages, 46),
    (Dispute::Injury, 18),
    (Dispute::Dismissal, 13),
    (Dispute::Contract, 10),
    (Dispute::Insurance, 7),
    (Dispute::Hours, 4),
    (Dispute::Other, 2),
];

/// Most are heard by one mediator; few are many people at a gate.
const MODES: [(Mode, usize); 3] = [
    (Mode::Clinic, 70),
    (Mode::Consultation, 22),
    (Mode::Emergency, 8),
];

/// Two in seven come from a court or a commission; the others come in, or ring.
const ORIGINS: [(Origin, usize); 5] = [
    (Origin::WalkIn, 46),
    (Origin::Hotline, 17),
    (Origin::Court, 16),
    (Origin::Arbitration, 12),
    (Origin::Passed, 9),
];

/// What becomes of a case if nobody leaves it lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Agreed,
    Failed,
    Withdrawn,
    Declined,
}

const FATES: [(Fate, usize); 4] = [
    (Fate::Agreed, 70),
    (Fate::Failed, 15),
    (Fate::Withdrawn, 8),
    (Fate::Declined, 7),
];

/// A case before anything happens to it.
#[derive(Clone, Debug)]
struct Draft {
    received: DateTime,
    mode: Mode,
    origin: Origin,
    claim: Dispute,
    people: i64,
    /// In yuan.
    amount: Option<i64>,
    applicant: String,
    phone: String,
    respondent: String,
    /// How many days after it came in there is an outcome, if those are working days.
    days: i64,
    fate: Fate,
}

/// The cases that came to a site in a month, and what tells other sites of those that were handed to them.
pub(super) fn documents(county: &County, place: &Place, month: Month) -> Vec<Document> {
    let mut dice = Dice::of(county.seed, &format!("cases {} {month}", place.key));
    let drafts = drafts(county, place, month, &mut dice);
    let drafts = drafts.into_iter();
    let come = drafts.filter(|draft| draft.received <= county.now());
    come.flat_map(|draft| course::documents(county, place, &draft, &mut dice))
        .collect()
}

/// How far through its months the county is: a part and a whole.
fn progress(county: &County, month: Month) -> (i64, i64) {
    let at = county.months().position(|of| of == month).unwrap();
    let whole = county.months().count() - 1;
    (
        i64::try_from(at).unwrap(),
        i64::try_from(whole.max(1)).unwrap(),
    )
}

/// Points send people to their station.
fn count(county: &County, place: &Place, month: Month, dice: &mut Dice) -> i64 {
    let (part, whole) = progress(county, month);
    let [early, late] = AT_CENTRE;
    let usual = match place.level {
        _ if place.index == 0 => early + (late - early) * part / whole + dice.between(-3, 3),
        Level::Home => dice.between(1, 5),
        Level::Station => dice.between(0, 1),
        Level::Point => 0,
    };
    match month.month() {
        12 | 1 => usual * BEFORE_FESTIVAL / 100,
        _ => usual,
    }
}

fn drafts(county: &County, place: &Place, month: Month, dice: &mut Dice) -> Vec<Draft> {
    let count = count(county, place, month, dice);
    let mut drafts: Vec<Draft> = (0..count)
        .map(|_| draft(county, place, month, dice))
        .collect();
    drafts.sort_by_key(|draft| draft.received);
    drafts
}

fn draft(county: &County, place: &Place, month: Month, dice: &mut Dice) -> Draft {
    let mut mode = dice.weighted(&MODES);
    // Specialists look at a case together, and are called at night, at the centre.
    if place.index != 0 && mode != Mode::Clinic && dice.percent(70) {
        mode = Mode::Clinic;
    }
    let claim = match mode {
        Mode::Emergency => *dice.pick(&[Dispute::Wages, Dispute::Wages, Dispute::Injury]),
        _ => dice.weighted(&CLAIMS),
    };
    let people = people(mode, claim, dice);
    let received = received(month, mode, dice);
    Draft {
        received,
        mode,
        origin: match mode {
            Mode::Emergency => *dice.pick(&[Origin::Hotline, Origin::Passed]),
            _ => dice.weighted(&ORIGINS),
        },
        claim,
        people,
        amount: amount(claim, people, dice),
        applicant: person(dice),
        phone: format!("136{:08}", dice.below(100_000_000)),
        respondent: format!(
            "{}{}{}有限公司",
            place.town,
            dice.pick(&FIRMS),
            dice.pick(&FIRM_TRADES)
        ),
        days: days(county, month, mode, received, dice),
        fate: match mode {
            // Nobody sends those away who stand at the gate.
            Mode::Emergency => Fate::Agreed,
            _ => dice.weighted(&FATES),
        },
    }
}

fn person(dice: &mut Dice) -> String {
    let (surname, one) = (*dice.pick(&SURNAMES), *dice.pick(&GIVEN));
    let two = if dice.percent(70) {
        *dice.pick(&GIVEN)
    } else {
        ""
    };
    format!("{surname}{one}{two}")
}

/// One in six disputes is about several people; wages at a building site are many people's.
fn people(mode: Mode, claim: Dispute, dice: &mut Dice) -> i64 {
    match (mode, claim) {
        (Mode::Emergency, Dispute::Wages) => dice.between(10, 80),
        (_, Dispute::Wages) if dice.percent(25) => dice.between(2, 12),
        (_, Dispute::Contract | Dispute::Insurance) if dice.percent(15) => dice.between(2, 6),
        _ => 1,
    }
}

/// In whole hundreds of yuan, as people claim them.
fn amount(claim: Dispute, people: i64, dice: &mut Dice) -> Option<i64> {
    let each = match claim {
        Dispute::Wages => dice.between(30, 280),
        Dispute::Injury => dice.between(200, 1_800),
        Dispute::Dismissal | Dispute::Contract => dice.between(60, 900),
        Dispute::Insurance => dice.between(20, 400),
        // What somebody wants is their leave.
        _ if dice.percent(60) => return None,
        _ => dice.between(5, 120),
    };
    Some(each * 100 * people)
}

/// On a working day and in office hours; an emergency at any hour of any day.
fn received(month: Month, mode: Mode, dice: &mut Dice) -> DateTime {
    let day = month
        .first_day()
        .checked_add((dice.between(1, 28) - 1).days())
        .unwrap();
    let minute = i8::try_from(dice.between(0, 11) * 5).unwrap();
    if mode == Mode::Emergency {
        return day.at(i8::try_from(dice.between(0, 23)).unwrap(), minute, 0, 0);
    }
    let hour = i8::try_from(dice.between(8, 15)).unwrap();
    let works = work_days::from(day);
    // The holidays at a month's end would carry it into the next: then it came just before.
    let works = if month.contains(works) {
        works
    } else {
        before(day)
    };
    works.at(hour, minute, 0, 0)
}

fn before(mut day: Date) -> Date {
    while !work_days::is_working(day) {
        day = day.yesterday().unwrap();
    }
    day
}

/// How many days it is to take.
fn days(county: &County, month: Month, mode: Mode, received: DateTime, dice: &mut Dice) -> i64 {
    let (part, whole) = progress(county, month);
    let [early, late] = MEDIAN_DAYS;
    // In hundredths, so that half of a day is not lost at every step.
    let median = (early * (whole - part) + late * part) * 100 / whole;
    let days = (median * dice.pick(&SPREAD) / 100 + 50) / 100;
    match mode {
        Mode::Emergency => (days / 4).max(i64::from(received.hour() >= 14)),
        // Several specialists have to find a day.
        Mode::Consultation => (days * 5 / 4).max(1),
        Mode::Clinic => days.max(1),
    }
}
