use std::rc::Rc;

use jiff::civil::DateTime;
use yilian_core::document::{Kind, Month, Name, SiteKey};
use yilian_core::inbox::{
    self, Code, Counted, Figures, Made, Overdue, ParseCodeError, Party, Progress, Tally,
};
use yilian_core::ordered;
use yilian_core::records::{
    RecordId, Stage, Step, Submission, SubmissionKind, parse_date, parse_date_time, write_date_time,
};

use super::SessionError;
use super::goods::handover;
use super::json::{Json, Object, array, maybe, parsed, write, wrong};
use super::matrix::{directory, grant_of, not_promised, promiser, worded};
use super::query::{Deed, Reader};

/// A submission that was read, as it is answered to its site.
#[derive(Debug)]
pub(super) struct Sent {
    /// All that neither time nor another document changes: fields without their braces.
    json: String,
    counted: Counted,
    /// The booking that was made of it, until when it is.
    made: Option<(Name, RecordId, DateTime)>,
}

impl Sent {
    /// Whether nothing but another step changes it any more: it can be kept beyond this session.
    fn is_settled(&self, now: DateTime) -> bool {
        let is_open = matches!(
            self.counted.stage,
            Stage::Submitted | Stage::Accepted | Stage::Assigned
        );
        !is_open && self.made.as_ref().is_none_or(|(.., end)| *end <= now)
    }

    /// What [`Sent::read`] reads again: of what is settled.
    fn write(&self) -> String {
        let Counted {
            stage,
            kind,
            sent,
            since,
            done_at,
            end: _,
        } = self.counted;
        let time = |name: &str, object: Object, at: Option<DateTime>| match at {
            Some(at) => object.text(name, &write_date_time(at)),
            None => object,
        };
        let object = Object::new()
            .text("stage", stage.as_str())
            .text("kind", kind.as_str())
            .text("json", &self.json);
        let object = time("sent", object, Some(sent));
        let object = time("since", object, Some(since));
        time("done", object, done_at).end()
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text).ok()?;
        let said = |name: &str| json.get(name).and_then(Json::as_str);
        let time = |name: &str| said(name).and_then(parse_date_time);
        let (stage, kind) = (said("stage")?, said("kind")?);
        let kinds = [
            SubmissionKind::Booking,
            SubmissionKind::Claim,
            SubmissionKind::Enrolment,
            SubmissionKind::Request,
        ];
        Some(Self {
            json: said("json")?.to_owned(),
            counted: Counted {
                stage: *inbox::FLOW.stages.iter().find(|of| of.as_str() == stage)?,
                kind: kinds.into_iter().find(|of| of.as_str() == kind)?,
                sent: time("sent")?,
                since: time("since")?,
                end: None,
                done_at: time("done"),
            },
            made: None,
        })
    }
}

/// A document and what was sent in it.
type Read = (Name, Rc<Option<Sent>>);

/// What was sent to a site, whoever waits for longest first.
pub(super) fn inbox(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let all = every(reader, Some(&site))?;
    let mut all: Vec<(&Name, &Sent)> = present(&all).collect();
    ordered::sort_by_key(&mut all, |(name, sent)| {
        (sent.counted.since, (*name).clone())
    });
    let mut json = Vec::new();
    for (_, sent) in all {
        let overdue = overdue(reader, &sent.counted);
        // Whose a venue was in the past takes documents that nobody needs any more.
        let made = sent.made.as_ref().filter(|(.., end)| *end > reader.now);
        if let Some((.., end)) = made {
            reader.until(*end);
        }
        let grant = grant(reader, made)?;
        json.push(shown(&sent.json, overdue, grant));
    }
    Ok(array(json))
}

