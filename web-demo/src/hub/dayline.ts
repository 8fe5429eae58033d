import type { Placed } from "./coverage.ts";

/** A shift as a bar in the line of one site and day. */
export interface Bar extends Placed {
  /** Minutes since the day's midnight, within the day. */
  readonly from: number;
  readonly to: number;
  /** Which of the lines below each other it is in, so that none hides another. */
  readonly lane: number;
  /** Whether it began the day before. */
  readonly begunBefore: boolean;
}

/** The bars of one site on one day. */
export interface Line {
  readonly site: string;
  readonly lanes: number;
  readonly bars: readonly Bar[];
}

const DAY = 24 * 60;

/** The shifts of one day by site, those that run into it from the day before included. */
export function dayLines(date: string, placed: Iterable<Placed>): Line[] {
  const sites = new Map<string, Omit<Bar, "lane">[]>();
  for (const one of placed) {
    const { start, end } = one.shift;
    const [from, to] = [Math.max(0, minutesInto(date, start)), Math.min(DAY, minutesInto(date, end))];
    // What ends before it begins is on no day's line; a finding tells of it.
    if (!(from < to)) continue;
    const bars = sites.get(one.site) ?? [];
    sites.set(one.site, bars);
    bars.push({ ...one, from, to, begunBefore: start.slice(0, 10) < date });
  }
  return [...sites].map(([site, bars]) => laid(site, bars));
}

function laid(site: string, bars: Omit<Bar, "lane">[]): Line {
  bars.sort((a, b) => a.from - b.from || a.to - b.to || (a.shift.id < b.shift.id ? -1 : 1));
  const ends: number[] = [];
  const placed = bars.map((bar) => {
    const free = ends.findIndex((end) => end <= bar.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = bar.to;
    return { ...bar, lane };
  });
  return { site, lanes: ends.length, bars: placed };
}

/** Minutes from the midnight that begins `date` to a civil time. */
function minutesInto(date: string, at: string): number {
  const [midnight, time] = [Date.parse(`${date}T00:00Z`), Date.parse(`${at.slice(0, 16)}Z`)];
  return (time - midnight) / 60_000;
}
