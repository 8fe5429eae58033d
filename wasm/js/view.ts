import type {
  ChangeEntry,
  Collection,
  Edit,
  Findings,
  HistoryEntry,
  NewRecord,
  RecordFields,
  RecordOf,
  Repair,
  Shift,
} from "./generated.js";
import type { AnyRecord, Mirror, Update } from "./mirror.js";
import type { Presence } from "./presence.js";

/** Something that changes, as it is now. */
export interface Live<Value> {
  /** As of now; a new object after each change, the same one until then. */
  readonly value: Value;
  /** Calls back after each change; answers how to stop that. */
  subscribe(listener: () => void): () => void;
}

/** What the engine works out of the documents that are here; kept up to date while somebody subscribes. */
export interface Query<Value> extends Live<Value | undefined> {
  /** The last answer; undefined until there is one. */
  readonly value: Value | undefined;
  /** The answer as of now, subscribed or not. */
  now(): Promise<Value>;
}

/** What the views ask of the client they belong to. */
export interface Desk {
  readonly author: string | undefined;
  edit(name: string, orders: Order[], message: string): Promise<Edited>;
  act(act: string, args: object): Promise<Edited>;
  /** As `act`, while no other tab of this browser does, and with all that they did. */
  actAlone(act: string, args: object): Promise<Edited>;
  query<Value>(query: string, args: object): Query<Value>;
  undo(name: string): Promise<boolean>;
  redo(name: string): Promise<boolean>;
  history(name: string, collection: Collection, record: string): Promise<HistoryEntry[]>;
  changes(name: string, max: number): Promise<ChangeEntry[]>;
  findings(month: string): Live<Findings>;
  presence(name: string): DocumentPresence;
  hold(name: string): Mirror;
  release(name: string): void;
}

export interface Edited {
  readonly records: readonly string[];
  readonly changed: boolean;
  readonly code: string | null;
}

/** One thing to change. */
export type Order =
  | (OrderOf<"add"> & {
      /** The new record's id, where it is to have a certain one: a UUID. */
      record?: string;
      /** What it holds: a {@link NewRecord} of its collection. */
      fields: object;
    })
  | (OrderOf<"set"> & {
      /** Which record. */
      record: string;
      /** What to set: {@link RecordFields} of its collection. */
      fields: object;
    })
  | (OrderOf<"remove" | "restore"> & {
      /** Which record. */
      record: string;
    })
  | {
      /** Makes an edit of a repair. */
      op: "make";
      /** Which. */
      edit: Edit;
    };

/** What orders have in common. */
export interface OrderOf<Op extends string> {
  /** What to do. */
  op: Op;
  /** With a record of which collection. */
  collection: Collection;
}

/** Who else has a document open. */
export interface DocumentPresence<State = unknown> extends Live<readonly Presence<State>[]> {
  /** Tells the others what this tab does here; undefined says that it left. */
  set(state: State | undefined): void;
}

/** A document, whatever it holds: the general way in. */
export class DocumentView {
  /** What the document is called, such as `roster/keyun/2026-12`. */
  readonly name: string;
  /**
   * Settled once what is stored here of the document is shown; no network is needed for that.
   *
   * @throws {@link YilianError} `InvalidName` when no document can be called so.
   */
  readonly ready: Promise<void>;
  /** @internal */
  protected readonly desk: Desk;
  /** @internal */
  protected readonly mirror: Mirror;
  #closed = false;

  /** @internal */
  constructor(desk: Desk, name: string) {
    this.desk = desk;
    this.name = name;
    this.mirror = desk.hold(name);
    this.ready = this.mirror.ready;
  }

  /** Whether what is stored here of the document is shown. */
  get isReady(): boolean {
    return this.mirror.isReady;
  }

  /** Calls back after each change, with what changed; answers how to stop that. */
  subscribe(listener: (update: Update) => void): () => void {
    return this.mirror.subscribe(listener);
  }

  /** The records of a collection that were not removed, by id. */
  records<C extends Collection>(collection: C): RecordOf<C>[] {
    const records = [...this.mirror.records(collection)] as (AnyRecord & RecordOf<C>)[];
    return records.filter(isPresent).sort(byId);
  }

  /** The records of a collection that were removed. */
  removed<C extends Collection>(collection: C): RecordOf<C>[] {
    const records = [...this.mirror.records(collection)] as (AnyRecord & RecordOf<C>)[];
    return records.filter((record) => !isPresent(record)).sort(byId);
  }

  /** A record, removed or not. */
  record<C extends Collection>(collection: C, id: string): RecordOf<C> | undefined {
    return this.mirror.record(collection, id) as RecordOf<C> | undefined;
  }

