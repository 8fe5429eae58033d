use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Kind, Month, SiteKey};

/// The name of a document: what it holds, whose, and of when.
///
/// Written as a path, `roster/zhanqian/2026-12`. Whoever shows the name of a document proves its
/// id, so permission is decided by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Name {
    /// `sites`
    Sites,
    /// `people/<site>`
    People {
        /// Whose people.
        site: SiteKey,
    },
    /// `roster/<site>/<month>`
    Roster {
        /// Whose roster.
        site: SiteKey,
        /// Of which month.
        month: Month,
    },
    /// `bookings/<site>/<month>`
    Bookings {
        /// Whose venues.
        site: SiteKey,
        /// Of which month.
        month: Month,
    },
    /// `supplies/<site>`
    Supplies {
        /// Whose supplies.
        site: SiteKey,
    },
    /// `requests/<site>/<month>`
    Requests {
        /// The site that handles them.
        site: SiteKey,
        /// Of which month.
        month: Month,
    },
    /// `cases/<site>/<case>`
    Case {
        /// The site that opened it.
        site: SiteKey,
        /// Its code: 1 to 64 of `A-Z`, `a-z`, `0-9` and hyphen.
        case: String,
    },
    /// `school/<site>`
    School {
        /// Whose school.
        site: SiteKey,
    },
    /// `courses/<site>`
    Courses {
        /// Whose courses.
        site: SiteKey,
    },
    /// `inbox/<site>/<code>`
    Inbox {
        /// The site that receives it.
        site: SiteKey,
        /// Its random code, as for a case: knowing it is the right to follow the submission.
        code: String,
    },
}

/// Why a text is not a document's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a document name: expected a form like roster/zhanqian/2026-12")]
pub struct ParseNameError(String);

impl Name {
    /// The longest code of a case or a submission, in characters.
    pub const CODE_CHARS_MAX: usize = 64;

    /// The name of a site's case; none where `text` is no code.
    pub fn case(site: SiteKey, text: &str) -> Option<Self> {
        code(text).map(|case| Self::Case { site, case })
    }

    /// What the names begin with of the documents that a site keeps in step whether or not they are open: rosters,
    /// bookings, supplies and courses are the network's, the rest the site's own.
    pub fn prefixes_of(site: &SiteKey) -> Vec<String> {
        let shared = ["sites", "roster/", "bookings/", "supplies/", "courses/"];
        let shared = shared.map(str::to_owned);
        let own = ["requests", "school", "inbox", "cases"].map(|kind| format!("{kind}/{site}/"));
        let alone = ["people", "school"].map(|kind| format!("{kind}/{site}"));
        shared.into_iter().chain(own).chain(alone).collect()
    }

    /// What the names begin with of the documents that whoever stands at no site keeps in step: what a worker's browser shows without
    /// a network.
    #[must_use]
    pub fn prefixes_of_guests() -> Vec<String> {
        ["sites", "courses/"].map(str::to_owned).into()
    }

    /// What a document of this name holds.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sites => Kind::Sites,
            Self::People { .. } => Kind::People,
            Self::Roster { .. } => Kind::Roster,
            Self::Bookings { .. } => Kind::Bookings,
            Self::Supplies { .. } => Kind::Supplies,
            Self::Requests { .. } => Kind::Requests,
            Self::Case { .. } => Kind::Cases,
            Self::School { .. } => Kind::School,
            Self::Courses { .. } => Kind::Courses,
            Self::Inbox { .. } => Kind::Inbox,
        }
    }

    /// The site it belongs to; none for `sites`, which is everyone's.
    pub const fn site(&self) -> Option<&SiteKey> {
        match self {
            Self::Sites => None,
            Self::People { site }
            | Self::Roster { site, .. }
            | Self::Bookings { site, .. }
            | Self::Supplies { site }
            | Self::Requests { site, .. }
            | Self::Case { site, .. }
            | Self::School { site }
            | Self::Courses { site }
            | Self::Inbox { site, .. } => Some(site),
        }
    }

    /// The month it is of, for the kinds that are kept by month.
    pub const fn month(&self) -> Option<Month> {
        match self {
            Self::Roster { month, .. }
            | Self::Bookings { month, .. }
            | Self::Requests { month, .. } => Some(*month),
            _ => None,
        }
    }
}

