//! What a page asks of the documents beyond their records, and does beyond setting fields: each question and each act is one
//! function, which reads documents through a [`Reader`] and so need not say beforehand which.

use jiff::civil::DateTime;
use yilian_core::document::{Author, LiveDocument, Name};
use yilian_core::ordered::BTreeSet;
use yilian_core::records::{Edit, FieldReader, RecordId, Typed, View};

use super::json::{Json, wrong};
use super::order::stored;
use super::{Edited, Session, SessionError, goods, inbox, matrix};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The answer; empty as long as something is not built that it takes.
    pub json: String,
    /// When it is another although nothing was written: Unix milliseconds.
    pub until_ms: Option<u64>,
    /// What was read.
    pub reads: Vec<Name>,
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

/// The documents that are open, and which of them were looked at.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    session: &'a Session,
    pub(super) now: DateTime,
    now_ms: u64,
    /// Bytes that nobody used before.
    pub(super) random: [u8; 16],
    ids: u8,
    reads: BTreeSet<Name>,
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
            until: None,
        }
    }

    /// A document that is needed to go on.
    pub(super) fn live(&mut self, name: &Name) -> Result<&'a LiveDocument, SessionError> {
        self.reads.insert(name.clone());
        self.session.live(name)
    }

    /// The records of a document that is needed to go on.
    pub(super) fn view(&mut self, name: &Name) -> Result<&'a View, SessionError> {
        self.live(name).map(LiveDocument::view)
    }

    /// Documents that are needed, all at once.
    pub(super) fn all(&mut self, names: &[Name]) -> Result<Vec<&'a LiveDocument>, SessionError> {
        self.reads.extend(names.iter().cloned());
        names.iter().map(|name| self.session.live(name)).collect()
    }

    /// The names of all documents that are here.
    pub(super) fn names(&self) -> Vec<Name> {
        self.session.names()
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
            "freeSlots" => matrix::free_slots(&mut reader, &args),
            "giving" => goods::report(&mut reader, &args),
            "goods" => goods::goods(&mut reader, &args),
            "inbox" => inbox::inbox(&mut reader, &args),
            "openNear" => matrix::near(&mut reader, &args),
            "submission" => inbox::submission(&mut reader, &args),
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
            reads: reader.reads.into_iter().collect(),
        })
    }

    /// What changes whenever one of these documents does, or anything else that answers depend on.
    #[must_use]
    pub fn stamp(&self, names: &[Name]) -> String {
        let mut stamp = format!("{} {}", self.names().len(), self.setting);
        for name in names {
            let open = self.ids.get(name).and_then(|id| self.open.get(id));
            stamp.push_str(&format!(" {}", open.map_or(0, |open| open.version)));
        }
        stamp
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
            _ => goods::goods_act(&mut reader, act, &args),
        };
        let deed = match deed {
            Err(SessionError::NotOpen(_)) => {
                return Ok(Edited {
                    opens: reader.reads.into_iter().collect(),
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
        self.setting += 1;
    }
}

#[cfg(test)]
mod tests;
