import type { Client } from "./engine/yilian.js";

const VERSION = 1;
/** As many are handed to the engine at once, so that it answers others in between. */
const AT_ONCE = 500;

/** What was worked out of a document, and the state of the document that it holds for. */
interface Memory {
  name: string;
  state: string;
  text: string;
}

/**
 * What the engine worked out of documents that hardly change any more, in a database beside the store: the next time these
 * need not be opened. Losing it, or being refused one, costs time only.
 */
export class Memories {
  #client: Client;
  #database: Promise<IDBDatabase | undefined>;
  /** Settled once the engine has all that is kept. */
  readonly taken: Promise<void>;
  isTaken = false;

  /** `name` is that of the database; without one, nothing is kept. */
  constructor(client: Client, name: string | undefined) {
    this.#client = client;
    this.#database = name === undefined ? Promise.resolve(undefined) : opened(name).catch(() => undefined);
    this.taken = this.#take()
      .catch(() => {})
      .then(() => {
        this.isTaken = true;
      });
  }

  /** Keeps what the engine worked out since the last time. */
  keep(): void {
    const texts = this.#client.takeMemories();
    if (texts.length > 0) void this.#write(texts).catch(() => {});
  }

  close(): void {
    void this.#database.then((database) => database?.close());
  }

  async #take(): Promise<void> {
    const database = await this.#database;
    if (database === undefined) return;
    const request = database.transaction("memories", "readonly").objectStore("memories").getAll();
    const all = await new Promise<Memory[]>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result as Memory[]);
      request.onerror = () => reject(request.error);
    });
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      this.#client.recall(some.flatMap(({ name, state, text }) => [name, state, text]));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async #write(texts: string[]): Promise<void> {
    const transaction = (await this.#database)?.transaction("memories", "readwrite", { durability: "relaxed" });
    const memories = transaction?.objectStore("memories");
    for (let at = 0; at + 2 < texts.length; at += 3) {
      const [name, state, text] = texts.slice(at, at + 3) as [string, string, string];
      memories?.put({ name, state, text } satisfies Memory);
    }
  }
}

function opened(name: string): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("memories", { keyPath: "name" });
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
    // Of a newer version of this package, or refused.
    request.onerror = () => resolve(undefined);
  });
}
