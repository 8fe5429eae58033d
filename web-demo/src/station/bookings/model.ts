// A day of a site's venues, as plain data.

import type { Alternative, BookingFields, GrantedBooking, Slot, Venue } from "@yilian/client";
import { addDays, clock, daysBetween } from "../../shell/calendar.ts";

/** A venue's bookings on a day, in the order of their start. */
export interface VenueDay {
  readonly key: string;
  /** Undefined where the directory does not have it. */
  readonly venue: Venue | undefined;
  readonly bookings: readonly GrantedBooking[];
}

/** The months whose documents may hold what is on a day: what lasts past midnight is in the month it began. */
export function monthsOf(day: string): string[] {
  return [...new Set([addDays(day, -1).slice(0, 7), day.slice(0, 7)])];
}

/** What is on a day, from midnight to midnight; what was given up last. */
export function onDay(bookings: readonly GrantedBooking[], day: string): GrantedBooking[] {
  const [from, to] = [`${day}T00:00`, `${addDays(day, 1)}T00:00`];
  const there = bookings.filter(({ start, end, removed_at }) => removed_at === null && start < to && end > from);
  const isOver = ({ grant }: GrantedBooking) => Number(grant === "cancelled");
  return there.sort((a, b) => isOver(a) - isOver(b) || (a.start < b.start ? -1 : a.start > b.start ? 1 : a.id < b.id ? -1 : 1));
}

/** A day by venue; bookings of venues that nobody knows come last. */
export function venueDays(venues: readonly Venue[], bookings: readonly GrantedBooking[], day: string): VenueDay[] {
  const all = onDay(bookings, day);
  const known = venues.map((venue) => ({ key: venue.id, venue, bookings: all.filter((one) => one.venue === venue.id) }));
  const rest = all.filter((one) => !venues.some(({ id }) => id === one.venue));
  return rest.length === 0 ? known : [...known, { key: "unknown", venue: undefined, bookings: rest }];
}

/** `14:00–16:00`; an end on another day is told by what is put before it. */
export function slotText({ start, end }: Slot, nextDay: string): string {
  const late = daysBetween(start.slice(0, 10), end.slice(0, 10)) > 0 && clock(end) !== "00:00";
  const last = clock(end) === "00:00" ? "24:00" : clock(end);
  return `${clock(start)}–${late ? nextDay : ""}${last}`;
}

/** What changes when a booking takes an alternative. */
export function takes({ venue, slot }: Alternative): BookingFields {
  return { site: venue.site, venue: venue.id, start: slot.start, end: slot.end };
}

/** From when to when: an end that is not after the start is on the next day. */
export function slotOf(day: string, from: string, to: string): Slot {
  return { start: `${day}T${from}`, end: `${to <= from ? addDays(day, 1) : day}T${to}` };
}
