use std::time::Duration;

use serde_json::json;
use yilian_core::document::{Kind, LiveDocument, Name, SiteKey};
use yilian_core::inbox::{self, InboxError, Made, Party, Progress, progress};
use yilian_core::matrix::Directory;
use yilian_core::records::{
    Booking, BookingState, Collection, Edit, Enrolment, EnrolmentState, Stage, Step, Submission,
    SubmissionKind, View,
};
use yilian_core::school::document;
use yilian_core::supplies::{Desk, handover_id};
use yilian_node::{Documents, Node, Profile};

use super::args::StepArguments;
use super::fetch::fetch;
use super::{code_of, find, refused};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::noun::confirmer;
use crate::cli::out;

/// How long a sender waits for the relay where nothing is here.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) async fn run(
    context: &Context,
    party: Party,
    stage: Stage,
    asked: StepArguments,
) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find(&node, &asked.code.code).await?;
    if party == Party::Sender && !node.names().await?.contains(&name) {
        // Sent from another computer: what the relay has of it decides what may be done.
        fetch(&node, &name, PATIENCE).await?;
    }
    let step = Step {
        id: node.new_record()?,
        about: None,
        after: None,
        stage,
        at: node.clock().civil(),
        by: asked.by.unwrap_or_else(|| default_by(&node, party, stage)),
        note: asked.note.unwrap_or_default(),
        made: None,
        removed_at: None,
    };
    let taken = take(&node, &name, party, step).await?;
    let handed = write(&node, &name, taken, stage.as_str()).await?;
    node.stop().await;
    let code = code_of(&name);
    if context.json {
        let handed_over = handed.map(|handed| handed == Handed::Now);
        return out::json(&json!({ "code": code, "stage": stage, "handed_over": handed_over }));
    }
    let label = stage.label();
    let (zh, en) = match party {
        Party::Sender => (
            "；联网后用 yilian sync --once 送出",
            "; send it off with yilian sync --once",
        ),
        Party::Site => ("", ""),
    };
    context.say(
        &format!("{code} {}{zh}", label.zh),
        &format!("{code} is {}{en}", label.en),
    )?;
    match handed {
        None => Ok(()),
        Some(Handed::Now) => context.say("物资已发放，记入台账", "the goods are given out, and entered"),
        Some(Handed::Before) => context.say(
            "物资上次已经发过，这次没有再发；确实又给了的，用 yilian supply give 登记",
            "the goods were given out before, and not again: if they were, enter that with yilian supply give",
        ),
    }
}

/// Whether what was claimed was handed over with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Handed {
    /// Now.
    Now,
    /// The first time that it was done: a claim is given out once.
    Before,
}

/// Whoever edits here, unless it is about somebody else: who is to see to it is said, and a sender has a name already.
fn default_by(node: &Node, party: Party, stage: Stage) -> String {
    match node.author() {
        Some(author) if party == Party::Site && stage != Stage::Assigned => {
            author.name().to_owned()
        }
        _ => String::new(),
    }
}

/// A step as it is written.
struct Taken {
    /// Its edits, along with what comes of it elsewhere; goods aside.
    edits: Vec<Edit>,
    /// The claim whose goods are handed over with it.
    claim: Option<Submission>,
}

async fn take(node: &Node, name: &Name, party: Party, step: Step) -> Result<Taken, Failure> {
    let site = name.site().cloned();
    let wanted = |of: &Name| {
        let own = matches!(of.kind(), Kind::Bookings | Kind::Courses | Kind::School);
        *of == Name::Sites || own && of.site() == site.as_ref()
    };
    let read = names(node, wanted, vec![name.clone()]).await?;
    let (name, profile) = (name.clone(), node.profile().clone());
    node.read(read, move |documents| {
        taken(&name, party, step, &profile, documents)
    })
    .await?
}

fn taken(
    name: &Name,
    party: Party,
    step: Step,
    profile: &Profile,
    documents: &Documents<'_>,
) -> Result<Taken, Failure> {
    let empty = || refused(&InboxError::Empty);
    let view = documents.get(name).ok_or_else(empty)?.view();
    let progress = progress(view).ok_or_else(empty)?;
    let by = match (party, step.by.as_str()) {
        (Party::Sender, "") => progress.submission.name.clone(),
        _ => step.by.clone(),
    };
    let (mut made, mut cancelled, mut claim) = (None, None, None);
    match (progress.submission.kind, step.stage) {
        (SubmissionKind::Booking, Stage::Accepted) => {
            let site = name.site().ok_or_else(empty)?;
            made = Some(booked(site, &progress, profile, documents)?);
        }
        (SubmissionKind::Enrolment, Stage::Accepted) => {
            let site = name.site().ok_or_else(empty)?;
            made = Some(enrolled(site, &progress, profile, documents)?);
        }
        (SubmissionKind::Claim, Stage::Done) => {
            // Whether this device has the goods is seen when they are moved, along with the step.
            made = Some(Made {
                record: handover_id(progress.submission.id),
                edits: Vec::new(),
            });
            claim = Some(progress.submission.clone());
        }
        (SubmissionKind::Enrolment, Stage::Declined) => cancelled = withdraw(&progress, documents),
        (_, Stage::Declined) => cancelled = cancel(&progress, documents),
        _ => {}
    }
    let edits = inbox::step(name, view, party, Step { by, ..step }, made);
    let mut edits = edits.map_err(|error| refused(&error))?;
    edits.extend(cancelled);
    Ok(Taken { edits, claim })
}

