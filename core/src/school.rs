//! The night school: who has a seat, who was there, who passed, who may be certified, and whose certificate is valid.
//!
//! Training, assessment and duty are one loop: posts say which certificates they take ([`Post`](crate::records::Post)), courses
//! lead to them, and whoever is rostered without one is a finding that a seat in the next course mends. Each answer is a pure
//! function of the documents held and of the time handed in, and stored nowhere.
//!
//! - [`School`] is an index over one `courses/<site>`, which all may read, and its `school/<site>`, which names people: its [`Class`]es, each with its seats, attendance, assessments and
//!   certificates. Records belong together by course, name and telephone number, so that two computers without a network enter
//!   the same thing once.
//! - [`Credentials`] says which certificates somebody has on a day: those that schools issued, and those that people brought along
//!   and their site has on file ([`Qualification`](crate::records::Qualification)). It is the only place that says so.
//! - [`next_course`] finds the course that leads to a certificate and has room.
//! - [`ranking`] ranks a contest; [`advance`] enters its best in the next.
//! - [`Proof`] is what the code on a printed certificate says, [`issue`] what makes it known.
//!
//! ```
//! use yilian_core::document::SiteKey;
//! use yilian_core::school::School;
//!
//! let site: SiteKey = "keyun".parse()?;
//! let school = School::new(&site, None, None, None);
//! assert_eq!(school.classes().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod act;
mod book;
mod class;
mod contest;
mod credentials;
mod error;
mod issue;
mod learner;
mod next;
mod proof;
mod seat;
mod validity;

pub use self::act::{Applicant, certify, enrol, enter, promise};
pub use self::book::{Lesson, book, lessons, unbook};
pub use self::class::{Attended, Class, Enrolled, School, Stray, Verdict};
pub use self::contest::{Standing, advance, ranking};
pub use self::credentials::{Credential, Credentials, Source};
pub use self::error::SchoolError;
pub use self::issue::{document, expected, issue, revoke};
pub use self::next::{Opening, next_course, openings};
pub use self::proof::{Checked, ParseProofError, Proof};
pub use self::seat::Seat;

pub(crate) use self::issue::{deliver, publish};

#[cfg(test)]
mod tests;
