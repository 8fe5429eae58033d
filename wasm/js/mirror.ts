import type { Collection, FieldChange, RecordChange } from "./generated.js";

/** A record of any kind, as the engine shows it. */
export interface AnyRecord {
  /** The same wherever it is. */
  readonly id: string;
  /** When it was removed, if it was: `2026-12-03T08:00`. */
  readonly removed_at?: string | null;
  readonly [field: string]: unknown;
}

/** What changed in a record, and the record as it is now. */
export interface Patch<R = AnyRecord> {
  /** Where the record is in its document. */
  readonly collection: Collection;
  /** Its id. */
  readonly record: string;
  /** What became of it. */
  readonly change: RecordChange;
  /** Which of its fields are others, and how. */
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

/** How long changes from elsewhere wait for more of their kind. */
const FRAME_MS = 16;

/** The records of one document, as the engine tells of them. */
export class Mirror {
  readonly name: string;
  #collections = new Map<Collection, Map<string, AnyRecord>>();
  #listeners = new Set<(update: Update) => void>();
  #becomeReady!: () => void;
  #cannot!: (error: Error) => void;
  readonly ready: Promise<void>;
  isReady = false;
  /** Grows with every change. */
  version = 0;
  holders = 0;
  #watchers = new Set<(patches: readonly Patch[] | undefined) => void>();
  #late: Patch[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string) {
    this.name = name;
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve;
      this.#cannot = reject;
    });
    // Not everybody waits for it.
    this.ready.catch(() => {});
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

  /** Calls back at once when records change, with their patches; with none when all may have changed. */
  watch(watcher: (patches: readonly Patch[] | undefined) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
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

  /** The document cannot be opened. */
  fail(error: Error): void {
    this.#cannot(error);
  }

  /** All parts are here. */
  complete(): void {
    this.isReady = true;
    this.#becomeReady();
    this.version += 1;
    for (const watcher of this.#watchers) watcher(undefined);
    this.#tell({ patches: [], local: false });
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
    this.version += 1;
    for (const watcher of this.#watchers) watcher(patches);
    if (local) {
      this.#flush();
      this.#tell({ patches, local });
      return;
    }
    // What comes from elsewhere may come in many parts: listeners hear of those of one frame together.
    for (const patch of patches) this.#late.push(patch);
    this.#timer ??= setTimeout(() => this.#flush(), FRAME_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#late.length === 0) return;
    const patches = this.#late;
    this.#late = [];
    this.#tell({ patches, local: false });
  }

  #collection(collection: Collection): Map<string, AnyRecord> {
    let held = this.#collections.get(collection);
    if (held === undefined) {
      held = new Map();
      this.#collections.set(collection, held);
    }
    return held;
  }

  #tell(update: Update): void {
    if (!this.isReady) return;
    for (const listener of [...this.#listeners]) listener(update);
  }
}
