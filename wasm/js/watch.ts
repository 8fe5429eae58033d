import type { Client } from "./engine/yilian.js";
import type { Documents } from "./documents.js";

/** How long findings wait for more to change. */
const AFTER_MS = 80;

/** What a watch needs of whoever has it. */
export interface WatchOwner {
  show(month: string, json: string): void;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** The months whose findings somebody looks at, with the documents that are open for them. */
export class Watch {
  #client: Client;
  #documents: Documents;
  #owner: WatchOwner;
  #months = new Map<string, Set<string>>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, documents: Documents, owner: WatchOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#owner = owner;
  }

  add(month: string): void {
    if (!this.#months.has(month)) this.#months.set(month, new Set());
    this.soon();
  }

  remove(month: string): void {
    const names = this.#months.get(month);
    this.#months.delete(month);
    for (const name of names ?? []) this.#documents.release(name);
    this.#owner.work();
  }

  /** Something changed. */
  soon(): void {
    if (this.#months.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#owner.guard(() => this.#update());
    }, AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #update(): void {
    for (const [month, held] of this.#months) {
      for (const name of this.#client.around(month)) {
        if (held.has(name)) continue;
        held.add(name);
        this.#documents.hold(name);
      }
    }
    this.#owner.work();
    for (const month of this.#months.keys()) {
      this.#owner.show(month, this.#client.findings(month, Date.now()));
    }
  }
}
