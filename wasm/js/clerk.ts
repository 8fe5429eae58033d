import type { Documents } from "./documents.js";
import type { Client } from "./engine/yilian.js";

/** How long the clerk waits for more to change. */
const AFTER_MS = 1_000;

/** What a clerk needs of whoever has it. */
export interface ClerkOwner {
  /** Whether this tab leads and everything that the hub has is here: what the other devices hold is known then. */
  ready(): boolean;
  /** Does what is to be done. */
  act(): Promise<unknown>;
  failed(thrown: unknown): void;
}

/**
 * While there is a network, gives out what claims ask of this browser and sees to it that the other devices of its site have
 * something to give out.
 */
export class Clerk {
  #client: Client;
  #documents: Documents;
  #name: string;
  #owner: ClerkOwner;
  #holds = false;
  /** The state of the ledger that was looked at last. */
  #stamp: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(client: Client, documents: Documents, site: string, owner: ClerkOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#name = `supplies/${site}`;
    this.#owner = owner;
  }

  /** Something changed. */
  soon(): void {
    if (this.#timer !== undefined || this.#stopped || !this.#owner.ready()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look().catch((thrown: unknown) => this.#owner.failed(thrown));
    }, AFTER_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#stopped || !this.#owner.ready()) return;
    if (!this.#holds) {
      // A site that shares no goods has no ledger.
      if (!this.#client.names().includes(this.#name)) return;
      this.#holds = true;
      this.#documents.hold(this.#name);
    }
    // As it is now: what comes meanwhile is looked at the next time.
    const stamp = this.#client.stamp([this.#name]);
    if (stamp === this.#stamp) return;
    await this.#owner.act();
    this.#stamp = stamp;
  }
}
