import { newIncarnation } from "./identity.js";
import {
  concat,
  merge,
  type Notes,
  type Row,
  type Store,
  type StoredDocument,
  type StoredState,
  type Suspect,
  type Write,
} from "./storage.js";

/** Keeps documents as long as the page lives. */
export class MemoryStore implements Store {
  readonly kind = "memory";
  #documents = new Map<string, StoredDocument>();
  #rows: Row[] = [];
  #incarnation = newIncarnation();

  async open(): Promise<StoredState> {
    return {
      storageId: crypto.randomUUID(),
      documents: [],
      cursor: undefined,
      quarantine: [],
      aside: [],
      dismissed: [],
      suspects: [],
      savedAt: undefined,
      seen: 0,
    };
  }

  async load(document: string): Promise<{ changes: Uint8Array; name: string | null }> {
    const rows = this.#rows.filter((row) => row.document === document);
    const name = this.#documents.get(document)?.name ?? null;
    return { changes: concat(rows.map((row) => row.changes)), name };
  }

  async commit(writes: Write[]): Promise<number[]> {
    return writes.map((write) => {
      const { document, name, changes } = write;
      const stored = this.#documents.get(document);
      this.#documents.set(document, {
        id: document,
        name: name ?? stored?.name ?? null,
        heads: merge(stored?.heads ?? [], write),
        remoteHeads: stored?.remoteHeads ?? [],
      });
      const seq = this.#rows.length + 1;
      this.#rows.push({ seq, document, name, changes });
      return seq;
    });
  }

  async note(_notes: Notes): Promise<void> {}

  /** What nobody else has, nobody restores. */
  async incarnation(): Promise<string> {
    return this.#incarnation;
  }

  async since(seq: number): Promise<Row[]> {
    return this.#rows.slice(seq);
  }

  async setSuspect(_suspect: Suspect): Promise<void> {}

  async clearSuspect(_document: string, _culprit: string | undefined): Promise<void> {}

  async setAside(): Promise<void> {}

  async dismiss(): Promise<void> {}

  close(): void {}
}
