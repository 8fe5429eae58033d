use clap::Args;
use jiff::civil::DateTime;
use serde_json::{Value as Json, json};
use yilian_core::document::Name;
use yilian_core::import::{Held, name_key, read_field};
use yilian_core::matrix::{Directory, Near, Wanted, open_near};
use yilian_core::records::{Site, Typed as _, parse_date_time, write_date_time};

use super::context::Context;
use super::failure::Failure;
use super::noun::distance;
use super::out;

#[derive(Debug, Args)]
pub(crate) struct OpenNow {
    #[arg(
        long,
        value_name = "LAT,LNG",
        value_parser = place,
        allow_hyphen_values = true,
        help = "离哪里近的在前，如 35.23,113.31 | the nearest first to here, such as 35.23,113.31"
    )]
    near: Option<(f64, f64)>,
    #[arg(
        long = "amenity",
        value_name = "WORD",
        help = "要有的设施，可写多次 | what it has to offer; may be given several times"
    )]
    amenities: Vec<String>,
    #[arg(
        long,
        value_name = "WORD",
        help = "要有的服务：名称或类别 | a service it has to offer: its name or category"
    )]
    service: Option<String>,
    #[arg(
        long,
        value_name = "TIME",
        value_parser = time,
        help = "什么时候，如 2026-12-03T08:00（默认现在） | when, such as 2026-12-03T08:00 (default: now)"
    )]
    at: Option<DateTime>,
}

/// Nobody asks for how long what is open for a week will be.
const ALWAYS_HOURS: i64 = 7 * 24;

fn place(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str, max: f64| {
        let number = text.trim().parse::<f64>().ok()?;
        (number.abs() <= max).then_some(number)
    };
    let place = text
        .split_once([',', '，'])
        .and_then(|(lat, lng)| Some((number(lat, 90.0)?, number(lng, 180.0)?)));
    place.ok_or_else(|| "no place".to_owned())
}

fn time(text: &str) -> Result<DateTime, String> {
    parse_date_time(text).ok_or_else(|| "no time".to_owned())
}

pub(crate) async fn run(context: &Context, asked: &OpenNow) -> Result<(), Failure> {
    let node = context.open().await?;
    let at = asked.at.unwrap_or_else(|| node.clock().civil());
    let wanted = Wanted {
        amenities: amenities(&asked.amenities),
        service: asked.service.clone(),
        ..Wanted::default()
    };
    let (near, json) = (asked.near, context.json);
    let always = context.pick("一直", "always").to_owned();
    let places = node
        .read(vec![Name::Sites], move |documents| {
            let sites = documents.get(&Name::Sites)?;
            let directory = Directory::new(sites.view());
            // Nothing is open where nothing is known.
            directory.sites().next()?;
            let open = open_near(&directory, at, near, &wanted, usize::MAX);
            let shown = match json {
                true => Shown::Json(open.iter().map(as_json).collect()),
                false => Shown::Rows(open.iter().map(|near| row(near, at, &always)).collect()),
            };
            Some((shown, unheard(&directory, &wanted)))
        })
        .await?;
    node.stop().await;
    let (shown, unheard) = places.ok_or_else(|| {
        Failure::new(
            "本机还没有站点名录；先同步，或导入 sites.csv",
            "there is no directory of sites here yet: sync, or import one",
        )
    })?;
    if !unheard.is_empty() {
        let (zh, en) = (unheard.join("、"), unheard.join(", "));
        let (zh, en) = (
            format!("注意：没有站点写着有“{zh}”"),
            format!("note: no site says that it has {en}"),
        );
        out::note(context.pick(&zh, &en));
    }
    match shown {
        Shown::Json(sites) => out::json(&json!({ "at": write_date_time(at), "sites": sites })),
        Shown::Rows(rows) if rows.is_empty() => {
            context.say("没有这样的站点开放", "no such site is open")
        }
        Shown::Rows(rows) => {
            let header = match context.pick("zh", "en") {
                "zh" => ["站点", "距离", "开到", "正在提供", "地址", "电话", "公告"],
                _ => [
                    "site", "distance", "until", "on now", "address", "phone", "notice",
                ],
            };
            out::table(&header, rows)
        }
    }
}

enum Shown {
    Json(Vec<Json>),
    Rows(Vec<Vec<String>>),
}

/// What was asked for that no site has at any time: mistyped, perhaps.
fn unheard(directory: &Directory<'_>, wanted: &Wanted) -> Vec<String> {
    let has = |word: &String| directory.sites().any(|site| site.amenities.contains(word));
    let amenities = wanted.amenities.iter().filter(|word| !has(word));
    let offers = |asked: &String| {
        let asked = name_key(asked);
        let services = directory.sites();
        let mut services = services.flat_map(|site| directory.services_of(&site.key));
        services
            .any(|service| name_key(&service.name) == asked || name_key(&service.category) == asked)
    };
    let service = wanted.service.iter().filter(|name| !offers(name));
    amenities.chain(service).cloned().collect()
}

/// The words that the directory has for what was asked for: `充电` is `charging`.
fn amenities(asked: &[String]) -> yilian_core::ordered::BTreeSet<String> {
    let field = Site::KIND
        .fields
        .iter()
        .find(|field| field.name == "amenities");
    let stored = |text: &String| {
        let read = read_field(&Site::KIND, field?, text, None, &Held::new()).ok()?;
        read.0.as_text().map(str::to_owned)
    };
    let words: Vec<String> = asked
        .iter()
        .map(|text| stored(text).unwrap_or_else(|| text.clone()))
        .collect();
    words
        .iter()
        .flat_map(|words| words.split_whitespace().map(str::to_owned))
        .collect()
}

fn as_json(near: &Near<'_>) -> Json {
    let services: Vec<&str> = near
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let venues: Vec<&str> = near
        .venues
        .iter()
        .map(|venue| venue.name.as_str())
        .collect();
    json!({
        "key": near.site.key,
        "distance_m": near.distance_m,
        "open_until": near.open_until.map(write_date_time),
        "services": services,
        "venues": venues,
        "site": near.site,
    })
}

fn row(near: &Near<'_>, at: DateTime, always: &str) -> Vec<String> {
    let services: Vec<&str> = near
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let site = near.site;
    vec![
        site.name.clone(),
        near.distance_m.map(distance).unwrap_or_default(),
        near.open_until
            .map(
                |until| match until.duration_since(at).as_hours() < ALWAYS_HOURS {
                    true => until.strftime("%m-%d %H:%M").to_string(),
                    false => always.to_owned(),
                },
            )
            .unwrap_or_default(),
        services.join(" "),
        site.address.clone(),
        site.phone.clone(),
        site.notice.clone(),
    ]
}
