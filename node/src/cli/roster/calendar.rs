use std::collections::BTreeMap;

use yilian_core::document::{Name, SiteKey};
use yilian_core::records::Shift;
use yilian_core::report::Period;
use yilian_core::report::calendar::roster_events;

use crate::cli::args::CalendarArguments;
use crate::cli::calendar_file::{put, target};
use crate::cli::context::{Context, names, this_month};
use crate::cli::documents::reported;
use crate::cli::failure::Failure;

/// Writes the shifts of a month as a calendar's file: of a site, of a person wherever they work, or all.
pub(crate) async fn run(
    context: &Context,
    of: CalendarArguments,
    person: Option<String>,
) -> Result<(), Failure> {
    let target = target(context, of.out)?;
    let node = context.open().await?;
    let month = this_month(&node, of.month)?;
    let site = match &person {
        None => of.site.site(context, &node).await?,
        // Someone who is lent works elsewhere too.
        Some(_) => of.site.named(context, &node).await?,
    };
    let wanted = |name: &Name| matches!(name, Name::Roster { month: of, .. } if *of == month);
    let read = names(&node, wanted, vec![Name::Sites]).await?;
    let (place, who) = (site.clone(), person.clone());
    let (events, site_name) = node
        .read(read, move |documents| {
            let all = reported(documents);
            let open = documents.iter();
            let written: BTreeMap<_, _> = open.flat_map(|document| document.written()).collect();
            let wants = |at: &SiteKey, shift: &Shift| {
                place.as_ref().is_none_or(|place| place == at)
                    && who.as_ref().is_none_or(|who| is_of(shift, who))
            };
            let events = roster_events(&all, &written, Period::of_month(month), wants);
            (events, place.map(|place| all.site_name(&place)))
        })
        .await?;
    if let (Some(person), true) = (&person, events.is_empty()) {
        return Err(Failure::new(
            format!("{month} 的排班里没有“{person}”"),
            format!("nobody called \"{person}\" is on the rosters of {month}"),
        ));
    }
    let month = month.to_string();
    let of = [site_name.as_deref(), person.as_deref(), Some(&month)];
    put(context, node, &target, &of, ("排班", "roster"), &events).await
}

/// Whether a shift is somebody's: by their name, whatever blanks are in it, or their record's id.
fn is_of(shift: &Shift, who: &str) -> bool {
    let plain = |name: &str| -> String { name.chars().filter(|c| !c.is_whitespace()).collect() };
    plain(&shift.name) == plain(who) || shift.person.is_some_and(|person| person.to_string() == who)
}
