//! Whoever mediates a case was on no such post.
//!
//! Reads the cases that are being heard, `sites` (which posts mediate), and the roster of the mediator's site of the month in which the case
//! was given to them, with those around it. Where that roster is not held, it is not checked.

use super::cases::PlacedCase;
use super::context::{Context, not_checked};
use super::wording::said;
use super::{Finding, NotChecked, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::ordered::BTreeSet;
use crate::records::{Collection, Mediator, Shift, Stage, View};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (placed, mediator, month) in assigned(context) {
        let site = site_of(placed, mediator);
        if context.holdings.is_missing(&roster(site, month))
            || is_on(context, site, mediator, month)
        {
            continue;
        }
        let (what, name) = (context.case(placed), said(&mediator.name));
        let at = context.site_name(site);
        let text = Text::of(
            format_args!(
                "{}由 {name} 调解，而{at} {}年{}月前后的排班里没有 {name} 的调解岗位",
                what.zh,
                month.year(),
                month.month()
            ),
            format_args!(
                "{} is mediated by {name}, who is on no specialist's post of {at} around {month}",
                what.en
            ),
        );
        let record = placed.record(Collection::Mediators, mediator.id);
        let rule = Rule::MediatorOffRota;
        findings.push(placed.finding(rule, Severity::Notice, Some(record), text, None));
    }
}

/// Who mediates a case that is being heard, and the month in which it was given to them.
fn assigned<'c>(
    context: &'c Context<'_>,
) -> impl Iterator<Item = (&'c PlacedCase<'c>, &'c Mediator, Month)> {
    let heard = context.cases.iter().filter(|placed| placed.is_heard());
    heard.flat_map(|placed| {
        let mediators = placed.proceedings.mediators.iter();
        mediators.filter_map(move |mediator| {
            let mut steps = placed.proceedings.counting().rev();
            let step = steps
                .find(|step| step.stage == Stage::Assigned && step.made == Some(mediator.id))?;
            Some((placed, *mediator, Month::of(step.at.date()).ok()?))
        })
    })
}

fn site_of<'c>(placed: &'c PlacedCase<'_>, mediator: &'c Mediator) -> &'c SiteKey {
    mediator.of.as_ref().unwrap_or(placed.site)
}

fn roster(site: &SiteKey, month: Month) -> Name {
    Name::Roster {
        site: site.clone(),
        month,
    }
}

fn is_on(context: &Context<'_>, site: &SiteKey, mediator: &Mediator, month: Month) -> bool {
    let wanted = name_key(&mediator.name);
    let rosters = month.around();
    let rosters = rosters.filter_map(|near| context.holdings.view(&roster(site, near)));
    let mut shifts = rosters.flat_map(View::present::<Shift>);
    shifts.any(|(shift, _)| {
        name_key(&shift.name) == wanted && context.directory.mediates(&shift.post)
    })
}

pub(super) fn missing(context: &Context<'_>, _: Option<Month>, out: &mut Vec<NotChecked>) {
    let mut missing = BTreeSet::new();
    for (placed, mediator, month) in assigned(context) {
        let name = roster(site_of(placed, mediator), month);
        if context.holdings.is_missing(&name) {
            missing.insert(name);
        }
    }
    let text = Text::of(
        format_args!("没有核对调解员是否在岗：本机没有{}份排班", missing.len()),
        format_args!(
            "whether mediators are on the rota was not checked: rosters not held here: {}",
            missing.len()
        ),
    );
    let missing = missing.into_iter().collect();
    out.extend(not_checked(Rule::MediatorOffRota, missing, text));
}
