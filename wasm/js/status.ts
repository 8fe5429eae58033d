import type { WireError } from "./errors.js";

/** How this browser and the hub are from each other. */
export interface Status {
  /** Whether there is a connection to the hub. */
  readonly connection: "offline" | "connecting" | "online";
  /** Whether this tab holds the connection; one tab holds it for all. */
  readonly leading: boolean;
  /** Documents with changes that are not on the hub's disk. */
  readonly waiting: readonly Waiting[];
  /** How many changes that are, at least. */
  readonly changesWaiting: number;
  /** Documents that the hub has more of than is here. */
  readonly arriving: number;
  /** Whether everything here is on the hub's disk, and everything subscribed is here. */
  readonly inStep: boolean;
  /** When everything was last known to be on the hub's disk: Unix milliseconds. */
  readonly savedAt: number | undefined;
  /** What the hub refused and what broke the engine, until it is made again or discarded. */
  readonly refused: readonly Refusal[];
  /** Why the last attempt to connect failed. */
  readonly failure: string | undefined;
  /** Where edits are kept. */
  readonly storage: StorageStatus;
}

/** A document with changes that are not on the hub's disk. */
export interface Waiting {
  /** What it is called. */
  readonly name: string;
  /** How many; unknown until the document is in memory. */
  readonly changes: number | null;
}

/** A change that the hub refused, or that broke the engine: it is kept, and neither used nor sent. */
export interface Refusal {
  /** What it is called. */
  readonly name: string;
  /** What the hub said. */
  readonly reason: string;
  /** The change, by its hash: for `Yilian.retryRefused` and `Yilian.discardRefused`. The hub may not say which it is. */
  readonly change: string | null;
  /** Whether it may be made again. */
  readonly retry: boolean;
}

/** Where edits are kept. */
export interface StorageStatus {
  /** In this browser's store, or only as long as the page lives. */
  readonly kind: "indexeddb" | "memory";
  /** Whether the browser promised not to clear it by itself. */
  readonly persistent: boolean;
  /** The last thing that could not be stored, and why. */
  readonly problem: WireError | undefined;
}

/** What a status is before anything is known. */
export const UNKNOWN: Status = {
  connection: "offline",
  leading: false,
  waiting: [],
  changesWaiting: 0,
  arriving: 0,
  inStep: false,
  savedAt: undefined,
  refused: [],
  failure: undefined,
  storage: { kind: "memory", persistent: false, problem: undefined },
};
