import { unavailable, YilianError } from "./errors.js";
import { newIncarnation } from "./identity.js";
import {
  type Aside,
  concat,
  merge,
  type Notes,
  type Row,
  type Store,
  type StoredCursor,
  type StoredDocument,
  type StoredState,
  type Suspect,
  type Write,
} from "./storage.js";

const VERSION = 1;
/** A document that lies in more rows than this is put together when it is read. */
const ROWS_MAX = 64;

interface LogRow {
  document: string;
  name: string | null;
  changes: Uint8Array;
}

/**
 * Documents in IndexedDB: a log of changes in the order in which they were stored, which all tabs of
 * a browser append to, and a small row for each document.
 */
export class IndexedDbStore implements Store {
  readonly kind = "indexeddb";
  readonly memory = undefined;
  #name: string;
  #database!: IDBDatabase;

  constructor(name: string) {
    this.#name = name;
  }

  async open(): Promise<StoredState> {
    if (typeof indexedDB === "undefined") {
      throw new YilianError("StorageUnavailable", "this browser has no IndexedDB here");
    }
    try {
      this.#database = await opened(this.#name);
    } catch (thrown) {
      throw cannotOpen(thrown);
    }
    // Another tab wants a newer format: it must not wait for this one.
    this.#database.onversionchange = () => this.#database.close();
    const transaction = this.#database.transaction(["meta", "documents", "log"], "readwrite", {
      durability: "strict",
    });
    const meta = transaction.objectStore("meta");
    const [storageId, cursor, quarantine, aside, dismissed, suspects, savedAt, documents, last] = await Promise.all([
      answer(meta.get("storageId")),
      answer(meta.get("cursor")),
      answer(meta.get("quarantine")),
      answer(meta.get("aside")),
      answer(meta.get("dismissed")),
      answer(meta.get("suspects")),
      answer(meta.get("savedAt")),
      answer(transaction.objectStore("documents").getAll()),
      answer(transaction.objectStore("log").openKeyCursor(null, "prev")),
    ]);
    const id = (storageId as string | undefined) ?? crypto.randomUUID();
    if (storageId === undefined) meta.put(id, "storageId");
    await finished(transaction);
    return {
      storageId: id,
      documents: documents as StoredDocument[],
      cursor: cursor as StoredCursor | undefined,
      quarantine: (quarantine as string[] | undefined) ?? [],
      aside: (aside as Aside[] | undefined) ?? [],
      dismissed: (dismissed as string[] | undefined) ?? [],
      suspects: (suspects as Suspect[] | undefined) ?? [],
      savedAt: savedAt as number | undefined,
      seen: (last?.key as number | undefined) ?? 0,
    };
  }

  async load(document: string): Promise<{ changes: Uint8Array; name: string | null }> {
    const transaction = this.#database.transaction(["documents", "log"], "readonly");
    const log = transaction.objectStore("log").index("document");
    const [row, rows] = await Promise.all([
      answer(transaction.objectStore("documents").get(document)),
      answer(log.getAll(document)),
    ]);
    const changes = concat((rows as LogRow[]).map((row) => row.changes));
    const name = (row as StoredDocument | undefined)?.name ?? null;
    if (rows.length > ROWS_MAX) void this.#compact(document).catch(() => {});
    return { changes, name };
  }

  async commit(writes: Write[]): Promise<number[]> {
    const transaction = this.#database.transaction(["documents", "log"], "readwrite", {
      durability: "strict",
    });
    const documents = transaction.objectStore("documents");
    const log = transaction.objectStore("log");
    const done = finished(transaction);
    const one = async (write: Write): Promise<number> => {
      const { document, name, changes } = write;
      const stored = (await answer(documents.get(document))) as StoredDocument | undefined;
      documents.put({
        id: document,
        name: name ?? stored?.name ?? null,
        heads: merge(stored?.heads ?? [], write),
        remoteHeads: stored?.remoteHeads ?? [],
      } satisfies StoredDocument);
      return (await answer(log.add({ document, name, changes } satisfies LogRow))) as number;
    };
    const seqs = inOrder(writes, one).catch((thrown: unknown) => {
      abort(transaction);
      throw named(thrown);
    });
    const [rows] = await Promise.all([seqs, done]);
    return rows;
  }

  async incarnation(known: string | undefined): Promise<string> {
    const transaction = this.#database.transaction("meta", "readwrite", { durability: "strict" });
    const meta = transaction.objectStore("meta");
    const stored = (await answer(meta.get("incarnation"))) as string | undefined;
    const incarnation = stored !== undefined && stored === known ? stored : newIncarnation();
    if (incarnation !== stored) meta.put(incarnation, "incarnation");
    await finished(transaction);
    return incarnation;
  }

  async note({ remoteHeads, cursor, savedAt }: Notes): Promise<void> {
    const transaction = this.#database.transaction(["documents", "meta"], "readwrite", {
      durability: "relaxed",
    });
    const documents = transaction.objectStore("documents");
    const meta = transaction.objectStore("meta");
    if (cursor !== undefined) meta.put(cursor, "cursor");
    if (savedAt !== undefined) meta.put(savedAt, "savedAt");
    const one = async ([document, heads]: [string, string[]]): Promise<void> => {
      const stored = (await answer(documents.get(document))) as StoredDocument | undefined;
      if (stored !== undefined) documents.put({ ...stored, remoteHeads: heads });
    };
    await Promise.all([finished(transaction), ...[...remoteHeads].map(one)]);
  }

  async since(seq: number): Promise<Row[]> {
    const transaction = this.#database.transaction("log", "readonly");
    const log = transaction.objectStore("log");
    const range = IDBKeyRange.lowerBound(seq, true);
    const [keys, rows] = await Promise.all([
      answer(log.getAllKeys(range)),
      answer(log.getAll(range)),
    ]);
    return (rows as LogRow[]).map((row, index) => ({ ...row, seq: keys[index] as number }));
  }

  async setSuspect(suspect: Suspect): Promise<void> {
    await this.#suspects((suspects) => [...suspects, suspect], suspect.document, undefined);
  }

  async clearSuspect(document: string, culprit: string | undefined): Promise<void> {
    await this.#suspects((suspects) => suspects, document, culprit);
  }

  async setAside(aside: Aside, before: string[], after: string[]): Promise<void> {
    const transaction = this.#database.transaction(["documents", "meta"], "readwrite", {
      durability: "strict",
    });
    const meta = transaction.objectStore("meta");
    const documents = transaction.objectStore("documents");
    const [all, quarantine, stored] = await Promise.all([
      answer(meta.get("aside")),
      answer(meta.get("quarantine")),
      answer(documents.get(aside.document)),
    ]);
    const others = ((all as Aside[] | undefined) ?? []).filter(({ document }) => document !== aside.document);
    meta.put([...others, aside], "aside");
    // What broke the engine is aside now, and need not be looked for any more.
    const found = new Set(aside.listed.map(({ change }) => change));
    const left = ((quarantine as string[] | undefined) ?? []).filter((change) => !found.has(change));
    meta.put(left, "quarantine");
    const document = stored as StoredDocument | undefined;
    if (document !== undefined) {
      documents.put({ ...document, heads: merge(document.heads, { before, after }) });
    }
    await finished(transaction);
  }

  async dismiss(change: string): Promise<void> {
    const transaction = this.#database.transaction("meta", "readwrite", { durability: "strict" });
    const meta = transaction.objectStore("meta");
    const dismissed = ((await answer(meta.get("dismissed"))) as string[] | undefined) ?? [];
    meta.put([...dismissed, change], "dismissed");
    await finished(transaction);
  }

  async #suspects(
    change: (others: Suspect[]) => Suspect[],
    document: string,
    culprit: string | undefined,
  ): Promise<void> {
    const transaction = this.#database.transaction("meta", "readwrite", { durability: "strict" });
    const meta = transaction.objectStore("meta");
    const [suspects, quarantine] = await Promise.all([
      answer(meta.get("suspects")),
      answer(meta.get("quarantine")),
    ]);
    const others = ((suspects as Suspect[] | undefined) ?? []).filter(
      (suspect) => suspect.document !== document,
    );
    meta.put(change(others), "suspects");
    if (culprit !== undefined) {
      meta.put([...((quarantine as string[] | undefined) ?? []), culprit], "quarantine");
    }
    await finished(transaction);
  }

  /** Puts a document's rows together, under the place of the last: a tab that reads on from there misses nothing. */
  async #compact(document: string): Promise<void> {
    const transaction = this.#database.transaction("log", "readwrite", { durability: "strict" });
    const log = transaction.objectStore("log");
    const index = log.index("document");
    const [keys, rows] = await Promise.all([
      answer(index.getAllKeys(document)),
      answer(index.getAll(document)),
    ]);
    const last = keys.at(-1);
    const row = (rows as LogRow[]).at(-1);
    if (last === undefined || row === undefined) return;
    const changes = concat((rows as LogRow[]).map((row) => row.changes));
    for (const key of keys.slice(0, -1)) log.delete(key);
    log.put({ ...row, changes }, last);
    await finished(transaction);
  }

  close(): void {
    this.#database?.close();
  }
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("meta");
      database.createObjectStore("documents", { keyPath: "id" });
      database.createObjectStore("log", { autoIncrement: true }).createIndex("document", "document");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(named(request.error));
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(named(transaction.error));
    transaction.onerror = () => reject(named(transaction.error));
  });
}

/** One after the other: two writes of one document must see each other's heads. */
async function inOrder<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

/** What the browser calls an error, under a name of ours where a page would want to tell it apart. */
function named(thrown: unknown): Error {
  if (thrown instanceof YilianError) return thrown;
  const error = thrown as { name?: string; message?: string } | null;
  if (error?.name === "QuotaExceededError") {
    return new YilianError("QuotaExceeded", "the browser gives no more room to store edits");
  }
  return new YilianError("NotStored", `the browser could not store it: ${error?.message ?? "aborted"}`);
}

function cannotOpen(thrown: unknown): Error {
  const error = thrown as DOMException | null;
  if (error?.name === "VersionError") {
    return new YilianError("StoreTooNew", "the store is of a newer version of this package");
  }
  return unavailable(thrown);
}
