//! What a page asks of the documents beyond their records, and does beyond setting fields: each question and each act is one
//! function, which reads documents through a [`Reader`] and so need not say beforehand which.

use jiff::civil::DateTime;
use yilian_core::document::{Author, Kind, LiveDocument, Name, SiteKey};
use yilian_core::ordered::BTreeSet;
use yilian_core::records::{Edit, FieldReader, RecordId, Typed, View};

use super::json::{Json, wrong};
use super::order::stored;
use super::{Edited, Session, SessionError, cases, goods, inbox, matrix, school, venues};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The answer; empty as long as something is not built that it takes.
    pub json: String,
    /// When it is another although nothing was written: Unix milliseconds.
    pub until_ms: Option<u64>,
    /// What has to be open for it: what is looked at each time, and what was not read yet. As long as some of that is not built,
    /// the answer is of what was there.
    pub opens: Vec<Name>,
    /// What it depends on: names, and what names begin with, such as `inbox/keyun/`.
    pub reads: Vec<String>,
}

/// What an act comes down to.
#[derive(Debug, Default)]
pub(super) struct Deed {
    pub(super) edits: Vec<Edit>,
    /// The records that the page wants to know of.
    pub(super) records: Vec<RecordId>,
    /// The code of what was sent.
    pub(super) code: Option<String>,
    /// What the change says of itself.
    pub(super) message: &'static str,
}

impl Deed {
    pub(super) fn of(edits: Vec<Edit>, message: &'static str) -> Self {
        Self {
            edits,
            message,
            ..Self::default()
        }
    }
}

/// The documents that are here, and which of them were looked at.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) session: &'a Session,
    pub(super) now: DateTime,
    now_ms: u64,
    /// Bytes that nobody used before.
    pub(super) random: [u8; 16],
    ids: u8,
    reads: BTreeSet<Name>,
    lists: BTreeSet<String>,
    opens: BTreeSet<Name>,
    until: Option<DateTime>,
}

impl<'a> Reader<'a> {
    fn new(session: &'a Session, now_ms: u64, random: [u8; 16]) -> Self {
        Self {
            session,
            now: session.civil(now_ms),
            now_ms,
            random,
            ids: 0,
            reads: BTreeSet::new(),
            lists: BTreeSet::new(),
            opens: BTreeSet::new(),
            until: None,
        }
    }

    /// A document that is needed to go on, this time and the next.
    pub(super) fn live(&mut self, name: &Name) -> Result<&'a LiveDocument, SessionError> {
        self.reads.insert(name.clone());
        self.opens.insert(name.clone());
        self.session.live(name)
    }

    /// The records of a document that is needed to go on.
    pub(super) fn view(&mut self, name: &Name) -> Result<&'a View, SessionError> {
        self.live(name).map(LiveDocument::view)
    }

    /// Documents that are needed, all at once.
    pub(super) fn all(&mut self, names: &[Name]) -> Result<Vec<&'a LiveDocument>, SessionError> {
        self.reads.extend(names.iter().cloned());
        self.opens.extend(names.iter().cloned());
        names.iter().map(|name| self.session.live(name)).collect()
    }

    /// The state of a document whose content is to be kept apart from it.
    pub(super) fn version(&mut self, name: &Name) -> u32 {
        self.reads.insert(name.clone());
        // What nobody keeps in step is kept in step by being open.
        if !self.session.is_kept_in_step(name) {
            self.opens.insert(name.clone());
        }
        self.session.known.version(name)
    }

    /// A document to work something out of that is kept; whether it is as its version says, so that this may be.
    pub(super) fn read(&mut self, name: &Name) -> Result<(&'a LiveDocument, bool), SessionError> {
        let id = self.session.ids.get(name);
        let open = id.and_then(|id| self.session.open.get(id));
        match open.and_then(|open| Some((open.live.as_ref()?, open.applied >= open.durable))) {
            Some(found) => Ok(found),
            None => {
                self.opens.insert(name.clone());
                Err(SessionError::NotOpen(name.clone()))
            }
        }
    }

    /// What is open already is needed the next time.
    pub(super) fn keep(&mut self, names: Vec<Name>) {
        self.opens.extend(names);
    }

    /// The documents of a kind that are here, of one site or of all; the answer depends on which these are.
    pub(super) fn list(&mut self, kind: Kind, site: Option<&SiteKey>) -> Vec<Name> {
        self.lists.insert(match site {
            Some(site) => format!("{}/{site}/", kind.as_str()),
            None => format!("{}/", kind.as_str()),
        });
        self.session.known.of(kind, site).cloned().collect()
    }

    /// At that time, the answer may be another.
    pub(super) fn until(&mut self, at: DateTime) {
        let sooner = self.until.is_none_or(|until| at < until);
        if at > self.now && sooner {
            self.until = Some(at);
        }
    }

    /// Who edits.
    pub(super) fn author(&self) -> Result<&'a Author, SessionError> {
        self.session.author.as_ref().ok_or(SessionError::NoAuthor)
    }

    /// What this browser holds rights to goods as.
    pub(super) fn holder(&self) -> Option<&'a str> {
        self.session.holder.as_deref()
    }

    /// A new id.
    pub(super) fn id(&mut self) -> RecordId {
        let mut random = [0; 10];
        for (to, from) in random.iter_mut().zip(self.random) {
            *to = from;
        }
        random[9] ^= self.ids;
        self.ids = self.ids.wrapping_add(1);
        RecordId::new(self.now_ms, random)
    }

    /// A record with what JavaScript gives for its fields.
    pub(super) fn record<T: Typed>(&mut self, fields: &Json) -> Result<T, SessionError> {
        let fields = fields.as_object().ok_or_else(|| wrong("fields"))?;
        let values = stored(T::KIND.collection, fields)?;
        Ok(T::read(self.id(), &FieldReader::new(&values)))
    }
}

