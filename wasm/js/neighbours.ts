import type { Client } from "./engine/yilian.js";
import { MEETING } from "./devices.js";
import type { Store, Write } from "./storage.js";
import type { TabMessage, Tabs } from "./tabs.js";

/** What neighbours need of whoever has them. */
export interface NeighboursOwner {
  /** What this tab shows. */
  shown(): string[];
  leads(): boolean;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
  /** The store could not be read. */
  failed(thrown: unknown): void;
}

/** What the other tabs of this browser store and show, so that each has what the others wrote. */
export class Neighbours {
  #client: Client;
  #store: Store;
  #tabs: Tabs | undefined;
  #owner: NeighboursOwner;
  /** The last row of the store that this tab has taken. */
  #seen: number;
  #catchingUp: Promise<void> | undefined;
  /** What the other tabs show, by tab. */
  #shown = new Map<string, string[]>();
  #attended = new Set<string>();
  /** Whether the other tabs will be told what this one shows. */
  #telling = false;

  constructor(
    client: Client,
    store: Store,
    tabs: Tabs | undefined,
    seen: number,
    owner: NeighboursOwner,
  ) {
    this.#client = client;
    this.#store = store;
    this.#tabs = tabs;
    this.#seen = seen;
    this.#owner = owner;
  }

  tell(message: TabMessage): void {
    this.#tabs?.tell(message);
  }

  /** Says what this tab shows. */
  show(): void {
    this.#tabs?.tell({ kind: "shows", tab: this.#tabs.id, names: this.#owner.shown() });
  }

  /** Says it soon: many are opened at once, and the other tabs hear of all of them. */
  showSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      this.#owner.guard(() => this.show());
    });
  }

  /** This tab stored something. */
  announce(seq: number, { document, name, changes }: Write): void {
    if (seq === this.#seen + 1) this.#seen = seq;
    this.#tabs?.tell({ kind: "stored", seq, document, name, changes });
  }

  /** Another tab stored something. */
  stored({ seq, name, changes }: Extract<TabMessage, { kind: "stored" }>): void {
    if (seq !== this.#seen + 1) {
      void this.catchUp();
      return;
    }
    this.#seen = seq;
    this.#take(name, changes);
  }

  /** Another tab shows something. */
  shows({ tab, names }: Extract<TabMessage, { kind: "shows" }>): void {
    if (!this.#shown.has(tab)) this.#tabs?.whenGone(tab, () => this.#owner.guard(() => this.#gone(tab)));
    this.#shown.set(tab, names);
    this.attend();
  }

  /** A tab closed or died: nobody looks at what it showed. */
  #gone(tab: string): void {
    this.#shown.delete(tab);
    this.attend();
    this.#owner.work();
  }

  /** Whoever leads keeps in step what any tab shows, and no more. */
  attend(): void {
    if (!this.#owner.leads()) return;
    const wanted = new Set([MEETING, ...[...this.#shown.values()].flat()]);
    for (const name of wanted) this.#client.attend(name);
    for (const name of this.#attended) if (!wanted.has(name)) this.#client.leave(name);
    this.#attended = wanted;
  }

  /** Reads what other tabs stored and this one did not hear of. */
  catchUp(): Promise<void> {
    if (this.#tabs === undefined) return Promise.resolve();
    this.#catchingUp ??= this.#readOn().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #readOn(): Promise<void> {
    try {
      const rows = await this.#store.since(this.#seen);
      this.#owner.guard(() => {
        for (const { seq, name, changes } of rows) {
          this.#seen = Math.max(this.#seen, seq);
          this.#take(name, changes);
        }
        this.#owner.work();
      });
    } catch (thrown) {
      this.#owner.failed(thrown);
    }
  }

  #take(name: string | null, changes: Uint8Array): void {
    if (name !== null) this.#client.announced(name, changes);
  }
}
