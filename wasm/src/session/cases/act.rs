//! What a page does with disputes.

use jiff::civil::DateTime;
use yilian_core::document::{Author, Name, SiteKey};
use yilian_core::mediation::{
    Assignment, MediationError, Proceedings, agree, assign, code, on_duty, refer, register, share,
    sit, take,
};
use yilian_core::records::{
    Agreement, Case, Mode, Party, Referral, ReferralKind, Sitting, Stage, Step, Typed,
    parse_date_time,
};

use super::{load, open_case, rosters};
use crate::session::SessionError;
use crate::session::json::{Json, Object, list, maybe, parsed, wrong};
use crate::session::matrix::directory;
use crate::session::query::{Deed, Reader};

const ACTS: [(&str, Act); 7] = [
    ("caseAgree", |reader, args| step(reader, args, Kind::Agree)),
    ("caseAssign", give),
    ("caseOpen", open),
    ("caseRefer", |reader, args| step(reader, args, Kind::Refer)),
    ("caseShare", hand),
    ("caseSit", seat),
    ("caseStep", |reader, args| step(reader, args, Kind::Plain)),
];

type Act = fn(&mut Reader<'_>, &Json) -> Result<Deed, SessionError>;

/// Does what an act is called.
pub(in crate::session) fn act(
    reader: &mut Reader<'_>,
    act: &str,
    args: &Json,
) -> Result<Deed, SessionError> {
    let known = ACTS.iter().find(|(name, _)| *name == act);
    let (message, act) = known.ok_or_else(|| wrong("act"))?;
    let deed = act(reader, args)?;
    Ok(Deed { message, ..deed })
}

/// Registers a case. An emergency goes to who is on duty, unless nobody is.
fn open(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let fields = args.get("case").ok_or_else(|| wrong("case"))?;
    let mut case: Case = reader.record(fields)?;
    if case.received == DateTime::ZERO {
        case.received = reader.now;
    }
    if case.case.is_empty() {
        case.case = code(reader.now.date(), reader.random);
    }
    let (site, number) = (case.site.clone(), case.case.clone());
    case.id = Case::id_of(&site, &number);
    let (document, mut edits) = register(case.clone())?;
    let view = reader.view(&document)?;
    if view.present::<Case>().next().is_some() {
        return Err(MediationError::Shared(site).into());
    }
    let mut parties: Vec<Party> = Vec::new();
    for fields in list(args, "parties") {
        let party: Party = reader.record(fields)?;
        if party.name.trim().is_empty() {
            return Err(wrong("parties"));
        }
        parties.push(Party {
            id: Party::id_of(&site, &number, &party.name),
            site: site.clone(),
            case: number.clone(),
            ..party
        });
    }
    edits.extend(parties.iter().flat_map(|party| party.create(&document)));
    let mut proceedings = Proceedings::new(&case);
    proceedings.parties = parties.iter().collect();
    if case.mode == Mode::Emergency && case.received == reader.now {
        let now = reader.now;
        if let Some(to) = first_on_duty(reader, &proceedings, now)? {
            let by = author(reader);
            let ids = [reader.id(), reader.id()];
            edits.extend(assign(&document, &proceedings, to, ids, &by)?);
        }
    }
    Ok(Deed {
        records: vec![case.id],
        code: Some(document.to_string()),
        ..Deed::of(edits, "")
    })
}

/// Gives a case to somebody, or to who is on duty.
fn give(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let document: Name = parsed(args, "document")?;
    let case = open_case(reader, &document)?;
    let at = time(reader, args)?;
    let found = match said(args, "name") {
        None => first_on_duty(reader, &case, at)?,
        Some(name) => Some(Assignment {
            name: name.to_owned(),
            post: said(args, "post").unwrap_or_default().to_owned(),
            of: maybe::<SiteKey>(args, "of")?.or_else(|| Some(case.case.site.clone())),
            person: maybe(args, "person")?,
            at,
            note: String::new(),
        }),
    };
    let to = found.ok_or(MediationError::NobodyOnDuty)?;
    let note = said(args, "note").unwrap_or_default().to_owned();
    let by = author(reader);
    let ids = [reader.id(), reader.id()];
    let edits = assign(&document, &case, Assignment { note, ..to }, ids, &by)?;
    Ok(Deed::of(edits, ""))
}

/// Who of those on duty for a case may mediate it, the likeliest.
fn first_on_duty(
    reader: &mut Reader<'_>,
    case: &Proceedings<'_>,
    at: DateTime,
) -> Result<Option<Assignment>, SessionError> {
    let site = &case.case.site;
    let rosters = rosters(reader, site, at)?;
    let load = load(reader)?;
    let directory = directory(reader)?;
    let rosters = rosters.iter().map(|(name, view)| (name, *view));
    let on_duty = on_duty(rosters, &directory, site, at, &load);
    let mut free = on_duty.into_iter().filter(|on| !case.is_party(on.name));
    Ok(free.next().map(|on| Assignment {
        name: on.name.to_owned(),
        post: on.post.to_owned(),
        of: Some(on.site.clone()),
        person: on.person,
        at,
        note: String::new(),
    }))
}

/// What a step brings with it.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Nothing.
    Plain,
    /// What the parties agreed on.
    Agree,
    /// To whom the case goes.
    Refer,
}