impl Session {
    /// Answers a question. What it reads is to be opened; once all of it is built, ask again.
    ///
    /// # Errors
    /// There is no such question, or the arguments are not what it takes.
    pub fn query(&self, query: &str, args: &str, now_ms: u64) -> Result<Reading, SessionError> {
        let args = Json::read(args)?;
        let mut reader = Reader::new(self, now_ms, [0; 16]);
        let answer = match query {
            "alternatives" => matrix::alternatives(&mut reader, &args),
            "bookings" => matrix::bookings(&mut reader, &args),
            "checkProof" => school::check(&mut reader, &args),
            "classes" => school::classes(&mut reader, &args),
            "case" => cases::one(&mut reader, &args),
            "caseFigures" => cases::figures(&mut reader, &args),
            "cases" => cases::list(&mut reader, &args),
            "code" => inbox::read_code(&args),
            "contests" => school::contests(&mut reader, &args),
            "courses" => school::courses(&mut reader, &args),
            "freeSlots" => matrix::free_slots(&mut reader, &args),
            "giving" => goods::report(&mut reader, &args),
            "goods" => goods::goods(&mut reader, &args),
            "handedCases" => cases::handed(&mut reader, &args),
            "inbox" => inbox::inbox(&mut reader, &args),
            "learner" => school::learner(&mut reader, &args),
            "mediatorsDay" => cases::day(&mut reader, &args),
            "mediatorsOnDuty" => cases::duty(&mut reader, &args),
            "openNear" => matrix::near(&mut reader, &args),
            "submission" => inbox::submission(&mut reader, &args),
            "submissions" => inbox::figures(&mut reader, &args),
            "venues" => venues::report(&mut reader, &args),
            _ => return Err(wrong("query")),
        };
        let json = match answer {
            Err(SessionError::NotOpen(_)) => String::new(),
            answer => answer?,
        };
        let until = reader.until.map(|until| {
            let wait = reader.now.duration_until(until).as_secs();
            now_ms.saturating_add(u64::try_from(wait).unwrap_or(0).saturating_mul(1000))
        });
        Ok(Reading {
            json,
            until_ms: until,
            opens: reader.opens.into_iter().collect(),
            reads: reader
                .reads
                .iter()
                .map(ToString::to_string)
                .chain(reader.lists)
                .collect(),
        })
    }

    /// Whether [`Session::take_touched`] has something.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.known.is_touched()
    }

    /// The documents that changed, or came, since this was asked the last time; `*` where everything that depends on anything is
    /// to be asked again.
    pub fn take_touched(&mut self) -> Vec<String> {
        self.known.take_touched()
    }

    /// What is another whenever the document is; none where it is not here.
    #[must_use]
    pub fn version(&self, name: &Name) -> Option<u32> {
        let is_known = self.known.is_known(name);
        is_known.then(|| self.known.version(name))
    }

    /// Does something that takes more than setting fields. `random` are bytes that nobody ever used, the same when it is tried
    /// again with more documents open.
    ///
    /// # Errors
    /// It cannot be done; the message says why.
    pub fn act(
        &mut self,
        act: &str,
        args: &str,
        random: [u8; 16],
        now_ms: u64,
    ) -> Result<Edited, SessionError> {
        let args = Json::read(args)?;
        let mut reader = Reader::new(self, now_ms, random);
        let deed = match act {
            "book" => matrix::book(&mut reader, &args),
            "confirm" => matrix::confirm(&mut reader, &args),
            "step" => inbox::step(&mut reader, &args),
            "submit" => inbox::submit(&mut reader, &args),
            act if act.starts_with("case") => cases::act(&mut reader, act, &args),
            _ => match act.strip_prefix("school ") {
                Some(act) => school::act(&mut reader, act, &args),
                None => goods::goods_act(&mut reader, act, &args),
            },
        };
        let deed = match deed {
            Err(SessionError::NotOpen(_)) => {
                return Ok(Edited {
                    opens: reader.opens.into_iter().collect(),
                    ..Edited::default()
                });
            }
            deed => deed?,
        };
        let Some(last) = deed.edits.first().map(|edit| edit.document().clone()) else {
            return Ok(Edited::default());
        };
        let edited = self.carry_out(&last, deed.edits, deed.records, (deed.message, now_ms))?;
        Ok(Edited {
            code: deed.code,
            ..edited
        })
    }

    /// What this browser holds rights to goods as: its store's id and incarnation.
    pub fn set_holder(&mut self, holder: &str) {
        self.holder = Some(holder.to_owned());
        self.known.touch_all();
    }
}

#[cfg(test)]
mod tests;
