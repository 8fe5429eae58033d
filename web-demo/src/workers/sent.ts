import type { Submission } from "@yilian/client";

/** What was sent from this device, as its list has it. */
export interface Sent {
  readonly code: string;
  readonly kind: Submission["kind"];
  /** What it is about, in a few words. */
  readonly about: string;
  /** When it was stored here: Unix milliseconds. */
  readonly at: number;
}

const KINDS: readonly Sent["kind"][] = ["booking", "claim", "enrolment", "request"];
/** As many are listed. */
const MOST = 50;

/** Reads the list; what is no part of one is left out. */
export function readSent(text: string | undefined): Sent[] {
  try {
    const read: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(read) ? read.filter(isSent) : [];
  } catch {
    return [];
  }
}

/** The list with one more, the newest first. */
export function withSent(list: readonly Sent[], one: Sent): Sent[] {
  return [one, ...withoutSent(list, one.code)].slice(0, MOST);
}

export function withoutSent(list: readonly Sent[], code: string): Sent[] {
  return list.filter((other) => other.code !== code);
}

function isSent(value: unknown): value is Sent {
  if (typeof value !== "object" || value === null) return false;
  const { code, kind, about, at } = value as Record<string, unknown>;
  const isKind = KINDS.some((one) => one === kind);
  return typeof code === "string" && isKind && typeof about === "string" && typeof at === "number";
}
