import type { Acts } from "./acts.js";
import type { Client } from "./engine/yilian.js";
import { YilianError } from "./errors.js";
import type { Signal } from "./signal.js";
import type { Aside, Store } from "./storage.js";
import type { TabMessage } from "./tabs.js";

/** What refused changes need of whoever has them. */
export interface RefusedOwner {
  /** Tells the other tabs. */
  tell(message: TabMessage): void;
  problem(error: YilianError): void;
  /** The store failed. */
  failed(thrown: unknown): void;
  changed(): void;
}

/** Changes that the hub refused or that broke the engine: kept, said, and told the other tabs. */
export class RefusedChanges {
  #client: Client;
  #store: Store;
  #acts: Acts;
  #owner: RefusedOwner;
  /** How many of each document were said. */
  #said: Map<string, number>;

  constructor(client: Client, store: Store, acts: Acts, known: Aside[], owner: RefusedOwner) {
    this.#client = client;
    this.#store = store;
    this.#acts = acts;
    this.#said = new Map(known.map(({ document, listed }) => [document, listed.length]));
    this.#owner = owner;
  }

  /** The engine has put some aside. */
  aside({ document, name, listed, before, after }: Extract<Signal, { type: "aside" }>): void {
    const aside = { document, listed };
    for (const { change, reason } of listed.slice(this.#said.get(document) ?? 0)) {
      const what = `change ${change} of ${name ?? document} is kept aside: ${reason}`;
      this.#owner.problem(new YilianError("ChangeRefused", what));
    }
    this.#said.set(document, listed.length);
    this.#store.setAside(aside, before, after).catch((thrown: unknown) => this.#owner.failed(thrown));
    this.#owner.tell({ kind: "aside", aside });
  }

  /** The engine has made again, on disk, what one wrote. */
  madeAgain(change: string): void {
    this.#store.dismiss(change).catch((thrown: unknown) => this.#owner.failed(thrown));
    this.#owner.tell({ kind: "dismissed", change });
  }

  /** Another tab has, or was told to show one no more. */
  heard(message: Extract<TabMessage, { kind: "aside" | "dismissed" }>): void {
    if (message.kind === "dismissed") {
      this.#client.discard(message.change);
      return;
    }
    const { aside } = message;
    this.#said.set(aside.document, aside.listed.length);
    this.#client.setAside(aside.document, JSON.stringify(aside));
  }

  /** Makes what one did once more. */
  async retry(change: string): Promise<void> {
    await this.#acts.retry(change);
    await this.discard(change);
  }

  /** Shows one no more. */
  async discard(change: string): Promise<void> {
    this.#client.discard(change);
    await this.#store.dismiss(change);
    this.#owner.tell({ kind: "dismissed", change });
    this.#owner.changed();
  }
}
