//! Within what sites promise to act, counted apart from the library.

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use yilian_core::records::Mode;

use super::super::super::work_days;

/// What the sites promise, by mode: see [`yilian_core::mediation::LIMITS`], which this has to come to the same as.
pub(super) struct Promise {
    pub(super) accept: Term,
    pub(super) assign: Term,
    pub(super) conclude: Term,
    pub(super) refer: Term,
    pub(super) close: Term,
}

#[derive(Clone, Copy)]
pub(super) enum Term {
    Hours(i64),
    Days(usize),
}

pub(super) const fn promise(mode: Mode) -> Promise {
    let (accept, assign, conclude, refer) = match mode {
        Mode::Clinic => (Term::Days(3), Term::Days(1), 5, 10),
        Mode::Consultation => (Term::Days(3), Term::Days(2), 10, 10),
        Mode::Emergency => (Term::Hours(2), Term::Hours(2), 2, 5),
    };
    Promise {
        accept,
        assign,
        conclude: Term::Days(conclude),
        refer: Term::Days(refer),
        close: Term::Days(10),
    }
}

/// By when something is to be done.
pub(super) fn due(since: DateTime, term: Term) -> DateTime {
    match term {
        Term::Hours(hours) => since.checked_add(hours.hours()).unwrap(),
        Term::Days(days) => work_days::after(since.date(), days),
    }
}
