use std::collections::BTreeMap;

use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::records::Shift;
use yilian_core::report::Period;
use yilian_core::report::calendar::{Event, roster_events};
use yilian_core::rules::Text;
use yilian_node::calendar::{Calendar, write};

use crate::cli::args::{CalendarArguments, OutputArguments};
use crate::cli::context::{Context, names, this_month};
use crate::cli::documents::reported;
use crate::cli::failure::Failure;
use crate::cli::sheet::Target;

/// Writes the shifts of a month as a calendar's file: of a site, of a person wherever they work, or all.
pub(crate) async fn run(
    context: &Context,
    of: CalendarArguments,
    person: Option<String>,
) -> Result<(), Failure> {
    let target = Target::new(
        context,
        OutputArguments {
            format: None,
            out: of.out,
        },
    )?;
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
    let name = title(month, site_name, person.as_deref());
    let calendar = Calendar {
        network: &node.profile().network,
        zone: &node.profile().zone,
        name: context.text(&name),
        language: context.language,
    };
    let text = file(&calendar, &events);
    node.stop().await;
    target.bytes(context, text?.as_bytes())
}

fn file(calendar: &Calendar<'_>, events: &[Event]) -> Result<String, Failure> {
    write(calendar, events)
        .map_err(|error| Failure::from_error(("写不出日历", "cannot write the calendar"), &error))
}

/// Whether a shift is somebody's: by their name, whatever blanks are in it, or their record's id.
fn is_of(shift: &Shift, who: &str) -> bool {
    let plain = |name: &str| -> String { name.chars().filter(|c| !c.is_whitespace()).collect() };
    plain(&shift.name) == plain(who) || shift.person.is_some_and(|person| person.to_string() == who)
}

fn title(month: Month, site: Option<String>, person: Option<&str>) -> Text {
    let who: Vec<&str> = site.as_deref().into_iter().chain(person).collect();
    let who = who.join(" ");
    Text::new(
        format!("{who} {month} 排班").trim(),
        format!("{who} {month} roster").trim(),
    )
}
