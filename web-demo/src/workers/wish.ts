import type { Goods, Slot, StockedItem, SubmissionForm } from "@yilian/client";
import { minutesBetween } from "../shell/calendar.ts";

/** What somebody has filled in so far; all of it as it was typed. */
export interface Draft {
  readonly kind: SubmissionForm["kind"];
  readonly name: string;
  readonly phone: string;
  readonly text: string;
  readonly count: string;
  readonly venue: string;
  readonly start: string;
  readonly minutes: number;
  readonly item: string;
  readonly course: string;
}

/** What is wrong with one field. */
export interface Problem {
  readonly field: "name" | "text" | "count" | "venue" | "start" | "item";
  readonly what: "missing" | "number" | "most";
  /** The most there may be, of `most`. */
  readonly most?: number;
}

/** As often a booking may begin. */
const STEP_MINUTES = 30;

/** When a booking of so many minutes may begin within free times, each half hour, and not before `now`. */
export function starts(slots: readonly Slot[], minutes: number, now: string): string[] {
  const found: string[] = [];
  for (const slot of slots) {
    let start = plusMinutes(slot.start, (STEP_MINUTES - (minuteOf(slot.start) % STEP_MINUTES)) % STEP_MINUTES);
    for (; minutesBetween(start, slot.end) >= minutes; start = plusMinutes(start, STEP_MINUTES)) {
      if (start >= now) found.push(start);
    }
  }
  return found;
}

/** Whether a booking fits into free times. */
export function fitsIn(slots: readonly Slot[], start: string, minutes: number): boolean {
  const end = plusMinutes(start, minutes);
  return slots.some((slot) => slot.start <= start && end <= slot.end);
}

/** The first half hour of a free time, or its start where it has none. */
export function roundStart(slot: Slot): string {
  return starts([slot], STEP_MINUTES, slot.start)[0] ?? slot.start;
}

/** The free times of a day, without what has passed of them. */
export function stillFree(slots: readonly Slot[], now: string): Slot[] {
  return slots
    .filter(({ end }) => end > now)
    .map(({ start, end }) => ({ start: start > now ? start : now, end }));
}

/** A civil time so many minutes later. */
export function plusMinutes(time: string, minutes: number): string {
  return new Date(Date.parse(`${time}Z`) + minutes * 60_000).toISOString().slice(0, 16);
}

/** What of a site's goods can be asked for. */
export function inStock(goods: Goods | undefined): StockedItem[] {
  return (goods?.items ?? []).filter(({ held, record }) => held > 0 && record !== null && record.removed_at === null);
}

/** How many of an item one person may ask for at once. */
export function mostOf({ held, record }: Pick<StockedItem, "held" | "record">): number {
  return Math.min(held, record?.at_once ?? held);
}

/** What is wrong or missing; `most` is how many the item or the venue allows, where anybody said. */
export function problems(draft: Draft, most: number | undefined): Problem[] {
  const found: Problem[] = [];
  const needs = (field: Problem["field"], text: string) => {
    if (text.trim() === "") found.push({ field, what: "missing" });
  };
  if (draft.kind === "booking") {
    needs("venue", draft.venue);
    needs("start", draft.start);
  }
  if (draft.kind === "claim") needs("item", draft.item);
  if (draft.kind === "booking" || draft.kind === "claim") {
    const count = number(draft.count);
    // Who does not say how many will come may still want a room.
    if (draft.kind === "claim" || draft.count.trim() !== "") {
      if (count === undefined) found.push({ field: "count", what: "number" });
      else if (most !== undefined && count > most) found.push({ field: "count", what: "most", most });
    }
  }
  // Of a course there need be nothing more to say.
  if (draft.kind === "request") needs("text", draft.text);
  needs("name", draft.name);
  return found;
}

/** What is sent of it. */
export function formOf(draft: Draft): SubmissionForm {
  const who = { kind: draft.kind, name: draft.name.trim(), phone: draft.phone.trim(), text: draft.text.trim() };
  const count = number(draft.count) ?? null;
  switch (draft.kind) {
    case "booking":
      return { ...who, venue: draft.venue, start: draft.start, end: plusMinutes(draft.start, draft.minutes), count };
    case "claim":
      return { ...who, item: draft.item, count };
    case "enrolment":
      return { ...who, course: draft.course };
    case "request":
      return who;
  }
}

/** A whole number from 1 on, also of wide digits. */
function number(text: string): number | undefined {
  const plain = text.trim().replace(/[\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
  return /^[1-9]\d{0,5}$/.test(plain) ? Number(plain) : undefined;
}

function minuteOf(time: string): number {
  return Number(time.slice(14, 16));
}
