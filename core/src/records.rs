//! Records: sites, people, rosters, bookings, supplies, the night school, as typed views of what documents hold.
//!
//! A collection is one flat map, key `<record id>/<field>`, scalar value. Creating a record is
//! nothing but setting its fields, so two replicas that create the same record offline hide
//! nothing of each other; removing one sets its `removed_at`. Reading never fails: a record comes
//! with the [`FieldProblem`]s of what could not be read.

mod agreement;
mod assessment;
mod attendance;
mod booking;
mod calendar_day;
mod case;
mod certificate;
mod collection;
mod contest;
mod contest_entry;
mod course;
mod course_session;
mod define;
mod device;
mod drive;
mod edit;
mod enrolment;
mod entry;
mod field;
mod field_type;
mod fields;
mod hours;
mod hours_exception;
mod issue;
mod item;
mod kind;
mod ledger_entry;
mod mediator;
mod op_id;
mod party;
mod person;
mod place;
mod post;
mod qualification;
mod reader;
mod record;
mod record_id;
mod referral;
mod service;
mod shift;
mod site;
mod sitting;
mod step;
mod stored_fields;
mod submission;
mod time;
mod value;
mod venue;
mod view;
mod weekdays;

pub use agreement::Agreement;
pub use assessment::{Assessment, AssessmentResult};
pub use attendance::{Attendance, Presence};
pub use booking::{Booking, BookingState};
pub use calendar_day::{CalendarDay, DayKind};
pub use case::{Case, Dispute, Mode, Origin};
pub use certificate::Certificate;
pub use collection::{Collection, ParseCollectionError};
pub use contest::{Best, Contest, Tier};
pub use contest_entry::{ContestEntry, EntryState};
pub use course::{Course, CourseState};
pub use course_session::CourseSession;
pub use device::Device;
pub use drive::Drive;
pub use edit::Edit;
pub use enrolment::{Enrolment, EnrolmentState};
pub use entry::Entry;
pub use field::{
    Choice, Expected, Field, FieldError, FieldProblem, Form, Label, ProblemKind, REMOVED_AT,
};
pub use field_type::FieldType;
pub use hours::{Hours, ParseHoursError};
pub use hours_exception::HoursException;
pub use issue::Issue;
pub use item::Item;
pub use kind::{CONFIRMED_BY, CONFIRMED_FOR, RecordKind};
pub use ledger_entry::{EntryKind, LedgerEntry};
pub use mediator::Mediator;
pub use op_id::OpId;
pub use party::{Party, Side};
pub use person::{Person, Role};
pub use place::ChangeError;
pub use post::Post;
pub use qualification::Qualification;
pub use reader::FieldReader;
pub use record::{Record, Typed, Untyped};
pub use record_id::{ParseRecordIdError, RecordId};
pub use referral::{Referral, ReferralKind};
pub use service::Service;
pub use shift::{Shift, ShiftState};
pub use site::{Availability, Level, Site};
pub use sitting::Sitting;
pub use step::{Stage, Step};
pub(crate) use stored_fields::StoredFields;
pub use submission::{Submission, SubmissionKind};
pub use time::{parse_date, parse_date_time, write_date, write_date_time};
pub use value::Value;
pub use venue::Venue;
pub use view::View;
pub use weekdays::{ParseWeekdaysError, Weekdays};

#[cfg(test)]
mod tests;
