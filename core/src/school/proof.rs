use core::fmt;
use core::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::validity::covers;
use crate::document::{Network, SiteKey};
use crate::import::{blanks, name_key, word};
use crate::records::{Certificate, Issue, View, parse_date, write_date};
use crate::rules::Text;

/// What the code on a printed certificate says, so that it can be checked without a network.
///
/// Its text is a few lines that any telephone shows and people can read; the last is a sum over the others.
///
/// - **What it shows by itself**: that nothing in it was misread, mistyped or cut off, and what the paper should say. Whoever
///   changes the name or the dates on paper alone is found out.
/// - **What it does not show**: that the school issued it. The sum has no secret in it, so whoever knows this library can make a
///   code for anything. There are no signatures in this network yet.
/// - **Where `courses/<site>` is held**, which everybody may read, [`Proof::check`] looks for the school's
///   [`Issue`] of it: that shows that it was issued, and, as of what is held, not revoked. An issue is under a hash of all that the code says,
///   so that the list of issues names nobody; whoever guesses a name, a number and the dates can tell that the guess was right. It shows as
///   much as the right to write into `courses/<site>` is guarded: nothing is signed.
/// - **Where `school/<site>` is held**, at the school and at the hub, the certificate itself decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The network.
    pub network: Network,
    /// The site whose school issued it.
    pub site: SiteKey,
    /// What it certifies.
    pub certificate: String,
    /// Whose it is.
    pub name: String,
    /// The number printed on it.
    pub number: String,
    /// The first day on which it is valid.
    pub issued_on: Date,
    /// The last day on which it is valid; none where it is for ever.
    pub expires_on: Option<Date>,
}

/// How a text begins that is one, with the version of its form.
const HEAD: &str = "YILIAN-CERT 1";

/// What stands for a day that there is not.
const NEVER: &str = "-";

/// The digits of a sum: without those that look like others.
const ALPHABET: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";

/// The digits of base64url.
const LINK: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters of a sum, five bits each: of a million texts with a mistake, not one passes by chance.
const SUM_CHARS: usize = 12;

/// What stands for the network where it does not matter.
const NO_NETWORK: &str = "none";

/// What is known of a certificate that somebody shows, as of what is held here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It was issued, and is valid on the day.
    Valid,
    /// It was issued, and the day is before the first or after the last of its days.
    Expired,
    /// It was issued, and revoked by the day.
    Revoked,
    /// What the school issued is held, and this is not among it: it was made up or changed, or issued where this device has not
    /// heard of.
    Unknown,
    /// Nothing of the school is held: only the text speaks for itself.
    NotHeld,
}

impl Checked {
    /// What programs call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
            Self::NotHeld => "not-held",
        }
    }

    /// What it means, for people.
    #[must_use]
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Valid => (
                "有效：与夜校的发证登记一致",
                "it is valid: the school's records say the same",
            ),
            Self::Expired => ("不在有效期内", "it is not valid on this day"),
            Self::Revoked => ("已吊销", "it was revoked"),
            Self::Unknown => (
                "本机收到的发证登记里没有这份：可能是伪造或改动过的，也可能刚发、还没有传到本机",
                "the school's issues held here do not have it: it was made up or changed, or issued where this device has not heard of",
            ),
            Self::NotHeld => (
                "内容没有改动过；本机没有该夜校的发证登记，不能证明确由其签发",
                "nothing in it was changed; the school's issues are not here, so it is not shown that the school issued it",
            ),
        };
        Text::new(zh, en)
    }
}

/// Why a text proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseProofError {
    /// It is something else, or of a later version.
    #[error("this is no certificate's code, or one of a later version")]
    Form,
    /// Something in it is not as it was printed.
    #[error(
        "the last line does not go with the others: something in the code was changed or misread"
    )]
    Sum,
}

impl ParseProofError {
    /// What is wrong, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let zh = match self {
            Self::Form => "这不是证书的核验码，或是更新版本的",
            Self::Sum => "最后一行的校验对不上：核验码被改动过，或没有扫全",
        };
        Text::new(zh, self.to_string())
    }
}

impl Proof {
    /// The proof of a certificate that `site` issued; none where it does not say whose or what it is, or since when
    /// it is valid.
    #[must_use]
    pub fn of(network: &Network, site: &SiteKey, certificate: &Certificate) -> Option<Self> {
        let (of, name) = (blanks(&certificate.certificate), blanks(&certificate.name));
        if of.is_empty() || name.is_empty() {
            return None;
        }
        Some(Self {
            network: network.clone(),
            site: site.clone(),
            certificate: of,
            name,
            number: blanks(&certificate.shown_number()),
            issued_on: certificate.issued_on?,
            expires_on: certificate.expires_on,
        })
    }

    /// The seal of what it says: 64 hexadecimal digits. The network is not part of it.
    #[must_use]
    pub fn seal(&self) -> String {
        seal(&self.said())
    }

    /// The seal of the proof that a certificate has in any network.
    pub(super) fn seal_of(site: &SiteKey, certificate: &Certificate) -> Option<String> {
        let network: Network = NO_NETWORK.parse().ok()?;
        Self::of(&network, site, certificate).map(|proof| proof.seal())
    }

