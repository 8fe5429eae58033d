use std::collections::BTreeMap;

use yilian_core::document::{Kind, Name};
use yilian_core::import::name_key;
use yilian_core::records::Venue;
use yilian_core::report::Period;
use yilian_core::report::calendar::booking_events;
use yilian_core::rules::Text;
use yilian_node::calendar::{Calendar, write};

use crate::cli::args::{CalendarArguments, OutputArguments};
use crate::cli::context::{Context, names, this_month};
use crate::cli::documents::reported;
use crate::cli::failure::Failure;
use crate::cli::sheet::Target;

/// Writes the bookings of a month that have their venue as a calendar's file: of a venue, of a site's, or all.
pub(super) async fn run(
    context: &Context,
    of: CalendarArguments,
    venue: Option<String>,
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
    let site = of.site.site(context, &node).await?;
    let period = Period::of_month(month);
    let is_near = |name: &Name| name.month().is_some_and(|month| period.is_near(month));
    let wanted = |name: &Name| name.kind() == Kind::Bookings && is_near(name);
    let read = names(&node, wanted, vec![Name::Sites]).await?;
    let (place, asked) = (site.clone(), venue.clone());
    let (events, is_known, site_name) = node
        .read(read, move |documents| {
            let all = reported(documents);
            let open = documents.iter();
            let written: BTreeMap<_, _> = open.flat_map(|document| document.written()).collect();
            let wants = |venue: &Venue| {
                place.as_ref().is_none_or(|place| *place == venue.site)
                    && asked.as_ref().is_none_or(|asked| is_called(venue, asked))
            };
            let sites = documents.get(&Name::Sites);
            let mut venues = sites
                .into_iter()
                .flat_map(|sites| sites.view().present::<Venue>());
            let is_known = venues.any(|(venue, _)| wants(venue));
            let events = booking_events(&all, &written, period, wants);
            let site_name = place.as_ref().map(|place| all.site_name(place));
            (events, is_known, site_name)
        })
        .await?;
    if let (Some(venue), false) = (&venue, is_known) {
        return Err(Failure::new(
            format!("没有叫“{venue}”的场地；有哪些：yilian venue list"),
            format!(
                "there is no venue called \"{venue}\"; yilian venue list shows which there are"
            ),
        ));
    }
    let who: Vec<&str> = site_name
        .as_deref()
        .into_iter()
        .chain(venue.as_deref())
        .collect();
    let who = who.join(" ");
    let name = Text::new(
        format!("{who} {month} 预订").trim(),
        format!("{who} {month} bookings").trim(),
    );
    let calendar = Calendar {
        network: &node.profile().network,
        zone: &node.profile().zone,
        name: context.text(&name),
        language: context.language,
    };
    let text = write(&calendar, &events)
        .map_err(|error| Failure::from_error(("写不出日历", "cannot write the calendar"), &error));
    node.stop().await;
    target.bytes(context, text?.as_bytes())
}

/// Whether a venue is meant: by its name, whatever blanks are in it, or its id.
fn is_called(venue: &Venue, asked: &str) -> bool {
    name_key(&venue.name) == name_key(asked) || venue.id.to_string() == asked
}
