import { Client } from "./engine/yilian.js";
import { offsetMinutes } from "./clock.js";
import { DeviceBook, MEETING, type OwnDevice } from "./devices.js";
import { toWire, YilianError } from "./errors.js";
import { IndexedDbStore } from "./indexeddb.js";
import { Link } from "./link.js";
import { load } from "./load.js";
import { MemoryStore } from "./memory.js";
import { PresenceBook } from "./presence.js";
import type { Call, HostEvent, HostOptions, Request } from "./protocol.js";
import { type Status, UNKNOWN } from "./status.js";
import type { Notes, Store, Suspect, Write } from "./storage.js";
import { Tabs, type TabMessage } from "./tabs.js";

const TICK_MS = 500;
/** How long findings wait for more to change. */
const FINDINGS_AFTER_MS = 80;
/** How long after a change the status is looked at. */
const STATUS_AFTER_MS = 50;
/** With changes waiting and nothing heard for so long, the connection is taken for dead. */
const SILENCE_MS = 30_000;

/** A signal of the engine; what each means is said in `session/signal.rs`. */
type Signal =
  | { type: "arrived"; document: string; name: string; changes: number }
  | { type: "behind"; document: string }
  | { type: "changed"; name: string; local: boolean }
  | { type: "close"; reason: string }
  | { type: "complaint"; message: string }
  | { type: "cursor"; store: string; position: string }
  | { type: "damaged"; document: string; name: string | null }
  | { type: "ephemeral"; name: string }
  | { type: "expand"; document: string; connection: number }
  | { type: "load"; document: string }
  | { type: "rebuild"; document: string; changes: number }
  | { type: "remoteHeads"; document: string; heads: string[] }
  | { type: "settled"; tickets: number[]; durable: boolean }
  | {
      type: "store";
      document: string;
      name: string | null;
      before: string[];
      after: string[];
      changes: number;
    }
  | { type: "wake" };

interface Waiter {
  tickets: Set<number>;
  done: () => void;
  failed: (error: Error) => void;
}

/**
 * The engine with everything around it: the store, the socket, the other tabs, timers. It runs in a
 * worker where there is one, and speaks with the page in `protocol.ts`.
 */
export class Host {
  #tell: (event: HostEvent) => void;
  #client!: Client;
  #store!: Store;
  #options!: HostOptions;
  #tabs: Tabs | undefined;
  #link: Link | undefined;
  #presence!: PresenceBook;
  #devices!: DeviceBook;
  #leading = false;
  /** Whether messages of other tabs can be taken. */
  #started = false;
  #stopped = false;
  #trapped = false;
  /** Names by the id of their document, of those that are open here. */
  #names = new Map<string, string>();
  /** What the page shows; findings may have more open. */
  #shown = new Set<string>();
  /** Who waits for a document that is shown to be built. */
  #building = new Map<string, { resolve: () => void; reject: (error: Error) => void }[]>();
  #suspects = new Map<string, Suspect>();
  /** What the other tabs show, by tab. */
  #elsewhere = new Map<string, string[]>();
  #waiters = new Set<Waiter>();
  #settled = new Map<number, boolean>();
  #writes: Write[] = [];
  #committing = false;
  #notes: Notes = { remoteHeads: new Map(), cursor: undefined, savedAt: undefined };
  #noted = false;
  #watched = new Map<string, Set<string>>();
  #findingsTimer: ReturnType<typeof setTimeout> | undefined;
  #statusTimer: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #status: Status = UNKNOWN;
  #seen = 0;
  #catchingUp: Promise<void> | undefined;

  constructor(tell: (event: HostEvent) => void) {
    this.#tell = tell;
  }

  /** Answers a call of the page. */
  async call({ id, request }: Call): Promise<void> {
    try {
      const value = await this.#answer(request);
      this.#tell({ event: "answer", id, value });
    } catch (thrown) {
      this.#tell({ event: "answer", id, error: toWire(thrown) });
      this.#noteTrap(thrown);
    }
  }

