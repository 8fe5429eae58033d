//! An agreement that is to be confirmed is with nobody who can.
//!
//! Reads each `cases/<site>/<case>` by itself. While the case is open this is a thing to do; once it is closed it was forgotten.

use super::context::Context;
use super::{Finding, Rule, Severity, Text};
use crate::records::{Collection, Stage};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for placed in &context.cases {
        let case = &placed.proceedings;
        let severity = match case.stage {
            Stage::Agreed => Severity::Notice,
            Stage::Closed => Severity::Warning,
            _ => continue,
        };
        let went = case.counting().any(|step| step.stage == Stage::Referred);
        let agreed = matches!(case.outcome(), Some((Stage::Agreed, _)));
        let asked = case.agreements.iter().find(|agreement| agreement.confirm);
        let Some(agreement) = asked.filter(|_| agreed && !went) else {
            continue;
        };
        let what = context.case(placed);
        let text = match case.stage {
            Stage::Agreed => Text::of(
                format_args!("{}的协议要申请司法确认，还没有提请", what.zh),
                format_args!(
                    "the agreement in {} is to be confirmed, and is not yet with a court",
                    what.en
                ),
            ),
            _ => Text::of(
                format_args!("{}结案了，协议要申请的司法确认却没有提请", what.zh),
                format_args!(
                    "{} is closed, and its agreement never went to a court to be confirmed",
                    what.en
                ),
            ),
        };
        let record = placed.record(Collection::Agreements, agreement.id);
        let found = placed.finding(
            Rule::UnreferredAgreement,
            severity,
            Some(record),
            text,
            agreement.signed,
        );
        let label = Text::new("已提请司法确认", "it is with a court now");
        let repair = context.step_repair(placed, Stage::Referred, label);
        findings.push(found.with_repairs(repair.into_iter().collect()));
    }
}
