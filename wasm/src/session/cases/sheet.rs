use jiff::civil::DateTime;
use yilian_core::document::Name;
use yilian_core::import::name_key;
use yilian_core::mediation::{Counted, Proceedings};
use yilian_core::records::{Mode, Origin, Sitting, Stage, parse_date_time, write_date_time};

use crate::session::json::{Json, Object, array, list, texts, write};

/// A case that was read, as it is answered.
#[derive(Debug)]
pub(in crate::session) struct Sheet {
    /// All that neither time nor another document changes: an object.
    pub(super) json: String,
    pub(super) counted: Counted,
    /// Its mediators, as names are compared.
    pub(super) mediators: Vec<String>,
    /// From when to when its sittings are, each as it is answered.
    pub(super) sittings: Vec<(DateTime, DateTime, String)>,
}

/// What a document of cases holds.
#[derive(Debug)]
pub(in crate::session) enum Held {
    Case(Sheet),
    /// It tells its site of a case that was handed to it.
    Handed(Name),
    /// None of it is here yet.
    Nothing,
}

impl Sheet {
    pub(super) fn of(name: &Name, case: &Proceedings<'_>) -> Self {
        let sitting = |of: &&Sitting| {
            let (zh, en) = case.title();
            let json = Object::new()
                .fields_of(&write(of))
                .shown("document", name)
                .raw("title", &title(&zh, &en))
                .end();
            (of.start, of.end, json)
        };
        Self {
            json: lasting(name, case),
            counted: case.counted(),
            mediators: case.mediators.iter().map(|of| name_key(&of.name)).collect(),
            sittings: case.sittings.iter().map(sitting).collect(),
        }
    }

    /// What [`Sheet::read`] reads again: of what is settled.
    pub(super) fn write(&self) -> String {
        let Counted {
            site,
            mode,
            origin,
            stage,
            received,
            outcome,
            referred,
            ratified,
            people,
            claimed,
            secured,
            waits: _,
            extended_to: _,
        } = &self.counted;
        let (came, at) = outcome.unwrap_or((Stage::Registered, DateTime::ZERO));
        let words = [
            mode.as_str(),
            origin.as_str(),
            stage.as_str(),
            came.as_str(),
        ];
        let counts = [*people, *claimed, *secured].map(|count| count.to_string());
        let sittings = self.sittings.iter().map(|(start, end, json)| {
            array([
                write(&write_date_time(*start)),
                write(&write_date_time(*end)),
                write(json),
            ])
        });
        Object::new()
            .shown("site", site)
            .raw("words", &write(&words))
            .text("received", &write_date_time(*received))
            .text("at", &write_date_time(at))
            .flag("referred", *referred)
            .flag("ratified", *ratified)
            .raw("counts", &array(counts))
            .texts("mediators", &self.mediators)
            .raw("sittings", &array(sittings))
            .text("json", &self.json)
            .end()
    }

    pub(in crate::session) fn read(text: &str) -> Option<Self> {
        let json = Json::read(text).ok()?;
        let words = texts(&json, "words");
        let stage = |place: usize| words.get(place).and_then(|word| Stage::from_stored(word));
        let time = |json: &Json| json.as_str().and_then(parse_date_time);
        let count = |place: usize| list(&json, "counts").get(place)?.as_i64();
        let flag = |name: &str| json.get(name) == Some(&Json::Bool(true));
        let outcome = Some(stage(3)?).filter(|of| *of != Stage::Registered);
        let at = time(json.get("at")?)?;
        let sitting = |of: &Json| match of.as_array()? {
            [start, end, json] => Some((time(start)?, time(end)?, json.as_str()?.to_owned())),
            _ => None,
        };
        let sittings = list(&json, "sittings").iter().map(sitting);
        Some(Self {
            json: json.get("json")?.as_str()?.to_owned(),
            counted: Counted {
                site: json.get("site")?.as_str()?.parse().ok()?,
                mode: Mode::from_stored(words.first()?)?,
                origin: Origin::from_stored(words.get(1)?)?,
                stage: stage(2)?,
                received: time(json.get("received")?)?,
                outcome: outcome.map(|stage| (stage, at)),
                referred: flag("referred"),
                ratified: flag("ratified"),
                people: count(0)?,
                claimed: count(1)?,
                secured: count(2)?,
                waits: None,
                extended_to: None,
            },
            mediators: texts(&json, "mediators"),
            sittings: sittings.collect::<Option<_>>()?,
        })
    }

    /// Whether neither time nor anything but another step changes it: it can be kept beyond this session.
    pub(super) fn is_settled(&self, now: DateTime) -> bool {
        self.counted.is_over() && self.sittings.iter().all(|(_, end, _)| *end <= now)
    }

    pub(super) fn is_of(&self, mediator: Option<&str>) -> bool {
        mediator.is_none_or(|name| self.mediators.iter().any(|of| of == name))
    }
}

fn title(zh: &str, en: &str) -> String {
    Object::new().text("zh", zh).text("en", en).end()
}

/// All of a case that neither time nor another document changes.
fn lasting(name: &Name, case: &Proceedings<'_>) -> String {
    let steps = case.steps.iter().map(|placed| {
        Object::new()
            .fields_of(&write(placed.step))
            .text("fit", placed.fit.as_str())
            .end()
    });
    let outcome = case.outcome().map(|(stage, at)| {
        Object::new()
            .text("stage", stage.as_str())
            .text("at", &write_date_time(at))
            .end()
    });
    let next = case.next().map(|stage| write(&stage));
    let (zh, en) = case.title();
    let object = Object::new()
        .shown("document", name)
        .raw("title", &title(&zh, &en))
        .raw("case", &write(case.case))
        .text("stage", case.stage.as_str())
        .raw("steps", &array(steps))
        .raw("next", &array(next))
        .raw("outcome", outcome.as_deref().unwrap_or("null"))
        .flag("open", case.counted().is_open())
        .flag("over", case.is_over())
        .raw("people", &case.people().to_string());
    object
        .raw("parties", &write(&case.parties))
        .raw("mediators", &write(&case.mediators))
        .raw("sittings", &write(&case.sittings))
        .raw("agreements", &write(&case.agreements))
        .raw("referrals", &write(&case.referrals))
        .end()
}
