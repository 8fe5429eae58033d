use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::flow::Fit;
use yilian_core::inbox::{self, Code, Made, Overdue, Party, Progress};
use yilian_core::matrix::Directory;
use yilian_core::records::{Booking, Stage, Step, Submission, SubmissionKind, write_date_time};

use super::SessionError;
use super::goods::handover;
use super::json::{Json, Object, array, maybe, parsed, write, wrong};
use super::matrix::{beside, grant_of, worded};
use super::query::{Deed, Reader};

/// What was sent to a site, whoever waits for longest first.
pub(super) fn inbox(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let of_site = |name: &Name| matches!(name, Name::Inbox { site: of, .. } if *of == site);
    let names: Vec<Name> = reader.names().into_iter().filter(of_site).collect();
    let documents = reader.all(&names)?;
    let found = names.iter().zip(documents);
    let mut all: Vec<_> = found
        .filter_map(|(name, live)| Some((name, inbox::progress(live.view())?)))
        .collect();
    yilian_core::ordered::sort_by_key(&mut all, |(name, progress)| {
        (progress.waits_since(), (*name).clone())
    });
    let mut json = Vec::new();
    for (name, progress) in &all {
        json.push(shown(reader, name, progress, Party::Site)?);
    }
    Ok(array(json))
}

/// What was sent under a code, and how far it has come.
pub(super) fn submission(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let name = code(args)?.name();
    let view = reader.view(&name)?;
    match inbox::progress(view) {
        Some(progress) => shown(reader, &name, &progress, Party::Sender),
        None => Ok("null".to_owned()),
    }
}

/// Sends something to a site under a new code.
pub(super) fn submit(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let code = Code::new(parsed(args, "site")?, reader.random);
    let fields = args.get("fields").ok_or_else(|| wrong("fields"))?;
    let submission: Submission = reader.record(fields)?;
    let (document, edits) = inbox::send(submission, &code, reader.now)?;
    reader.live(&document)?;
    Ok(Deed {
        edits,
        code: Some(code.to_string()),
        message: "submit",
        ..Deed::default()
    })
}

/// Takes a step. A wish for a venue that is accepted becomes a confirmed booking, one for a course an
/// enrolment; a claim that is done, a gift of this device.
pub(super) fn step(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let (name, party) = match maybe(args, "document")? {
        Some(name) => (name, Party::Site),
        None => (code(args)?.name(), Party::Sender),
    };
    let view = reader.view(&name)?;
    let fields = args.get("fields").ok_or_else(|| wrong("fields"))?;
    let step = Step {
        at: reader.now,
        ..reader.record(fields)?
    };
    let made = match (party, inbox::progress(view)) {
        (Party::Site, Some(progress)) => made(reader, progress.submission, step.stage)?,
        _ => None,
    };
    Ok(Deed {
        edits: inbox::step(&name, view, party, step, made)?,
        message: "step",
        ..Deed::default()
    })
}

/// What is made of a submission that comes to a stage.
fn made(
    reader: &mut Reader<'_>,
    submission: &Submission,
    stage: Stage,
) -> Result<Option<Made>, SessionError> {
    match (submission.kind, stage) {
        (SubmissionKind::Booking, Stage::Accepted) => {}
        (SubmissionKind::Claim, Stage::Done) => return handover(reader, submission).map(Some),
        (SubmissionKind::Enrolment, Stage::Accepted) => {
            return enrolment(reader, submission).map(Some);
        }
        _ => return Ok(None),
    }
    let author = reader.author()?;
    let made = inbox::booking(&submission.site, submission, Some(author))?;
    let (name, booking) = &made;
    let names = beside(name);
    let documents = reader.all(&names)?;
    let others = documents
        .iter()
        .flat_map(|live| live.view().present::<Booking>());
    inbox::taken(booking, others.map(|(other, _)| other))?;
    Ok(Some(Made::booking(&made)))
}

/// The enrolment that a wish for a course becomes.
fn enrolment(reader: &mut Reader<'_>, submission: &Submission) -> Result<Made, SessionError> {
    let site = &submission.site;
    let author = reader.author()?;
    let directory = Directory::new(reader.view(&Name::Sites)?);
    let school = reader.view(&Name::School { site: site.clone() })?;
    let made = inbox::enrolment(site, submission, author, school, directory.hub());
    Ok(made?)
}

fn code(args: &Json) -> Result<Code, SessionError> {
    let text = args.get("code").and_then(Json::as_str);
    let code = text.ok_or_else(|| wrong("code"))?.parse::<Code>();
    code.map_err(|error| SessionError::Text(error.to_string()))
}

fn shown(
    reader: &mut Reader<'_>,
    name: &Name,
    progress: &Progress<'_>,
    party: Party,
) -> Result<String, SessionError> {
    let steps = progress.steps.iter().map(|placed| {
        Object::new()
            .fields_of(&write(placed.step))
            .text("fit", fit(placed.fit))
            .end()
    });
    let next = progress.next(party).map(|stage| write(&stage));
    let made = progress.made();
    let grant = grant(reader, progress)?;
    let overdue = progress.overdue(reader.now);
    Ok(Object::new()
        .shown("document", name)
        .raw(
            "code",
            &Code::of(name).map_or_else(|| "null".to_owned(), |code| write(&code.to_string())),
        )
        .raw("submission", &write(progress.submission))
        .text("stage", progress.stage.as_str())
        .raw("steps", &array(steps))
        .raw("next", &array(next))
        .raw("assignee", &write(&progress.assignee()))
        .raw("made", &write(&made))
        .text("waits_since", &write_date_time(progress.waits_since()))
        .raw("overdue", overdue.map_or("null", late))
        .raw("grant", &write(&grant))
        .end())
}

/// What became of the booking that was made of a wish.
fn grant(
    reader: &mut Reader<'_>,
    progress: &Progress<'_>,
) -> Result<Option<&'static str>, SessionError> {
    let submission = progress.submission;
    let (Some(made), SubmissionKind::Booking, Some(start)) =
        (progress.made(), submission.kind, submission.start)
    else {
        return Ok(None);
    };
    let name = Name::Bookings {
        site: submission.site.clone(),
        month: Month::of(start.date()).map_err(|_| wrong("start"))?,
    };
    let grant = grant_of(reader, &name, made)?;
    Ok(grant.map(|grant| worded(grant).0))
}

const fn late(overdue: Overdue) -> &'static str {
    match overdue {
        Overdue::Acceptance => "\"acceptance\"",
        Overdue::Completion => "\"completion\"",
    }
}

const fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Moves => "moves",
        Fit::Crosses { .. } => "crosses",
        Fit::Repeats => "repeats",
        Fit::Illegal => "illegal",
        Fit::Void => "void",
    }
}
