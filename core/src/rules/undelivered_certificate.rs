//! Whoever enrolled by what they sent was certified, and does not find the proof where they sent it.
//!
//! Reads each `inbox/<site>/<code>` of which an enrolment was made, and that site's `school/<site>` with its `courses/<site>`. Silent
//! where it is not known which network it is, which is part of the proof. One finding for a submission.

use super::context::Context;
use super::wording::said;
use super::{Finding, Repair, Rule, Severity, Text};
use crate::school::{Proof, deliver};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(network) = &context.holdings.network else {
        return;
    };
    for (name, progress) in context.submissions() {
        let Some((site, made)) = name.site().zip(progress.made()) else {
            continue;
        };
        let school = context.schools.of(site);
        let mut classes = school.into_iter().flat_map(|school| school.classes());
        let Some(enrolled) = classes.find_map(|class| class.of(made)) else {
            continue;
        };
        let certificate = enrolled.certificates.iter();
        let mut proofs = certificate.filter_map(|one| Proof::of(network, site, one));
        let view = context.holdings.view(name);
        let delivery = proofs
            .next_back()
            .zip(view)
            .and_then(|(proof, view)| deliver(name, view, made, &proof));
        let Some(delivery) = delivery else { continue };
        let who = said(&progress.submission.name);
        let text = Text::of(
            format_args!("{who}的证书已发，按查询码还看不到核验码"),
            format_args!("{who} was certified, and does not find the proof under the code"),
        );
        let label = Text::new("把核验码放进来件", "put the proof there");
        let record = context.submission_ref(name, progress);
        findings.push(
            Finding::new(
                Rule::UndeliveredCertificate,
                Severity::Notice,
                vec![record],
                None,
                text,
            )
            .with_repairs(vec![Repair::new(label, vec![delivery])]),
        );
    }
}
