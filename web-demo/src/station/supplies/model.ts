// A site's goods, as plain data.

import type { Claim, Drive, Goods, StockedItem, Transit } from "@yilian/client";

/** Whether an item is to be restocked: what is there and on its way is less than wished. */
export function isLow({ record, held, arriving }: Pick<StockedItem, "record" | "held" | "arriving">): boolean {
  const low = record?.low ?? null;
  return low !== null && held + arriving < low;
}

/** What is on its way to a site, the longest first. */
export function arrivals(goods: Goods, site: string): Transit[] {
  return goods.in_transit.filter(({ to_site }) => to_site === site).sort(byAt);
}

/** What is on its way from a site, the longest first. */
export function departures(goods: Goods, site: string): Transit[] {
  return goods.in_transit.filter(({ from_site }) => from_site === site).sort(byAt);
}

/** The claims that wait, those first that this device is asked. */
export function waitingClaims({ claims, holder }: Goods): Claim[] {
  const asked = ({ to }: Claim) => Number(to !== holder);
  return claims.filter(({ state }) => state === "waiting").sort((a, b) => asked(a) - asked(b) || byAt(a, b));
}

/** What a stocktaking enters: so many more than the ledger says, or fewer. */
export function difference(here: number, counted: number): number {
  return counted - here;
}

/** The events that goods may be gathered for on a day: those that are not over. */
export function currentDrives(drives: readonly Drive[], day: string): Drive[] {
  return drives.filter(({ until }) => until === null || until >= day);
}

/** What people call a device that holds rights; the end of what it holds them as, where it has no name. */
export function deviceName({ devices }: Goods, holder: string): string {
  return devices.find((device) => device.holder === holder)?.name || holder.slice(-4);
}

function byAt(a: { at: string; id: string }, b: { at: string; id: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1;
}
