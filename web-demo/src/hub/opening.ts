import type { HoursException, Site, Venue } from "@yilian/client";
import { daysOf } from "../shell/calendar.ts";
import { spans } from "../shell/hours.ts";

/** What of a site says when its venues can be used. */
export type Opening = Pick<Site, "key" | "hours" | "state">;

/** For how many minutes of a month a venue can be used; undefined where nobody stated its hours. */
export function openMinutes(
  month: string,
  venue: Pick<Venue, "site" | "hours" | "state">,
  site: Opening | undefined,
  exceptions: readonly HoursException[],
): number | undefined {
  if (venue.state !== "open" || (site !== undefined && site.state !== "open")) return 0;
  const usual = minutesOf(venue.hours ?? site?.hours ?? null);
  // The one that starts last stands, as it does for the engine.
  const own = exceptions
    .filter((exception) => exception.site === venue.site)
    .sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? 1 : -1));
  let sum = 0;
  for (const day of daysOf(month)) {
    const exception = own.find((exception) => covers(exception, day));
    const minutes = exception === undefined ? usual : (minutesOf(exception.hours) ?? 0);
    if (minutes === undefined) return undefined;
    sum += minutes;
  }
  return sum;
}

function covers({ from, until }: HoursException, day: string): boolean {
  return from !== null && from <= day && day <= (until ?? from);
}

/** The minutes of a day's hours, those that overlap counted once. */
function minutesOf(hours: string | null): number | undefined {
  const all = hours === null || hours.trim() === "" ? undefined : spans(hours);
  if (all === undefined) return undefined;
  let [sum, reached] = [0, 0];
  for (const { from, to } of [...all].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}
