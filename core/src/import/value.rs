use super::clean;
use super::date::parse_date;
use super::held::Held;
use super::moment::parse_moment;
use super::named_person::site_meant;
use super::sites;
use crate::document::SiteKey;
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{
    Choice, Collection, Entry, Field, FieldError, FieldReader, Form, Record, RecordId, RecordKind,
    Value, write_date, write_date_time,
};
use crate::rules::{Language, Text};

/// Reads what a person wrote for a field of a kind, in a file or on a command line: dates and times in the office's forms,
/// choices by label, sites and records by name. `site` is whose record it is: names are looked for there.
///
/// The value, and what is worth telling about it.
///
/// # Errors
/// What was expected.
pub fn read_field(
    kind: &RecordKind,
    field: &Field,
    text: &str,
    site: Option<&SiteKey>,
    held: &Held<'_>,
) -> Result<(Value, Option<Text>), Text> {
    let text = if is_name(kind, field) {
        clean::name(text)
    } else {
        clean::blanks(text)
    };
    if text.is_empty() && !field.required {
        return Ok((Value::from(""), None));
    }
    let plain = |text: &str| match field.parse(text) {
        Ok(value) => Ok((value, None)),
        Err(error) => Err(expected_by(error)),
    };
    let expected = || {
        let expected = field.form.expected();
        Text::new(expected.zh, expected.en)
    };
    match field.form {
        _ if text.is_empty() => plain(""),
        Form::Text => plain(&text),
        Form::Words => plain(&sites::amenities(&text)),
        Form::Hours => plain(&sites::hours(&text)),
        Form::Number { .. } => plain(&whole(&clean::word(&text))),
        Form::Choice(choices) => choice(choices, &clean::word(&text))
            .map(|value| (value, None))
            .ok_or_else(expected),
        Form::Flag => plain(&clean::word(&text)),
        Form::Date => parse_date(&text, None)
            .map(|date| (write_date(date).into(), None))
            .ok_or_else(expected),
        Form::DateTime => parse_moment(&text)
            .map(|at| (write_date_time(at).into(), None))
            .ok_or_else(expected),
        Form::Weekdays => match clean::word(&text).as_str() {
            "每天" | "每日" | "everyday" | "daily" => Ok((Value::from(""), None)),
            _ => plain(&clean::folded(&text)),
        },
        Form::Site => {
            let meant = site_meant(&text, held)?;
            let key = &meant.key;
            let warning = meant.unheard.then(|| {
                Text::of(
                    format_args!("站点名录里还没有“{key}”"),
                    format_args!("the directory of sites has no {key} yet"),
                )
            });
            Ok((key.as_str().into(), warning))
        }
        Form::Record => {
            reference(field.refers_to, &text, site, held).map(|id| (id.to_string().into(), None))
        }
    }
}

/// The site that a person names by its key or its name.
///
/// # Errors
/// What was expected.
pub fn read_site(text: &str, held: &Held<'_>) -> Result<SiteKey, Text> {
    site_meant(text, held).map(|meant| meant.key)
}

/// Writes a field's value so that [`read_field`] reads it back, in words that people read.
pub fn write_field(
    kind: &RecordKind,
    field: &Field,
    value: &Value,
    site: Option<&SiteKey>,
    held: &Held<'_>,
    language: Language,
) -> String {
    let pick = |zh: &str, en: &str| match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    };
    match (field.form, value) {
        (Form::Choice(choices), Value::Text(text)) => choices
            .iter()
            .find(|choice| choice.value == text)
            .map_or_else(
                || text.clone(),
                |choice| pick(choice.label.zh, choice.label.en),
            ),
        (Form::Flag, Value::Bool(true)) => pick("是", "yes"),
        (Form::Flag, Value::Bool(false)) => pick("否", "no"),
        (Form::DateTime, Value::Text(text)) => text.replace('T', " "),
        (Form::Record, Value::Text(id)) => {
            let name = field.refers_to.and_then(|to| name_of(to, id, held));
            let means_it = |name: &String| {
                let read = read_field(kind, field, name, site, held);
                read.is_ok_and(|(read, _)| read == *value)
            };
            name.filter(means_it).unwrap_or_else(|| id.clone())
        }
        _ => value.to_string(),
    }
}

