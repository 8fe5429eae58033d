import type { ChangeEntry, Device } from "@yilian/client";

/** What is known of a site's last meeting with the hub. */
export interface SiteSync {
  readonly site: string;
  /** Its devices, those that are here first. */
  readonly devices: readonly Device[];
  /** How many of its changes wait at the devices heard of. */
  readonly waiting: number;
  /** The last sign of it, in Unix milliseconds. */
  readonly at: number | undefined;
  /** What that sign is: a device was heard of, or only a change by one of its people. */
  readonly from: "device" | "change" | "nothing";
  readonly online: boolean;
}

/** How many devices are remembered; the one longest unseen goes first. */
const DEVICES_MAX = 500;

/** The devices remembered, with what is heard of them now: what is not heard of any more is away. */
export function withHeard(
  remembered: readonly Device[],
  heard: readonly Device[],
): readonly Device[] {
  const all = new Map(remembered.map((device) => [device.id, { ...device, online: false }]));
  for (const device of heard) all.set(device.id, device);
  return [...all.values()].sort((a, b) => b.seenAt - a.seenAt).slice(0, DEVICES_MAX);
}

/** Each site's last sync: by its devices, and where none was heard of, by its people's newest change. */
export function siteSyncs(
  sites: readonly string[],
  devices: readonly Device[],
  newest: ReadonlyMap<string, number>,
): SiteSync[] {
  return sites.map((site) => {
    const own = devices
      .filter((device) => device.site === site)
      .sort((a, b) => Number(b.online) - Number(a.online) || b.seenAt - a.seenAt);
    const change = newest.get(site);
    const [first] = own;
    const waiting = own.reduce((sum, { changesWaiting }) => sum + changesWaiting, 0);
    const online = own.some((device) => device.online);
    if (first !== undefined) {
      // When it was last in step says more than when it was last heard.
      const at = Math.max(...own.map(({ savedAt, seenAt }) => savedAt ?? seenAt));
      return { site, devices: own, waiting, at, from: "device", online };
    }
    const from = change === undefined ? "nothing" : "change";
    return { site, devices: own, waiting, at: change, from, online };
  });
}

/** When the people of each site last changed something, in Unix milliseconds. */
export function newestBySite(entries: Iterable<ChangeEntry>): Map<string, number> {
  const newest = new Map<string, number>();
  for (const { author, time } of entries) {
    const site = siteOf(author);
    if (site !== undefined) newest.set(site, Math.max(newest.get(site) ?? 0, time * 1000));
  }
  return newest;
}

/** The site of an author: `keyun/傅玉兰`, or a site's computer, `keyun`. */
export function siteOf(author: string | null): string | undefined {
  const site = author?.split("/")[0];
  return site === undefined || site === "" ? undefined : site;
}

/** Reads devices that were remembered; anything else there is forgotten. */
export function readDevices(json: string | undefined): readonly Device[] {
  try {
    const read: unknown = JSON.parse(json ?? "[]");
    return Array.isArray(read) ? read.filter(isDevice) : [];
  } catch {
    return [];
  }
}

function isDevice(value: unknown): value is Device {
  if (typeof value !== "object" || value === null) return false;
  const { id, changesWaiting, seenAt } = value as Partial<Device>;
  return typeof id === "string" && typeof changesWaiting === "number" && typeof seenAt === "number";
}
