import type { Notes, Store, StoredCursor, Write } from "./storage.js";

/** What a writer needs of whoever has it. */
export interface WriterOwner {
  /** Whether the engine still runs: what it wanted stored when it stopped, it would want again. */
  runs(): boolean;
  /** A commit has ended; with the row of each write when it succeeded. */
  ended(writes: Write[], rows: number[] | undefined): void;
  worked(): void;
  failed(thrown: unknown): void;
}

/** Puts what the engine wants stored into the store, one commit at a time. */
export class Writer {
  #store: Store;
  #owner: WriterOwner;
  #writes: Write[] = [];
  #committing = false;
  #notes: Notes = { remoteHeads: new Map(), cursor: undefined, savedAt: undefined };
  #noted = false;

  constructor(store: Store, owner: WriterOwner) {
    this.#store = store;
    this.#owner = owner;
  }

  /** What is asked for during a commit shares the next. */
  write(write: Write): void {
    this.#writes.push(write);
    void this.#commit();
  }

  async #commit(): Promise<void> {
    if (this.#committing) return;
    this.#committing = true;
    while (this.#writes.length > 0 && this.#owner.runs()) {
      const writes = this.#writes;
      this.#writes = [];
      let rows: number[] | undefined;
      try {
        rows = await this.#store.commit(writes);
        this.#owner.worked();
      } catch (thrown) {
        this.#owner.failed(thrown);
      }
      this.#owner.ended(writes, rows);
    }
    this.#committing = false;
  }

  /** Waits until what was asked for is stored. */
  async idle(): Promise<void> {
    while (this.#committing) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  noteHeads(document: string, heads: string[]): void {
    this.#notes.remoteHeads.set(document, heads);
    this.#noted = true;
  }

  noteCursor(cursor: StoredCursor): void {
    this.#notes.cursor = cursor;
    this.#noted = true;
  }

  noteSaved(at: number): void {
    this.#notes.savedAt = at;
    this.#noted = true;
  }

  /** Stores what was noted; its loss would cost time only. */
  async writeNotes(): Promise<void> {
    if (!this.#noted) return;
    const notes = this.#notes;
    this.#notes = { remoteHeads: new Map(), cursor: undefined, savedAt: undefined };
    this.#noted = false;
    try {
      await this.#store.note(notes);
    } catch (thrown) {
      this.#owner.failed(thrown);
    }
  }
}
