import type { Shift } from "@yilian/client";
import { addMonths } from "../shell/calendar.ts";

/** Somebody on duty at a moment. */
export interface OnDuty {
  readonly name: string;
  readonly post: string;
  /** When the shift ends: a civil time. */
  readonly until: string;
}

/** Who is on duty at `at`, a civil time; who is absent is not. One entry for each person. */
export function onDuty(shifts: Iterable<Shift>, at: string): OnDuty[] {
  const found = new Map<string, OnDuty>();
  for (const { name, post, start, end, state } of shifts) {
    // Civil times in the one form sort as text.
    if (state === "absent" || name === "" || !(start <= at && at < end)) continue;
    const before = found.get(name);
    if (before === undefined || before.until < end) found.set(name, { name, post, until: end });
  }
  return [...found.values()].sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
}

/** The months whose rosters may hold who is on duty at `at`: a night shift is in the month it began. */
export function rosterMonths(at: string): string[] {
  const month = at.slice(0, 7);
  return at.slice(8, 10) === "01" ? [addMonths(month, -1), month] : [month];
}
