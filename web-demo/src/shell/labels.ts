import { type Collection, type KindLabels, KINDS } from "@yilian/client";

const ALL: Partial<Record<Collection, KindLabels>> = KINDS;

/** What people call a kind of record, its fields and their choices. */
export function labelsOf(collection: Collection): KindLabels | undefined {
  return ALL[collection];
}
