import type { Client } from "./engine/yilian.js";
import type { HostEvent } from "./protocol.js";
import type { Store, Suspect } from "./storage.js";
import { isTrap } from "./trap.js";

/** What the documents need of whoever has them. */
export interface DocumentsOwner {
  tell(event: HostEvent): void;
  /** Others are open than before. */
  opened(): void;
  /** The module broke at this. */
  broke(thrown: unknown, suspect: Suspect): void;
}

/** The documents that are open in the engine, and what of them the page has been told. */
export class Documents {
  #client: Client;
  #store: Store;
  #owner: DocumentsOwner;
  /** Names by the id of their document. */
  #names = new Map<string, string>();
  /** What the page shows. */
  #shown = new Set<string>();
  /** What findings and queries read, and how many of them. */
  #held = new Map<string, number>();
  /** Who waits for a document to be built. */
  #building = new Map<string, { resolve: () => void; reject: (error: Error) => void }[]>();
  #suspects = new Map<string, Suspect>();
  /** Documents of which what the hub sends in compact form breaks the engine. */
  #plain = new Set<string>();

  constructor(client: Client, store: Store, suspects: Suspect[], owner: DocumentsOwner) {
    this.#client = client;
    this.#store = store;
    for (const suspect of suspects) {
      if (suspect.bad === 0) this.#plain.add(suspect.document);
      else this.#suspects.set(suspect.document, suspect);
    }
    this.#owner = owner;
  }

  /** What whoever leads is to keep in step for this tab. */
  get wanted(): string[] {
    return [...new Set([...this.#shown, ...this.#held.keys()])];
  }

  /** Opens a document for the page. */
  show(name: string): void {
    this.#open(name);
    this.#shown.add(name);
    // Findings may have opened it before.
    if (this.#client.isBuilt(name)) this.#parts(name);
  }

  hide(name: string): void {
    this.#shown.delete(name);
    this.#client.close(name);
    this.#owner.opened();
  }

  /** Opens a document that need not be shown. */
  hold(name: string): void {
    this.#open(name);
    this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
  }

  /** Takes back one `hold`. */
  release(name: string): void {
    const left = (this.#held.get(name) ?? 1) - 1;
    if (left > 0) this.#held.set(name, left);
    else this.#held.delete(name);
    this.#client.close(name);
    this.#owner.opened();
  }

  #open(name: string): void {
    this.#names.set(this.#client.open(name), name);
    this.#owner.opened();
  }

  suspect(document: string): Suspect | undefined {
    return this.#suspects.get(document);
  }

  /** Waits until a document that is open can be edited. */
  async built(name: string): Promise<void> {
    const open = this.#shown.has(name) || this.#held.has(name);
    if (!open || this.#client.isBuilt(name)) return;
    await new Promise<void>((resolve, reject) => {
      const waiting = this.#building.get(name) ?? [];
      waiting.push({ resolve, reject });
      this.#building.set(name, waiting);
    });
  }

  /** A document cannot be built. */
  fail(name: string, error: Error): void {
    this.#isBuilt(name, error);
  }

  failAll(error: Error): void {
    for (const name of [...this.#building.keys()]) this.#isBuilt(name, error);
  }

  #isBuilt(name: string, error?: Error): void {
    const waiting = this.#building.get(name) ?? [];
    this.#building.delete(name);
    for (const { resolve, reject } of waiting) error === undefined ? resolve() : reject(error);
  }

  /** All records of a document, in parts, each a task of its own for the page. */
  #parts(name: string): void {
    for (const json of this.#client.snapshot(name)) this.#owner.tell({ event: "part", name, json });
    this.#owner.tell({ event: "ready", name });
  }

  /** Builds a document of its first changes; `again` when the page has been told of it before. */
  build(document: string, changes: number, again: boolean): void {
    const name = this.#names.get(document);
    const suspect = this.#suspects.get(document);
    const good = suspect === undefined ? changes : Math.min(suspect.good, changes);
    this.#careful(document, 0, good, () => this.#client.build(document, good));
    if (name !== undefined) this.#isBuilt(name);
    if (name === undefined || !this.#shown.has(name)) return;
    if (again) this.#owner.tell({ event: "reset", name });
    this.#parts(name);
  }

  /** Shows what a document has got since it was built. */
  apply(document: string): void {
    const suspect = this.#suspects.get(document);
    if (suspect === undefined) {
      this.#careful(document, 0, 0xffffffff, () => this.#client.apply(document, 0xffffffff));
      return;
    }
    // Half of what is suspected; what breaks the engine then is known more closely the next time.
    const half = suspect.good + Math.max(1, Math.floor((suspect.bad - suspect.good) / 2));
    this.#careful(document, suspect.good, half, () => this.#client.apply(document, half));
    if (half >= suspect.bad) {
      this.#suspects.delete(document);
      void this.#store.clearSuspect(document, undefined);
    } else {
      this.#suspects.set(document, { ...suspect, good: half });
    }
  }

  /** Reads what the relay sent in compact form. */
  expand(document: string, connection: number, bytes: Uint8Array): void {
    // Nothing expands to nothing: the hub is told.
    const taken = this.#plain.has(document) ? new Uint8Array() : bytes;
    this.#careful(document, 0, 0, () => this.#client.expand(document, connection, taken));
  }

  /** Does what may end the module; if it does, it is written down, so that the next engine is wary. */
  #careful(document: string, good: number, bad: number, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (isTrap(thrown)) this.#owner.broke(thrown, { document, good, bad });
      throw thrown;
    }
  }
}
