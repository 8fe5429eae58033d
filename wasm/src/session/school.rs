//! What pages ask of night schools, and do there: what is offered, from `courses/<site>` alone, and at the school's desk who takes it.

use std::rc::Rc;

use jiff::civil::{Date, DateTime, Time};
use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::matrix::Directory;
use yilian_core::records::{
    Certificate, Collection, Course, CourseSession, CourseState, Person, RecordId, View,
    parse_date, write_date, write_date_time,
};
use yilian_core::school::{
    Checked, Class, Enrolled, Proof, School, SchoolError, Seat, Stray, document, ranking,
};

use super::SessionError;
use super::json::{Json, Object, array, maybe, parsed, write, wrong};
use super::matrix::directory;
use super::query::Reader;

mod act;

pub(super) use act::act;

/// What is held of `courses/<site>` and of `school/<site>`.
pub(super) type Views<'a> = (Option<&'a View>, Option<&'a View>);

/// A course as it is answered: fields without their braces, and what depends on the day.
#[derive(Debug)]
struct Offer {
    json: String,
    is_open: bool,
    until: Option<Date>,
    begins: Option<DateTime>,
    ends: Option<DateTime>,
}

/// What is held of a site's school; none where nobody has begun one of the two.
pub(super) fn views<'a>(
    reader: &mut Reader<'a>,
    site: &SiteKey,
) -> Result<Views<'a>, SessionError> {
    let of = [Collection::Courses, Collection::Enrolments];
    let [courses, school] = of.map(|of| begun(reader, &document(site, of)));
    Ok((courses?, school?))
}

fn begun<'a>(reader: &mut Reader<'a>, name: &Name) -> Result<Option<&'a View>, SessionError> {
    reader.version(name);
    let session = reader.session;
    match session.known.is_known(name) || !session.is_kept_in_step(name) {
        true => reader.view(name).map(Some),
        false => Ok(None),
    }
}

/// What schools offer, by when it begins: of one site or of all.
pub(super) fn courses(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: Option<SiteKey> = maybe(args, "site")?;
    let from = day(args, "from")?;
    let open_only = args.get("open_only") == Some(&Json::Bool(true));
    let (mut all, mut missing) = (Vec::new(), None);
    for name in reader.list(Kind::Courses, site.as_ref()) {
        match offers(reader, &name) {
            Ok(offers) => all.push(offers),
            Err(error) => missing = Some(error),
        }
    }
    if let Some(error) = missing {
        return Err(error);
    }
    let today = reader.now.date();
    let mut found: Vec<(bool, Option<DateTime>, String)> = Vec::new();
    for offer in all.iter().flat_map(|offers| offers.iter()) {
        let is_open = offer.is_open && offer.until.is_none_or(|last| today <= last);
        let is_over = from.is_some_and(|from| offer.ends.is_some_and(|end| end.date() < from));
        if is_over || open_only && !is_open {
            continue;
        }
        if is_open {
            closes(reader, offer.until);
        }
        let object = Object::new().fields_of(&offer.json);
        let json = object.flag("is_open", is_open).end();
        found.push((offer.begins.is_none(), offer.begins, json));
    }
    yilian_core::ordered::sort(&mut found);
    Ok(array(found.into_iter().map(|(.., json)| json)))
}

/// Asks again when the last day is over on which people can enrol.
fn closes(reader: &mut Reader<'_>, last: Option<Date>) {
    if let Some(next) = last.and_then(|last| last.tomorrow().ok()) {
        reader.until(next.to_datetime(Time::midnight()));
    }
}

fn day(args: &Json, field: &str) -> Result<Option<Date>, SessionError> {
    let text = args.get(field).and_then(Json::as_str);
    text.map(|text| parse_date(text).ok_or_else(|| wrong(field)))
        .transpose()
}

