use super::clean;
use super::held::{Held, SiteRef};
use super::person_cell::PersonCell;
use crate::document::SiteKey;
use crate::ordered::BTreeSet;
use crate::records::{Person, RecordId};
use crate::rules::Text;

/// Whom a name on a roster means, as a roster writes it: `李超`, `唐国庆#3670` (the phone's last digits), `孙平@keyun` or
/// `孙平（客运之家）` (lent by that site).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPerson {
    /// The name to show.
    pub name: String,
    /// The person; none where nobody has the name, or the people are not held.
    pub person: Option<RecordId>,
    /// The site that lends, where it is another than the roster's.
    pub lent_by: Option<SiteKey>,
}

impl NamedPerson {
    /// Finds whom `text` means on the roster of `site`, as importing a row would.
    ///
    /// # Errors
    /// What was expected: it is no such form, names no site, or may mean several people, who are then listed.
    pub fn find(text: &str, site: &SiteKey, held: &Held<'_>) -> Result<Self, Text> {
        let cell = PersonCell::parse(text).ok_or_else(form_expected)?;
        let lent_by = match &cell.lent_by {
            Some(lender) => Some(site_meant(lender, held)?.key),
            None => None,
        };
        let lent_by = lent_by.filter(|lender| lender != site);
        let person = person_meant(&cell, lent_by.as_ref().unwrap_or(site), held)?;
        Ok(Self {
            name: cell.shown(person.is_some()),
            person,
            lent_by,
        })
    }
}

/// What a cell for a person should look like.
pub(super) fn form_expected() -> Text {
    Text::new(
        "姓名，如 李超、李超#1234（电话末几位）、李超（借出站点）",
        "a name like 李超, 李超#1234 (the phone's last digits) or 李超@site (who lends)",
    )
}

/// A site that a text names.
pub(super) struct SiteMeant {
    pub(super) key: SiteKey,
    /// Whether there is a directory of sites, and it does not have this one.
    pub(super) unheard: bool,
}

/// The site that `text` names by its key or its name, or what was expected.
pub(super) fn site_meant(text: &str, held: &Held<'_>) -> Result<SiteMeant, Text> {
    let meant = |key, unheard| SiteMeant { key, unheard };
    Err(match held.site(text) {
        SiteRef::Known(key) => return Ok(meant(key, false)),
        SiteRef::Unheard(key) => return Ok(meant(key, held.knows_sites())),
        SiteRef::Several => Text::new(
            "站点编号（有几个站点叫这个名称）",
            "a site's key (several sites have this name)",
        ),
        SiteRef::None if held.knows_sites() => Text::new(
            "名录里某个站点的编号或名称",
            "the key or name of a site in the directory",
        ),
        SiteRef::None => Text::new(
            "站点编号（本机还没有站点名录，认不出名称）",
            "a site's key (no directory of sites is held here, so names mean nothing yet)",
        ),
    })
}

/// Whom the name means among the people of `home`; none where nobody has it, or the people are not held; or what was expected.
pub(super) fn person_meant(
    who: &PersonCell,
    home: &SiteKey,
    held: &Held<'_>,
) -> Result<Option<RecordId>, Text> {
    let Some(mut namesakes) = held.people(home, &who.name) else {
        return Ok(None);
    };
    // One person entered twice is one person.
    namesakes.sort_by_key(|person| (clean::phone_key(&person.phone), person.id));
    namesakes.dedup_by(|a, b| {
        let phone = clean::phone_key(&a.phone);
        !phone.is_empty() && phone == clean::phone_key(&b.phone)
    });
    let meant: Vec<&Person> = match &who.phone_end {
        None => namesakes.clone(),
        Some(end) => namesakes
            .iter()
            .copied()
            .filter(|person| clean::phone_key(&person.phone).ends_with(end.as_str()))
            .collect(),
    };
    match (meant.as_slice(), &who.phone_end) {
        ([], None) => Ok(None),
        ([person], _) => Ok(Some(person.id)),
        ([], Some(_)) if namesakes.is_empty() => Err(Text::of(
            format_args!("{home}的人员姓名（这里没有“{}”）", who.name),
            format_args!(
                "the name of someone at {home} (nobody there is {})",
                who.name
            ),
        )),
        _ => {
            let ways = ways_to_say(&namesakes);
            Err(Text::of(
                format_args!("哪一位“{}”：{}", who.name, ways.join("、")),
                format_args!("which {}: {}", who.name, ways.join(" or ")),
            ))
        }
    }
}

/// How to write each namesake: with as many last digits of the phone as tell them all apart, at least four.
fn ways_to_say(namesakes: &[&Person]) -> Vec<String> {
    let phones: Vec<String> = namesakes
        .iter()
        .map(|person| clean::phone_key(&person.phone))
        .collect();
    let end = |phone: &str, digits: usize| {
        phone
            .get(phone.len().saturating_sub(digits)..)
            .unwrap_or_default()
            .to_owned()
    };
    let told_apart = |digits: &usize| {
        let ends: BTreeSet<String> = phones.iter().map(|phone| end(phone, *digits)).collect();
        ends.len() == phones.len()
    };
    let digits = (4..=20).find(told_apart).unwrap_or(20);
    namesakes
        .iter()
        .zip(&phones)
        .map(|(person, phone)| match phone.as_str() {
            "" => person.name.clone(),
            phone => format!("{}#{}", person.name, end(phone, digits)),
        })
        .collect()
}