/// How sites deal with what they were sent in some days.
pub(super) fn figures(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: Option<SiteKey> = maybe(args, "site")?;
    let day = |field: &str| {
        let day = args.get(field).and_then(Json::as_str).and_then(parse_date);
        day.ok_or_else(|| wrong(field))
    };
    let (from, until) = (day("from")?, day("until")?);
    let all = every(reader, site.as_ref())?;
    let mut counted = Vec::new();
    for (name, sent) in present(&all) {
        let day = sent.counted.sent.date();
        if from <= day && day <= until {
            overdue(reader, &sent.counted);
            counted.extend(name.site().map(|site| (site, sent.counted)));
        }
    }
    let Figures { total, sites } = inbox::count(counted, reader.now);
    let sites = sites
        .iter()
        .map(|(site, of)| tally(Object::new().shown("site", site), of));
    Ok(Object::new()
        .raw("total", &tally(Object::new(), &total))
        .raw("sites", &array(sites))
        .end())
}

fn tally(object: Object, of: &Tally) -> String {
    let stages = of.stages.iter().fold(Object::new(), |object, (stage, of)| {
        object.number(stage.as_str(), *of as u64)
    });
    object
        .number("count", of.count as u64)
        .raw("stages", &stages.end())
        .number("overdue", of.overdue as u64)
        .number("done", of.done as u64)
        .raw("median_days", &write(&of.median_days))
        .raw("p90_days", &write(&of.p90_days))
        .end()
}

/// What was sent to a site, or to any: what was read once is not opened again until it changes.
fn every(reader: &mut Reader<'_>, site: Option<&SiteKey>) -> Result<Vec<Read>, SessionError> {
    let mut all = Vec::new();
    let mut missing = None;
    for name in reader.list(Kind::Inbox, site) {
        match sent(reader, &name) {
            Ok(sent) => all.push((name, sent)),
            Err(error) => missing = Some(error),
        }
    }
    missing.map_or(Ok(all), Err)
}

fn present(all: &[Read]) -> impl Iterator<Item = (&Name, &Sent)> {
    all.iter()
        .filter_map(|(name, sent)| Some((name, (**sent).as_ref()?)))
}

/// None where nothing was sent.
fn sent(reader: &mut Reader<'_>, name: &Name) -> Result<Rc<Option<Sent>>, SessionError> {
    let state = reader.version(name).to_string();
    let (kept, key) = (&reader.session.kept, format!("sent {name}"));
    if let Some(sent) = kept.get(&key, &state) {
        return Ok(sent);
    }
    let (live, is_current) = reader.read(name)?;
    let sent = inbox::progress(live.view()).map(|progress| Sent {
        json: lasting(name, &progress, Party::Site),
        counted: Counted::of(&progress),
        made: made_booking(&progress),
    });
    if let Some(sent) = sent.as_ref().filter(|sent| sent.is_settled(reader.now))
        && is_current
    {
        reader.session.remember(name, &sent.write());
    }
    Ok(kept.put(key, state, is_current, sent))
}

/// What came of what was sent in a document, such as an enrolment.
pub(super) fn made_of(
    reader: &mut Reader<'_>,
    name: &Name,
) -> Result<Option<RecordId>, SessionError> {
    let state = reader.version(name).to_string();
    let (kept, key) = (&reader.session.kept, format!("made {name}"));
    if let Some(made) = kept.get::<Option<RecordId>>(&key, &state) {
        return Ok(*made);
    }
    let (live, is_current) = reader.read(name)?;
    let made = inbox::progress(live.view()).and_then(|progress| progress.made());
    Ok(*kept.put(key, state, is_current, made))
}

/// What was sent under a code, and how far it has come.
pub(super) fn submission(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let name = code(args)?.name();
    let view = reader.view(&name)?;
    let Some(progress) = inbox::progress(view) else {
        return Ok("null".to_owned());
    };
    let overdue = overdue(reader, &Counted::of(&progress));
    let grant = grant(reader, made_booking(&progress).as_ref())?;
    Ok(shown(
        &lasting(&name, &progress, Party::Sender),
        overdue,
        grant,
    ))
}

