use std::time::Duration;

use serde_json::json;
use yilian_core::document::{Author, Name, SiteKey};
use yilian_core::inbox::{self, InboxError, Made, Party, Progress, progress};
use yilian_core::records::{
    Booking, BookingState, Collection, Edit, Stage, Step, SubmissionKind, View,
};
use yilian_node::{Documents, Node};

use super::args::StepArguments;
use super::fetch::fetch;
use super::{code_of, find, refused};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
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
    let name = find(&node, &asked.code).await?;
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
    let edits = edits(&node, &name, party, step).await?;
    node.edit(edits, stage.as_str()).await?;
    node.stop().await;
    let code = code_of(&name);
    if context.json {
        return out::json(&json!({ "code": code, "stage": stage }));
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
    )
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

/// The edits of a step, along with what comes of it elsewhere.
async fn edits(node: &Node, name: &Name, party: Party, step: Step) -> Result<Vec<Edit>, Failure> {
    let site = name.site().cloned();
    let bookings = |of: &Name| matches!(of, Name::Bookings { .. }) && of.site() == site.as_ref();
    let read = names(node, bookings, vec![name.clone()]).await?;
    let (name, author) = (name.clone(), node.author().cloned());
    let edits = node.read(read, move |documents| {
        let view = documents.get(&name).ok_or(InboxError::Empty)?.view();
        let progress = progress(view).ok_or(InboxError::Empty)?;
        let site = name.site().ok_or(InboxError::Empty)?;
        let (stage, by) = (step.stage, step.by.clone());
        let by = match (party, by.as_str()) {
            (Party::Sender, "") => progress.submission.name.clone(),
            _ => by,
        };
        let made = match stage {
            Stage::Accepted => made(site, &progress, author.as_ref(), documents)?,
            _ => None,
        };
        let cancelled = match stage {
            Stage::Declined => cancel(&progress, documents),
            _ => None,
        };
        let mut edits = inbox::step(&name, view, party, Step { by, ..step }, made)?;
        edits.extend(cancelled);
        Ok(edits)
    });
    edits.await?.map_err(|error: InboxError| refused(&error))
}

/// What accepting makes: of a wish its booking. Goods are given out by a device that has them, so accepting a claim makes nothing.
fn made(
    site: &SiteKey,
    progress: &Progress<'_>,
    author: Option<&Author>,
    documents: &Documents<'_>,
) -> Result<Option<Made>, InboxError> {
    if progress.submission.kind != SubmissionKind::Booking {
        return Ok(None);
    }
    let booking = inbox::booking(site, progress.submission, author)?;
    let others = documents
        .iter()
        .flat_map(|document| View::present::<Booking>(document.view()));
    inbox::taken(&booking.1, others.map(|(other, _)| other))?;
    Ok(Some(Made::booking(&booking)))
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
