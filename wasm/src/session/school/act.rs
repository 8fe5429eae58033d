use yilian_core::document::{Author, Kind, Name, SiteKey};
use yilian_core::records::{
    Certificate, Collection, Edit, EnrolmentState, Record, RecordId, View, write_date,
};
use yilian_core::school::{
    Applicant, Class, Enrolled, School, advance, certify, document, enter, issue, promise, revoke,
};

use super::super::SessionError;
use super::super::inbox::made_of;
use super::super::json::{Json, maybe, parsed, wrong};
use super::super::matrix::{directory, promiser};
use super::super::order::stored;
use super::super::query::{Deed, Reader};
use super::{day, views};

/// Where something is done, and what is held there.
struct Desk<'s, 'a> {
    site: &'s SiteKey,
    school: &'s School<'s>,
    view: Option<&'a View>,
}

/// Does something at a school's desk; `what` says what.
pub(in super::super) fn act(
    reader: &mut Reader<'_>,
    what: &str,
    args: &Json,
) -> Result<Deed, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let views = views(reader, &site);
    let directory = directory(reader)?;
    let (courses, view) = views?;
    let school = School::new(&site, courses, view, directory.hub());
    let desk = Desk {
        site: &site,
        school: &school,
        view,
    };
    let (record, edits, message) = match what {
        "enrol" => enrol(reader, &desk, args)?,
        "withdraw" => withdraw(&desk, args)?,
        "confirm" => {
            let by = entitled(reader, &site)?;
            let (class, one) = desk.enrolled(args)?;
            let edits = promise(&site, class, one, &by)?;
            (one.enrolment.id, edits, "confirm")
        }
        "attend" => attend(&desk, args)?,
        "assess" => assess(reader, &desk, args)?,
        "certify" => certified(reader, &desk, args)?,
        "revoke" => {
            let id = parsed(args, "certificate")?;
            let one = view.and_then(|view| view.get::<Certificate>(id));
            let one = one.ok_or_else(|| desk.none(id, Collection::Certificates))?;
            let on = day(args, "on")?.unwrap_or_else(|| reader.now.date());
            (id, revoke(&site, one, on), "revoke")
        }
        "advance" => return go_on(reader, &desk, args),
        _ => return Err(wrong("act")),
    };
    Ok(Deed {
        edits,
        records: vec![record],
        message,
        ..Deed::default()
    })
}

