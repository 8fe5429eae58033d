//! What everybody can check is not what a school has on record: certificates without an issue that says the same, as one that was
//! imported, put right or revoked by hand, and issues of no certificate.
//!
//! Reads each `school/<site>` with its `courses/<site>`. Of issues that are too many it is only said that they are: what they are of may
//! not have arrived here. One finding for a school and what is wrong.

use super::context::Context;
use super::schools::reference;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::SiteKey;
use crate::ordered::BTreeSet;
use crate::records::{Certificate, Collection, Edit, Issue, RecordId};
use crate::school::{document, expected, publish};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for school in context.schools.iter() {
        let site = school.site();
        let of = [Collection::Certificates, Collection::Issues];
        let [held, public] = of.map(|of| context.holdings.view(&document(site, of)));
        let (Some(held), Some(public)) = (held, public) else {
            continue;
        };
        let mut known = BTreeSet::new();
        let (mut records, mut edits) = (Vec::new(), Vec::new());
        for (certificate, _) in held.present::<Certificate>() {
            known.extend(expected(site, certificate).map(|issue| issue.id));
            let published = publish(site, public, certificate);
            if !published.is_empty() {
                records.push(certificate.id);
                edits.extend(published);
            }
        }
        if !edits.is_empty() {
            findings.push(unsaid(context, site, &records, edits));
        }
        // What was taken back already says so.
        let issues = public.present::<Issue>().map(|(issue, _)| issue);
        let issues = issues
            .filter(|issue| issue.revoked_on.is_none())
            .map(|issue| issue.id);
        let unknown: Vec<RecordId> = issues.filter(|id| !known.contains(id)).collect();
        if !unknown.is_empty() {
            findings.push(unknown_issues(context, site, &unknown));
        }
    }
}

fn unsaid(
    context: &Context<'_>,
    site: &SiteKey,
    certificates: &[RecordId],
    edits: Vec<Edit>,
) -> Finding {
    let (at, count) = (context.site_name(site), certificates.len());
    let text = Text::of(
        format_args!("{at}有{count}份证书和公开的发证登记对不上，在门口核验不准"),
        format_args!(
            "{count} certificates of {at} are not as its public issues say: whoever checks them is told wrong"
        ),
    );
    let label = Text::new("更新发证登记", "put the issues right");
    let records = certificates.iter();
    let records = records.map(|id| reference(site, Collection::Certificates, *id));
    Finding::new(
        Rule::UnpublishedCertificate,
        Severity::Warning,
        records.collect(),
        None,
        text,
    )
    .with_repairs(vec![Repair::new(label, edits)])
}

fn unknown_issues(context: &Context<'_>, site: &SiteKey, issues: &[RecordId]) -> Finding {
    let (at, count) = (context.site_name(site), issues.len());
    let text = Text::of(
        format_args!(
            "{at}有{count}份发证登记，本机的存档里没有相应的证书：可能已移除、改过，也可能还没传到"
        ),
        format_args!(
            "{count} issues of {at} are of no certificate on record here: it was removed or changed, or has not arrived"
        ),
    );
    let label = Text::new(
        "撤下这些登记（核验时显示已吊销）",
        "take them back: checked, they are revoked",
    );
    let public = document(site, Collection::Issues);
    let now = context.holdings.now;
    let edits = issues.iter();
    let edits = edits.map(|id| Edit::remove(&public, Collection::Issues, *id, now));
    let records = issues.iter();
    let records = records.map(|id| reference(site, Collection::Issues, *id));
    Finding::new(
        Rule::UnpublishedCertificate,
        Severity::Notice,
        records.collect(),
        None,
        text,
    )
    .with_repairs(vec![Repair::new(label, edits.collect())])
}