    /// What is known of it on a day, from the views of `courses/<site>` and `school/<site>` as far as they are held. Whoever holds neither
    /// knows only what it says itself.
    #[must_use]
    pub fn check(&self, courses: Option<&View>, school: Option<&View>, day: Date) -> Checked {
        let id = Issue::id_of(&self.seal());
        let issue = courses.and_then(|view| view.get::<Issue>(id));
        let revoked_on = match (school.map(|view| self.agrees(view)), issue) {
            (Some(Some(certificate)), _) => certificate.revoked_on,
            // What the school took back it had issued.
            (Some(None), Some(_)) => return Checked::Revoked,
            (None, Some(issue)) if issue.removed_at.is_some() => return Checked::Revoked,
            (None, Some(issue)) => issue.revoked_on,
            (None, None) if courses.is_none() && self.covers(day) => return Checked::NotHeld,
            (None, None) if courses.is_none() => return Checked::Expired,
            (_, None) => return Checked::Unknown,
        };
        match (revoked_on, self.covers(day)) {
            (Some(revoked), _) if revoked <= day => Checked::Revoked,
            (_, false) => Checked::Expired,
            (_, true) => Checked::Valid,
        }
    }

    /// Its text in an address: base64url, without padding. [`FromStr`] reads it, and an address that ends with it.
    #[must_use]
    pub fn link(&self) -> String {
        let text = self.to_string();
        let mut link = String::with_capacity(text.len() * 4 / 3 + 4);
        for bytes in text.as_bytes().chunks(3) {
            let bits = (0..3).fold(0_u32, |bits, at| {
                bits << 8 | bytes.get(at).copied().map_or(0, u32::from)
            });
            let digits = (0..=bytes.len()).map(|at| bits >> (18 - 6 * at) & 63);
            link.extend(digits.filter_map(|digit| {
                let digit = usize::try_from(digit).ok()?;
                LINK.get(digit).copied().map(char::from)
            }));
        }
        link
    }

    /// Whether its days cover a day. Whether it was revoked, it does not say.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        covers(Some(self.issued_on), self.expires_on, day)
    }

    /// The certificate that it is of, in the view of `school/<site>`: all that is printed has to be what the record says.
    /// None where there is no such record, or it was removed.
    #[must_use]
    pub fn agrees<'a>(&self, view: &'a View) -> Option<&'a Certificate> {
        let is_it = |certificate: &&Certificate| {
            certificate.shown_number() == self.number
                && name_key(&certificate.name) == name_key(&self.name)
                && word(&certificate.certificate) == word(&self.certificate)
                && certificate.issued_on == Some(self.issued_on)
                && certificate.expires_on == self.expires_on
        };
        let mut certificates = view.present::<Certificate>().map(|(one, _)| one);
        certificates.find(is_it)
    }

    /// The lines that the sum is over.
    fn lines(&self) -> String {
        format!("{HEAD} {} {}", self.network, self.said())
    }

    /// Whose it is and what it says.
    fn said(&self) -> String {
        let expires_on = self.expires_on.map_or_else(|| NEVER.to_owned(), write_date);
        format!(
            "{}\n{}\n{}\n{}\n{} {expires_on}",
            self.site,
            self.certificate,
            self.name,
            self.number,
            write_date(self.issued_on),
        )
    }
}

/// The hash of some lines.
fn seal(lines: &str) -> String {
    let hash = Sha256::digest(lines.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first bits of the hash of some lines.
fn sum(lines: &str) -> String {
    let hash = Sha256::digest(lines.as_bytes());
    let mut bits = hash
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let mut digit = || (0..5).fold(0, |digit, _| digit << 1 | bits.next().unwrap_or(0));
    let digits = (0..SUM_CHARS).map(|_| usize::from(digit()));
    digits
        .filter_map(|digit| ALPHABET.get(digit).copied().map(char::from))
        .collect()
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        write!(f, "{lines}\n{}", sum(&lines))
    }
}

impl FromStr for Proof {
    type Err = ParseProofError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || ParseProofError::Form;
        let unlinked = match text.trim_start().starts_with(HEAD) {
            true => None,
            false => Some(unlink(text).ok_or_else(form)?),
        };
        let text = unlinked.as_deref().unwrap_or(text);
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let [head, certificate, name, number, days, said] = lines.as_slice() else {
            return Err(form());
        };
        let of = head.strip_prefix(HEAD).ok_or_else(form)?;
        let [network, site] = two(of).ok_or_else(form)?;
        let [issued_on, expires_on] = two(days).ok_or_else(form)?;
        let proof = Self {
            network: network.parse().map_err(|_| form())?,
            site: site.parse().map_err(|_| form())?,
            certificate: (*certificate).to_owned(),
            name: (*name).to_owned(),
            number: (*number).to_owned(),
            issued_on: parse_date(issued_on).ok_or_else(form)?,
            expires_on: match expires_on {
                NEVER => None,
                day => Some(parse_date(day).ok_or_else(form)?),
            },
        };
        match sum(&proof.lines()).eq_ignore_ascii_case(said) {
            true => Ok(proof),
            false => Err(ParseProofError::Sum),
        }
    }
}

/// The text that an address ends with.
fn unlink(text: &str) -> Option<String> {
    let link = text.trim().rsplit(['/', '#', '=']).next()?;
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in link.bytes() {
        let digit = LINK.iter().position(|of| *of == digit)?;
        bits = (bits << 6 | u32::try_from(digit).ok()?) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

fn two(text: &str) -> Option<[&str; 2]> {
    let mut words = text.split_whitespace();
    let two = [words.next()?, words.next()?];
    words.next().is_none().then_some(two)
}