  /**
   * Makes a record; answers its id once it is stored here.
   *
   * @throws {@link YilianError} `InvalidField` when a field does not fit; `QuotaExceeded` or `NotStored` when the
   * browser could not store it: it is not kept then; `EngineStopped` when the engine stopped meanwhile: it may have
   * been stored.
   */
  async add<C extends Collection>(
    collection: C,
    fields: NewRecord<C>,
    message = "",
  ): Promise<string> {
    const edited = await this.desk.edit(this.name, [{ op: "add", collection, fields }], message);
    return edited.records[0] as string;
  }

  /**
   * Sets fields of a record; null empties one. Settled once it is stored here. What is confirmed is confirmed no more when
   * what that was about changes, and a record that then starts in another month moves to that month's document.
   *
   * @throws {@link YilianError} as {@link add}, and `NoSuchRecord`.
   */
  async set<C extends Collection>(
    collection: C,
    record: string,
    fields: RecordFields<C>,
    message = "",
  ): Promise<void> {
    await this.desk.edit(this.name, [{ op: "set", collection, record, fields }], message);
  }

  /** Marks a record as removed; it stays, and can be restored. */
  async remove(collection: Collection, record: string, message = ""): Promise<void> {
    await this.desk.edit(this.name, [{ op: "remove", collection, record }], message);
  }

  /** Takes a removal back. */
  async restore(collection: Collection, record: string, message = ""): Promise<void> {
    await this.desk.edit(this.name, [{ op: "restore", collection, record }], message);
  }

  /** Several things as one change: all of them or, if one does not fit, none. Answers their records. */
  async edit(orders: Order[], message = ""): Promise<readonly string[]> {
    return (await this.desk.edit(this.name, orders, message)).records;
  }

  /** Undoes this author's last change that still shows; false if there is none. */
  undo(): Promise<boolean> {
    return this.desk.undo(this.name);
  }

  /** Does again what was undone last in this tab, unless something was edited since; false if there is nothing. */
  redo(): Promise<boolean> {
    return this.desk.redo(this.name);
  }

  /** What was done to a record, oldest first. */
  history(collection: Collection, record: string): Promise<HistoryEntry[]> {
    return this.desk.history(this.name, collection, record);
  }

  /** The last changes of the document, whatever they changed: the newest first. */
  changes(max = 50): Promise<ChangeEntry[]> {
    return this.desk.changes(this.name, max);
  }

  /** Who else has the document open. */
  get presence(): DocumentPresence {
    return this.desk.presence(this.name);
  }

  /** Lets go of the document. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.desk.release(this.name);
  }
}

/** The records of one collection of a document. */
export class CollectionView<C extends Collection> extends DocumentView implements Live<readonly RecordOf<C>[]> {
  /** Which. */
  readonly collection: C;
  #order: (a: RecordOf<C>, b: RecordOf<C>) => number;
  #value: readonly RecordOf<C>[] = [];
  /** Records that changed since `#value` was put together; undefined when all may have. */
  #changed: Set<string> | undefined;
  #stop: () => void;

