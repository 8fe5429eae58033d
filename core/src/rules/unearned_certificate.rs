//! A certificate was issued to somebody who did not pass the course, or did not take it.
//!
//! Reads each `school/<site>` with its `courses/<site>`. One that was revoked is passed over. One finding for a certificate.

use super::context::Context;
use super::schools::reference;
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::records::{Certificate, Collection};
use crate::school::{Class, Stray, Verdict, revoke};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for school in context.schools.iter() {
        let site = school.site();
        for class in school.classes() {
            for enrolled in class.enrolled() {
                let why = match class.verdict(enrolled) {
                    Verdict::Passed => continue,
                    Verdict::Failed => Text::new("考核没有合格", "did not pass"),
                    Verdict::Open => Text::new("没有考核", "was not assessed"),
                };
                for certificate in &enrolled.certificates {
                    findings.extend(report(context, site, Some(class), certificate, &why));
                }
            }
            for certificate in strays(class.strays()) {
                let why = Text::new("没有报过名", "was not enrolled");
                findings.extend(report(context, site, Some(class), certificate, &why));
            }
        }
        for certificate in strays(school.strays()) {
            let why = Text::new("所写的课程不在了", "took a course that is gone");
            findings.extend(report(context, site, None, certificate, &why));
        }
    }
}

fn strays<'s, 'a: 's>(strays: &'s [Stray<'a>]) -> impl Iterator<Item = &'a Certificate> + 's {
    strays.iter().filter_map(|stray| match stray {
        Stray::Certificate(certificate) => Some(*certificate),
        Stray::Assessment(_) | Stray::Attendance(_) => None,
    })
}

fn report(
    context: &Context<'_>,
    site: &SiteKey,
    class: Option<&Class<'_>>,
    certificate: &Certificate,
    why: &Text,
) -> Option<Finding> {
    if certificate.revoked_on.is_some() {
        return None;
    }
    let (name, what) = (said(&certificate.name), said(&certificate.certificate));
    let of = class.map_or_else(
        || Text::new(context.site_name(site), context.site_name(site)),
        |class| context.class(site, class),
    );
    let text = Text::of(
        format_args!("{}给{name}发了“{what}”，{name}{}", of.zh, why.zh),
        format_args!("{name} got {what} in {}, and {}", of.en, why.en),
    );
    let today = context.holdings.now.date();
    let revoke = Repair::new(
        Text::new("吊销这份证书", "revoke the certificate"),
        revoke(site, certificate, today),
    );
    let record = reference(site, Collection::Certificates, certificate.id);
    Some(
        Finding::new(
            Rule::UnearnedCertificate,
            Severity::Warning,
            vec![record],
            None,
            text,
        )
        .on(certificate.issued_on)
        .with_repairs(vec![revoke]),
    )
}
