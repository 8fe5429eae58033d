import type { Documents } from "./documents.js";
import type { Client } from "./engine/yilian.js";
import type { Tickets } from "./tickets.js";

/** What acts need of whoever has them. */
export interface ActsOwner {
  /** Does something while no other tab does anything of the kind, and with all that they did. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** What a page does: each is answered once it is stored. */
export class Acts {
  #client: Client;
  #documents: Documents;
  #tickets: Tickets;
  #owner: ActsOwner;

  constructor(client: Client, documents: Documents, tickets: Tickets, owner: ActsOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#tickets = tickets;
    this.#owner = owner;
  }

  async edit(name: string, orders: string, message: string): Promise<unknown> {
    await this.#documents.built(name);
    return this.#opening(() => this.#client.edit(name, orders, message, Date.now()));
  }

  /** Does something that takes more than orders; `alone`: while no other tab of this browser does. */
  act(act: string, args: string, alone: boolean): Promise<unknown> {
    // The same when it is tried again with more documents open.
    const random = crypto.getRandomValues(new Uint8Array(16));
    const work = () => this.#opening(() => this.#client.act(act, args, random, Date.now()));
    return alone ? this.#owner.alone(work) : work();
  }

  /** Makes what a refused change did once more. */
  retry(change: string): Promise<unknown> {
    return this.#opening(() => this.#client.retry(change, Date.now()));
  }

  async undo(name: string): Promise<unknown> {
    await this.#documents.built(name);
    return this.#edited(this.#client.undo(name, Date.now()));
  }

  async redo(name: string): Promise<unknown> {
    await this.#documents.built(name);
    return this.#edited(this.#client.redo(name, Date.now()));
  }

  /** Edits; what the engine needs for that is open meanwhile. */
  async #opening(edit: () => string): Promise<unknown> {
    const held: string[] = [];
    try {
      for (;;) {
        const json = edit();
        const { opens } = JSON.parse(json) as { opens: string[] };
        if (opens.length === 0) return await this.#edited(json);
        for (const name of opens) this.#documents.hold(name);
        held.push(...opens);
        this.#owner.work();
        await Promise.all(opens.map((name) => this.#documents.built(name)));
      }
    } finally {
      this.#owner.guard(() => {
        for (const name of held) this.#documents.release(name);
        this.#owner.work();
      });
    }
  }

  #edited(json: string): Promise<unknown> {
    const settled = this.#tickets.wait(json);
    this.#owner.work();
    return settled;
  }
}