/// The record that was written, and the edits.
type Done = (RecordId, Vec<Edit>, &'static str);

impl<'s, 'a> Desk<'s, 'a> {
    fn none(&self, id: RecordId, of: Collection) -> SessionError {
        SessionError::NoRecord(document(self.site, of), id, of)
    }

    fn enrolled(&self, args: &Json) -> Result<(&'s Class<'s>, &'s Enrolled<'s>), SessionError> {
        let id: RecordId = parsed(args, "enrolment")?;
        let mut classes = self.school.classes();
        let found = classes.find_map(|class| Some((class, class.of(id)?)));
        found.ok_or_else(|| self.none(id, Collection::Enrolments))
    }
}

fn said(args: &Json, field: &str) -> String {
    let text = args.get(field).and_then(Json::as_str);
    text.unwrap_or_default().to_owned()
}

/// Who promises for a site here: somebody of it, or the hub.
fn entitled(reader: &mut Reader<'_>, site: &SiteKey) -> Result<Author, SessionError> {
    let directory = directory(reader)?;
    let by = promiser(reader, &directory)?;
    let by = by.filter(|(own, _)| own == site || Some(own) == directory.hub());
    by.map(|(_, by)| by)
        .ok_or_else(|| SessionError::NotYours(site.to_string()))
}

fn enrol(reader: &Reader<'_>, desk: &Desk<'_, '_>, args: &Json) -> Result<Done, SessionError> {
    let course: RecordId = parsed(args, "course")?;
    let class = desk.school.class(course);
    let class = class.ok_or_else(|| desk.none(course, Collection::Courses))?;
    let applicant = Applicant {
        name: said(args, "name"),
        phone: said(args, "phone"),
        home: maybe::<SiteKey>(args, "home")?.filter(|home| home != desk.site),
        person: maybe(args, "person")?,
    };
    let today = reader.now.date();
    let (id, edits) = enter(desk.site, class, desk.view, &applicant, today)?;
    Ok((id, edits, "enrol"))
}

fn withdraw(desk: &Desk<'_, '_>, args: &Json) -> Result<Done, SessionError> {
    let (_, one) = desk.enrolled(args)?;
    let (id, of) = (one.enrolment.id, Collection::Enrolments);
    let withdrawn = EnrolmentState::Withdrawn.as_str();
    let edit = Edit::set(&document(desk.site, of), of, id, "state", withdrawn);
    Ok((id, vec![edit], "withdraw"))
}

/// Notes whether somebody was in a lesson.
fn attend(desk: &Desk<'_, '_>, args: &Json) -> Result<Done, SessionError> {
    let (class, one) = desk.enrolled(args)?;
    let session: RecordId = parsed(args, "session")?;
    if !class.sessions.iter().any(|of| of.id == session) {
        return Err(desk.none(session, Collection::Sessions));
    }
    let about = [("session", session.to_string())];
    let before = one.attendance.get(&session).map(|before| before.id);
    let (id, edits) = note(desk, Collection::Attendance, args, one, (&about, before))?;
    Ok((id, edits, "attend"))
}

/// Notes how somebody did on a day, today unless said otherwise.
fn assess(reader: &Reader<'_>, desk: &Desk<'_, '_>, args: &Json) -> Result<Done, SessionError> {
    let (class, one) = desk.enrolled(args)?;
    let on = day(args, "on")?.unwrap_or_else(|| reader.now.date());
    let about = [
        ("course", class.course.id.to_string()),
        ("on", write_date(on)),
    ];
    let before = one.assessments.iter().find(|before| before.on == Some(on));
    let before = before.map(|before| before.id);
    let (id, edits) = note(desk, Collection::Assessments, args, one, (&about, before))?;
    Ok((id, edits, "assess"))
}

/// A record about somebody who enrolled: what was noted `before` about the same is changed.
fn note(
    desk: &Desk<'_, '_>,
    of: Collection,
    args: &Json,
    one: &Enrolled<'_>,
    (about, before): (&[(&str, String)], Option<RecordId>),
) -> Result<(RecordId, Vec<Edit>), SessionError> {
    let fields = args.get("fields").and_then(Json::as_object);
    let mut values = stored(of, fields.ok_or_else(|| wrong("fields"))?)?;
    let (name, phone) = (&one.enrolment.name, &one.enrolment.phone);
    let whom = [("name", name), ("phone", phone)].into_iter();
    if before.is_none() {
        let about = about.iter().map(|(field, value)| (*field, value));
        for (field, value) in about.chain(whom).filter(|(_, value)| !value.is_empty()) {
            values.insert(field.to_owned(), value.as_str().into());
        }
    }
    let kind = Record::kind_of(of).ok_or_else(|| wrong("act"))?;
    let id = before.or_else(|| kind.own_id(&values));
    let id = id.ok_or_else(|| wrong("fields"))?;
    let own = document(desk.site, of);
    let mut edits = kind.put(&own, id, values);
    let held = desk.view.and_then(|view| view.entry(of, id));
    edits.extend(held.map(|_| Edit::restore(&own, of, id)));
    Ok((id, edits))
}

/// Certifies somebody, and puts the proof where whoever enrolled by what they sent finds it.
fn certified(
    reader: &mut Reader<'_>,
    desk: &Desk<'_, '_>,
    args: &Json,
) -> Result<Done, SessionError> {
    let (class, one) = desk.enrolled(args)?;
    let on = day(args, "on")?.unwrap_or_else(|| reader.now.date());
    let by = reader.author()?.name();
    let certificate = certify(class, one, on, by)?;
    let of = [Collection::Issues, Collection::Certificates];
    let own = of.map(|of| document(desk.site, of));
    let (courses, school) = views(reader, desk.site)?;
    let [public, own] = &own;
    let mut held: Vec<(&Name, &View)> = Vec::new();
    held.extend(courses.map(|view| (public, view)));
    held.extend(school.map(|view| (own, view)));
    let inbox = reader.list(Kind::Inbox, Some(desk.site));
    let sent = sent_for(reader, &inbox, one.enrolment.id)?;
    held.extend(sent);
    let network = &reader.session.network;
    let edits = issue(network, desk.site, (&certificate, one.enrolment.id), held);
    Ok((certificate.id, edits, "certify"))
}

/// The submissions of which an enrolment was made.
fn sent_for<'n, 'a>(
    reader: &mut Reader<'a>,
    inbox: &'n [Name],
    enrolment: RecordId,
) -> Result<Vec<(&'n Name, &'a View)>, SessionError> {
    let (mut found, mut missing) = (Vec::new(), None);
    for name in inbox {
        // Others are not opened for that.
        match made_of(reader, name) {
            Ok(made) if made != Some(enrolment) => {}
            Ok(_) => match reader.view(name) {
                Ok(view) => found.push((name, view)),
                Err(error) => missing = Some(error),
            },
            Err(error) => missing = Some(error),
        }
    }
    missing.map_or(Ok(found), Err)
}

/// Enters the best of a contest in the next.
fn go_on(reader: &mut Reader<'_>, desk: &Desk<'_, '_>, args: &Json) -> Result<Deed, SessionError> {
    let id: RecordId = parsed(args, "contest")?;
    let mut contests = desk.school.contests();
    let found = contests.find(|(contest, _)| contest.id == id);
    let (contest, entries) = found.ok_or_else(|| desk.none(id, Collection::Contests))?;
    let mut edits = advance(contest, entries)?;
    let next = contest.next().map(|(site, _)| site.clone());
    let next = next.ok_or_else(|| wrong("contest"))?;
    entitled(reader, &next)?;
    let (_, view) = views(reader, &next)?;
    // Who is there already stays as they are: a score of the next contest is not wiped out.
    edits.retain(|edit| {
        let (collection, record, _) = edit.place();
        view.is_none_or(|view| view.entry(collection, record).is_none())
    });
    let mut records: Vec<RecordId> = edits.iter().map(|edit| edit.place().1).collect();
    records.dedup();
    Ok(Deed {
        edits,
        records,
        message: "advance",
        ..Deed::default()
    })
}
