import type { Finding, Repair, Value } from "@yilian/client";

/** One value of a field that several set at once, and the repair that makes it stand. */
export interface Choice {
  readonly value: Value;
  readonly stands: boolean;
  readonly repair: Repair;
}

/** The values that a field conflict is about, the likeliest to be chosen first; none for other findings. */
export function choices(finding: Finding): Choice[] {
  if (finding.rule !== "field-conflict") return [];
  return finding.repairs.flatMap((repair) => {
    const [edit] = repair.edits;
    if (edit === undefined || !("set" in edit)) return [];
    // The engine's words for "keep" are the one sign of which value stands.
    const stands = repair.label.en.startsWith("keep ");
    return [{ value: edit.set.value, stands, repair }];
  });
}