/// What is offered in a document, kept until that or the directory changes.
fn offers(reader: &mut Reader<'_>, name: &Name) -> Result<Rc<Vec<Offer>>, SessionError> {
    let directory = directory(reader)?;
    let state = format!("{} {}", reader.version(name), reader.version(&Name::Sites));
    let (kept, key) = (&reader.session.kept, format!("offers {name}"));
    if let Some(found) = kept.get(&key, &state) {
        return Ok(found);
    }
    let (live, is_current) = reader.read(name)?;
    let site = name.site().ok_or_else(|| wrong("site"))?;
    let school = School::new(site, Some(live.view()), None, None);
    let offers: Vec<Offer> = school
        .classes()
        .map(|class| Offer {
            json: offered(&directory, class).end(),
            is_open: class.course.state == CourseState::Open,
            until: class.course.enrol_until,
            begins: class.begins(),
            ends: class.sessions.iter().map(|session| session.end).max(),
        })
        .collect();
    Ok(kept.put(key, state, is_current, offers))
}

/// A course with its lessons; not whether it is open, which depends on the day.
fn offered(directory: &Directory<'_>, class: &Class<'_>) -> Object {
    let sessions = class.sessions.iter();
    let sessions = sessions.map(|session| lesson(directory, class.course, session));
    Object::new()
        .fields_of(&write(class.course))
        .raw("sessions", &array(sessions))
        .raw("begins", &write(&class.begins().map(write_date_time)))
        .raw("until", &write(&class.course.enrol_until.map(write_date)))
}

fn lesson(directory: &Directory<'_>, course: &Course, session: &CourseSession) -> String {
    let venue = session.venue.and_then(|id| directory.venue(id));
    let teacher = match session.teacher.as_str() {
        "" => &course.teacher,
        teacher => teacher,
    };
    Object::new()
        .shown("id", &session.id)
        .text("name", &session.name)
        .text("start", &write_date_time(session.start))
        .text("end", &write_date_time(session.end))
        .raw("venue", &write(&session.venue))
        .raw("venue_name", &write(&venue.map(|venue| &venue.name)))
        .text("teacher", teacher)
        .text("note", &session.note)
        .end()
}

/// The classes of a site's school, and who takes them.
pub(super) fn classes(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let views = views(reader, &site);
    let directory = directory(reader)?;
    let (courses, school) = views?;
    let school = School::new(&site, courses, school, directory.hub());
    let mut classes: Vec<&Class<'_>> = school.classes().collect();
    yilian_core::ordered::sort_by_key(&mut classes, |class| {
        (class.begins().is_none(), class.begins(), class.course.id)
    });
    let mut sheets = Vec::new();
    for class in classes {
        let members: Vec<String> = class
            .in_turn()
            .map(|one| member(reader, &site, class, one).end())
            .collect();
        let sheet = sheet(reader, &directory, class)
            .raw("free", &write(&class.free()))
            .number("seated", class.seated() as u64)
            .number("waiting", class.waiting() as u64)
            .raw("members", &array(members));
        sheets.push(sheet.end());
    }
    Ok(array(sheets))
}

/// A course as it is today, asked again when a lesson ends or enrolment does.
fn sheet(reader: &mut Reader<'_>, directory: &Directory<'_>, class: &Class<'_>) -> Object {
    for session in &class.sessions {
        reader.until(session.end);
    }
    closes(reader, Some(reader.now.date()));
    offered(directory, class).flag("is_open", class.is_open(reader.now.date()))
}

/// Somebody who enrolled, and what has become of them.
fn member(
    reader: &Reader<'_>,
    site: &SiteKey,
    class: &Class<'_>,
    enrolled: &Enrolled<'_>,
) -> Object {
    let attended = class.attended(enrolled, reader.now);
    let attendance = enrolled.attendance.iter();
    let attendance = attendance.fold(Object::new(), |object, (session, noted)| {
        object.text(&session.to_string(), noted.state.as_str())
    });
    let assessments = enrolled.assessments.iter().map(|one| {
        Object::new()
            .fields_of(&write(*one))
            .raw("passed", &write(&class.passes(one)))
            .end()
    });
    let position = match enrolled.seat {
        Seat::Waiting { position } => Some(position),
        Seat::Confirmed | Seat::Granted | Seat::Withdrawn => None,
    };
    let lacks = class.may_certify(enrolled, reader.now).err();
    let certificates = enrolled.certificates.iter();
    Object::new()
        .raw("enrolment", &write(enrolled.enrolment))
        .text("seat", enrolled.seat.as_str())
        .raw("position", &write(&position))
        .raw("attendance", &attendance.end())
        .number("there", attended.there as u64)
        .number("held", attended.held as u64)
        .raw("assessments", &array(assessments))
        .text("verdict", class.verdict(enrolled).as_str())
        .raw("lacks", &write(&lacks.as_ref().map(SchoolError::text)))
        .raw(
            "certificates",
            &array(certificates.map(|one| certificate(reader, site, one))),
        )
}