  /** @internal */
  constructor(
    desk: Desk,
    name: string,
    collection: C,
    order: (a: RecordOf<C>, b: RecordOf<C>) => number,
  ) {
    super(desk, name);
    this.collection = collection;
    this.#order = order;
    this.#stop = this.mirror.watch((patches) => {
      if (patches === undefined) this.#changed = undefined;
      for (const patch of patches ?? []) {
        if (patch.collection === collection) this.#changed?.add(patch.record);
      }
    });
  }

  /** The records that were not removed, in order. */
  get value(): readonly RecordOf<C>[] {
    const changed = this.#changed;
    if (!this.isReady || changed?.size === 0) return this.#value;
    const records = (some: Iterable<AnyRecord>): RecordOf<C>[] =>
      ([...some].filter(isPresent) as (AnyRecord & RecordOf<C>)[]).sort(this.#order);
    if (changed === undefined) {
      // The engine tells of records in about this order, so that sorting has little to do.
      this.#value = records(this.mirror.records(this.collection));
    } else {
      const found = [...changed].map((id) => this.mirror.record(this.collection, id));
      const kept = (this.#value as (AnyRecord & RecordOf<C>)[]).filter(({ id }) => !changed.has(id));
      const fresh = records(found.filter((record) => record !== undefined));
      this.#value = merged(kept, fresh, this.#order);
    }
    this.#changed = new Set();
    return this.#value;
  }

  override close(): void {
    this.#stop();
    super.close();
  }

  /** A record, removed or not. */
  get(id: string): RecordOf<C> | undefined {
    return this.record(this.collection, id);
  }
}

/** The views that have one collection speak of it alone. */
export class SitesView extends CollectionView<"sites"> {
  /** @internal */
  constructor(desk: Desk) {
    super(desk, "sites", "sites", (a, b) => compare(a.key, b.key));
  }
}

/** One kind of record of the document `sites`, in order of site and name. */
export class DirectoryView<C extends "venues" | "services" | "exceptions" | "drives"> extends CollectionView<C> {
  /** @internal */
  constructor(desk: Desk, collection: C) {
    super(desk, "sites", collection, byPlace);
  }
}

/** The persons of a site, by name. */
export class PeopleView extends CollectionView<"persons"> {
  /** Whose. */
  readonly site: string;

  /** @internal */
  constructor(desk: Desk, site: string) {
    super(desk, `people/${site}`, "persons", (a, b) => pinyin(a.name, b.name) || byId(a, b));
    this.site = site;
  }
}

/** A new shift: what is left out is the roster's site, and `planned`. */
export type NewRosterShift = Omit<NewRecord<"shifts">, "site" | "state"> &
  Partial<Pick<NewRecord<"shifts">, "site" | "state">>;

/** The shifts of a site in a month, by start and name. */
export class RosterView extends CollectionView<"shifts"> {
  /** Whose. */
  readonly site: string;
  /** Of which month: `2026-12`. */
  readonly month: string;

  /** @internal */
  constructor(desk: Desk, site: string, month: string) {
    super(desk, `roster/${site}/${month}`, "shifts", byStart);
    this.site = site;
    this.month = month;
  }

  /** Puts somebody on the roster; answers the shift's id once it is stored here. */
  addShift(shift: NewRosterShift, message = ""): Promise<string> {
    const { site, state } = { site: this.site, state: "planned" as const, ...shift };
    return this.add("shifts", { ...shift, site, state }, message);
  }

  /** Changes a shift. One that then starts in another month moves to that month's roster. */
  setShift(id: string, fields: RecordFields<"shifts">, message = ""): Promise<void> {
    return this.set("shifts", id, fields, message);
  }

  /** Takes a shift off the roster; it stays, marked, and can be restored. */
  removeShift(id: string, message = ""): Promise<void> {
    return this.remove("shifts", id, message);
  }

  /** Puts a removed shift back. */
  restoreShift(id: string, message = ""): Promise<void> {
    return this.restore("shifts", id, message);
  }

  /** What was done to a shift, oldest first. */
  historyOf(id: string): Promise<HistoryEntry[]> {
    return this.history("shifts", id);
  }

  /** What makes no sense in this roster and what it stands beside. Computed while somebody subscribes. */
  get findings(): Live<Findings> {
    this.#findings ??= new OwnFindings(this.desk.findings(this.month), this.name);
    return this.#findings;
  }

  #findings: OwnFindings | undefined;
}

/** Those of a month's findings that are about one document. */
class OwnFindings implements Live<Findings> {
  #all: Live<Findings>;
  #document: string;
  #seen: Findings | undefined;
  #own: Findings = { findings: [], not_checked: [] };

  constructor(all: Live<Findings>, document: string) {
    this.#all = all;
    this.#document = document;
  }

  get value(): Findings {
    const all = this.#all.value;
    if (this.#seen !== all) {
      this.#seen = all;
      const own = all.findings.filter(({ records }) =>
        records.some(({ document }) => document === this.#document),
      );
      this.#own = { findings: own, not_checked: all.not_checked };
    }
    return this.#own;
  }

  subscribe(listener: () => void): () => void {
    return this.#all.subscribe(listener);
  }
}

export type { Repair, Shift };

function isPresent(record: AnyRecord): boolean {
  return record.removed_at === null || record.removed_at === undefined;
}

/** Two lists in order as one. */
function merged<T>(left: T[], right: T[], order: (a: T, b: T) => number): T[] {
  const all: T[] = [];
  let at = 0;
  for (const one of right) {
    for (let next = left[at]; next !== undefined && order(next, one) <= 0; next = left[at]) {
      all.push(next);
      at += 1;
    }
    all.push(one);
  }
  for (; at < left.length; at += 1) all.push(left[at] as T);
  return all;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byId(a: { id: string }, b: { id: string }): number {
  return compare(a.id, b.id);
}

function byPlace(a: Placed, b: Placed): number {
  const first = compare(a.site ?? "", b.site ?? "") || compare(a.from ?? "", b.from ?? "");
  return first || pinyin(a.name ?? "", b.name ?? "") || byId(a, b);
}

interface Placed {
  readonly id: string;
  readonly site?: string | null;
  readonly name?: string;
  readonly from?: string | null;
}

function byStart(a: Shift, b: Shift): number {
  return compare(a.start, b.start) || compare(a.name, b.name) || byId(a, b);
}

let collator: Intl.Collator | undefined;

/** Chinese names in the order of their pinyin. */
function pinyin(a: string, b: string): number {
  collator ??= new Intl.Collator("zh-Hans-u-co-pinyin");
  return collator.compare(a, b);
}
