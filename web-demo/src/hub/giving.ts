import type { Giving, PartyRow } from "@yilian/client";

/** What happened to an item at a site, and what there is now. */
export interface ItemFlow {
  readonly site: string;
  readonly item: string;
  readonly contributed: number;
  readonly given: number;
  readonly sent: number;
  readonly received: number;
  readonly corrected: number;
  /** What the site may give out now. */
  readonly left: number;
  /** What the site sent and nobody received yet. */
  readonly transit: number;
}

const NUMBERS = ["contributed", "given", "sent", "received", "corrected", "left", "transit"] as const;

/**
 * What happened to each item at each site, with what is left there now. With `touched`, only what the report's days or event
 * touched: what is left belongs to no event.
 */
export function itemFlows(giving: Giving, site: string, touched = false): ItemFlow[] {
  const flows = new Map<string, ItemFlow>();
  const add = (at: string, item: string, more: Partial<ItemFlow>): void => {
    if (site !== "" && at !== site) return;
    const key = `${at}/${item}`;
    flows.set(key, plus(flows.get(key) ?? nothing(at, item), more));
  };
  for (const { site, item, drive: _, ...moved } of giving.rows) add(site, item, moved);
  for (const { site, item, held, leaving } of giving.left) {
    if (touched && !flows.has(`${site}/${item}`)) continue;
    add(site, item, { left: held, transit: leaving });
  }
  return [...flows.values()].filter((flow) => NUMBERS.some((name) => flow[name] !== 0));
}

/** The sums of flows that are about the same item, or at the same site. */
export function sums(flows: readonly ItemFlow[], by: "item" | "site"): ItemFlow[] {
  const all = new Map<string, ItemFlow>();
  for (const flow of flows) {
    const sum = all.get(flow[by]);
    all.set(flow[by], sum === undefined ? flow : plus(sum, flow));
  }
  return [...all.values()];
}

/** Who put in or received most, first; nobody named comes last. */
export function parties(giving: Giving, site: string): PartyRow[] {
  return giving.parties
    .filter((row) => site === "" || row.site === site)
    .sort(
      (a, b) =>
        Number(a.party === "") - Number(b.party === "") || b.contributed - a.contributed || b.given - a.given,
    );
}

function nothing(site: string, item: string): ItemFlow {
  return { site, item, contributed: 0, given: 0, sent: 0, received: 0, corrected: 0, left: 0, transit: 0 };
}

function plus(flow: ItemFlow, more: Partial<ItemFlow>): ItemFlow {
  const numbers = NUMBERS.map((name) => [name, flow[name] + (more[name] ?? 0)]);
  return { ...flow, ...Object.fromEntries(numbers) };
}