/// A certificate as it is today, with its proof.
fn certificate(reader: &Reader<'_>, site: &SiteKey, one: &Certificate) -> String {
    let (today, network) = (reader.now.date(), &reader.session.network);
    let proof = Proof::of(network, site, one);
    let state = match (&proof, one.revoked_on) {
        (_, Some(revoked)) if revoked <= today => "revoked",
        (Some(proof), _) if proof.covers(today) => "valid",
        (Some(proof), _) if today < proof.issued_on => "not-yet",
        _ => "expired",
    };
    Object::new()
        .fields_of(&write(one))
        .shown("site", site)
        .text("shown_number", &one.shown_number())
        .text("state", state)
        .raw("proof", &write(&proof.map(|proof| proof.to_string())))
        .end()
}

/// Whom a page means: by record, or by name and telephone number.
struct Whom {
    person: Option<RecordId>,
    name: String,
    phone: String,
}

impl Whom {
    fn read(reader: &mut Reader<'_>, args: &Json) -> Result<Self, SessionError> {
        let site: SiteKey = parsed(args, "site")?;
        let said = |field: &str| {
            let text = args.get(field).and_then(Json::as_str);
            text.unwrap_or_default().to_owned()
        };
        let Some(person) = maybe::<RecordId>(args, "person")? else {
            return Ok(Self {
                person: None,
                name: said("name"),
                phone: said("phone"),
            });
        };
        let name = Name::People { site };
        let known = begun(reader, &name)?.and_then(|view| view.get::<Person>(person));
        let known = known.ok_or(SessionError::NoRecord(name, person, Collection::Persons))?;
        Ok(Self {
            person: Some(person),
            name: known.name.clone(),
            phone: known.phone.clone(),
        })
    }

    /// Who that is in a class.
    fn find<'c, 'a>(&self, class: &'c Class<'a>) -> Option<&'c Enrolled<'a>> {
        let person = self.person.is_some();
        let mut all = class.enrolled();
        let by_record = all.find(|one| person && one.enrolment.person == self.person);
        by_record.or_else(|| {
            let named = class.find(&self.name, &self.phone);
            // Who is said to be somebody else is not meant.
            named.filter(|one| !person || one.enrolment.person.is_none())
        })
    }

    fn has(&self, one: &Certificate) -> bool {
        let by_name = !self.name.is_empty() && one.name == self.name && one.phone == self.phone;
        self.person.is_some() && one.person == self.person || by_name
    }
}

