import type { Client } from "./engine/yilian.js";
import type { Documents } from "./documents.js";
import { Pause } from "./pause.js";

/** What a watch needs of whoever has it. */
export interface WatchOwner {
  show(month: string, json: string): void;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** A month, and what is open for its findings. */
interface Month {
  readonly held: Set<string>;
  /** Whether documents came that it may be about, and whether something changed that it is about. */
  grows: boolean;
  isDue: boolean;
  json: string | undefined;
}

/** The months whose findings somebody looks at, with the documents that are open for them. */
export class Watch {
  #client: Client;
  #documents: Documents;
  #owner: WatchOwner;
  #months = new Map<string, Month>();
  #pause = new Pause(() => this.#owner.guard(() => this.#update()));

  constructor(client: Client, documents: Documents, owner: WatchOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#owner = owner;
  }

  add(month: string): void {
    const held = this.#months.get(month)?.held ?? new Set<string>();
    this.#months.set(month, { held, grows: true, isDue: true, json: undefined });
    this.#pause.begin();
  }

  remove(month: string): void {
    const held = this.#months.get(month)?.held;
    this.#months.delete(month);
    for (const name of held ?? []) this.#documents.release(name);
    this.#owner.work();
  }

  /** Documents changed, or came: `*` is whatever findings may depend on. */
  note(touched: readonly string[]): void {
    for (const month of this.#months.values()) {
      for (const name of touched) {
        if (month.held.has(name) || name === "*") month.isDue = true;
        else month.grows = true;
      }
      if (month.grows || month.isDue) this.#pause.begin();
    }
  }

  stop(): void {
    this.#pause.stop();
  }

  #update(): void {
    for (const [name, month] of this.#months) if (month.grows) this.#grow(name, month);
    this.#owner.work();
    for (const [name, month] of this.#months) {
      if (!month.isDue) continue;
      month.isDue = false;
      const json = this.#client.findings(name, Date.now());
      // What turned out to be settled need not be open any more; of many, some are looked at each time.
      if (this.#grow(name, month)) {
        month.isDue = true;
        this.#pause.begin();
      }
      if (json === month.json) continue;
      month.json = json;
      this.#owner.show(name, json);
    }
    this.#owner.work();
  }

  /** Opens what came, and lets go of what is not read any more; whether there was such. */
  #grow(name: string, month: Month): boolean {
    month.grows = false;
    const around = new Set(this.#client.around(name));
    for (const document of around) {
      if (month.held.has(document)) continue;
      month.held.add(document);
      this.#documents.hold(document);
    }
    const gone = [...month.held].filter((document) => !around.has(document));
    for (const document of gone) {
      month.held.delete(document);
      this.#documents.release(document);
    }
    return gone.length > 0;
  }
}
