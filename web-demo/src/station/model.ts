// What the roster shows, as plain data: who is where on which day, and how well each day is covered.

import type { Finding, Person, Shift, ShiftFields } from "@yilian/client";
import { byPinyin } from "../shell/i18n.ts";
import { addDays, clock, daysBetween, daysOf, minutesBetween } from "../shell/calendar.ts";
import { clock as clockAt, spans } from "../shell/hours.ts";

/** Whom a row is about. */
export interface Row {
  readonly key: string;
  readonly name: string;
  readonly person: string | null;
  readonly lentBy: string | null;
  readonly group: "own" | "lent" | "other";
}

/** How well a day is covered. */
export interface Coverage {
  /** Different people. */
  readonly people: number;
  /** The part of the opening hours in which somebody is there: 0 to 1. */
  readonly share: number;
  /** When nobody is: `07:00–08:00`. */
  readonly gaps: readonly string[];
}

/** A month's roster. */
export interface Board {
  readonly days: readonly string[];
  readonly rows: readonly Row[];
  readonly coverage: ReadonlyMap<string, Coverage>;
  /** The posts there are, and a hue for each. */
  readonly posts: ReadonlyMap<string, number>;
  at(row: string, day: string): readonly Shift[];
  on(day: string): readonly Shift[];
  rowOf(shift: Shift): string;
}

export const HUES = 6;
const NONE: readonly Shift[] = [];
const DAY_MINUTES = 1440;

/** Puts a month's roster together. */
export function makeBoard(
  month: string,
  people: readonly Person[],
  shifts: readonly Shift[],
  hours: string | null,
): Board {
  const days = daysOf(month);
  const placed = shifts.filter((shift) => typeof shift.start === "string" && typeof shift.name === "string");
  const rowOf = placer(people);
  const rows = new Map<string, Row>();
  for (const { id, name } of people) {
    rows.set(`own:${id}`, { key: `own:${id}`, name, person: id, lentBy: null, group: "own" });
  }
  const cells = new Map<string, Shift[]>();
  const byDay = new Map<string, Shift[]>();
  for (const shift of placed) {
    const key = rowOf(shift);
    if (!rows.has(key)) {
      const group = shift.lent_by === null ? "other" : "lent";
      rows.set(key, { key, name: shift.name, person: shift.person, lentBy: shift.lent_by, group });
    }
    const day = shift.start.slice(0, 10);
    push(cells, `${key} ${day}`, shift);
    push(byDay, day, shift);
  }
  const order = { own: 0, lent: 1, other: 2 };
  const sorted = [...rows.values()].sort(
    (a, b) => order[a.group] - order[b.group] || byPinyin(a.name, b.name) || (a.key < b.key ? -1 : 1),
  );
  const names = [...new Set(placed.map(({ post }) => post))].sort(byPinyin);
  return {
    days,
    rows: sorted,
    coverage: new Map(days.map((day) => [day, coverageOf(day, byDay, hours)])),
    posts: new Map(names.map((post, index) => [post, index % HUES])),
    at: (row, day) => cells.get(`${row} ${day}`) ?? NONE,
    on: (day) => byDay.get(day) ?? NONE,
    rowOf,
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, [value]);
  else held.push(value);
}

/** Says whose row a shift is in: the person it names, or one of that name. */
function placer(people: readonly Person[]): (shift: Shift) => string {
  const ids = new Set(people.map(({ id }) => id));
  const byName = new Map(people.map(({ id, name }) => [name, id]));
  return ({ person, name, lent_by }) => {
    if (lent_by !== null) return `lent:${lent_by}/${name}`;
    const id = person !== null && ids.has(person) ? person : byName.get(name);
    return id === undefined ? `other:${name}` : `own:${id}`;
  };
}

/** Whether somebody is really there. */
function counts({ state, end }: Shift): boolean {
  return (state === "planned" || state === "confirmed") && typeof end === "string";
}

type Span = [from: number, to: number];

