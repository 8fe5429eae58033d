import type { Site } from "@yilian/client";

/**
 * The site that speaks for the county: the home that belongs to no other, of several the one with the most sites below it, then
 * the one with the smallest key. As the engine finds it.
 */
export function hubSite(sites: readonly Pick<Site, "key" | "level" | "parent">[]): string | undefined {
  const byKey = new Map(sites.map((site) => [site.key, site]));
  const below = new Map<string, number>();
  for (const { key } of sites) {
    const root = rootOf(key, (key) => byKey.get(byKey.get(key)?.parent ?? "")?.key);
    below.set(root, (below.get(root) ?? 0) + 1);
  }
  const roots = [...below].filter(([key]) => byKey.get(key)?.level === "home");
  return roots.sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))[0]?.[0];
}

/** The topmost site above one; sites that belong to each other in a circle are below its smallest key. */
function rootOf(key: string, parentOf: (key: string) => string | undefined): string {
  const path = [key];
  for (let parent = parentOf(key); parent !== undefined; parent = parentOf(parent)) {
    const at = path.indexOf(parent);
    if (at >= 0) return path.slice(at).sort()[0] ?? parent;
    path.push(parent);
  }
  return path.at(-1) ?? key;
}