/// Writes a step; with one that hands goods over, the gift: both or neither. Answers what became of goods.
async fn write(
    node: &Node,
    name: &Name,
    taken: Taken,
    message: &str,
) -> Result<Option<Handed>, Failure> {
    let Taken { edits, claim } = taken;
    let (Some(claim), Some(site)) = (claim, name.site().cloned()) else {
        node.edit(edits, message).await?;
        return Ok(None);
    };
    let sites = vec![site.clone()];
    let (line, own, others) = (handover_id(claim.id), site.clone(), sites.clone());
    let before = node.read_ledger(&site, others, move |ledger| {
        ledger.line(&own, line).is_some()
    });
    let before = before.await?;
    node.move_goods(sites, message, move |ledger, desk| {
        // Of the goods of the site it was sent to, wherever this device stands.
        let desk = Desk {
            site: &site,
            ..*desk
        };
        let mut lines = ledger.plan_handover(&desk, &claim)?;
        lines.extend(edits);
        Ok(lines)
    })
    .await?;
    Ok(Some(match before {
        true => Handed::Before,
        false => Handed::Now,
    }))
}

/// The booking that a wish becomes.
fn booked(
    site: &SiteKey,
    progress: &Progress<'_>,
    profile: &Profile,
    documents: &Documents<'_>,
) -> Result<Made, Failure> {
    let sites = documents.get(&Name::Sites);
    let directory = sites.map_or_else(Directory::empty, |sites| Directory::new(sites.view()));
    let by = confirmer(profile, Some(site), directory.hub())?;
    let booking = inbox::booking(site, progress.submission, Some(&by));
    let booking = booking.map_err(|error| refused(&error))?;
    let others = documents
        .iter()
        .flat_map(|document| View::present::<Booking>(document.view()));
    let others = others.map(|(_, entry)| entry);
    inbox::taken(&booking.1, others, &directory).map_err(|error| refused(&error))?;
    Ok(Made::booking(&booking))
}

/// What a wish for a course becomes: an enrolment, with a promise where a seat is free.
fn enrolled(
    site: &SiteKey,
    progress: &Progress<'_>,
    profile: &Profile,
    documents: &Documents<'_>,
) -> Result<Made, Failure> {
    let directory = documents
        .get(&Name::Sites)
        .map(|sites| Directory::new(sites.view()));
    let hub = directory.as_ref().and_then(Directory::hub);
    let by = confirmer(profile, Some(site), hub)?;
    let views = [Collection::Courses, Collection::Enrolments].map(|of| {
        let document = documents.get(&document(site, of));
        document.map(LiveDocument::view)
    });
    let made = inbox::enrolment(site, progress.submission, &by, views.into(), hub);
    made.map_err(|error| refused(&error))
}

/// Whoever declines what was accepted takes the seat back.
fn withdraw(progress: &Progress<'_>, documents: &Documents<'_>) -> Option<Edit> {
    let made = progress.made()?;
    documents.iter().find_map(|document| {
        let enrolment = document.view().get::<Enrolment>(made)?;
        (enrolment.state == EnrolmentState::Enrolled).then_some(())?;
        Some(Edit::set(
            document.name()?,
            Collection::Enrolments,
            made,
            "state",
            EnrolmentState::Withdrawn.as_str(),
        ))
    })
}

/// Whoever declines what was accepted gives its booking back.
fn cancel(progress: &Progress<'_>, documents: &Documents<'_>) -> Option<Edit> {
    let made = progress.made()?;
    documents.iter().find_map(|document| {
        let booking = document.view().get::<Booking>(made)?;
        let cancelled = BookingState::Cancelled.as_str();
        (booking.state == BookingState::Booked).then_some(())?;
        Some(Edit::set(
            document.name()?,
            Collection::Bookings,
            made,
            "state",
            cancelled,
        ))
    })
}
