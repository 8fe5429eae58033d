//! The types of what a page asks for beyond records: what `session/query.rs` answers.

use yilian_core::flow::Fit;
use yilian_core::inbox::Overdue;
use yilian_core::matrix::{Alternative, Grant, Near, Slot};
use yilian_core::records::Stage;
use yilian_core::supplies::{Claim, ClaimState, GivingRow, PartyRow, Stock, Transit};

use super::{alias, interface, union};

pub(super) fn answers(out: &mut String) {
    let mut out = out;
    matrix(out);
    union(out, "What became of a claim.", "ClaimState", claim_states());
    interface!(out, "How much of an item there is at a site.", Stock as "Stock" {
        item: "RecordId" = "The item.",
        held: "number" = "What its devices may give out, together; below zero where more was given out than there was.",
        arriving: "number" = "On the way here.",
        leaving: "number" = "On the way to other sites.",
        contributed: "number" = "What people put in, ever.",
        given: "number" = "What was given out, ever.",
    });
    interface!(out, "Goods between two sites.", Transit as "Transit" {
        id: "RecordId" = "The transfer.",
        item: "RecordId" = "The item.",
        count: "number" = "How many.",
        from_site: "SiteKey" = "The site they left.",
        from: "string" = "The device that sent them.",
        to_site: "SiteKey" = "The site they are for.",
        to: "string" = "The device that may receive them.",
        at: "DateTime" = "When they left.",
    });
    interface!(out, "A claim on goods that another device holds.", Claim as "Claim" {
        id: "RecordId" = "Its line.",
        item: "RecordId" = "The item.",
        count: "number" = "How many.",
        holder: "string" = "The device that claims.",
        to: "string" = "The device that is asked.",
        party: "string" = "Who is to receive them.",
        drive: "RecordId | null" = "The event.",
        at: "DateTime" = "When.",
        state: "ClaimState" = "What became of it.",
    });
    interface!(out, "What one site did with one item for one event.", GivingRow as "GivingRow" {
        site: "SiteKey" = "The site.",
        drive: "RecordId | null" = "The event; null for what belongs to none.",
        item: "RecordId" = "The item.",
        contributed: "number" = "What people put in.",
        given: "number" = "What was given out.",
        sent: "number" = "What was sent to other sites, received there or not.",
        received: "number" = "What was received from other sites.",
        corrected: "number" = "What stocktaking found, or found missing.",
    });
    interface!(out, "What one person or body put in or received.", PartyRow as "PartyRow" {
        site: "SiteKey" = "The site.",
        drive: "RecordId | null" = "The event.",
        item: "RecordId" = "The item.",
        party: "string" = "Who; empty where nobody was named.",
        contributed: "number" = "What they put in.",
        given: "number" = "What they received.",
    });
    goods(out);
    inbox(out);
    reports(out);
}

fn matrix(out: &mut String) {
    let mut out = out;
    interface!(out, "A time from a start to an end.", Slot as "Slot" {
        start: "DateTime" = "When it starts.",
        end: "DateTime" = "When it ends.",
    });
    interface!(out, "Where and when else a booking could be had.", Alternative as "Alternative" {
        venue: "Venue" = "The venue.",
        slot: "Slot" = "When.",
        distance_m: "number | null" = "Metres from the site asked for, where it is another and both places are known.",
    });
    interface!(out, "A site that was looked for.", Near as "Near" {
        site: "Site" = "The site.",
        distance_m: "number | null" = "How far it is, where both places are known.",
        is_open: "boolean" = "Whether it is open.",
        open_until: "DateTime | null" = "Until when; two weeks on where it never closes.",
        opens_next: "DateTime | null" = "When it opens, where it is closed and will within two months.",
        services: "readonly Service[]" = "The services that are offered there at the time.",
        venues: "readonly Venue[]" = "The venues for as many people as were asked for, free or not.",
    });
    union(
        out,
        "What became of a booking: worked out from all bookings of the venue, and stored nowhere.",
        "Grant",
        grants(),
    );
    out.push_str(
        "/** A booking, and what became of it. */\n\
         export interface GrantedBooking extends Booking {\n  \
         /** The document it is in. */\n  readonly document: Name;\n  \
         /** Whether the venue is its. */\n  readonly grant: Grant;\n  \
         /** The booking that has the venue instead. */\n  readonly bumped_by: RecordId | null;\n}\n\n",
    );
}