  async #answer(request: Request): Promise<unknown> {
    if (this.#trapped) throw new YilianError("EngineStopped", "the engine stopped; it is started again");
    switch (request.call) {
      case "start":
        return this.#start(request.options);
      case "open":
        return this.#open(request.name);
      case "close":
        return this.#close(request.name);
      case "edit": {
        const { name, orders, message } = request;
        await this.#built(name);
        return this.#edited(this.#client.edit(name, orders, message, Date.now()));
      }
      case "transfer": {
        const { from, to, collection, record, fields, message } = request;
        await this.#built(from);
        await this.#built(to);
        const now = Date.now();
        return this.#edited(
          this.#client.transfer(from, to, collection, record, fields, message, now),
        );
      }
      case "undo":
        await this.#built(request.name);
        return this.#edited(this.#client.undo(request.name, Date.now()));
      case "redo":
        await this.#built(request.name);
        return this.#edited(this.#client.redo(request.name, Date.now()));
      case "history":
        await this.#built(request.name);
        return this.#client.history(request.name, request.collection, request.record);
      case "log":
        await this.#built(request.name);
        return this.#client.log(request.name, request.max);
      case "devices":
        return request.on ? this.#devices.watch() : this.#devices.unwatch();
      case "watch":
        return this.#watch(request.month);
      case "unwatch":
        return this.#unwatch(request.month);
      case "names":
        return this.#client.names();
      case "export":
        return this.#client.export(request.name);
      case "present":
        return this.#presence.present(request.name, request.state);
      case "wanted":
        return this.#want(request.online);
      case "visible":
        return this.#visible();
      case "hidden":
        return this.#writeNotes();
      case "stop":
        return this.#stop();
    }
  }

  async #start(options: HostOptions): Promise<void> {
    this.#options = options;
    const store = `yilian:${options.network}`;
    this.#store =
      options.storage === "indexeddb" ? new IndexedDbStore(store) : new MemoryStore();
    // Before the store is read: what is stored after that is heard of.
    if (options.storage === "indexeddb" && typeof BroadcastChannel !== "undefined") {
      this.#tabs = new Tabs(store, (message) => this.#guard(() => this.#hear(message)));
    }
    const [, stored] = await Promise.all([load(), this.#store.open()]);
    const tab = this.#tabs?.id ?? crypto.randomUUID();
    this.#seen = stored.seen;
    for (const suspect of stored.suspects) this.#suspects.set(suspect.document, suspect);
    const session = {
      network: options.network,
      peerId: `yilian-tab-${tab}`,
      storageId: stored.storageId,
      author: options.author,
      prefixes: options.prefixes,
      documents: stored.documents,
      cursor: stored.cursor,
      quarantine: stored.quarantine,
      offsetMinutes: offsetMinutes(options.zone, Date.now()),
    };
    const seed = crypto.getRandomValues(new Uint8Array(32));
    this.#client = new Client(JSON.stringify(session), seed);
    this.#presence = new PresenceBook(tab, options.author, {
      send: (name, data) => this.#say(name, data),
      show: (name, peers) => this.#tell({ event: "presence", name, peers }),
    });
    this.#devices = new DeviceBook({
      send: (name, data) => this.#say(name, data),
      own: () => this.#ownDevice(stored.storageId),
      show: (devices) => this.#tell({ event: "devices", devices }),
    });
    const kind = this.#store.kind;
    const persistent = kind === "indexeddb" ? await askToKeep() : false;
    this.#status = {
      ...UNKNOWN,
      savedAt: stored.savedAt,
      storage: { kind, persistent, problem: undefined },
    };
    this.#ticker = setInterval(() => this.#guard(() => this.#tick()), TICK_MS);
    if (typeof addEventListener === "function") {
      addEventListener("online", this.#online);
      addEventListener("offline", this.#offline);
    }
    if (options.url !== undefined) {
      this.#link = new Link(options.url, options.token, {
        dialled: () => this.#client.dialled(),
        received: (frame) => this.#guard(() => this.#received(frame)),
        disconnected: () => this.#guard(() => this.#disconnected()),
        transmit: () => this.#transmit(),
        changed: () => this.#statusSoon(),
      });
    }
    if (this.#tabs === undefined) {
      this.#lead();
    } else {
      this.#started = true;
      void this.#catchUp();
      this.#tabs.tell({ kind: "hello", tab });
      void this.#tabs.lead(() => this.#guard(() => this.#lead()));
    }
    this.#statusSoon();
  }

  #online = () => this.#link?.hurry();
  #offline = () => this.#link?.lost();

  #lead(): void {
    this.#leading = true;
    this.#attend();
    this.#tabs?.tell({ kind: "leads", tab: this.#tabs.id });
    if (this.#wantsOnline) this.#link?.want(true);
    this.#statusSoon();
  }

  #wantsOnline = true;

  #want(online: boolean): void {
    this.#wantsOnline = online;
    if (this.#leading) this.#link?.want(online);
    this.#statusSoon();
  }

  /** The page is looked at again: it may have slept. */
  async #visible(): Promise<void> {
    this.#link?.hurry();
    await this.#catchUp();
    this.#statusSoon();
  }

  // Documents

  #open(name: string): void {
    const id = this.#client.open(name);
    this.#names.set(id, name);
    this.#shown.add(name);
    // Findings may have opened it before.
    if (this.#client.isBuilt(name)) this.#parts(name);
    this.#work();
    this.#tellShown();
  }

  #close(name: string): void {
    this.#shown.delete(name);
    this.#client.close(name);
    this.#presence.present(name, undefined);
    this.#work();
    this.#tellShown();
  }

  #tellShown(): void {
    this.#tabs?.tell({ kind: "shows", tab: this.#tabs.id, names: [...this.#shown] });
  }

  /** Waits until a document that the page shows can be edited. */
  async #built(name: string): Promise<void> {
    if (!this.#shown.has(name) || this.#client.isBuilt(name)) return;
    await new Promise<void>((resolve, reject) => {
      const waiting = this.#building.get(name) ?? [];
      waiting.push({ resolve, reject });
      this.#building.set(name, waiting);
    });
  }

  #isBuilt(name: string, error?: Error): void {
    const waiting = this.#building.get(name) ?? [];
    this.#building.delete(name);
    for (const { resolve, reject } of waiting) error === undefined ? resolve() : reject(error);
  }

  /** All records of a document, in parts, each a task of its own for the page. */
  #parts(name: string): void {
    for (const json of this.#client.snapshot(name)) this.#tell({ event: "part", name, json });
    this.#tell({ event: "ready", name });
  }

  #build(document: string, changes: number, again: boolean): void {
    const name = this.#names.get(document);
    const suspect = this.#suspects.get(document);
    const good = suspect === undefined ? changes : Math.min(suspect.good, changes);
    this.#careful(document, 0, good, () => this.#client.build(document, good));
    this.#findingsSoon();
    if (name !== undefined) this.#isBuilt(name);
    if (name === undefined || !this.#shown.has(name)) return;
    if (again) this.#tell({ event: "reset", name });
    this.#parts(name);
  }

  #apply(document: string): void {
    const suspect = this.#suspects.get(document);
    if (suspect === undefined) {
      this.#careful(document, 0, 0xffffffff, () => this.#client.apply(document, 0xffffffff));
      return;
    }
    // Half of what is suspected; what breaks the engine then is known more closely the next time.
    const half = suspect.good + Math.max(1, Math.floor((suspect.bad - suspect.good) / 2));
    this.#careful(document, suspect.good, half, () => this.#client.apply(document, half));
    if (half >= suspect.bad) {
      this.#suspects.delete(document);
      void this.#store.clearSuspect(document, undefined);
    } else {
      this.#suspects.set(document, { ...suspect, good: half });
    }
  }

  /** Does what may end the module; if it does, it is written down, so that the next engine is wary. */
  #careful(document: string, good: number, bad: number, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (isTrap(thrown)) this.#trap(thrown, { document, good, bad });
      throw thrown;
    }
  }

  #edited(json: string): Promise<unknown> {
    const { tickets, records } = JSON.parse(json) as { tickets: number[]; records: string[] };
    const settled = new Promise<unknown>((resolve, reject) => {
      const waiter: Waiter = {
        tickets: new Set(tickets),
        done: () => resolve({ records, changed: tickets.length > 0 }),
        failed: reject,
      };
      this.#waiters.add(waiter);
    });
    this.#work();
    this.#settle();
    this.#findingsSoon();
    this.#statusSoon();
    return settled;
  }

  #settle(): void {
    for (const waiter of this.#waiters) {
      for (const ticket of [...waiter.tickets]) {
        const durable = this.#settled.get(ticket);
        if (durable === undefined) continue;
        this.#settled.delete(ticket);
        waiter.tickets.delete(ticket);
        if (!durable) {
          this.#waiters.delete(waiter);
          const problem = this.#status.storage.problem;
          waiter.failed(
            new YilianError(
              problem?.name ?? "NotStored",
              problem?.message ?? "the edit could not be stored",
            ),
          );
        }
      }
      if (waiter.tickets.size === 0 && this.#waiters.delete(waiter)) waiter.done();
    }
  }

  // The engine's signals

  #work(): void {
    const behind: string[] = [];
    let wake = false;
    for (;;) {
      const json = this.#client.poll();
      if (json === undefined) break;
      if (json.startsWith('{"type":"changed"')) {
        this.#tell({ event: "changed", json });
        this.#findingsSoon();
        continue;
      }
      const signal = JSON.parse(json) as Signal;
      switch (signal.type) {
        case "arrived":
          this.#build(signal.document, signal.changes, false);
          break;
        case "behind":
          behind.push(signal.document);
          break;
        case "close":
          this.#link?.fail(signal.reason);
          break;
        case "complaint":
          this.#problem(new YilianError("HubComplaint", signal.message));
          break;
        case "cursor":
          this.#notes.cursor = { store: signal.store, position: signal.position };
          this.#noted = true;
          break;
        case "damaged": {
          const what = `the stored changes of ${signal.name ?? signal.document} do not fit together`;
          const error = new YilianError("DamagedDocument", what);
          if (signal.name !== null) this.#isBuilt(signal.name, error);
          this.#problem(error);
          break;
        }
        case "ephemeral": {
          const data = this.#client.takeBytes();
          this.#presence.hear(signal.name, data);
          this.#devices.hear(signal.name, data);
          this.#tabs?.tell({ kind: "ephemeral", name: signal.name, data, up: false });
          break;
        }
        case "expand": {
          const bytes = this.#client.takeBytes();
          const { document, connection } = signal;
          this.#careful(document, 0, 0, () => this.#client.expand(document, connection, bytes));
          break;
        }
        case "load":
          void this.#load(signal.document);
          break;
        case "rebuild":
          this.#build(signal.document, signal.changes, true);
          break;
        case "remoteHeads":
          this.#notes.remoteHeads.set(signal.document, signal.heads);
          this.#noted = true;
          break;
        case "settled":
          for (const ticket of signal.tickets) this.#settled.set(ticket, signal.durable);
          break;
        case "store": {
          const { document, name, before, after } = signal;
          const changes = this.#client.takeBytes();
          this.#writes.push({ document, name, before, after, changes });
          void this.#commit();
          break;
        }
        case "wake":
          wake = true;
          break;
      }
    }
    if (behind.length > 0) {
      for (const document of behind) this.#apply(document);
      // Also where nothing looks different: a conflict that is decided for what is shown is one no more.
      this.#findingsSoon();
      this.#work();
    }
    if (wake) this.#link?.flush();
    this.#settle();
    this.#statusSoon();
  }

  async #load(document: string): Promise<void> {
    let stored: { changes: Uint8Array; name: string | null } | undefined;
    try {
      stored = await this.#store.load(document);
    } catch (thrown) {
      this.#storageProblem(thrown);
    }
    this.#guard(() => {
      if (stored === undefined) this.#client.loadFailed(document);
      else this.#client.loaded(document, stored.changes, stored.name);
      this.#work();
    });
  }

  /** One commit at a time; what is asked for meanwhile shares the next. */
  async #commit(): Promise<void> {
    if (this.#committing) return;
    this.#committing = true;
    while (this.#writes.length > 0 && !this.#stopped && !this.#trapped) {
      const writes = this.#writes;
      this.#writes = [];
      let rows: number[] | undefined;
      try {
        rows = await this.#store.commit(writes);
        this.#storageWorks();
      } catch (thrown) {
        this.#storageProblem(thrown);
      }
      this.#guard(() => {
        writes.forEach((write, index) => {
          const seq = rows?.[index];
          if (seq !== undefined) this.#announce(seq, write);
          this.#client.stored(write.document, seq !== undefined);
        });
        this.#work();
      });
    }
    this.#committing = false;
  }

  #announce(seq: number, { document, name, changes }: Write): void {
    if (seq === this.#seen + 1) this.#seen = seq;
    this.#tabs?.tell({ kind: "stored", seq, document, name, changes });
  }

  // The other tabs

  #hear(message: TabMessage): void {
    // What is said while we start is read from the store afterwards.
    if (!this.#started) return;
    switch (message.kind) {
      case "stored":
        if (message.seq !== this.#seen + 1) {
          void this.#catchUp();
          return;
        }
        this.#seen = message.seq;
        this.#takeRow(message);
        break;
      case "shows":
        this.#elsewhere.set(message.tab, message.names);
        this.#attend();
        break;
      case "leads":
        this.#tellShown();
        break;
      case "status":
        if (!this.#leading) this.#showStatus(message.status);
        break;
      case "hello":
        if (this.#leading) this.#tabs?.tell({ kind: "status", status: this.#status });
        break;
      case "ephemeral":
        this.#presence.hear(message.name, message.data);
        this.#devices.hear(message.name, message.data);
        if (message.up && this.#leading) this.#client.sendEphemeral(message.name, message.data);
        break;
    }
    this.#work();
  }

  #takeRow({ name, changes }: { name: string | null; changes: Uint8Array }): void {
    if (name !== null) this.#client.announced(name, changes);
  }

  /** Reads what other tabs stored and this one did not hear of. */
  #catchUp(): Promise<void> {
    if (this.#tabs === undefined) return Promise.resolve();
    this.#catchingUp ??= (async () => {
      try {
        const rows = await this.#store.since(this.#seen);
        this.#guard(() => {
          for (const row of rows) {
            this.#seen = Math.max(this.#seen, row.seq);
            this.#takeRow(row);
          }
          this.#work();
        });
      } catch (thrown) {
        this.#storageProblem(thrown);
      } finally {
        this.#catchingUp = undefined;
      }
    })();
    return this.#catchingUp;
  }

  /** Whoever leads keeps in step what any tab shows. */
  #attend(): void {
    if (!this.#leading) return;
    const shown = new Set([...this.#elsewhere.values()].flat());
    for (const name of shown) this.#client.attend(name);
    this.#client.attend(MEETING);
  }

  #say(name: string, data: Uint8Array): void {
    if (this.#leading) this.#client.sendEphemeral(name, data);
    this.#tabs?.tell({ kind: "ephemeral", name, data, up: !this.#leading });
    if (!this.#stopped) this.#work();
  }

  /** How this browser stands; whoever leads speaks for all its tabs. */
  #ownDevice(id: string): OwnDevice | undefined {
    const { site, author } = this.#options;
    if (!this.#leading || site === undefined) return undefined;
    const { changesWaiting, savedAt } = this.#status;
    return { id, site, author: author ?? null, changesWaiting, savedAt: savedAt ?? null };
  }

  // The hub

  #received(frame: Uint8Array): void {
    const before = this.#client.isOnline();
    try {
      this.#client.received(frame);
    } catch (thrown) {
      if (isTrap(thrown)) throw thrown;
      this.#link?.fail(thrown instanceof Error ? thrown.message : String(thrown));
      return;
    }
    if (!before) {
      this.#link?.introduced();
      this.#presence.repeat();
      this.#devices.repeat();
    }
    this.#work();
    this.#link?.flush();
  }

  #disconnected(): void {
    this.#client.disconnected();
    this.#work();
  }

  #transmit(): Uint8Array | undefined {
    return this.#trapped ? undefined : this.#client.transmit();
  }

  // Time

  #tick(): void {
    const now = Date.now();
    this.#client.setOffset(offsetMinutes(this.#options.zone, now));
    this.#client.tick(now);
    this.#work();
    const link = this.#link;
    const unheard = link?.state === "online" && now - link.heardAt > SILENCE_MS;
    if (unheard && this.#status.changesWaiting > 0) link.fail("the hub does not answer");
    void this.#writeNotes();
  }

  async #writeNotes(): Promise<void> {
    if (!this.#noted || this.#stopped) return;
    const notes = this.#notes;
    this.#notes = { remoteHeads: new Map(), cursor: undefined, savedAt: undefined };
    this.#noted = false;
    try {
      await this.#store.note(notes);
    } catch (thrown) {
      this.#storageProblem(thrown);
    }
  }

  #statusSoon(): void {
    if (this.#statusTimer !== undefined || this.#stopped || this.#trapped) return;
    this.#statusTimer = setTimeout(() => {
      this.#statusTimer = undefined;
      this.#guard(() => this.#updateStatus());
    }, STATUS_AFTER_MS);
  }

  #updateStatus(): void {
    if (!this.#leading) return this.#showStatus(this.#status);
    const progress = JSON.parse(this.#client.progress()) as {
      catalogueRead: boolean;
      arriving: number;
      waiting: { name: string; changes: number | null }[];
      refused: { name: string; reason: string }[];
      inStep: boolean;
    };
    const { waiting, arriving, refused, inStep } = progress;
    let savedAt = this.#status.savedAt;
    if (inStep) {
      savedAt = Date.now();
      this.#notes.savedAt = savedAt;
      this.#noted = true;
    }
    const status: Status = {
      connection: this.#link?.state ?? "offline",
      leading: true,
      waiting,
      changesWaiting: waiting.reduce((sum, { changes }) => sum + (changes ?? 1), 0),
      arriving,
      inStep,
      savedAt,
      refused,
      failure: this.#link?.failure,
      storage: this.#status.storage,
    };
    this.#showStatus(status);
    this.#tabs?.tell({ kind: "status", status });
    this.#devices.say(false);
  }

  #showStatus(status: Status): void {
    const own = { ...status, leading: this.#leading, storage: this.#status.storage };
    this.#status = own;
    this.#tell({ event: "status", status: own });
  }

  // Findings

  #watch(month: string): void {
    if (!this.#watched.has(month)) this.#watched.set(month, new Set());
    this.#findingsSoon();
  }

  #unwatch(month: string): void {
    const names = this.#watched.get(month);
    this.#watched.delete(month);
    for (const name of names ?? []) this.#client.close(name);
    this.#work();
  }

  #findingsSoon(): void {
    if (this.#watched.size === 0 || this.#findingsTimer !== undefined || this.#stopped) return;
    this.#findingsTimer = setTimeout(() => {
      this.#findingsTimer = undefined;
      this.#guard(() => this.#updateFindings());
    }, FINDINGS_AFTER_MS);
  }

  #updateFindings(): void {
    for (const [month, held] of this.#watched) {
      for (const name of this.#client.around(month)) {
        if (held.has(name)) continue;
        held.add(name);
        const id = this.#client.open(name);
        this.#names.set(id, name);
      }
    }
    this.#work();
    for (const month of this.#watched.keys()) {
      const json = this.#client.findings(month, Date.now());
      this.#tell({ event: "findings", month, json });
    }
  }

  // What goes wrong

  #guard(work: () => void): void {
    if (this.#trapped || this.#stopped) return;
    try {
      work();
    } catch (thrown) {
      this.#noteTrap(thrown);
      if (!this.#trapped) this.#problem(thrown);
    }
  }

  #noteTrap(thrown: unknown): void {
    if (isTrap(thrown)) this.#trap(thrown, undefined);
  }

  /** The module is gone, and all that it knew; the store has everything that was acknowledged. */
  #trap(thrown: unknown, suspect: Suspect | undefined): void {
    if (this.#trapped) return;
    this.#trapped = true;
    this.#quiet();
    const error = toWire(thrown);
    const tell = () => this.#tell({ event: "trapped", error });
    if (suspect === undefined) {
      tell();
      return;
    }
    this.#incriminate(suspect).then(tell, tell);
  }

  /** Writes down what broke the engine; the last of what is suspected goes into quarantine. */
  async #incriminate({ document, good, bad }: Suspect): Promise<void> {
    const { changes } = await this.#store.load(document);
    const hashes = await changeHashes(changes);
    const before = this.#suspects.get(document);
    const known = before?.good ?? 0;
    const suspect = {
      document,
      good: good === 0 ? known : good,
      bad: Math.min(bad, before?.bad ?? hashes.length),
    };
    if (suspect.bad - suspect.good <= 1) {
      await this.#store.clearSuspect(document, hashes[suspect.good]);
    } else {
      await this.#store.setSuspect(suspect);
    }
  }

  #problem(thrown: unknown): void {
    this.#tell({ event: "problem", error: toWire(thrown) });
  }

  #storageProblem(thrown: unknown): void {
    const problem = toWire(thrown);
    this.#status = { ...this.#status, storage: { ...this.#status.storage, problem } };
    this.#problem(thrown);
    this.#statusSoon();
  }

  #storageWorks(): void {
    if (this.#status.storage.problem === undefined) return;
    this.#status = { ...this.#status, storage: { ...this.#status.storage, problem: undefined } };
    this.#statusSoon();
  }

  #quiet(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#findingsTimer);
    clearTimeout(this.#statusTimer);
    if (typeof removeEventListener === "function") {
      removeEventListener("online", this.#online);
      removeEventListener("offline", this.#offline);
    }
    this.#link?.want(false);
    this.#tabs?.close();
    const stopped = new YilianError("EngineStopped", "the engine stopped before the edit was stored");
    for (const waiter of this.#waiters) waiter.failed(stopped);
    for (const name of [...this.#building.keys()]) this.#isBuilt(name, stopped);
    this.#waiters.clear();
  }

  async #stop(): Promise<void> {
    this.#presence.close();
    this.#devices.close();
    while (this.#committing) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#writeNotes();
    this.#stopped = true;
    this.#quiet();
    this.#store.close();
    this.#client.free();
  }
}

/** Whether the module itself failed: a panic, or no memory or stack left. */
function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
}

/** Asks the browser not to clear the store by itself. */
async function askToKeep(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    // A worker may not ask; the page does.
    return false;
  }
}

/** The hashes of a run of change chunks, in order. */
async function changeHashes(bytes: Uint8Array): Promise<string[]> {
  const hashes: string[] = [];
  let at = 0;
  while (at + 9 < bytes.length) {
    let length = 0;
    let shift = 0;
    let body = at + 9;
    for (;;) {
      const byte = bytes[body] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      body += 1;
      if (byte < 0x80) break;
    }
    const digest = await crypto.subtle.digest("SHA-256", bytes.slice(at + 8, body + length));
    hashes.push([...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join(""));
    at = body + length;
  }
  return hashes;
}
