import type { Goods, HoldingDevice } from "@yilian/client";

/** A device of a site, and what it may give out. */
export interface DeviceHoldings {
  readonly device: HoldingDevice;
  readonly holds: readonly { readonly name: string; readonly unit: string; readonly count: number }[];
}

/** The devices of a site with what each may give out; those that were lost come last. */
export function deviceHoldings({ devices, items }: Goods): DeviceHoldings[] {
  return devices
    .map((device) => ({
      device,
      holds: items.flatMap(({ record, item, holders }) => {
        const own = holders.find(({ holder }) => holder === device.holder);
        return own === undefined ? [] : [{ name: record?.name ?? item, unit: record?.unit ?? "", count: own.count }];
      }),
    }))
    .sort((a, b) => Number(a.device.lost_at !== null) - Number(b.device.lost_at !== null));
}

/** Who can take over what a device holds: the site's other devices, as long as they are not lost. */
export function takers(all: readonly DeviceHoldings[], lost: HoldingDevice): HoldingDevice[] {
  return all.map(({ device }) => device).filter(({ holder, lost_at }) => lost_at === null && holder !== lost.holder);
}
