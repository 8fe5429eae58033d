//! Sites belong to each other in a circle.
//!
//! Reads `sites`. Every replica takes the circle as broken at its smallest key.

use super::context::Context;
use super::orphan_site::{put_under, reference};
use super::wording::{list, said};
use super::{Finding, Repair, Rule, Severity, Text};
use crate::document::Name;
use crate::records::{Collection, Edit, Site};

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for cycle in context.directory.cycles() {
        let sites = cycle.iter().filter_map(|key| context.directory.site(key));
        findings.push(report(context, &sites.collect::<Vec<_>>()));
    }
}

fn report(context: &Context<'_>, cycle: &[&Site]) -> Finding {
    let names: Vec<Text> = cycle
        .iter()
        .map(|site| context.site_name(&site.key))
        .map(|name| Text::new(name.clone(), name))
        .collect();
    let names = list(&names, "个站点");
    let text = match cycle {
        [_] => Text::of(
            format_args!("“{}”的上级是它自己", names.zh),
            format_args!("{} belongs to itself", names.en),
        ),
        _ => Text::of(
            format_args!("站点互为上级，绕成一圈：{}", names.zh),
            format_args!("sites belong to each other in a circle: {}", names.en),
        ),
    };
    let hub = context.directory.hub();
    let repairs = cycle.iter().map(|site| match hub {
        Some(hub) if cycle.iter().all(|one| one.key != *hub) => put_under(context, site, hub),
        _ => detach(site),
    });
    Finding::new(
        Rule::ParentCycle,
        Severity::Error,
        cycle.iter().map(|site| reference(site)).collect(),
        None,
        text,
    )
    .with_repairs(repairs.collect())
}

fn detach(site: &Site) -> Repair {
    let name = said(&site.name);
    let label = Text::of(
        format_args!("“{name}”没有上级"),
        format_args!("{name} belongs to no site"),
    );
    let edit = Edit::clear(&Name::Sites, Collection::Sites, site.id, "parent");
    Repair::new(label, vec![edit])
}
