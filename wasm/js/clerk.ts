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
  /** The version of the ledger that was looked at last. */
  #version: number | undefined;
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
    // As it is now: what comes meanwhile is looked at the next time. A site that shares no goods has no ledger.
    const version = this.#client.version(this.#name);
    if (version === undefined || version === this.#version) return;
    if (!this.#holds) {
      this.#holds = true;
      this.#documents.hold(this.#name);
    }
    await this.#owner.act();
    this.#version = version;
  }
}