/// Takes a step.
fn step(reader: &mut Reader<'_>, args: &Json, kind: Kind) -> Result<Deed, SessionError> {
    let document: Name = parsed(args, "document")?;
    let case = open_case(reader, &document)?;
    let stage = match kind {
        Kind::Plain => args.get("stage").ok_or_else(|| wrong("stage"))?.clone(),
        Kind::Agree => Json::String(Stage::Agreed.as_str().to_owned()),
        Kind::Refer => Json::String(Stage::Referred.as_str().to_owned()),
    };
    let by = said(args, "by").map_or_else(|| author(reader), str::to_owned);
    let fields = Json::Object(vec![("stage".to_owned(), stage)]);
    let step: Step = reader.record(&fields)?;
    let step = Step {
        at: time(reader, args)?,
        by,
        note: said(args, "note").unwrap_or_default().to_owned(),
        ..step
    };
    let edits = match kind {
        Kind::Plain => take(&document, &case, vec![step])?,
        Kind::Agree => match args.get("agreement") {
            // The one that is on the record.
            None | Some(Json::Null) => take(&document, &case, vec![step])?,
            Some(fields) => {
                let agreement: Agreement = reader.record(fields)?;
                agree(&document, &case, agreement, step)?
            }
        },
        Kind::Refer => {
            let referral: Referral = reader.record(args.get("referral").unwrap_or(&NOTHING))?;
            match referral.kind {
                ReferralKind::Confirmation => refer(&document, &case, referral, step)?,
                // To a court or a commission, after what could not be mediated: no step of the case.
                _ => {
                    let referral = Referral {
                        site: case.case.site.clone(),
                        case: case.case.case.clone(),
                        sent: step.at,
                        to_site: None,
                        ..referral
                    };
                    referral.create(&document)
                }
            }
        }
    };
    Ok(Deed::of(edits, ""))
}

static NOTHING: Json = Json::Object(Vec::new());

/// Enters a sitting.
fn seat(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let document: Name = parsed(args, "document")?;
    let case = open_case(reader, &document)?;
    let fields = args.get("sitting").ok_or_else(|| wrong("sitting"))?;
    let sitting: Sitting = reader.record(fields)?;
    let id = sitting.id;
    let edits = sit(&document, &case, sitting)?;
    Ok(Deed {
        records: vec![id],
        ..Deed::of(edits, "")
    })
}

/// Hands a case to another site.
fn hand(reader: &mut Reader<'_>, args: &Json) -> Result<Deed, SessionError> {
    let document: Name = parsed(args, "document")?;
    let case = open_case(reader, &document)?;
    let to: SiteKey = parsed(args, "to")?;
    if directory(reader)?.site(&to).is_none() {
        return Err(wrong("to"));
    }
    let fields = Object::new().shown("to_site", &to).end();
    let referral: Referral = reader.record(&Json::read(&fields)?)?;
    let referral = Referral {
        sent: reader.now,
        note: said(args, "note").unwrap_or_default().to_owned(),
        ..referral
    };
    let edits = share(&document, &case, referral)?;
    // What tells the other site of it has to be open as well.
    let places: Vec<Name> = edits.iter().map(|edit| edit.document().clone()).collect();
    for place in &places {
        reader.live(place)?;
    }
    Ok(Deed::of(edits, ""))
}

/// When it was done; now, where nothing is said.
fn time(reader: &Reader<'_>, args: &Json) -> Result<DateTime, SessionError> {
    match said(args, "at") {
        None => Ok(reader.now),
        Some(at) => parse_date_time(at).ok_or_else(|| wrong("at")),
    }
}

/// A text that is there and not blank.
fn said<'a>(args: &'a Json, field: &str) -> Option<&'a str> {
    let text = args.get(field).and_then(Json::as_str).map(str::trim);
    text.filter(|text| !text.is_empty())
}

/// Who edits, as steps name people; nobody where that is not known.
fn author(reader: &Reader<'_>) -> String {
    let author = reader.author().ok().map(Author::name);
    author.unwrap_or_default().to_owned()
}