/// The courses that somebody takes or took, and their certificates, at every school that is held.
pub(super) fn learner(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let directory = directory(reader)?;
    let whom = Whom::read(reader, args)?;
    let (mut courses, mut certificates) = (Vec::new(), Vec::new());
    let mut missing = None;
    for name in reader.list(Kind::School, None) {
        let Some(site) = name.site() else { continue };
        let key = format!(
            "learner {name} {:?} {} {}",
            whom.person, whom.name, whom.phone
        );
        let of = document(site, Collection::Courses);
        let state = format!("{} {}", reader.version(&name), reader.version(&of));
        let kept = &reader.session.kept;
        // Of a school that they have nothing to do with, that is all that is kept.
        if kept
            .get::<bool>(&key, &state)
            .is_some_and(|is_there| !*is_there)
        {
            continue;
        }
        let views = match views(reader, site) {
            Ok(views) => views,
            Err(error) => {
                missing = Some(error);
                continue;
            }
        };
        let school = School::new(site, views.0, views.1, directory.hub());
        let before = (courses.len(), certificates.len());
        for class in school.classes() {
            let Some(one) = whom.find(class) else {
                continue;
            };
            certificates.extend(
                one.certificates
                    .iter()
                    .map(|of| certificate(reader, site, of)),
            );
            let member = member(reader, site, class, one).end();
            let sheet = sheet(reader, &directory, class).raw("member", &member);
            courses.push((class.begins(), sheet.end()));
        }
        let strays = school
            .classes()
            .flat_map(Class::strays)
            .chain(school.strays());
        for stray in strays {
            if let Stray::Certificate(of) = stray
                && whom.has(of)
            {
                certificates.push(certificate(reader, site, of));
            }
        }
        let is_there = before != (courses.len(), certificates.len());
        let is_current = [&of, &name].into_iter().all(|name| {
            let is_known = reader.session.known.is_known(name);
            !is_known || reader.read(name).is_ok_and(|(_, is_current)| is_current)
        });
        kept.put(key, state, is_current, is_there);
    }
    if let Some(error) = missing {
        return Err(error);
    }
    yilian_core::ordered::sort(&mut courses);
    Ok(Object::new()
        .text("name", &whom.name)
        .raw("courses", &array(courses.into_iter().map(|(_, json)| json)))
        .raw("certificates", &array(certificates))
        .end())
}

/// The contests of a site, and how they stand.
pub(super) fn contests(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let site: SiteKey = parsed(args, "site")?;
    let (_, school) = views(reader, &site)?;
    let school = School::new(&site, None, school, None);
    let sheets = school.contests().map(|(contest, entries)| {
        let standings = ranking(contest, entries).into_iter().map(|standing| {
            Object::new()
                .fields_of(&write(standing.entry))
                .raw("rank", &write(&standing.rank))
                .flag("advances", standing.advances)
                .end()
        });
        let next = contest.next().map(|(site, id)| {
            Object::new()
                .shown("site", site)
                .shown("contest", &id)
                .text("name", &contest.leads_to)
                .end()
        });
        Object::new()
            .fields_of(&write(contest))
            .raw("standings", &array(standings))
            .raw("next", next.as_deref().unwrap_or("null"))
            .end()
    });
    Ok(array(sheets))
}

/// What a certificate's code says, and what is known of it here.
pub(super) fn check(reader: &mut Reader<'_>, args: &Json) -> Result<String, SessionError> {
    let text = args.get("proof").and_then(Json::as_str);
    let text = text.ok_or_else(|| wrong("proof"))?;
    let proof = match text.parse::<Proof>() {
        Ok(proof) => proof,
        Err(error) => {
            return Ok(Object::new()
                .text("checked", "unreadable")
                .raw("text", &write(&error.text()))
                .end());
        }
    };
    let is_own = proof.network == reader.session.network;
    let today = reader.now.date();
    let checked = match is_own {
        true => {
            closes(reader, Some(today));
            // Whoever does not hold the school does not open it for that.
            let own = document(&proof.site, Collection::Certificates);
            reader.version(&own);
            let school = match reader.session.known.is_known(&own) {
                true => Some(reader.view(&own)?),
                false => None,
            };
            let courses = begun(reader, &document(&proof.site, Collection::Issues))?;
            proof.check(courses, school, today)
        }
        false => Checked::NotHeld,
    };
    Ok(Object::new()
        .text(
            "checked",
            if is_own {
                checked.as_str()
            } else {
                "elsewhere"
            },
        )
        .raw("text", &write(&checked.text()))
        .shown("network", &proof.network)
        .shown("site", &proof.site)
        .text("certificate", &proof.certificate)
        .text("name", &proof.name)
        .text("number", &proof.number)
        .text("issued_on", &write_date(proof.issued_on))
        .raw("expires_on", &write(&proof.expires_on.map(write_date)))
        .end())
}
