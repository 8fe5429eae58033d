use std::collections::BTreeMap;
use std::path::PathBuf;

use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::records::Shift;
use yilian_core::report::calendar::{Event, roster_events};
use yilian_core::report::{Documents, Period};
use yilian_core::rules::Text;
use yilian_node::calendar::{Calendar, write};

use crate::cli::args::OutputArguments;
use crate::cli::context::{Context, names, this_month};
use crate::cli::failure::Failure;
use crate::cli::sheet::Target;
use crate::cli::site::AtSiteOrAll;

/// Writes the shifts of a month as a calendar's file: of a site, of a person wherever they work, or all.
pub(crate) async fn run(
    context: &Context,
    month: Option<Month>,
    site: &AtSiteOrAll,
    person: Option<String>,
    out: Option<PathBuf>,
) -> Result<(), Failure> {
    let target = Target::new(context, OutputArguments { format: None, out })?;
    let node = context.open().await?;
    let month = this_month(&node, month)?;
    let site = match &person {
        None => site.site(context, &node).await?,
        // Someone who is lent works elsewhere too.
        Some(_) => site.named(context, &node).await?,
    };
    let wanted = |name: &Name| matches!(name, Name::Roster { month: of, .. } if *of == month);
    let read = names(&node, wanted, vec![Name::Sites]).await?;
    let (place, who) = (site.clone(), person.clone());
    let (events, site_name) = node
        .read(read, move |documents| {
            let (mut all, mut written) = (Documents::new(), BTreeMap::new());
            for document in documents.iter() {
                if let Some(name) = document.name() {
                    all.add(name.clone(), document.view());
                    written.extend(document.written());
                }
            }
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
