//! `inbox/<site>/<code>`: what people without an account sent, and how far each has come.

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use yilian_core::document::{Month, Name};
use yilian_core::inbox::{Code, Overdue};
use yilian_core::records::{Edit, Item, Stage, Step, Submission, SubmissionKind, Typed as _};

use super::desk::{Desk, drawn};
use super::dice::Dice;
use super::directory::venues;
use super::place::{Place, Roll};
use super::words::{GIVEN, ITEMS, SURNAMES, TROUBLES};
use super::{County, Document, Mess};

/// What a site was sent in a month: none to three.
pub(super) fn documents(county: &County, place: &Place, month: Month) -> Vec<Document> {
    let mut dice = Dice::of(county.seed, &format!("inbox {} {month}", place.key));
    let count = dice.below(4);
    let roll = place.roll(county);
    (0..count)
        .filter_map(|_| submission(county, place, &roll, month, &mut dice))
        .collect()
}

fn submission(
    county: &County,
    place: &Place,
    roll: &Roll,
    month: Month,
    dice: &mut Dice,
) -> Option<Document> {
    let name = Code::new(place.key.clone(), dice.bytes()).name();
    let day = i8::try_from(dice.between(1, 27)).unwrap();
    let at = month
        .first_day()
        .at(19, 30, 0, 0)
        .checked_add((i64::from(day) - 1).days())
        .unwrap();
    if at > county.now() {
        return None;
    }
    let sender = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
    let mut sent = Submission {
        id: drawn(at, dice),
        site: place.key.clone(),
        kind: SubmissionKind::Request,
        name: sender.clone(),
        phone: if dice.percent(20) {
            String::new()
        } else {
            format!("138{:08}", dice.below(100_000_000))
        },
        text: (*dice.pick(&TROUBLES)).to_owned(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: None,
        proof: String::new(),
        at,
        removed_at: None,
    };
    match (dice.below(4), venues(place).first()) {
        (0, Some(venue)) => {
            let start = at.date().at(14, 0, 0, 0).checked_add(4.days()).unwrap();
            sent.kind = SubmissionKind::Booking;
            sent.text = String::new();
            sent.venue = Some(venue.id);
            sent.start = Some(start);
            sent.end = start.checked_add(2.hours()).ok();
            sent.count = Some(dice.between(5, 20));
        }
        (1, _) => {
            sent.kind = SubmissionKind::Claim;
            sent.text = String::new();
            sent.item = Some(Item::id_of(dice.pick(&ITEMS).0));
            sent.count = Some(1);
        }
        _ => {}
    }
    let mut desk = Desk::begin(county, &name, &place.author(roll, 0));
    // The page of somebody without an account gives no author: the site stands in for it here.
    desk.write(&sent.create(&name), "", at);
    seen_to(
        county,
        &mut desk,
        &name,
        &sent,
        at,
        dice,
        &place.author(roll, 1).to_string(),
    );
    Some(desk.finish())
}

/// Most are seen to within days; some are left lying.
fn seen_to(
    county: &County,
    desk: &mut Desk,
    name: &Name,
    sent: &Submission,
    at: DateTime,
    dice: &mut Dice,
    by: &str,
) {
    let left = dice.percent(8);
    let stages: &[Stage] = match dice.below(10) {
        _ if left => &[],
        0 => &[Stage::Declined],
        1 => &[Stage::Withdrawn],
        _ => &[
            Stage::Accepted,
            Stage::Assigned,
            Stage::Done,
            Stage::Confirmed,
        ],
    };
    let mut at = at;
    let mut after = None;
    for stage in stages {
        at = at.checked_add(dice.between(2, 20).hours()).unwrap();
        if at > county.now() {
            return;
        }
        let step = Step {
            id: drawn(at, dice),
            about: Some(sent.id),
            after,
            stage: *stage,
            at,
            by: by.to_owned(),
            note: String::new(),
            made: None,
            removed_at: None,
        };
        let edits: Vec<Edit> = step.create(name);
        desk.write(&edits, "", at);
        after = Some(step.id);
    }
    let waited = county.now().duration_since(sent.at).as_hours() / 24;
    if left && waited >= Overdue::ACCEPTANCE_DAYS {
        desk.wrong(Mess::SubmissionLeft);
    }
}
