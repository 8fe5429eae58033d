import type { Client } from "./engine/yilian.js";
import { toWire } from "./errors.js";
import type { Link } from "./link.js";
import { type Refusal, type Status, type StorageStatus, UNKNOWN } from "./status.js";

/** How long after a change the status is looked at. */
const AFTER_MS = 50;

/** What a standing needs of whoever has it. */
export interface StandingOwner {
  link(): Link | undefined;
  leads(): boolean;
  /** Tells the page. */
  show(status: Status): void;
  /** Tells the other tabs, from whoever leads. */
  spread(status: Status): void;
  /** Everything is on the hub's disk. */
  saved(at: number): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** What the engine says of itself. */
interface Progress {
  catalogueRead: boolean;
  arriving: number;
  waiting: { name: string; changes: number | null }[];
  refused: Refusal[];
  inStep: boolean;
}

/** How this browser and the hub are from each other, as whoever leads sees it and all tabs show it. */
export class Standing {
  #client: Client;
  #owner: StandingOwner;
  #status: Status;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(client: Client, savedAt: number | undefined, storage: StorageStatus, owner: StandingOwner) {
    this.#client = client;
    this.#owner = owner;
    this.#status = { ...UNKNOWN, savedAt, storage };
  }

  get now(): Status {
    return this.#status;
  }

  /** Something changed. */
  soon(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#owner.guard(() => this.#update());
    }, AFTER_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Shows what whoever leads says; what is of this tab alone stays. */
  show(status: Status): void {
    const own = { ...status, leading: this.#owner.leads(), storage: this.#status.storage };
    this.#status = own;
    this.#owner.show(own);
  }

  /** The browser promised not to clear the store by itself. */
  kept(): void {
    this.#storage({ persistent: true });
  }

  /** Something could not be stored. */
  storageFailed(thrown: unknown): void {
    this.#storage({ problem: toWire(thrown) });
  }

  storageWorks(): void {
    if (this.#status.storage.problem !== undefined) this.#storage({ problem: undefined });
  }

  #storage(change: Partial<StorageStatus>): void {
    this.#status = { ...this.#status, storage: { ...this.#status.storage, ...change } };
    this.soon();
  }

  #update(): void {
    if (!this.#owner.leads()) return this.show(this.#status);
    const progress = JSON.parse(this.#client.progress()) as Progress;
    const { waiting, arriving, refused, inStep } = progress;
    const link = this.#owner.link();
    let savedAt = this.#status.savedAt;
    if (inStep) {
      savedAt = Date.now();
      this.#owner.saved(savedAt);
    }
    const status: Status = {
      connection: link?.state ?? "offline",
      leading: true,
      waiting,
      changesWaiting: waiting.reduce((sum, { changes }) => sum + (changes ?? 1), 0),
      arriving,
      inStep,
      savedAt,
      refused,
      failure: link?.failure,
      storage: this.#status.storage,
    };
    this.show(status);
    this.#owner.spread(status);
  }
}
