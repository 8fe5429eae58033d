import type { Finding, RecordRef, Rule, Severity } from "@yilian/client";

/** Findings of one rule, the earliest day first. */
export interface RuleGroup {
  readonly rule: Rule;
  /** That of its worst. */
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** What rules are about. */
export type Group = "bookings" | "cases" | "edits" | "inbox" | "rosters" | "school" | "services" | "sites" | "supplies";

const GROUPS: Record<Rule, Group> = {
  "backward-booking": "bookings",
  "backward-shift": "rosters",
  "booking-outside-hours": "bookings",
  "bumped-booking": "bookings",
  "double-booking": "bookings",
  "double-gift": "supplies",
  "edited-ledger-line": "supplies",
  "edited-step": "edits",
  "enrolled-twice": "school",
  "expiring-certificate": "school",
  "field-conflict": "edits",
  "illegal-step": "inbox",
  "late-edit": "edits",
  "late-spend": "supplies",
  "long-in-transit": "supplies",
  "low-stock": "supplies",
  "mediator-off-rota": "cases",
  "missing-agreement": "cases",
  "moot-booking": "bookings",
  "moot-enrolment": "school",
  namesakes: "rosters",
  "orphan-site": "sites",
  "outside-hours": "rosters",
  "over-capacity": "bookings",
  "over-full-course": "school",
  overdrawn: "supplies",
  "overdue-case": "cases",
  overlap: "rosters",
  "parent-cycle": "sites",
  "party-mediates": "cases",
  "session-clash": "school",
  "session-outside-hours": "school",
  "uncertified-shift": "rosters",
  "unearned-certificate": "school",
  "unbooked-session": "school",
  "undelivered-certificate": "school",
  "unenrolled-learner": "school",
  "unpublished-certificate": "school",
  "unentitled-confirmation": "bookings",
  "stale-confirmation": "bookings",
  "unknown-learner": "school",
  "unknown-person": "rosters",
  "unknown-site": "sites",
  "unknown-venue": "bookings",
  "unmatched-receipt": "supplies",
  "unmediated-case": "cases",
  "unperformed-agreement": "cases",
  "unreadable-field": "edits",
  "unreferred-agreement": "cases",
  "unstaffed-service": "services",
  "waiting-submission": "inbox",
};

/** Findings about one kind of thing. */
export interface FindingGroup {
  readonly group: Group;
  readonly count: number;
  readonly rules: readonly RuleGroup[];
}

/** Findings by what they are about, those with the worst first. */
export function byGroup(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<Group, RuleGroup[]>();
  // The worst rules come first, and so do their groups.
  for (const rule of byRule(findings)) {
    const group = GROUPS[rule.rule];
    const rules = groups.get(group) ?? [];
    groups.set(group, rules);
    rules.push(rule);
  }
  return [...groups].map(([group, rules]) => ({
    group,
    rules,
    count: rules.reduce((sum, { findings }) => sum + findings.length, 0),
  }));
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

/** The sites that a finding is about: those whose documents its records are in, or that the records of the directory name. */
export function sitesOf(
  { records }: Finding,
  siteOf: (record: RecordRef) => string | undefined = () => undefined,
): string[] {
  const sites = records.map((record) => record.document.split("/")[1] ?? siteOf(record));
  return [...new Set(sites.filter((site) => site !== undefined))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
