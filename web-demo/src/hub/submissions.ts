import type { Progress, Stage } from "@yilian/client";

/** How many submissions a site got in a month, by stage. */
export interface SiteSubmissions {
  readonly site: string;
  readonly total: number;
  readonly overdue: number;
  readonly stages: ReadonlyMap<Stage, number>;
}

/** The submissions of each site that were sent in a month: the site with the most overdue first. */
export function submissionsBySite(month: string, all: Iterable<Progress>): SiteSubmissions[] {
  const sites = new Map<string, Progress[]>();
  for (const progress of all) {
    if (!progress.submission.at.startsWith(month)) continue;
    const site = progress.document.split("/")[1] ?? progress.submission.site;
    const known = sites.get(site);
    if (known === undefined) sites.set(site, [progress]);
    else known.push(progress);
  }
  return [...sites]
    .map(([site, progress]) => ({
      site,
      total: progress.length,
      overdue: progress.filter(({ overdue }) => overdue !== null).length,
      stages: counts(progress),
    }))
    .sort((a, b) => b.overdue - a.overdue || b.total - a.total || (a.site < b.site ? -1 : 1));
}

/** How many there are at each stage, over several sites. */
export function atStages(sites: readonly SiteSubmissions[]): Map<Stage, number> {
  const sums = new Map<Stage, number>();
  for (const { stages } of sites) {
    for (const [stage, count] of stages) sums.set(stage, (sums.get(stage) ?? 0) + count);
  }
  return sums;
}

function counts(all: readonly Progress[]): Map<Stage, number> {
  const stages = new Map<Stage, number>();
  for (const { stage } of all) stages.set(stage, (stages.get(stage) ?? 0) + 1);
  return stages;
}
