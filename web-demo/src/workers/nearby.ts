import type { Site } from "@yilian/client";
import { metresBetween, type Point } from "./distance.ts";
import { openState, type OpenState } from "../shell/hours.ts";

/** What is asked for. */
export interface Wish {
  /** The civil time. */
  readonly at: string;
  /** From where; without it there are no distances. */
  readonly from: Point | undefined;
  /** All of these. */
  readonly amenities: ReadonlySet<string>;
  readonly openOnly: boolean;
}

/** A site as somebody on the road sees it. */
export interface Nearby {
  readonly site: Site;
  readonly state: OpenState | undefined;
  readonly metres: number | undefined;
}

const LEVELS = { home: 0, station: 1, point: 2 } as const;

/** The sites that fit, the nearest first; without a place, the larger ones first. */
export function nearby(sites: readonly Site[], wish: Wish): Nearby[] {
  const found: Nearby[] = [];
  for (const site of sites) {
    if (!has(site, wish.amenities)) continue;
    const state = openState(site.hours, wish.at);
    if (wish.openOnly && state?.open !== true) continue;
    const place = pointOf(site);
    const known = wish.from !== undefined && place !== undefined;
    found.push({ site, state, metres: known ? metresBetween(wish.from, place) : undefined });
  }
  return found.sort(order);
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

function has({ amenities }: Site, wanted: ReadonlySet<string>): boolean {
  for (const amenity of wanted) if (!amenities.includes(amenity)) return false;
  return true;
}

function order(a: Nearby, b: Nearby): number {
  // Who is nowhere comes last.
  const far = (a.metres ?? Infinity) - (b.metres ?? Infinity);
  if (far !== 0 && !Number.isNaN(far)) return far;
  const level = LEVELS[a.site.level] - LEVELS[b.site.level];
  return level || (a.site.key < b.site.key ? -1 : 1);
}
