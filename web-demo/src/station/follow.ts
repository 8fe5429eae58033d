// What a section follows: it is drawn again when any of it changes, and all of it is let go together.

import type { DocumentView, Live, Query } from "@yilian/client";

/** Subscriptions that end together. */
export class Follows {
  #changed: () => void;
  #stops: (() => void)[] = [];
  #documents: DocumentView[] = [];
  #asked = new Map<string, { query: Query<unknown>; stop: () => void; used: boolean }>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Follows an answer. */
  live<T extends Live<unknown>>(live: T): T {
    this.#stops.push(live.subscribe(this.#changed));
    return live;
  }

  /** Follows a document, and lets go of it at the end. */
  document<T extends DocumentView>(view: T): T {
    const stop = view.subscribe(this.#changed);
    this.#stops.push(() => {
      stop();
      view.close();
    });
    this.#documents.push(view);
    // What it fails with is told by the client.
    void view.ready.then(this.#changed, () => {});
    return view;
  }

  /** Settled once what is stored here of the documents is shown. */
  async ready(): Promise<void> {
    await Promise.all(this.#documents.map(({ ready }) => ready));
  }

  /** An answer that is followed for as long as each drawing asks for it. */
  answer<T>(key: string, ask: () => Query<T>): T | undefined {
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      const query = ask();
      asked = { query, stop: query.subscribe(this.#changed), used: true };
      this.#asked.set(key, asked);
    }
    asked.used = true;
    return asked.query.value as T | undefined;
  }

  /** After a drawing: nobody asks any more for what was not asked for. */
  sweep(): void {
    for (const [key, asked] of this.#asked) {
      if (!asked.used) {
        asked.stop();
        this.#asked.delete(key);
      }
      asked.used = false;
    }
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const { stop } of this.#asked.values()) stop();
    this.#stops = [];
    this.#documents = [];
    this.#asked.clear();
  }
}