/// Whether the text of a field tells records apart, or is a name: blanks in it mean nothing.
fn is_name(kind: &RecordKind, field: &Field) -> bool {
    let known = kind.known_by.iter().chain(kind.rows_by);
    field.form == Form::Text && known.chain([&"name"]).any(|name| *name == field.name)
}

/// `30.0`, which is how a spreadsheet may give a whole number, as `30`.
pub(super) fn whole(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => text.to_owned(),
    }
}

fn choice(choices: &[Choice], word: &str) -> Option<Value> {
    let means = |choice: &&Choice| {
        [choice.value, choice.label.zh, choice.label.en]
            .iter()
            .any(|name| clean::word(name) == word)
    };
    choices.iter().find(means).map(|choice| choice.value.into())
}

fn expected_by(error: FieldError) -> Text {
    match error {
        FieldError::Malformed { expected, .. } => Text::new(expected.zh, expected.en),
        FieldError::Empty { .. } | FieldError::Unknown { .. } => {
            Text::new("有内容的单元格", "a cell that is not blank")
        }
    }
}

fn name_of(to: Collection, id: &str, held: &Held<'_>) -> Option<String> {
    let id = id.parse::<RecordId>().ok()?;
    let mut entries = held.records(Record::kind_of(to)?);
    let (_, entry) = entries.find(|(_, entry)| entry.record().id() == id)?;
    Some(entry.title().to_owned()).filter(|title| !title.is_empty())
}

/// The record that a text names, by its name or its id.
///
/// A record that is known by its name and its site has the same id everywhere: where no record of its kind is held, the name
/// alone tells which it is, so that a file means the same on a replica that holds nothing yet.
fn reference(
    to: Option<Collection>,
    text: &str,
    site: Option<&SiteKey>,
    held: &Held<'_>,
) -> Result<RecordId, Text> {
    if let Ok(id) = text.parse::<RecordId>() {
        return Ok(id);
    }
    let Some(kind) = to.and_then(Record::kind_of) else {
        let expected = Form::Record.expected();
        return Err(Text::new(expected.zh, expected.en));
    };
    let site = site.filter(|_| kind.has("site"));
    let mut found = BTreeSet::new();
    let mut any = false;
    for (_, entry) in held.records(kind) {
        any = true;
        if is_called(entry, text, site) {
            found.insert(entry.record().id());
        }
    }
    let (zh, en) = (kind.label.zh, kind.label.en);
    match (found.len(), found.iter().next()) {
        (1, Some(id)) => Ok(*id),
        (0, _) if !any => by_name(kind, text, site).ok_or_else(|| {
            Text::of(
                format_args!("{zh}的编号（本机还没有{zh}，认不出名称）"),
                format_args!("the id of a {en} (none is held here, so names mean nothing yet)"),
            )
        }),
        (0, _) => {
            let (at_zh, at_en) = site.map_or_else(Default::default, |site| {
                (format!("{site}的"), format!(" of {site}"))
            });
            Err(Text::of(
                format_args!("{at_zh}{zh}的名称或编号（这里没有“{text}”）"),
                format_args!("the name or id of a {en}{at_en} (there is no {text})"),
            ))
        }
        _ => Err(Text::of(
            format_args!("{zh}的编号（有几个都叫“{text}”）"),
            format_args!("the id of a {en} (several are called {text})"),
        )),
    }
}

fn is_called(entry: &Entry, text: &str, site: Option<&SiteKey>) -> bool {
    entry.removed_at().is_none()
        && clean::name_key(entry.title()) == clean::name_key(text)
        && (site.is_none() || FieldReader::new(entry.fields()).site("site").as_ref() == site)
}

fn by_name(kind: &RecordKind, text: &str, site: Option<&SiteKey>) -> Option<RecordId> {
    let mut fields = BTreeMap::new();
    fields.insert("name".to_owned(), Value::from(clean::name(text)));
    if let Some(site) = site {
        fields.insert("site".to_owned(), Value::from(site.as_str()));
    }
    kind.own_id(&fields)
}
