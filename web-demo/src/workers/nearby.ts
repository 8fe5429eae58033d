import type { Near, Site } from "@yilian/client";
import { addDays, minutesBetween } from "../shell/calendar.ts";
import type { Point } from "./distance.ts";

/** Who closes within this is worth a warning to somebody still on the way. */
const SOON_MINUTES = 45;
/** The engine looks two weeks on at most: what is open for longer than one never closes as far as anybody on the road cares. */
const ALWAYS_MINUTES = 7 * 24 * 60;

/** What to tell of a site at a time. */
export type OpenState =
  | { readonly name: "open" | "soon"; readonly until: string | undefined }
  | { readonly name: "closed"; readonly opens: string | undefined }
  | { readonly name: "paused" | "gone" | "unknown" };

/** Whether a site is open at `at`, and until when. */
export function stateOf(near: Pick<Near, "site" | "is_open" | "open_until" | "opens_next">, at: string): OpenState {
  const { site, is_open, open_until, opens_next } = near;
  if (site.state !== "open") return { name: site.state === "paused" ? "paused" : "gone" };
  if (!is_open) {
    const isUnknown = opens_next === null && site.hours === null;
    return isUnknown ? { name: "unknown" } : { name: "closed", opens: opens_next ?? undefined };
  }
  const minutes = open_until === null ? ALWAYS_MINUTES : minutesBetween(at, open_until);
  if (minutes >= ALWAYS_MINUTES) return { name: "open", until: undefined };
  return { name: minutes <= SOON_MINUTES ? "soon" : "open", until: open_until ?? undefined };
}

/** How a time is told, seen from another: `18:00` today, and with the day where that is another. */
export type Told = { readonly day: "today" | "tomorrow" | "later"; readonly clock: string };

/** When something opens. */
export function opensAt(time: string, at: string): Told {
  const [day, today] = [time.slice(0, 10), at.slice(0, 10)];
  return { day: day === today ? "today" : day === addDays(today, 1) ? "tomorrow" : "later", clock: time.slice(11, 16) };
}

/** When something closes: midnight is the end of the day before it. */
export function closesAt(time: string, at: string): Told {
  const told = opensAt(time, at);
  if (told.clock !== "00:00" || told.day === "today") return told;
  return { ...opensAt(`${addDays(time.slice(0, 10), -1)}T00:00`, at), clock: "24:00" };
}

const LEVELS = { home: 0, station: 1, point: 2 } as const;

/** The engine's order is by distance. Where none is known, the larger come first. */
export function inOrder(found: readonly Near[]): readonly Near[] {
  if (found.some(({ distance_m }) => distance_m !== null)) return found;
  return [...found].sort((a, b) => LEVELS[a.site.level] - LEVELS[b.site.level] || (a.site.key < b.site.key ? -1 : 1));
}

/** What people on the road ask for most, first. */
const ASKED_FOR = [
  "charging",
  "rest",
  "drinking-water",
  "meals",
  "microwave",
  "toilet",
  "shower",
  "wifi",
  "first-aid",
  "books",
];

/** The amenities that any site has, what is asked for most first. */
export function amenitiesOf(sites: readonly Pick<Site, "amenities">[]): string[] {
  const all = new Set(sites.flatMap(({ amenities }) => amenities));
  const rank = (key: string): number => (ASKED_FOR.includes(key) ? ASKED_FOR.indexOf(key) : ASKED_FOR.length);
  return [...all].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Where a site is, as far as anybody said. */
export function pointOf({ lat, lng }: Site): Point | undefined {
  return lat === null || lng === null ? undefined : { lat, lng };
}

/** A part of the town, as the addresses name it, and the middle of its sites. */
export interface District extends Point {
  readonly name: string;
}

/** The districts that sites' addresses name: 焦作市解放区 is in 解放区. */
export function districts(sites: readonly Site[]): District[] {
  const points = new Map<string, Point[]>();
  for (const site of sites) {
    const name = districtOf(site.address);
    const point = pointOf(site);
    if (name === undefined || point === undefined) continue;
    points.set(name, [...(points.get(name) ?? []), point]);
  }
  return [...points].map(([name, all]) => ({
    name,
    lat: all.reduce((sum, { lat }) => sum + lat, 0) / all.length,
    lng: all.reduce((sum, { lng }) => sum + lng, 0) / all.length,
  }));
}

function districtOf(address: string): string | undefined {
  return /^(?:[^市]*市)?([^市区县]{1,4}[区县])/.exec(address)?.[1];
}
