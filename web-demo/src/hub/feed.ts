import type { ChangeEntry, RecordChange, RecordPatch } from "@yilian/client";
import { siteOf } from "./devices.ts";
import { fieldLabel, kindLabel, spanText, valueText, type Words } from "./wording.ts";

/** A document's change, as the feed shows it. */
export interface FeedItem {
  /** Unique over all documents. */
  readonly key: string;
  readonly document: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** Who: a person, or the computer of a site. */
  readonly name: string | undefined;
  /** The site they belong to, by its key. */
  readonly site: string | undefined;
  /** What they did: `新增班次`. */
  readonly did: string;
  /** To what: `萧平 · 值守 · 12月9日 14:00–20:00`. */
  readonly subject: string | undefined;
  readonly details: readonly Detail[];
  /** What they said of it. */
  readonly message: string | undefined;
}

/** One field that got another value. */
export interface Detail {
  readonly label: string;
  readonly old: string;
  readonly new: string;
}

/** A record's fields as far as the feed names it by them. */
export type Subject = Readonly<Record<string, unknown>>;

/** What the feed asks of the page. */
export interface Lookup extends Words {
  /** A record as it is now. */
  record(document: string, patch: RecordPatch): Subject | undefined;
}

const DID: Record<RecordChange, { zh: string; en: string }> = {
  added: { zh: "新增", en: "added" },
  changed: { zh: "修改", en: "changed" },
  removed: { zh: "移除", en: "removed" },
  restored: { zh: "恢复", en: "restored" },
  gone: { zh: "删去", en: "deleted" },
};

/** Fields that are said by the subject, or are no matter to people. */
const UNSAID = new Set(["person", "removed_at", "imported"]);

/** The feed of several documents: the newest first. */
export function feed(
  documents: Iterable<readonly [string, readonly ChangeEntry[]]>,
  lookup: Lookup,
  limit: number,
): FeedItem[] {
  const all = [...documents].flatMap(([document, entries]) =>
    entries.map((entry) => ({ document, entry })),
  );
  // Words are put together only for what is shown.
  return all
    .sort((a, b) => b.entry.time - a.entry.time)
    .slice(0, limit)
    .map(({ document, entry }) => item(document, entry, lookup));
}

/** One change in words. */
export function item(document: string, entry: ChangeEntry, lookup: Lookup): FeedItem {
  const [first] = entry.patches;
  const alone = entry.records === 1 && first !== undefined;
  return {
    key: `${document}#${entry.hash}`,
    document,
    time: entry.time * 1000,
    name: nameOf(entry.author),
    site: siteOf(entry.author),
    did: entry.undoes === null ? did(entry, lookup) : undone(entry, lookup),
    subject: alone ? subject(document, first, lookup) : undefined,
    details: alone && first.change === "changed" ? details(first, lookup) : [],
    message: said(entry.message, lookup),
  };
}

function did({ records, patches }: ChangeEntry, words: Words): string {
  const [first] = patches;
  const zh = words.language === "zh";
  if (first === undefined) return zh ? "更新了文档" : "updated the document";
  const sameChange = patches.every(({ change }) => change === first.change);
  const sameKind = patches.every(({ collection }) => collection === first.collection);
  const verb = sameChange ? DID[first.change] : DID.changed;
  const kind = sameKind ? kindLabel(first.collection, words) : zh ? "记录" : "record";
  if (records === 1) return zh ? `${verb.zh}${kind}` : `${verb.en} ${article(kind)} ${kind}`;
  return zh ? `${verb.zh} ${records} 条${kind}` : `${verb.en} ${records} ${plural(kind)}`;
}

function undone(entry: ChangeEntry, words: Words): string {
  const [first] = entry.patches;
  const zh = words.language === "zh";
  if (first === undefined) return zh ? "撤销了改动" : "undid a change";
  const kind = kindLabel(first.collection, words);
  return zh ? `撤销对${kind}的改动` : `undid a change of ${article(kind)} ${kind}`;
}

function subject(document: string, patch: RecordPatch, lookup: Lookup): string | undefined {
  // A record that is not here now is named by what the change itself says.
  const told = Object.fromEntries(patch.fields.map((field) => [field.field, field.new ?? field.old]));
  const record = { ...told, ...lookup.record(document, patch) };
  const text = (field: string): string => (typeof record[field] === "string" ? record[field] : "");
  const parts = [text("name")];
  if (patch.collection === "shifts") {
    parts.push(text("post"));
    if (text("start") !== "") parts.push(spanText(text("start"), text("end"), lookup));
  }
  const shown = parts.filter((part) => part !== "");
  return shown.length === 0 ? undefined : shown.join(" · ");
}

function details({ collection, fields }: RecordPatch, words: Words): Detail[] {
  return fields
    .filter(({ field }) => !UNSAID.has(field))
    .map(({ field, old, new: now }) => ({
      label: fieldLabel(collection, field, words),
      old: valueText(collection, field, old, words),
      new: valueText(collection, field, now, words),
    }));
}

/** What a person said; what a program writes by itself is said by the rest of the item already. */
function said(message: string | null, { language }: Words): string | undefined {
  if (message === null || message === "" || /^(set|add|remove|restore|undo|redo)\b/.test(message)) {
    return undefined;
  }
  const file = /^import (.+)$/.exec(message)?.[1];
  if (file === undefined) return message;
  return language === "zh" ? `导入 ${file}` : `import of ${file}`;
}

/** `傅玉兰` of `keyun/傅玉兰`; a computer that only says its site has no name. */
function nameOf(author: string | null): string | undefined {
  const at = author?.indexOf("/") ?? -1;
  return author !== null && at >= 0 ? author.slice(at + 1) : undefined;
}

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? "an" : "a";
}

function plural(kind: string): string {
  return kind === "person" ? "people" : `${kind}s`;
}
