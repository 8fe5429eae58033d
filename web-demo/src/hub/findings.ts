import type { Finding, Rule, Severity } from "@yilian/client";

/** Findings of one rule, the earliest day first. */
export interface RuleGroup {
  readonly rule: Rule;
  /** That of its worst. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, notice: 2 };

/** Findings by rule, the worst rules first. */
export function byRule(findings: readonly Finding[]): RuleGroup[] {
  const groups = new Map<Rule, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.rule) ?? [];
    groups.set(finding.rule, group);
    group.push(finding);
  }
  return [...groups]
    .map(([rule, group]) => {
      group.sort((a, b) => RANK[a.severity] - RANK[b.severity] || compare(a.date ?? "", b.date ?? ""));
      return { rule, severity: group[0]?.severity ?? "notice", findings: group };
    })
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || compare(a.rule, b.rule));
}

/** How many there are of each severity. */
export function bySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, notice: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** The worst finding about each record, by its id. */
export function worstByRecord(findings: readonly Finding[]): Map<string, Finding> {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    for (const { record } of finding.records) {
      const before = worst.get(record);
      if (before === undefined || RANK[finding.severity] < RANK[before.severity]) {
        worst.set(record, finding);
      }
    }
  }
  return worst;
}

/** The sites whose documents a finding is about. */
export function sitesOf({ records }: Finding): string[] {
  const sites = records.map(({ document }) => document.split("/")[1]);
  return [...new Set(sites.filter((site) => site !== undefined))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
