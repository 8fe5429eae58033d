//! Somebody was there in a lesson or was assessed who is not enrolled in the course; or the lesson or the course is gone.
//!
//! Reads each `school/<site>` where its `courses/<site>` is held. One finding for a name and a course.

use super::context::Context;
use super::schools::{reference, set};
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::import::{name_key, phone_key};
use crate::ordered::BTreeMap;
use crate::records::{
    Assessment, Attendance, Collection, Edit, REMOVED_AT, RecordId, write_date_time,
};
use crate::school::{Applicant, Class, Stray};

/// Who, as a record names them, and the records.
type Strays<'a> = BTreeMap<(String, String), Vec<Stray<'a>>>;

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for school in context.schools.iter() {
        for class in school.classes() {
            for strays in by_name(class.strays()).values() {
                let site = school.site();
                findings.extend(report(context, site, Some(class), strays));
            }
        }
        for strays in by_name(school.strays()).values() {
            findings.extend(report(context, school.site(), None, strays));
        }
    }
}

/// What shows that somebody took part: who was not there did not.
fn by_name<'a>(strays: &[Stray<'a>]) -> Strays<'a> {
    let mut names = Strays::new();
    for stray in strays {
        let (name, phone) = match stray {
            Stray::Attendance(one) if one.state.was_there() => (&one.name, &one.phone),
            Stray::Assessment(one) => (&one.name, &one.phone),
            Stray::Attendance(_) | Stray::Certificate(_) => continue,
        };
        let key = (name_key(name), phone_key(phone));
        names.entry(key).or_default().push(*stray);
    }
    names
}

fn placed(stray: &Stray<'_>) -> (Collection, RecordId) {
    match stray {
        Stray::Assessment(one) => (Collection::Assessments, one.id),
        Stray::Attendance(one) => (Collection::Attendance, one.id),
        Stray::Certificate(one) => (Collection::Certificates, one.id),
    }
}

fn whom<'a>(stray: &Stray<'a>) -> Option<(&'a str, &'a str)> {
    match stray {
        Stray::Assessment(Assessment { name, phone, .. })
        | Stray::Attendance(Attendance { name, phone, .. }) => Some((name, phone)),
        Stray::Certificate(_) => None,
    }
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    class: Option<&Class<'_>>,
    strays: &[Stray<'_>],
) -> Option<Finding> {
    let (name, phone) = whom(strays.first()?)?;
    let (who, count) = (said(name), strays.len());
    let is_there = |stray: &&Stray<'_>| matches!(stray, Stray::Attendance(_));
    let there = strays.iter().filter(is_there).count();
    let assessed = count - there;
    let text = match class {
        Some(class) => {
            let what = context.class(site, class);
            Text::of(
                format_args!(
                    "{who}没有报名{}，却有{there}次考勤、{assessed}次考核",
                    what.zh
                ),
                format_args!(
                    "{who} is not enrolled in {}, and has {there} attendances and {assessed} assessments",
                    what.en
                ),
            )
        }
        None => {
            let at = context.site_name(site);
            Text::of(
                format_args!("{who}有{count}条考勤或考核，对应的课程或课次已经不在（{at}）"),
                format_args!(
                    "{who} has {count} attendances or assessments of a course or session that is gone ({at})"
                ),
            )
        }
    };
    let applicant = Applicant {
        name: name.to_owned(),
        phone: phone.to_owned(),
        ..Applicant::default()
    };
    let enrol = class.and_then(|class| {
        let label = Text::of(format_args!("给{who}补报名"), format_args!("enrol {who}"));
        let edits = context.enrolment(site, class.course.id, &applicant)?;
        Some(Repair::new(label, edits))
    });
    let now = write_date_time(context.holdings.now);
    let removed: Vec<Edit> = strays
        .iter()
        .map(placed)
        .map(|(collection, id)| set(site, collection, id, REMOVED_AT.name, &now))
        .collect();
    let remove = Repair::new(
        Text::of(
            format_args!("移除这{count}条记录"),
            format_args!("remove these {count} records"),
        ),
        removed,
    );
    let records = strays.iter().map(placed);
    let records = records.map(|(collection, id)| reference(site, collection, id));
    Some(
        Finding::new(
            Rule::UnenrolledLearner,
            Severity::Warning,
            records.collect(),
            None,
            text,
        )
        .with_repairs(enrol.into_iter().chain([remove]).collect()),
    )
}
