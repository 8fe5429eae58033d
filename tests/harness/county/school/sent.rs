//! `inbox/<site>/<code>`: the wishes for a seat that people sent without an account, and the certificates that they got back.

use jiff::ToSpan as _;
use yilian_core::document::{Author, Name};
use yilian_core::inbox::Code;
use yilian_core::records::{Collection, Edit, Stage, Step, Submission, SubmissionKind, Typed as _};
use yilian_core::school::Proof;

use super::super::desk::{Desk, drawn};
use super::super::dice::Dice;
use super::super::place::Place;
use super::super::{County, Document};
use super::papers::certificate;
use super::{Class, Learner};

/// What those of a class sent who enrolled by telephone.
pub(super) fn documents(
    county: &County,
    place: &Place,
    class: &Class,
    clerk: &Author,
) -> Vec<Document> {
    let sent = class.learners.iter().filter(|learner| learner.sent);
    sent.map(|learner| document(county, place, class, learner, clerk))
        .collect()
}

fn document(
    county: &County,
    place: &Place,
    class: &Class,
    learner: &Learner,
    clerk: &Author,
) -> Document {
    let label = format!("sent {} {} {}", place.key, class.name, learner.name);
    let mut dice = Dice::of(county.seed, &label);
    let name = Code::new(place.key.clone(), dice.bytes()).name();
    let at = learner.enrolled;
    let sent = Submission {
        id: drawn(at, &mut dice),
        site: place.key.clone(),
        kind: SubmissionKind::Enrolment,
        name: learner.name.clone(),
        phone: learner.phone.clone(),
        text: String::new(),
        venue: None,
        start: None,
        end: None,
        item: None,
        count: None,
        course: Some(class.course),
        proof: String::new(),
        at,
        removed_at: None,
    };
    let mut desk = Desk::begin(county, &name, clerk);
    desk.write(&sent.create(&name), "", at);
    let mut after = None;
    for (number, stage) in [Stage::Accepted, Stage::Done].into_iter().enumerate() {
        let at = at
            .checked_add((2 + 5 * i64::try_from(number).unwrap()).hours())
            .unwrap();
        if at > county.now() {
            continue;
        }
        let step = Step {
            id: drawn(at, &mut dice),
            about: Some(sent.id),
            after,
            stage,
            at,
            by: clerk.to_string(),
            note: String::new(),
            made: (stage == Stage::Accepted).then(|| learner.id(class)),
            removed_at: None,
        };
        desk.write(&step.create(&name), "", at);
        after = Some(step.id);
    }
    deliver(
        county,
        place,
        class,
        learner,
        (&mut desk, &name, &sent),
        clerk,
    );
    desk.finish()
}

/// Whoever is certified finds the certificate where they sent their wish.
fn deliver(
    county: &County,
    place: &Place,
    class: &Class,
    learner: &Learner,
    (desk, name, sent): (&mut Desk, &Name, &Submission),
    clerk: &Author,
) {
    let mut certified = class.certified(county.now());
    if !certified.any(|one| one.name == learner.name && one.phone == learner.phone) {
        return;
    }
    let certificate = certificate(class, learner, clerk);
    let proof = Proof::of(&county.network(), &place.key, &certificate).unwrap();
    let text = proof.to_string();
    let edit = Edit::set(name, Collection::Submission, sent.id, "proof", text);
    let at = class.certified_on().at(10, 0, 0, 0).min(county.now());
    desk.write(&[edit], "", at);
}
