//! The types of what a page asks of night schools: what `session/school.rs` answers.

use yilian_core::school::{Checked, Seat, Verdict};

use super::union;

pub(super) fn school(out: &mut String) {
    union(
        out,
        "Whether somebody who enrolled has a seat: worked out from all enrolments in the course, and stored nowhere.",
        "Seat",
        seats(),
    );
    union(
        out,
        "What came of somebody's assessments.",
        "Verdict",
        verdicts(),
    );
    let checked = checked().into_iter().chain(["elsewhere"]);
    union(
        out,
        "What is known of a certificate that somebody shows: `elsewhere` is one of another network.",
        "Checked",
        checked,
    );
    out.push_str(
        "/** A lesson of a course. */\n\
         export interface Lesson {\n  \
         /** The session's id. */\n  readonly id: RecordId;\n  \
         /** Its name, which no other of the course has. */\n  readonly name: string;\n  \
         /** When it starts. */\n  readonly start: DateTime;\n  \
         /** When it ends. */\n  readonly end: DateTime;\n  \
         /** Where it takes place. */\n  readonly venue: RecordId | null;\n  \
         /** What that is called; null where it is not in the directory. */\n  readonly venue_name: string | null;\n  \
         /** Who teaches; may be empty. */\n  readonly teacher: string;\n  \
         /** A remark; may be empty. */\n  readonly note: string;\n}\n\n\
         /** A course as everybody may see it: who takes it is not said. */\n\
         export interface CourseInfo extends Course {\n  \
         /** Its lessons, by start. */\n  readonly sessions: readonly Lesson[];\n  \
         /** When the first starts; null where none is planned. */\n  readonly begins: DateTime | null;\n  \
         /** The last day on which people can enrol. */\n  readonly until: CivilDate | null;\n  \
         /** Whether people can enrol today; whether a seat is free is known at the school. */\n  readonly is_open: boolean;\n}\n\n\
         /** A course, and who takes it. */\n\
         export interface ClassSheet extends CourseInfo {\n  \
         /** How many seats are free; null where there is no bound. */\n  readonly free: number | null;\n  \
         /** How many have a seat. */\n  readonly seated: number;\n  \
         /** How many wait for one. */\n  readonly waiting: number;\n  \
         /** Everybody who enrolled, in the order in which they are seated. */\n  readonly members: readonly ClassMember[];\n}\n\n\
         /** Somebody who enrolled, and what has become of them. */\n\
         export interface ClassMember {\n  \
         /** The enrolment: who, and of which site. */\n  readonly enrolment: Enrolment;\n  \
         /** Whether they have a seat. */\n  readonly seat: Seat;\n  \
         /** Of those who wait: how many would have to give up a seat. */\n  readonly position: number | null;\n  \
         /** Whether they were there, by session; none where nobody noted it. */\n  readonly attendance: Readonly<Record<RecordId, Attendance[\"state\"]>>;\n  \
         /** In how many lessons they were. */\n  readonly there: number;\n  \
         /** How many there were by now in which anybody's attendance was noted. */\n  readonly held: number;\n  \
         /** Their assessments, by day. */\n  readonly assessments: readonly (Assessment & {\n    \
         /** Whether it was passed; null where it does not say. */\n    readonly passed: boolean | null;\n  })[];\n  \
         /** What came of them together. */\n  readonly verdict: Verdict;\n  \
         /** Why they cannot be certified; null where they can, or are. */\n  readonly lacks: Text | null;\n  \
         /** Their certificates of the course: one, unless it was entered twice. */\n  readonly certificates: readonly CertificateInfo[];\n}\n\n\
         /** A certificate that a school issued, as of today. */\n\
         export interface CertificateInfo extends Certificate {\n  \
         /** Whose school. */\n  readonly site: SiteKey;\n  \
         /** The number that is printed on it. */\n  readonly shown_number: string;\n  \
         /** Whether it is valid. */\n  readonly state: \"valid\" | \"not-yet\" | \"expired\" | \"revoked\";\n  \
         /** What its code says; null where the record is not whole. */\n  readonly proof: string | null;\n}\n\n\
         /** What somebody learns and has learnt, at the schools that are held. */\n\
         export interface Learner {\n  \
         /** Their name. */\n  readonly name: string;\n  \
         /** Their courses, by when they begin. */\n  readonly courses: readonly (CourseInfo & {\n    \
         /** What has become of them in it. */\n    readonly member: ClassMember;\n  })[];\n  \
         /** Their certificates, valid or not. */\n  readonly certificates: readonly CertificateInfo[];\n}\n\n\
         /** A contest, and how it stands. */\n\
         export interface ContestSheet extends Contest {\n  \
         /** The best first; those without a rank last. */\n  readonly standings: readonly Standing[];\n  \
         /** The contest that the best go on to. */\n  readonly next: {\n    \
         /** Who holds it. */\n    readonly site: SiteKey;\n    \
         /** Its id. */\n    readonly contest: RecordId;\n    \
         /** What it is called. */\n    readonly name: string;\n  } | null;\n}\n\n\
         /** Where somebody stands in a contest. */\n\
         export interface Standing extends ContestEntry {\n  \
         /** From 1; those who are level share one: 1, 2, 2, 4. Null without a score, or for who does not take part any more. */\n  readonly rank: number | null;\n  \
         /** Whether they go on. */\n  readonly advances: boolean;\n}\n\n\
         /** What a certificate's code says, and what is known of it here. */\n\
         export type ProofCheck =\n  \
         | {\n      /** It is no code, or one that was changed or misread. */\n      readonly checked: \"unreadable\";\n      \
         /** What is wrong, for people. */\n      readonly text: Text;\n    }\n  \
         | {\n      /** What is known of it. */\n      readonly checked: Checked;\n      \
         /** What that means, for people. */\n      readonly text: Text;\n      \
         /** Its network. */\n      readonly network: string;\n      \
         /** The site whose school is said to have issued it. */\n      readonly site: SiteKey;\n      \
         /** What it certifies. */\n      readonly certificate: string;\n      \
         /** Whose it is. */\n      readonly name: string;\n      \
         /** The number on it. */\n      readonly number: string;\n      \
         /** The first day on which it is valid. */\n      readonly issued_on: CivilDate;\n      \
         /** The last; null where it is for ever. */\n      readonly expires_on: CivilDate | null;\n    };\n\n",
    );
}

fn seats() -> [&'static str; 4] {
    let waiting = Seat::Waiting { position: 1 };
    let _all_of_them = |seat: Seat| match seat {
        Seat::Confirmed | Seat::Granted | Seat::Withdrawn => {}
        Seat::Waiting { position: _ } => {}
    };
    [Seat::Confirmed, Seat::Granted, waiting, Seat::Withdrawn].map(Seat::as_str)
}

fn verdicts() -> [&'static str; 3] {
    let _all_of_them = |verdict: Verdict| match verdict {
        Verdict::Passed | Verdict::Failed | Verdict::Open => {}
    };
    [Verdict::Passed, Verdict::Failed, Verdict::Open].map(Verdict::as_str)
}

fn checked() -> [&'static str; 5] {
    let _all_of_them = |checked: Checked| match checked {
        Checked::Valid
        | Checked::Expired
        | Checked::Revoked
        | Checked::Unknown
        | Checked::NotHeld => {}
    };
    [
        Checked::Valid,
        Checked::Expired,
        Checked::Revoked,
        Checked::Unknown,
        Checked::NotHeld,
    ]
    .map(Checked::as_str)
}
