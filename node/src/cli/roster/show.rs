use std::collections::BTreeMap;

use serde_json::json;
use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::import::NamedPerson;
use yilian_core::records::{Person, RecordId, Shift, Site};
use yilian_core::rules::Text;
use yilian_node::Documents;

use crate::cli::args::{Format, OutputArguments};
use crate::cli::context::{Context, names};
use crate::cli::documents::held;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::sheet::{self, Target, Workbook};
use crate::cli::shift_id::short;
use crate::cli::site::AtSiteOrAll;

use super::grid::grids;
use super::list::list;

/// The fewest digits of a phone that tell namesakes apart.
const DIGITS_MIN: usize = 4;

pub(crate) async fn run(
    context: &Context,
    month: Month,
    site: &AtSiteOrAll,
    output: OutputArguments,
) -> Result<(), Failure> {
    let target = Target::new(context, output)?;
    let node = context.open().await?;
    let site = site.site(context, &node).await?;
    let wanted = |name: &Name| {
        matches!(name, Name::Roster { .. })
            && name.month() == Some(month)
            && (site.is_none() || name.site() == site.as_ref())
    };
    // What is imported again says who is meant as the importer has to hear it.
    let is_file = matches!(target.format, Format::Csv | Format::Xlsx);
    let wanted = |name: &Name| wanted(name) || (is_file && matches!(name, Name::People { .. }));
    let read = names(&node, wanted, vec![Name::Sites]).await?;
    let (mut shifts, sites, cells) = node
        .read(read, move |documents| {
            let shifts: Vec<Shift> = documents
                .iter()
                .flat_map(|document| document.view().present::<Shift>())
                .map(|(shift, _)| shift.clone())
                .collect();
            let sites = documents
                .iter()
                .flat_map(|document| document.view().present::<Site>());
            let sites: BTreeMap<SiteKey, String> = sites
                .map(|(site, _)| (site.key.clone(), site.name.clone()))
                .collect();
            let cells: BTreeMap<RecordId, String> = shifts
                .iter()
                .filter(|_| is_file)
                .map(|shift| (shift.id, person_cell(shift, documents)))
                .collect();
            (shifts, sites, cells)
        })
        .await?;
    node.stop().await;
    shifts.sort_by(|a, b| {
        (&a.site, a.start, &a.post, &a.name, a.id).cmp(&(&b.site, b.start, &b.post, &b.name, b.id))
    });
    let all = site.is_none();
    match target.format {
        Format::Json => {
            let value = json!({ "month": month.to_string(), "shifts": shifts });
            target.text(context, &format!("{value:#}"))
        }
        Format::Csv => sheet::csv(context, &target, &[list(&shifts, &cells, all)]),
        Format::Xlsx => {
            let mut workbook = Workbook::new(context.language);
            // First, since an import reads the first; shown is the grid.
            let name = context.pick("明细", "shifts");
            workbook.add_report(&list(&shifts, &cells, all), name)?;
            for (index, grid) in grids(context.language, month, &shifts, &sites)
                .iter()
                .enumerate()
            {
                workbook.add_grid(grid, index == 0)?;
            }
            target.bytes(context, &workbook.save()?)
        }
        Format::Table => {
            let text = table(context, month, &shifts, &sites, all);
            target.text(context, &text)
        }
    }
}

/// The person as the importer understands it: with the site that lends, and where several have the name, with as many digits of
/// the phone as it takes.
fn person_cell(shift: &Shift, documents: &Documents<'_>) -> String {
    let lent = shift.lent_by.as_ref();
    let lent = lent.map_or_else(String::new, |site| format!("@{site}"));
    let plain = format!("{}{lent}", shift.name);
    let held = held(documents);
    let means = |cell: &str| NamedPerson::find(cell, &shift.site, &held).map(|who| who.person);
    let mut people = documents
        .iter()
        .flat_map(|document| document.view().present::<Person>());
    let person = people.find(|(person, _)| Some(person.id) == shift.person);
    let (Err(_), Some((person, _))) = (means(&plain), person) else {
        return plain;
    };
    let phone: String = person.phone.chars().filter(char::is_ascii_digit).collect();
    (DIGITS_MIN..=phone.len())
        .filter_map(|digits| phone.get(phone.len() - digits..))
        .map(|end| format!("{}#{end}{lent}", shift.name))
        .find(|cell| means(cell) == Ok(shift.person))
        .unwrap_or(plain)
}

fn table(
    context: &Context,
    month: Month,
    shifts: &[Shift],
    sites: &BTreeMap<SiteKey, String>,
    with_site: bool,
) -> String {
    if shifts.is_empty() {
        let none = Text::new(
            format!("{month} 还没有排班"),
            format!("there is no roster for {month} yet"),
        );
        return context.text(&none).to_owned();
    }
    let mut header = match context.pick("zh", "en") {
        "zh" => vec!["编号", "日期", "时间", "岗位", "姓名", "状态", "备注"],
        _ => vec!["id", "date", "time", "post", "name", "state", "note"],
    };
    if with_site {
        header.insert(1, context.pick("站点", "site"));
    }
    let rows = shifts.iter().map(|shift| {
        let lent = shift
            .lent_by
            .as_ref()
            .map(|site| format!("@{}", sites.get(site).map_or(site.as_str(), String::as_str)));
        let mut row = vec![
            short(&shift.id),
            date(shift),
            format!("{}-{}", start(shift), end(context, shift)),
            shift.post.clone(),
            format!("{}{}", shift.name, lent.unwrap_or_default()),
            state(context, shift),
            shift.note.clone(),
        ];
        if with_site {
            row.insert(
                1,
                sites
                    .get(&shift.site)
                    .cloned()
                    .unwrap_or_else(|| shift.site.to_string()),
            );
        }
        row
    });
    out::table_text(&header, rows.collect())
}

fn date(shift: &Shift) -> String {
    shift
        .period()
        .map_or_else(|| "?".to_owned(), |(start, _)| start.date().to_string())
}

fn start(shift: &Shift) -> String {
    shift.period().map_or_else(
        || "?".to_owned(),
        |(start, _)| start.strftime("%H:%M").to_string(),
    )
}

/// The end; said to be the next day only where the importer would not take it so by itself.
fn end(context: &Context, shift: &Shift) -> String {
    let Some((start, end)) = shift.period() else {
        return "?".to_owned();
    };
    let time = end.strftime("%H:%M").to_string();
    if end.date() != start.date() && end.time() >= start.time() {
        return format!("{}{time}", context.pick("次日", "next day "));
    }
    time
}

fn state(context: &Context, shift: &Shift) -> String {
    let label = shift.state.label();
    context.pick(label.zh, label.en).to_owned()
}
