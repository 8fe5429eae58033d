import type { HoursException, Service, Site, Weekday } from "@yilian/client";
import { addDays, weekday } from "../shell/calendar.ts";
import { spans, written } from "../shell/hours.ts";

/** When a site is open on a day. */
export interface DayHours {
  readonly day: string;
  /** Its hours; null where it is closed, undefined where nobody said. */
  readonly hours: string | null | undefined;
  /** Why they are others than usual. */
  readonly exception: HoursException | undefined;
}

/** The exception that holds at a site on a day: of several, the one that starts last, as the engine has it. */
export function exceptionOn(
  exceptions: readonly HoursException[],
  site: string,
  day: string,
): HoursException | undefined {
  let found: HoursException | undefined;
  for (const one of exceptions) {
    if (one.site !== site || one.from === null || one.from > day || (one.until ?? one.from) < day) continue;
    if (found?.from === undefined || found.from === null || found.from < one.from) found = one;
  }
  return found;
}

/** When a site is open on a day. Paused or closed, it is not. */
export function hoursOn(
  site: Pick<Site, "key" | "hours" | "state">,
  exceptions: readonly HoursException[],
  day: string,
): DayHours {
  if (site.state !== "open") return { day, hours: null, exception: undefined };
  const exception = exceptionOn(exceptions, site.key, day);
  return { day, hours: exception === undefined ? (site.hours ?? undefined) : exception.hours, exception };
}

/** Seven days from one on. */
export function week(
  site: Pick<Site, "key" | "hours" | "state">,
  exceptions: readonly HoursException[],
  from: string,
): DayHours[] {
  return Array.from({ length: 7 }, (_, index) => hoursOn(site, exceptions, addDays(from, index)));
}

/** How an exception differs from the usual hours. */
export type Otherwise =
  | { readonly how: "closed" }
  | { readonly how: "early" | "late"; readonly time: string }
  | { readonly how: "other"; readonly hours: string };

/** What to tell people of an exception. */
export function otherwise(usual: string | null, exception: Pick<HoursException, "hours">): Otherwise {
  const { hours } = exception;
  if (hours === null) return { how: "closed" };
  const [before, now] = [ends(usual), ends(hours)];
  if (before !== undefined && now !== undefined) {
    if (now.from === before.from && now.to < before.to) return { how: "early", time: clockText(hours, "to") };
    if (now.to === before.to && now.from > before.from) return { how: "late", time: clockText(hours, "from") };
  }
  return { how: "other", hours: written(hours) };
}

/** The days on which a service is offered, put together: `[[1, 5]]` is Monday to Friday. None is every day. */
export function runs(days: readonly Weekday[]): (readonly [Weekday, Weekday])[] {
  const found: [Weekday, Weekday][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && day === last[1] + 1) last[1] = day;
    else found.push([day, day]);
  }
  return found;
}

/** Whether a service is offered on a day of the week at all. */
export function isOffered({ days, state }: Pick<Service, "days" | "state">, day: string): boolean {
  const number = (weekday(day) || 7) as Weekday;
  return state === "open" && (days.length === 0 || days.includes(number));
}

/** The names of services that are offered anywhere, each once. */
export function serviceNames(services: readonly Pick<Service, "name" | "state">[]): string[] {
  return [...new Set(services.filter(({ state }) => state === "open").map(({ name }) => name))];
}

function ends(hours: string | null): { from: number; to: number } | undefined {
  const all = hours === null ? undefined : spans(hours);
  if (all === undefined || all.length === 0) return undefined;
  return { from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)) };
}

function clockText(hours: string, which: "from" | "to"): string {
  const all = hours.trim().split(/\s+/);
  const text = which === "from" ? all[0]?.split("-")[0] : all.at(-1)?.split("-")[1];
  return text ?? "";
}
