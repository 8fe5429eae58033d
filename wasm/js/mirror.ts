import type { Collection, FieldChange, RecordChange } from "./generated.js";

/** A record of any kind, as the engine shows it. */
export interface AnyRecord {
  readonly id: string;
  readonly removed_at?: string | null;
  readonly [field: string]: unknown;
}

/** What changed in a record, and the record as it is now. */
export interface Patch<R = AnyRecord> {
  readonly collection: Collection;
  readonly record: string;
  readonly change: RecordChange;
  readonly fields: readonly FieldChange[];
  /** The record now; none when all its fields were deleted. */
  readonly now: R | null;
}

/** What a subscriber hears. */
export interface Update<R = AnyRecord> {
  /** What changed; empty when the document has just been opened or built again. */
  readonly patches: readonly Patch<R>[];
  /** Whether it was changed in this tab. */
  readonly local: boolean;
}

/** The records of one document, as the engine tells of them. */
export class Mirror {
  readonly name: string;
  #collections = new Map<Collection, Map<string, AnyRecord>>();
  #listeners = new Set<(update: Update) => void>();
  #becomeReady!: () => void;
  readonly ready: Promise<void>;
  isReady = false;
  /** Grows with every change. */
  version = 0;
  holders = 0;

  constructor(name: string) {
    this.name = name;
    this.ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
  }

  records(collection: Collection): Iterable<AnyRecord> {
    return this.#collections.get(collection)?.values() ?? [];
  }

  record(collection: Collection, id: string): AnyRecord | undefined {
    return this.#collections.get(collection)?.get(id);
  }

  collections(): Iterable<Collection> {
    return this.#collections.keys();
  }

  subscribe(listener: (update: Update) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a part of what the document holds. */
  part({ collection, records }: { collection: Collection; records: AnyRecord[] }): void {
    const held = this.#collection(collection);
    for (const record of records) held.set(record.id, record);
  }

  /** All parts are here. */
  complete(): void {
    this.isReady = true;
    this.#becomeReady();
    this.#changed({ patches: [], local: false });
  }

  /** What is held is no longer true; parts follow. */
  reset(): void {
    this.#collections.clear();
  }

  apply(patches: Patch[], local: boolean): void {
    for (const { collection, record, now } of patches) {
      const held = this.#collection(collection);
      if (now === null) held.delete(record);
      else held.set(record, now);
    }
    this.#changed({ patches, local });
  }

  #collection(collection: Collection): Map<string, AnyRecord> {
    let held = this.#collections.get(collection);
    if (held === undefined) {
      held = new Map();
      this.#collections.set(collection, held);
    }
    return held;
  }

  #changed(update: Update): void {
    this.version += 1;
    if (!this.isReady) return;
    for (const listener of [...this.#listeners]) listener(update);
  }
}