/// What a text that was typed says, if it is a code.
pub(super) fn read_code(args: &Json) -> Result<String, SessionError> {
    let text = args.get("code").and_then(Json::as_str);
    let text = text.ok_or_else(|| wrong("code"))?;
    let object = Object::new();
    Ok(match text.parse::<Code>() {
        Ok(code) => object.shown("code", &code).shown("site", code.site()),
        Err(ParseCodeError::Character(character)) => object
            .text("wrong", "character")
            .shown("character", &character),
        Err(ParseCodeError::Form) => object.text("wrong", "form"),
        Err(ParseCodeError::Typo) => object.text("wrong", "typo"),
    }
    .end())
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
    let author = reader.author()?.clone();
    let directory = directory(reader)?;
    let by = promiser(reader, &directory)?.map_or(author, |(_, by)| by);
    let made = inbox::booking(&submission.site, submission, Some(&by))?;
    let (name, booking) = &made;
    not_promised(reader, name, booking, &directory)?;
    Ok(Some(Made::booking(&made)))
}

/// The enrolment that a wish for a course becomes.
fn enrolment(reader: &mut Reader<'_>, submission: &Submission) -> Result<Made, SessionError> {
    let site = &submission.site;
    let author = reader.author()?.clone();
    let directory = directory(reader)?;
    let by = promiser(reader, &directory)?.map_or(author, |(_, by)| by);
    let (courses, school) = super::school::views(reader, site)?;
    let made = inbox::enrolment(site, submission, &by, (courses, school), directory.hub());
    Ok(made?)
}

fn code(args: &Json) -> Result<Code, SessionError> {
    let text = args.get("code").and_then(Json::as_str);
    let code = text.ok_or_else(|| wrong("code"))?.parse::<Code>();
    code.map_err(|error| SessionError::Text(error.to_string()))
}

/// All that neither time nor another document changes: fields without their braces.
fn lasting(name: &Name, progress: &Progress<'_>, party: Party) -> String {
    let steps = progress.steps.iter().map(|placed| {
        Object::new()
            .fields_of(&write(placed.step))
            .text("fit", placed.fit.as_str())
            .end()
    });
    let next = progress.next(party).map(|stage| write(&stage));
    let code = Code::of(name).map(|code| code.to_string());
    Object::new()
        .shown("document", name)
        .raw("code", &write(&code))
        .raw("submission", &write(progress.submission))
        .text("stage", progress.stage.as_str())
        .raw("steps", &array(steps))
        .raw("next", &array(next))
        .raw("assignee", &write(&progress.assignee()))
        .raw("made", &write(&progress.made()))
        .text("waits_since", &write_date_time(progress.waits_since()))
        .end()
}

fn shown(lasting: &str, overdue: Option<Overdue>, grant: Option<&str>) -> String {
    Object::new()
        .fields_of(lasting)
        .raw("overdue", &write(&overdue.map(Overdue::as_str)))
        .raw("grant", &write(&grant))
        .end()
}

/// What its site is late with, and when that will be something else.
fn overdue(reader: &mut Reader<'_>, counted: &Counted) -> Option<Overdue> {
    if let Some(at) = counted.overdue_changes(reader.now) {
        reader.until(at);
    }
    counted.overdue(reader.now)
}

/// The booking that was made of a wish, and until when it is.
fn made_booking(progress: &Progress<'_>) -> Option<(Name, RecordId, DateTime)> {
    let submission = progress.submission;
    let (made, SubmissionKind::Booking) = (progress.made()?, submission.kind) else {
        return None;
    };
    let name = Name::Bookings {
        site: submission.site.clone(),
        month: Month::of(submission.start?.date()).ok()?,
    };
    Some((name, made, submission.end?))
}

/// What became of it.
fn grant(
    reader: &mut Reader<'_>,
    made: Option<&(Name, RecordId, DateTime)>,
) -> Result<Option<&'static str>, SessionError> {
    let Some((name, made, _)) = made else {
        return Ok(None);
    };
    let grant = grant_of(reader, name, *made)?;
    Ok(grant.map(|grant| worded(grant).0))
}
