/** What a store says of a document without reading its changes. */
export interface StoredDocument {
  id: string;
  name: string | null;
  heads: string[];
  remoteHeads: string[];
}

/** What is read once, when a tab starts. */
export interface StoredState {
  storageId: string;
  documents: StoredDocument[];
  cursor: StoredCursor | undefined;
  /** Changes that broke the engine, and were not put aside yet. */
  quarantine: string[];
  /** Changes that are aside: kept, and neither used nor sent. */
  aside: Aside[];
  /** Those of them that nobody wants to hear of any more. */
  dismissed: string[];
  suspects: Suspect[];
  savedAt: number | undefined;
  /** The last row that was written. */
  seen: number;
}

export interface StoredCursor {
  store: string;
  position: string;
}

/**
 * A document that broke the engine: its first `good` changes did not, its first `bad` did. Where `bad` is 0, it was none of
 * them, but what the hub sent in compact form.
 */
export interface Suspect {
  document: string;
  good: number;
  bad: number;
}

/** What is aside of a document. */
export interface Aside {
  document: string;
  listed: { change: string; reason: string }[];
}

/** One commit of one document. */
export interface Write {
  document: string;
  name: string | null;
  before: string[];
  after: string[];
  changes: Uint8Array;
}

/** A commit as another tab may have to read it. */
export interface Row {
  seq: number;
  document: string;
  name: string | null;
  changes: Uint8Array;
}

/** Small things whose loss costs time only. */
export interface Notes {
  remoteHeads: Map<string, string[]>;
  cursor: StoredCursor | undefined;
  savedAt: number | undefined;
}

/** All that a store in memory holds. It can be posted. */
export interface Memory {
  state: Omit<StoredState, "documents" | "seen">;
  documents: Map<string, StoredDocument>;
  rows: Row[];
  incarnation: string;
}

/** A place where documents are kept. */
export interface Store {
  readonly kind: "indexeddb" | "memory";
  /** What would be gone with the engine. */
  readonly memory: Memory | undefined;
  open(): Promise<StoredState>;
  load(document: string): Promise<{ changes: Uint8Array; name: string | null }>;
  /** Commits all of it or nothing; answers each write's row once it is durable. */
  commit(writes: Write[]): Promise<number[]>;
  note(notes: Notes): Promise<void>;
  /**
   * The incarnation of the store. It is kept outside of it as well: where `known` is another, one of them was restored or
   * copied, and a new incarnation begins.
   */
  incarnation(known: string | undefined): Promise<string>;
  /** What was written after a row. */
  since(seq: number): Promise<Row[]>;
  setSuspect(suspect: Suspect): Promise<void>;
  clearSuspect(document: string, culprit: string | undefined): Promise<void>;
  /** Keeps what is aside of a document; of its heads before, `after` are left. */
  setAside(aside: Aside, before: string[], after: string[]): Promise<void>;
  dismiss(change: string): Promise<void>;
  close(): void;
}

/** The heads after a commit, where another tab may have committed meanwhile. */
export function merge(stored: string[], write: Pick<Write, "before" | "after">): string[] {
  const kept = stored.filter((head) => !write.before.includes(head));
  return [...new Set([...kept, ...write.after])].sort();
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
