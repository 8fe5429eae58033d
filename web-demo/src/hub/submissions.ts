import type { Stage, SubmissionFigures } from "@yilian/client";

/** What a site was sent in a month. */
export type SiteTally = SubmissionFigures["sites"][number];

/** The site that is late with the most first, then the one that was sent the most. */
export function latestFirst(sites: readonly SiteTally[]): SiteTally[] {
  return sites.toSorted((a, b) => b.overdue - a.overdue || b.count - a.count || (a.site < b.site ? -1 : 1));
}

/** How many there are at each stage, over several sites. */
export function atStages(sites: readonly SiteTally[]): Map<Stage, number> {
  const sums = new Map<Stage, number>();
  for (const { stages } of sites) {
    for (const [stage, count] of Object.entries(stages) as [Stage, number][]) {
      sums.set(stage, (sums.get(stage) ?? 0) + count);
    }
  }
  return sums;
}
