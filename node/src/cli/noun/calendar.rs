use std::collections::BTreeMap;

use yilian_core::document::{Kind, Name};
use yilian_core::records::Venue;
use yilian_core::report::Period;
use yilian_core::report::calendar::booking_events;

use crate::cli::args::CalendarArguments;
use crate::cli::calendar_file::{is_called, put, target};
use crate::cli::context::{Context, names, this_month};
use crate::cli::documents::reported;
use crate::cli::failure::Failure;

/// Writes the bookings of a month that have their venue as a calendar's file: of a venue, of a site's, or all.
pub(super) async fn run(
    context: &Context,
    of: CalendarArguments,
    venue: Option<String>,
) -> Result<(), Failure> {
    let target = target(context, of.out)?;
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
                    && asked
                        .as_ref()
                        .is_none_or(|asked| is_called(&venue.name, venue.id, asked))
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
    let month = month.to_string();
    let of = [site_name.as_deref(), venue.as_deref(), Some(&month)];
    put(context, node, &target, &of, ("预订", "bookings"), &events).await
}
