import { newIncarnation } from "./identity.js";
import {
  type Aside,
  concat,
  type Memory,
  merge,
  type Notes,
  type Row,
  type Store,
  type StoredState,
  type Suspect,
  type Write,
} from "./storage.js";

/** Keeps documents as long as the page lives: an engine that is started again is handed what the one before left. */
export class MemoryStore implements Store {
  readonly kind = "memory";
  readonly memory: Memory;

  constructor(left: Memory | undefined) {
    this.memory = left ?? empty();
  }

  async open(): Promise<StoredState> {
    const { state, documents, rows } = this.memory;
    return { ...state, documents: [...documents.values()], seen: rows.length };
  }

  async load(document: string): Promise<{ changes: Uint8Array; name: string | null }> {
    const rows = this.memory.rows.filter((row) => row.document === document);
    const name = this.memory.documents.get(document)?.name ?? null;
    return { changes: concat(rows.map((row) => row.changes)), name };
  }

  async commit(writes: Write[]): Promise<number[]> {
    const { documents, rows } = this.memory;
    return writes.map((write) => {
      const { document, name, changes } = write;
      const stored = documents.get(document);
      documents.set(document, {
        id: document,
        name: name ?? stored?.name ?? null,
        heads: merge(stored?.heads ?? [], write),
        remoteHeads: stored?.remoteHeads ?? [],
      });
      const seq = rows.length + 1;
      rows.push({ seq, document, name, changes });
      return seq;
    });
  }

  async note({ remoteHeads, cursor, savedAt }: Notes): Promise<void> {
    const { state, documents } = this.memory;
    state.cursor = cursor ?? state.cursor;
    state.savedAt = savedAt ?? state.savedAt;
    for (const [document, heads] of remoteHeads) {
      const stored = documents.get(document);
      if (stored !== undefined) documents.set(document, { ...stored, remoteHeads: heads });
    }
  }

  /** What nobody else has, nobody restores. */
  async incarnation(): Promise<string> {
    return this.memory.incarnation;
  }

  async since(seq: number): Promise<Row[]> {
    return this.memory.rows.slice(seq);
  }

  async setSuspect(suspect: Suspect): Promise<void> {
    await this.clearSuspect(suspect.document, undefined);
    this.memory.state.suspects.push(suspect);
  }

  async clearSuspect(document: string, culprit: string | undefined): Promise<void> {
    const { state } = this.memory;
    state.suspects = state.suspects.filter((suspect) => suspect.document !== document);
    if (culprit !== undefined) state.quarantine.push(culprit);
  }

  async setAside(aside: Aside, before: string[], after: string[]): Promise<void> {
    const { state, documents } = this.memory;
    state.aside = [...state.aside.filter(({ document }) => document !== aside.document), aside];
    const found = new Set(aside.listed.map(({ change }) => change));
    state.quarantine = state.quarantine.filter((change) => !found.has(change));
    const stored = documents.get(aside.document);
    if (stored === undefined) return;
    documents.set(aside.document, { ...stored, heads: merge(stored.heads, { before, after }) });
  }

  async dismiss(change: string): Promise<void> {
    this.memory.state.dismissed.push(change);
  }

  close(): void {}
}

function empty(): Memory {
  const state = {
    storageId: crypto.randomUUID(),
    cursor: undefined,
    quarantine: [],
    aside: [],
    dismissed: [],
    suspects: [],
    savedAt: undefined,
  };
  return { state, documents: new Map(), rows: [], incarnation: newIncarnation() };
}
