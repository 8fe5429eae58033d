import type { Shift } from "@yilian/client";
import { daysOf } from "../shell/calendar.ts";

/** A shift, and the site in whose roster it is. */
export interface Placed {
  readonly site: string;
  readonly shift: Shift;
}

/** Who is on duty on one day, over the sites. */
export interface DayCoverage {
  /** `2026-12-03`. */
  readonly date: string;
  /** Different people. */
  readonly people: number;
  /** Sites with at least one of them. */
  readonly sites: number;
  readonly shifts: number;
}

/** How each day of a month is covered. A shift counts on the day it begins; who is absent does not count. */
export function coverage(month: string, placed: Iterable<Placed>): DayCoverage[] {
  const days = new Map(
    daysOf(month).map((date) => [date, { people: new Set<string>(), sites: new Set<string>(), shifts: 0 }]),
  );
  for (const { site, shift } of placed) {
    const day = days.get(shift.start.slice(0, 10));
    if (day === undefined || shift.state === "absent" || shift.state === "swapped") continue;
    day.people.add(personOf(site, shift));
    day.sites.add(site);
    day.shifts += 1;
  }
  return [...days].map(([date, { people, sites, shifts }]) => ({
    date,
    people: people.size,
    sites: sites.size,
    shifts,
  }));
}

/** A person lent to another site is one person. */
function personOf(site: string, { person, lent_by, name }: Shift): string {
  return person ?? `${lent_by ?? site}/${name}`;
}

/** A round number of at most five even steps that reaches `most`, and the steps. */
export function scale(most: number): { readonly top: number; readonly ticks: readonly number[] } {
  const steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000];
  const step = steps.find((step) => Math.max(1, most) / step <= 4) ?? Math.ceil(most / 4);
  const count = Math.max(1, Math.ceil(most / step));
  return { top: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}
