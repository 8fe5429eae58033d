import type { GrantedBooking, HoursException, Venue } from "@yilian/client";
import { addMonths, minutesBetween } from "../shell/calendar.ts";
import { type Opening, openMinutes } from "./opening.ts";

/** How a venue was used in a month, or all venues of a site were. */
export interface Use {
  readonly site: string;
  /** The venue; undefined where it is a site's sum. */
  readonly venue: Pick<Venue, "id" | "name"> | undefined;
  /** Bookings that have the venue and start in the month. */
  readonly bookings: number;
  /** For how long the venue is had in the month. */
  readonly minutes: number;
  /** For how long it is open; undefined where nobody stated its hours. */
  readonly open: number | undefined;
  /** Of the bookings, those of other sites. */
  readonly borrowed: number;
  /** Bookings that had to make way. */
  readonly bumped: number;
}

/** What one site borrowed of another in a month. */
export interface Borrowing {
  readonly lender: string;
  readonly borrower: string;
  readonly bookings: number;
  readonly minutes: number;
}

/** What the figures of venues are made of. */
export interface VenueSource {
  readonly month: string;
  readonly venues: readonly Venue[];
  readonly sites: readonly Opening[];
  readonly exceptions: readonly HoursException[];
  /** Those of the month before too, which may run into this one. */
  readonly bookings: readonly GrantedBooking[];
}

/** How each venue was used, the one that was had for longest first. */
export function venueUse({ month, venues, sites, exceptions, bookings }: VenueSource): Use[] {
  const byKey = new Map(sites.map((site) => [site.key, site]));
  const byVenue = new Map<string | null, GrantedBooking[]>();
  for (const booking of bookings) {
    const known = byVenue.get(booking.venue);
    if (known === undefined) byVenue.set(booking.venue, [booking]);
    else known.push(booking);
  }
  const uses = venues.map((venue) => {
    const all = byVenue.get(venue.id) ?? [];
    const had = all.filter(hasVenue);
    const begun = had.filter(({ start }) => start.startsWith(month));
    return {
      site: venue.site,
      venue,
      bookings: begun.length,
      minutes: had.reduce((sum, booking) => sum + minutesIn(month, booking), 0),
      open: openMinutes(month, venue, byKey.get(venue.site), exceptions),
      borrowed: begun.filter((booking) => isBorrowed(booking, venue.site)).length,
      bumped: all.filter(({ grant, start }) => grant === "bumped" && start.startsWith(month)).length,
    };
  });
  return uses.sort((a, b) => b.minutes - a.minutes || compare(a.site, b.site) || compare(a.venue.name, b.venue.name));
}

/** The sums of each site, the one whose venues were had for longest first. */
export function siteUse(uses: readonly Use[]): Use[] {
  const sums = new Map<string, Use>();
  for (const use of uses) {
    const sum = sums.get(use.site);
    sums.set(use.site, sum === undefined ? { ...use, venue: undefined } : added(sum, use));
  }
  return [...sums.values()].sort((a, b) => b.minutes - a.minutes || compare(a.site, b.site));
}

/** Of the time that a venue is open, the part for which it is had, in percent; undefined where that is not known. */
export function percent({ minutes, open }: Pick<Use, "minutes" | "open">): number | undefined {
  return open === undefined || open === 0 ? undefined : Math.round((minutes / open) * 1000) / 10;
}

/** What sites borrowed of each other: the longest first. */
export function borrowings({ month, venues, bookings }: VenueSource): Borrowing[] {
  const siteOf = new Map<string | null, string>(venues.map(({ id, site }) => [id, site]));
  const sums = new Map<string, Borrowing>();
  for (const booking of bookings) {
    const [lender, borrower] = [siteOf.get(booking.venue), booking.borrower];
    if (lender === undefined || borrower === null || !isBorrowed(booking, lender) || !hasVenue(booking)) continue;
    const minutes = minutesIn(month, booking);
    if (minutes === 0) continue;
    const key = `${lender}/${borrower}`;
    const sum = sums.get(key) ?? { lender, borrower, bookings: 0, minutes: 0 };
    const begun = booking.start.startsWith(month) ? 1 : 0;
    sums.set(key, { ...sum, bookings: sum.bookings + begun, minutes: sum.minutes + minutes });
  }
  return [...sums.values()].sort((a, b) => b.minutes - a.minutes || compare(a.lender, b.lender));
}

/** Bookings that can be confirmed and are not over, the next first: what is promised to one is not offered to another. */
export function unconfirmed(bookings: readonly GrantedBooking[], now: string): GrantedBooking[] {
  const promised = new Set(bookings.filter(({ grant }) => grant === "confirmed").map(({ id }) => id));
  const isOpen = ({ grant, bumped_by }: GrantedBooking): boolean =>
    grant === "granted" || (grant === "bumped" && bumped_by !== null && !promised.has(bumped_by));
  return bookings
    .filter((booking) => isOpen(booking) && booking.end > now)
    .sort((a, b) => compare(a.start, b.start) || compare(a.id, b.id));
}

function hasVenue({ grant }: GrantedBooking): boolean {
  return grant === "granted" || grant === "confirmed";
}

function isBorrowed({ borrower }: GrantedBooking, lender: string): boolean {
  return borrower !== null && borrower !== lender;
}

/** For how long of a month a booking lasts. */
function minutesIn(month: string, { start, end }: GrantedBooking): number {
  const [first, next] = [`${month}-01T00:00`, `${addMonths(month, 1)}-01T00:00`];
  const [from, to] = [start < first ? first : start, end > next ? next : end];
  return from < to ? minutesBetween(from, to) : 0;
}

function added(a: Use, b: Use): Use {
  return {
    ...a,
    bookings: a.bookings + b.bookings,
    minutes: a.minutes + b.minutes,
    open: a.open === undefined || b.open === undefined ? undefined : a.open + b.open,
    borrowed: a.borrowed + b.borrowed,
    bumped: a.bumped + b.bumped,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