/// Whether `text` is 1 to `chars_max` of `a-z`, `0-9` and hyphen.
pub(super) fn is_slug(text: &str, chars_max: usize) -> bool {
    (1..=chars_max).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn code(text: &str) -> Option<String> {
    let fits = (1..=Name::CODE_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| text.to_owned())
}

impl FromStr for Name {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseNameError(text.to_owned());
        let site = |text: &str| text.parse::<SiteKey>().map_err(|_| error());
        let month = |text: &str| text.parse::<Month>().map_err(|_| error());
        let code = |text: &str| code(text).ok_or_else(error);
        let mut parts = text.split('/');
        let head = (parts.next(), parts.next(), parts.next(), parts.next());
        Ok(match head {
            (Some("sites"), None, ..) => Self::Sites,
            (Some("people"), Some(key), None, _) => Self::People { site: site(key)? },
            (Some("roster"), Some(key), Some(of), None) => Self::Roster {
                site: site(key)?,
                month: month(of)?,
            },
            (Some("bookings"), Some(key), Some(of), None) => Self::Bookings {
                site: site(key)?,
                month: month(of)?,
            },
            (Some("supplies"), Some(key), None, _) => Self::Supplies { site: site(key)? },
            (Some("requests"), Some(key), Some(of), None) => Self::Requests {
                site: site(key)?,
                month: month(of)?,
            },
            (Some("cases"), Some(key), Some(of), None) => Self::Case {
                site: site(key)?,
                case: code(of)?,
            },
            (Some("school"), Some(key), None, _) => Self::School { site: site(key)? },
            (Some("courses"), Some(key), None, _) => Self::Courses { site: site(key)? },
            (Some("inbox"), Some(key), Some(of), None) => Self::Inbox {
                site: site(key)?,
                code: code(of)?,
            },
            _ => return Err(error()),
        })
    }
}

impl TryFrom<String> for Name {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.to_string()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Sites => write!(f, "{kind}"),
            Self::People { site }
            | Self::Supplies { site }
            | Self::School { site }
            | Self::Courses { site } => {
                write!(f, "{kind}/{site}")
            }
            Self::Roster { site, month }
            | Self::Bookings { site, month }
            | Self::Requests { site, month } => write!(f, "{kind}/{site}/{month}"),
            Self::Case { site, case: code } | Self::Inbox { site, code } => {
                write!(f, "{kind}/{site}/{code}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        let names = [
            "sites",
            "people/keyun",
            "roster/jiefang-1/2026-12",
            "bookings/keyun/1999-01",
            "supplies/keyun",
            "requests/keyun/2026-02",
            "cases/center/C-2026-017",
            "school/2gj",
            "courses/2gj",
            "inbox/keyun/k3J9",
        ];
        for (text, kind) in names.into_iter().zip(Kind::ALL) {
            let name: Name = text.parse().unwrap();
            assert_eq!((name.to_string().as_str(), name.kind()), (text, kind));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = format!("people/{}", "a".repeat(41));
        let texts = [
            "",
            "sites/",
            "sites/keyun",
            "people",
            "people/",
            "people/Keyun",
            "people/客运",
            "people/keyun/2026-12",
            "roster/keyun",
            "roster/keyun/2026-13",
            "roster/keyun/2026-1",
            "roster/keyun/+026-01",
            "roster/keyun/2026-12/",
            "cases/keyun/a b",
            "inbox/keyun/",
            "Roster/keyun/2026-12",
            &long,
        ];
        for text in texts {
            assert_eq!(text.parse::<Name>(), Err(ParseNameError(text.to_owned())));
        }
    }

    #[test]
    fn months_follow_each_other_over_new_year() {
        let december: Month = "2026-12".parse().unwrap();
        let january = december.next().unwrap();
        assert_eq!(january.to_string(), "2027-01");
        assert_eq!(january.prev(), Some(december));
        assert!(january.contains(january.first_day()));
        assert!(!december.contains(january.first_day()));
        assert_eq!("9999-12".parse::<Month>().unwrap().next(), None);
        assert_eq!("1900-01".parse::<Month>().unwrap().prev(), None);
    }
}
