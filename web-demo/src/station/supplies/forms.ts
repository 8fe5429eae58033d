// What is asked for when goods come and go.

import type { Drive, Handed, NewItem, Site, StockedItem } from "@yilian/client";
import { byPinyin } from "../../shell/i18n.ts";
import { type Draft, type FormField, written } from "../fields.ts";
import { askForm } from "../form.ts";
import { labelOf } from "../words.ts";
import { t } from "./texts.ts";

const NEW = "new";
const MOST = 1_000_000;

/** What was written, with the name of an event that is to be entered first. */
export interface Written<Goods> {
  readonly goods: Goods;
  readonly newDrive: string | undefined;
}

export type Contributed = Omit<Handed, "item"> & ({ item: string } | { new: NewItem });

/** Goods that come in; of one item, where that is known. */
export async function askContribution(items: readonly StockedItem[], drives: readonly Drive[], of?: StockedItem): Promise<Written<Contributed> | undefined> {
  const named = items.filter(({ record }) => record !== null).map(({ item, record }) => [item, record?.name ?? ""] as const);
  const draft: Draft = { item: of?.item ?? named[0]?.[0] ?? NEW };
  const fields = (): FormField[] => [
    { key: "item", label: labelOf("ledger", "item"), kind: "select", options: [...named, [NEW, t.newItem]], required: true, wide: true },
    ...(draft.item === NEW
      ? ([
          { key: "name", label: labelOf("items", "name"), required: true },
          { key: "unit", label: labelOf("items", "unit") },
          { key: "low", label: labelOf("items", "low"), kind: "number", min: 0, max: MOST },
        ] as const)
      : []),
    count(),
    { key: "party", label: t.from },
    phone(),
    ...driveFields(drives, draft),
    note(),
  ];
  const done = await askForm({ title: t.contribute, save: t.save, draft, fields });
  if (done === undefined) return undefined;
  const low = draft.low?.trim() ? { low: Number(draft.low) } : {};
  const item = draft.item === NEW ? { new: { name: "", ...written(draft, "name", "unit"), ...low } } : { item: draft.item ?? "" };
  return { goods: { ...handed(draft), ...item }, newDrive: newDriveOf(draft) };
}

/** Goods that are given to somebody. */
export async function askGift({ item, record, here }: StockedItem, drives: readonly Drive[]): Promise<Written<Handed> | undefined> {
  const draft: Draft = { count: "1" };
  const unit = record?.unit ?? "";
  const limits = [t.atMost(`${here}${unit}`), record?.at_once ? t.atOnce(`${record.at_once}${unit}`) : ""];
  const fields = (): FormField[] => [
    { ...count(), hint: limits.filter(Boolean).join(" · ") },
    { key: "party", label: t.whom, required: true },
    phone(),
    ...driveFields(drives, draft),
    note(),
  ];
  const done = await askForm({ title: t.giveOf(record?.name ?? t.nameless), save: t.give, draft, fields });
  return done === undefined ? undefined : { goods: { item, ...handed(draft) }, newDrive: newDriveOf(draft) };
}

/** Goods that go to another site. */
export async function askSending({ item, record, here }: StockedItem, sites: readonly Site[]): Promise<{ goods: Handed; site: string } | undefined> {
  const others = sites.toSorted((a, b) => byPinyin(a.name, b.name)).map(({ key, name }) => [key, name] as const);
  const draft: Draft = { site: others[0]?.[0] ?? "" };
  const fields = (): FormField[] => [
    { key: "site", label: t.toSite, kind: "select", options: others, required: true, wide: true },
    { ...count(), hint: t.atMost(`${here}${record?.unit ?? ""}`) },
    note(),
  ];
  const done = await askForm({ title: t.sendOf(record?.name ?? t.nameless), save: t.send, draft, fields });
  return done === undefined ? undefined : { goods: { item, ...handed(draft) }, site: draft.site ?? "" };
}

/** What was counted of this device's, and why it is another number. */
export async function askCount({ record, here }: StockedItem): Promise<{ counted: number; note: string } | undefined> {
  const draft: Draft = { counted: String(Math.max(0, here)) };
  const fields = (): FormField[] => [
    { key: "counted", label: t.counted, kind: "number", min: 0, max: MOST, required: true, hint: t.thought(`${here}${record?.unit ?? ""}`), wide: true },
    { key: "note", label: t.reason, required: true, wide: true },
  ];
  const done = await askForm({ title: t.countOf(record?.name ?? t.nameless), save: t.save, draft, fields });
  return done === undefined ? undefined : { counted: Number(draft.counted), note: (draft.note ?? "").trim() };
}

function count(): FormField {
  return { key: "count", label: labelOf("ledger", "count"), kind: "number", min: 1, max: MOST, required: true };
}

function phone(): FormField {
  return { key: "phone", label: labelOf("ledger", "phone"), kind: "tel" };
}

function note(): FormField {
  return { key: "note", label: labelOf("ledger", "note"), wide: true };
}

function driveFields(drives: readonly Drive[], draft: Draft): FormField[] {
  const options = [["", t.noDrive], ...drives.map(({ id, name }) => [id, name] as const), [NEW, t.newDrive]] as const;
  const choice: FormField = { key: "drive", label: labelOf("ledger", "drive"), kind: "select", options };
  return draft.drive === NEW ? [choice, { key: "driveName", label: t.driveName, required: true }] : [choice];
}

function newDriveOf({ drive, driveName }: Draft): string | undefined {
  return drive === NEW ? driveName?.trim() : undefined;
}

function handed(draft: Draft): Omit<Handed, "item"> {
  const drive = draft.drive && draft.drive !== NEW ? { drive: draft.drive } : {};
  return { count: Number(draft.count), ...written(draft, "party", "phone", "note"), ...drive };
}
