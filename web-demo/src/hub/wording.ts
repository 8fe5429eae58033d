import type { Collection, Value } from "@yilian/client";
import { labelsOf } from "../shell/labels.ts";

/** What words need to know of the page. */
export interface Words {
  readonly language: "zh" | "en";
  /** What people call a site. */
  siteName(key: string): string;
  /** What people call a record that a field names, where that is known. */
  recordName?(collection: Collection, id: string): string | undefined;
}

const CIVIL = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const YES = { zh: "是", en: "yes" };
const NO = { zh: "否", en: "no" };
const NONE = { zh: "空", en: "none" };
const OF_OTHER_KINDS = { zh: "记录", en: "record" };

/** What people call a kind of record. */
export function kindLabel(collection: Collection, { language }: Words): string {
  return (labelsOf(collection)?.label ?? OF_OTHER_KINDS)[language];
}

/** What people call a field. */
export function fieldLabel(collection: Collection, field: string, { language }: Words): string {
  return labelsOf(collection)?.fields[field]?.label[language] ?? field;
}

/** A field's value as people say it. */
export function valueText(
  collection: Collection,
  field: string,
  value: Value | null,
  words: Words,
): string {
  const { language } = words;
  if (value === null || value === "") return NONE[language];
  if (typeof value === "boolean") return (value ? YES : NO)[language];
  const text = String(value);
  const choice = labelsOf(collection)?.fields[field]?.choices?.[text];
  if (choice !== undefined) return choice[language];
  const refersTo = labelsOf(collection)?.fields[field]?.refersTo;
  const named = refersTo === undefined ? undefined : words.recordName?.(refersTo, text);
  if (named !== undefined) return named;
  if (field === "site" || field === "lent_by" || field === "parent") return words.siteName(text);
  return CIVIL.test(text) ? momentText(text, words) : text;
}

/** `12月3日 14:00`. */
export function momentText(civil: string, words: Words): string {
  return `${dayText(civil, words)} ${civil.slice(11, 16)}`;
}

/** `12月3日`. */
export function dayText(date: string, { language }: Words): string {
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  if (language === "zh") return `${month}月${day}日`;
  const name = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
  return `${day} ${name.format(Date.UTC(2000, month - 1))}`;
}

/** `12月3日 14:00–20:00`; a shift that runs into the next day ends at a clock time all the same. */
export function spanText(start: string, end: string, words: Words): string {
  return `${momentText(start, words)}–${end.slice(11, 16)}`;
}