function coverageOf(day: string, byDay: Map<string, Shift[]>, hours: string | null): Coverage {
  const before = byDay.get(addDays(day, -1)) ?? [];
  const here = [...before, ...(byDay.get(day) ?? [])].filter(counts);
  const midnight = `${day}T00:00`;
  const taken = here
    .map(({ start, end }): Span => [minutesBetween(midnight, start), minutesBetween(midnight, end)])
    .filter(([from, to]) => to > 0 && from < DAY_MINUTES);
  const people = new Set((byDay.get(day) ?? []).filter(counts).map(({ name }) => name)).size;
  // What is open past midnight is the next day's matter.
  const open = (spans(hours ?? "") ?? []).filter(({ to }) => to <= DAY_MINUTES).map(({ from, to }): Span => [from, to]);
  const gaps = open.flatMap((span) => without(span, taken));
  const length = (all: Span[]) => all.reduce((sum, [from, to]) => sum + to - from, 0);
  const whole = length(open);
  return {
    people,
    share: whole === 0 ? (people > 0 ? 1 : 0) : 1 - length(gaps) / whole,
    gaps: gaps.map(([from, to]) => `${clockAt(from)}–${clockAt(to)}`),
  };
}

/** What is left of a span. */
function without(span: Span, taken: Span[]): Span[] {
  let left = [span];
  for (const [from, to] of taken) {
    left = left.flatMap(([start, end]): Span[] => {
      if (to <= start || from >= end) return [[start, end]];
      const parts: Span[] = [[start, from], [to, end]];
      return parts.filter(([a, b]) => b > a);
    });
  }
  return left.sort(([a], [b]) => a - b);
}

/** How much of the next day a shift takes: 0 when it ends on its own. */
export function overnightShare({ start, end }: Shift): number {
  if (typeof end !== "string") return 0;
  const midnight = `${addDays(start.slice(0, 10), 1)}T00:00`;
  return Math.min(1, Math.max(0, minutesBetween(midnight, end) / DAY_MINUTES));
}

/** `08:00–14:00`; the end of another day is told by what is put before it. */
export function spanText({ start, end }: Pick<Shift, "start" | "end">, nextDay: string): string {
  const late = typeof end === "string" && daysBetween(start.slice(0, 10), end.slice(0, 10)) > 0;
  return `${clock(start)}–${late ? nextDay : ""}${clock(end ?? "")}`;
}

/** As short as it gets: `8–14`. */
export function spanShort({ start, end }: Shift): string {
  const short = (time: string) => clock(time).replace(/^0/, "").replace(/:00$/, "");
  return `${short(start)}–${short(end ?? "")}`;
}

/** What changes when a shift moves to another day, or to somebody else. */
export function moveFields(shift: Shift, day: string, row: Row | undefined): ShiftFields {
  const days = daysBetween(shift.start.slice(0, 10), day);
  const later = (time: string) => addDays(time.slice(0, 10), days) + time.slice(10);
  const when = days === 0 ? {} : { start: later(shift.start), end: later(shift.end) };
  const whom = row === undefined ? {} : { name: row.name, person: row.person, lent_by: row.lentBy };
  const all = Object.entries({ ...when, ...whom });
  return Object.fromEntries(all.filter(([field, value]) => shift[field as keyof Shift] !== value));
}

/** The findings of each record of a document. */
export function byRecord(findings: readonly Finding[], document: string): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const ref of finding.records) {
      if (ref.document === document) push(found, ref.record, finding);
    }
  }
  return found;
}

/** What is usually worked: post and hours, the most frequent first. */
export function usual(shifts: readonly Shift[], most: number): { post: string; start: string; end: string }[] {
  const counted = new Map<string, number>();
  for (const { post, start, end } of shifts) {
    if (typeof start !== "string" || typeof end !== "string") continue;
    const key = `${post}\n${clock(start)}\n${clock(end)}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return [...counted]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([key]) => {
      const [post = "", start = "", end = ""] = key.split("\n");
      return { post, start, end };
    })
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}
