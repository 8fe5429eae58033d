// What a day at a site is like, as plain data.

import type { HoursException, Shift } from "@yilian/client";
import { spans } from "../../shell/hours.ts";

const DAY_MINUTES = 1440;

/** Who comes next on a day after a moment: those who start first. */
export function nextOnDuty(shifts: readonly Shift[], at: string): Shift[] {
  const day = at.slice(0, 10);
  const coming = shifts.filter(({ state, start }) => (state === "planned" || state === "confirmed") && start > at && start.startsWith(day));
  const first = coming.reduce((least, { start }) => (start < least ? start : least), "~");
  return coming.filter(({ start }) => start === first);
}

/** The exception that holds for a site on a day: the one that began last, as the engine reads them. */
export function exceptionOn(exceptions: readonly HoursException[], site: string, day: string): HoursException | undefined {
  const holds = exceptions.filter((one) => one.site === site && one.from !== null && one.from <= day && day <= (one.until ?? one.from));
  return holds.toSorted((a, b) => ((a.from ?? "") < (b.from ?? "") ? 1 : -1))[0];
}

/** Opening hours that end at a time of the day: null where none are left, undefined where that is no earlier than usual. */
export function closingAt(hours: string, time: string): string | null | undefined {
  const all = spans(hours);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const end = hour * 60 + minute;
  if (all === undefined || all.every(({ to }) => to <= end)) return undefined;
  const left = all.filter(({ from }) => from < end).map(({ from, to }) => ({ from, to: Math.min(to, end) }));
  return left.length === 0 ? null : left.map(({ from, to }) => `${clockOf(from)}-${clockOf(to)}`).join(" ");
}

function clockOf(minutes: number): string {
  const shown = minutes === DAY_MINUTES ? minutes : minutes % DAY_MINUTES;
  return [Math.floor(shown / 60), shown % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
