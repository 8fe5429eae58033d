// What people call what is in a record.

import { type Collection, KINDS, type FieldLabels, type Finding, type Shift, type Site, type Value } from "@yilian/client";
import { say } from "../shell/i18n.ts";
import { labelsOf } from "../shell/labels.ts";
import { nameOf, siteOf } from "../shell/people.ts";
import { clock } from "../shell/calendar.ts";
import { dayText } from "../shell/time.ts";
import { spanText } from "./model.ts";
import { t } from "./texts.ts";

function wordsOf(collection: Collection, field: string): FieldLabels | undefined {
  return labelsOf(collection)?.fields[field];
}

/** What a field of a kind of record is called. */
export function labelOf(collection: Collection, field: string): string {
  const words = wordsOf(collection, field);
  return words === undefined ? field : say(words.label);
}

/** What a field of a shift is called. */
export function fieldLabel(field: string): string {
  return labelOf("shifts", field);
}

/** A value as one would say it. */
export function valueText(field: string, value: Value | null | undefined, sites: readonly Site[], collection: Collection = "shifts"): string {
  if (value === null || value === undefined || value === "") return t.emptyValue;
  const choice = wordsOf(collection, field)?.choices?.[String(value)];
  if (choice !== undefined) return say(choice);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) {
    return `${dayText(value.slice(0, 10))} ${clock(value)}`;
  }
  if (field === "site" || field === "lent_by") return siteName(String(value), sites);
  return String(value);
}

/** What a site is called. */
export function siteName(key: string, sites: readonly Site[]): string {
  if (key === "hub") return t.hubItself;
  return sites.find((site) => site.key === key)?.name ?? key;
}

/** Who an author is, with the site where it is another. */
export function authorText(author: string | null | undefined, own: string, sites: readonly Site[]): string {
  if (author === null || author === undefined) return t.nobody;
  const site = siteOf(author);
  if (site === undefined || site === "hub") return siteName(site ?? author, sites);
  const name = nameOf(author) ?? author;
  return site === own ? name : t.at(name, siteName(site, sites));
}

/** The states that want to be seen. */
export function stateText(state: Shift["state"]): string {
  return say(KINDS.shifts.fields.state.choices[state]);
}

/** A shift in a line: `傅玉兰 12月3日 周四 前台 08:00–14:00`. */
export function shiftText(shift: Shift): string {
  return `${shift.name} ${dayText(shift.start.slice(0, 10))} ${shift.post} ${spanText(shift, t.nextDay)}`;
}

/** How a finding looks. */
export function toneOf(finding: Finding): "danger" | "warn" | "info" {
  return finding.severity === "error" ? "danger" : finding.severity === "warning" ? "warn" : "info";
}
