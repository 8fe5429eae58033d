import type { Status } from "@yilian/client";

/** Where what was written on this device is. */
export type Delivery =
  /** Only here. */
  | "here"
  /** On the hub's disk. */
  | "sent"
  /** The hub did not take it. */
  | "refused";

/** What of the client's status says where a document is. */
export type StatusOf = Pick<Status, "waiting" | "refused" | "savedAt">;

/**
 * Where a document is that was changed here at `at`, Unix milliseconds. As long as nothing says that the hub has it, it is
 * only here.
 */
export function delivery(status: StatusOf, document: string, at: number): Delivery {
  const names = (list: readonly { readonly name: string }[]) => list.some(({ name }) => name === document);
  if (names(status.refused)) return "refused";
  if (names(status.waiting)) return "here";
  return status.savedAt !== undefined && status.savedAt >= at ? "sent" : "here";
}