fn goods(out: &mut String) {
    out.push_str(
        "/** How much of an item there is at a site, and which of its devices may give it out. */\n\
         export interface StockedItem extends Stock {\n  \
         /** The item; null where no site has its record. */\n  readonly record: Item | null;\n  \
         /** What this browser may give out. */\n  readonly here: number;\n  \
         /** What the other devices of the site may. */\n  readonly elsewhere: number;\n  \
         /** Each device that holds some. */\n  readonly holders: readonly Holding[];\n}\n\n\
         /** What one device may give out. */\n\
         export interface Holding {\n  \
         /** What it holds rights as. */\n  readonly holder: string;\n  \
         /** What people call it. */\n  readonly name: string;\n  \
         /** How much. */\n  readonly count: number;\n}\n\n\
         /** The goods of a site. */\n\
         export interface Goods {\n  \
         /** What this browser holds rights as; empty until it does. */\n  readonly holder: string;\n  \
         /** Every item that the site knows of. */\n  readonly items: readonly StockedItem[];\n  \
         /** Goods on their way from and to the site. */\n  readonly in_transit: readonly Transit[];\n  \
         /** Claims, and what became of them. */\n  readonly claims: readonly Claim[];\n  \
         /** The devices of the site. */\n  readonly devices: readonly Device[];\n}\n\n\
         /** Who gave, what went where, and what is left. */\n\
         export interface Giving {\n  \
         /** By site, event and item. */\n  readonly rows: readonly GivingRow[];\n  \
         /** By site, event, item and party. */\n  readonly parties: readonly PartyRow[];\n  \
         /** What is left now at each site, of everything. */\n  readonly left: readonly (Stock & {\n    \
         /** The site. */\n    readonly site: SiteKey;\n  })[];\n  \
         /** The items that are mentioned, as one of the sites has them. */\n  readonly items: readonly Item[];\n}\n\n",
    );
}

fn reports(out: &mut String) {
    out.push_str(
        "/** How a venue was used in a month: a booking counts whole on the day it starts. */\n\
         export interface VenueUse {\n  \
         /** Whose it is. */\n  readonly site: SiteKey;\n  \
         /** The venue. */\n  readonly venue: RecordId;\n  \
         /** What it is called. */\n  readonly name: string;\n  \
         /** Its bookings. */\n  readonly bookings: number;\n  \
         /** Of these, those that it was promised to. */\n  readonly confirmed: number;\n  \
         /** Those that have it as long as nobody else is promised it. */\n  readonly granted: number;\n  \
         /** Those that others have it instead of. */\n  readonly bumped: number;\n  \
         /** Those that nobody asks for any more. */\n  readonly cancelled: number;\n  \
         /** Those that have it for another site. */\n  readonly borrowed: number;\n  \
         /** How many people those that have it are for. */\n  readonly people: number;\n  \
         /** For how long they have it. */\n  readonly minutes: number;\n  \
         /** For how long it is open; null where no hours are stated. */\n  readonly open_minutes: number | null;\n  \
         /** In how much of that somebody had it. */\n  readonly used_minutes: number | null;\n}\n\n\
         /** What one site had of the venues of another. */\n\
         export interface Borrowing {\n  \
         /** Whose venues. */\n  readonly lender: SiteKey;\n  \
         /** Who had them. */\n  readonly borrower: SiteKey;\n  \
         /** How often. */\n  readonly bookings: number;\n  \
         /** For how long. */\n  readonly minutes: number;\n}\n\n\
         /** How venues were used in a month. */\n\
         export interface VenueReport {\n  \
         /** The site that speaks for the county: it may promise any venue; null where the directory has none. */\n  readonly hub: SiteKey | null;\n  \
         /** Each venue, by site and name. */\n  readonly venues: readonly VenueUse[];\n  \
         /** What sites borrowed of each other. */\n  readonly borrowings: readonly Borrowing[];\n  \
         /** The bookings that can be promised their venue and are not over, by start. */\n  readonly unconfirmed: readonly GrantedBooking[];\n}\n\n\
         /** Some submissions, counted. */\n\
         export interface Tally {\n  \
         /** How many. */\n  readonly count: number;\n  \
         /** How many are at each stage; none are at those that are left out. */\n  readonly stages: { readonly [stage in Stage]?: number };\n  \
         /** With how many the site is late. */\n  readonly overdue: number;\n  \
         /** How many were done, whatever became of them then. */\n  readonly done: number;\n  \
         /** Half of these took no longer than so many days; null where none was done. */\n  readonly median_days: number | null;\n  \
         /** Nine of ten of them took no longer than so many days. */\n  readonly p90_days: number | null;\n}\n\n\
         /** How sites deal with what they are sent. */\n\
         export interface SubmissionFigures {\n  \
         /** All sites together. */\n  readonly total: Tally;\n  \
         /** Each site that was sent something, by key. */\n  readonly sites: readonly (Tally & {\n    \
         /** The site. */\n    readonly site: SiteKey;\n  })[];\n}\n\n\
         /** What a text that was typed says: a code, or what is wrong with it. */\n\
         export type ReadCode =\n  \
         | {\n      /** The code as it is written. */\n      readonly code: string;\n      \
         /** The site that it is of. */\n      readonly site: SiteKey;\n    }\n  \
         | {\n      /** It is no site's key and 18 characters, or its last character does not go with the others. */\n      \
         readonly wrong: \"form\" | \"typo\";\n    }\n  \
         | {\n      /** It has a character that no code has. */\n      readonly wrong: \"character\";\n      \
         /** Which. */\n      readonly character: string;\n    };\n\n",
    );
}

