//! The types of what a page asks of disputes: what `session/cases.rs` answers.

use yilian_core::mediation::{Cycle, Duty, Specialist};

use super::{alias, interface};

pub(super) fn cases(out: &mut String) {
    let mut out = out;
    alias(
        out,
        "What a site has to do next with a case.",
        "CaseDuty",
        duties(),
    );
    interface!(out, "How long a case took, or how old it is.", Cycle as "CaseDays" {
        days: "number" = "In days of the calendar; none where both are on one day.",
        working_days: "number" = "In working days.",
    });
    interface!(out, "A specialist who is on duty.", Specialist as "Specialist" {
        name: "string" = "Their name, as the roster writes it.",
        post: "string" = "Their post.",
        site: "SiteKey" = "The site on whose roster they are.",
        person: "RecordId | null" = "The person, where known.",
        until: "DateTime" = "Until when they are.",
        cases: "number" = "How many open cases they mediate, of those that are here.",
    });
    out.push_str(
        "/** By when a site has to do something with a case. */\n\
         export interface CaseDeadline {\n  \
         /** What. */\n  readonly duty: CaseDuty;\n  \
         /** Since when it is waited for. */\n  readonly since: DateTime;\n  \
         /** The last second that is in time. */\n  readonly due: DateTime;\n  \
         /** Whether that is over. */\n  readonly overdue: boolean;\n}\n\n\
         /** A case with all that belongs to it, and how far it has come. */\n\
         export interface CaseSheet {\n  \
         /** The document it is in, which begins with the site that registered it. */\n  readonly document: Name;\n  \
         /** What people call it: its parties, or its number where it has none. */\n  readonly title: Text;\n  \
         /** The case. */\n  readonly case: Case;\n  \
         /** The stage it is at. */\n  readonly stage: Stage;\n  \
         /** Every step, in the order that is the same on every device. */\n  readonly steps: readonly PlacedStep[];\n  \
         /** Where it can go from here. */\n  readonly next: readonly Stage[];\n  \
         /** What came of the mediation, and when: an agreement, a failure or a withdrawal. */\n  \
         readonly outcome: {\n    /** Which. */\n    readonly stage: Stage;\n    /** When. */\n    readonly at: DateTime;\n  } | null;\n  \
         /** Whether it waits for an outcome. */\n  readonly open: boolean;\n  \
         /** Whether nothing more is to be done with it. */\n  readonly over: boolean;\n  \
         /** How many people it is about. */\n  readonly people: number;\n  \
         /** The parties, applicants first. */\n  readonly parties: readonly Party[];\n  \
         /** Who mediates it. */\n  readonly mediators: readonly Mediator[];\n  \
         /** The sittings, by start. */\n  readonly sittings: readonly Sitting[];\n  \
         /** The agreements, by the day on which they were signed. */\n  readonly agreements: readonly Agreement[];\n  \
         /** To whom it was handed, by time. */\n  readonly referrals: readonly Referral[];\n  \
         /** How old it is: to its outcome or, where it waits for one, to now; null where that cannot be told. */\n  readonly age: CaseDays | null;\n  \
         /** What the site has to do next; null where it waits for others, or is over. */\n  readonly deadline: CaseDeadline | null;\n}\n\n\
         /** A sitting, and the case it is of. */\n\
         export interface CaseSitting extends Sitting {\n  \
         /** The document of the case. */\n  readonly document: Name;\n  \
         /** What people call the case. */\n  readonly title: Text;\n}\n\n\
         /** What a mediator has to do. */\n\
         export interface MediatorsDay {\n  \
         /** The day. */\n  readonly date: CivilDate;\n  \
         /** The Monday of its week. */\n  readonly from: CivilDate;\n  \
         /** The Sunday of its week. */\n  readonly until: CivilDate;\n  \
         /** The sittings of the week, by start. */\n  readonly sittings: readonly CaseSitting[];\n  \
         /** The cases with which something is to be done, what is due first before the others. */\n  readonly due: readonly CaseSheet[];\n}\n\n\
         /** Some cases, counted: those that came in, and those that came to an outcome. */\n\
         export interface CaseTally {\n  \
         /** How many came in. */\n  readonly received: number;\n  \
         /** Of those, from courts and arbitration commissions. */\n  readonly referred_in: number;\n  \
         /** Of those that came in, how many were declined. */\n  readonly declined: number;\n  \
         /** Of those that came in, how many wait for an outcome. */\n  readonly open: number;\n  \
         /** Of those that came in, how many a site is late with, whatever it has to do. */\n  readonly overdue: number;\n  \
         /** How many came to an outcome. */\n  readonly concluded: number;\n  \
         /** Of those, to an agreement. */\n  readonly agreed: number;\n  \
         /** Of those, to none. */\n  readonly failed: number;\n  \
         /** Of those, withdrawn. */\n  readonly withdrawn: number;\n  \
         /** Of the agreements, how many went to be confirmed. */\n  readonly referred: number;\n  \
         /** Of the agreements, how many were confirmed. */\n  readonly ratified: number;\n  \
         /** How many people those that came in are about. */\n  readonly people: number;\n  \
         /** How much is claimed in those that came in, in fen. */\n  readonly claimed_fen: number;\n  \
         /** How much was agreed on, in fen. */\n  readonly secured_fen: number;\n  \
         /** In how many of a hundred cases that were mediated to an end the parties agreed; null where there was none. */\n  readonly success_percent: number | null;\n  \
         /** How many of a hundred agreements were confirmed; null where there was none. */\n  readonly confirmation_percent: number | null;\n  \
         /** Half of those that came to an agreement or failed took no longer, in days; null where there was none. */\n  readonly median_days: number | null;\n  \
         /** Nine of ten of them took no longer. */\n  readonly p90_days: number | null;\n  \
         /** The median in working days. */\n  readonly median_working_days: number | null;\n  \
         /** What nine of ten do not exceed, in working days. */\n  readonly p90_working_days: number | null;\n}\n\n\
         /** What cases are counted by. */\n\
         export type CaseBy = \"month\" | \"mode\" | \"site\";\n\n\
         /** Cases of some days, counted. */\n\
         export interface CaseFigures {\n  \
         /** By what was asked for; what was not is null. */\n  readonly rows: readonly (CaseTally & {\n    \
         /** The month: `2026-12`. */\n    readonly month: string | null;\n    \
         /** How they are mediated. */\n    readonly mode: Case[\"mode\"] | null;\n    \
         /** The site that registered them. */\n    readonly site: SiteKey | null;\n  })[];\n  \
         /** All of them. */\n  readonly total: CaseTally;\n}\n\n",
    );
}

fn duties() -> &'static str {
    let _all_of_them = |duty: Duty| match duty {
        Duty::Accept | Duty::Assign | Duty::Conclude | Duty::Refer | Duty::Close => {}
    };
    r#""accept" | "assign" | "conclude" | "refer" | "close""#
}
