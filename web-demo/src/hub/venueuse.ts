import type { Borrowing, VenueUse } from "@yilian/client";

/** How the venues of a site were used in a month, together; a venue's own use has a name. */
export type Use = Pick<VenueUse, "site" | "confirmed" | "granted" | "minutes" | "open_minutes" | "used_minutes" | "borrowed" | "bumped">;

/** The sums of each site, the one whose venues were had for longest first. */
export function siteUse(uses: readonly VenueUse[]): Use[] {
  const sums = new Map<string, Use>();
  for (const use of uses) {
    const sum = sums.get(use.site);
    sums.set(use.site, sum === undefined ? use : added(sum, use));
  }
  return longestFirst([...sums.values()]);
}

/** The ones that were had for longest first. */
export function longestFirst<Some extends Use>(uses: readonly Some[]): Some[] {
  return uses.toSorted((a, b) => b.minutes - a.minutes || compare(a.site, b.site));
}

/** What was borrowed for longest first. */
export function borrowings(all: readonly Borrowing[]): Borrowing[] {
  return all.toSorted((a, b) => b.minutes - a.minutes || compare(a.lender, b.lender));
}

/** Of the time that a venue is open, the part in which somebody had it, in percent; undefined where that is not known. */
export function percent({ used_minutes, open_minutes }: Pick<Use, "used_minutes" | "open_minutes">): number | undefined {
  if (used_minutes === null || open_minutes === null || open_minutes === 0) return undefined;
  return Math.round((used_minutes / open_minutes) * 1000) / 10;
}

/** Of a sum, what is not known of one part is not known. */
function added(a: Use, b: Use): Use {
  const plus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
  return {
    site: a.site,
    confirmed: a.confirmed + b.confirmed,
    granted: a.granted + b.granted,
    minutes: a.minutes + b.minutes,
    open_minutes: plus(a.open_minutes, b.open_minutes),
    used_minutes: plus(a.used_minutes, b.used_minutes),
    borrowed: a.borrowed + b.borrowed,
    bumped: a.bumped + b.bumped,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