fn inbox(out: &mut String) {
    let stages = Stage::CHOICES.iter().map(|choice| choice.value);
    union(
        out,
        "How far something has come that people wait for.",
        "Stage",
        stages,
    );
    union(out, "What a step did where it was taken.", "Fit", fits());
    alias(out, "What a site is late with.", "Overdue", overdue());
    out.push_str(
        "/** A step, and what it did. */\n\
         export interface PlacedStep extends Step {\n  \
         /** What it did. */\n  readonly fit: Fit;\n}\n\n\
         /** How far something has come that was sent to a site. */\n\
         export interface Progress {\n  \
         /** The document it is in. */\n  readonly document: Name;\n  \
         /** Its code; null where it was not sent by this package. */\n  readonly code: string | null;\n  \
         /** What was sent. */\n  readonly submission: Submission;\n  \
         /** The stage it is at. */\n  readonly stage: Stage;\n  \
         /** Every step, in the order that is the same on every device. */\n  readonly steps: readonly PlacedStep[];\n  \
         /** Where it can go from here: by its sender where it is followed, by the site where it is in the inbox. */\n  readonly next: readonly Stage[];\n  \
         /** Who sees to it. */\n  readonly assignee: string | null;\n  \
         /** What came of it, such as the booking that was made. */\n  readonly made: RecordId | null;\n  \
         /** What became of that booking; null in an inbox once its time is over. */\n  readonly grant: Grant | null;\n  \
         /** Since when its sender waits. */\n  readonly waits_since: DateTime;\n  \
         /** What the site is late with, if it is. */\n  readonly overdue: Overdue | null;\n}\n\n",
    );
}

fn grants() -> [&'static str; 5] {
    let _all_of_them = |grant: Grant| match grant {
        Grant::Confirmed | Grant::Granted | Grant::Cancelled | Grant::Unplaced => {}
        Grant::Bumped { by: _ } => {}
    };
    ["confirmed", "granted", "bumped", "cancelled", "unplaced"]
}

fn claim_states() -> [&'static str; 4] {
    let _all_of_them = |state: ClaimState| match state {
        ClaimState::Waiting | ClaimState::Given | ClaimState::Bumped | ClaimState::Withdrawn => {}
    };
    ["waiting", "given", "bumped", "withdrawn"]
}

fn fits() -> [&'static str; 5] {
    let _all_of_them = |fit: Fit| match fit {
        Fit::Moves | Fit::Repeats | Fit::Illegal | Fit::Void => {}
        Fit::Crosses { from: _ } => {}
    };
    ["moves", "crosses", "repeats", "illegal", "void"]
}

fn overdue() -> &'static str {
    let _all_of_it = |overdue: Overdue| match overdue {
        Overdue::Acceptance | Overdue::Completion => {}
    };
    r#""acceptance" | "completion""#
}
