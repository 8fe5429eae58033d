import { Acts } from "./acts.js";
import type { Client } from "./engine/yilian.js";
import { Clerk } from "./clerk.js";
import { offsetMinutes } from "./clock.js";
import { DeviceBook, ownDevice } from "./devices.js";
import { Documents } from "./documents.js";
import { toWire, YilianError } from "./errors.js";
import { Hub } from "./hub.js";
import { IndexedDbStore } from "./indexeddb.js";
import { load } from "./load.js";
import { Memories } from "./memories.js";
import { MemoryStore } from "./memory.js";
import { Neighbours } from "./neighbours.js";
import { PresenceBook } from "./presence.js";
import type { Call, HostEvent, HostOptions, Request } from "./protocol.js";
import { Queries } from "./queries.js";
import { RefusedChanges } from "./refused.js";
import { session } from "./session.js";
import { Signals } from "./signals.js";
import { Standing } from "./standing.js";
import type { StoredState, Store, Suspect, Write } from "./storage.js";
import { Tabs, type TabMessage } from "./tabs.js";
import { Tickets } from "./tickets.js";
import { incriminate, isTrap } from "./trap.js";
import { Watch } from "./watch.js";
import { Writer } from "./writer.js";

const TICK_MS = 500;

/**
 * The engine with everything around it: the store, the socket, the other tabs, timers. It runs in a
 * worker where there is one, and speaks with the page in `protocol.ts`.
 */
export class Host {
  #tell: (event: HostEvent) => void;
  #acts!: Acts;
  #client!: Client;
  #clerk: Clerk | undefined;
  #store!: Store;
  #options!: HostOptions;
  #tabs: Tabs | undefined;
  #hub: Hub | undefined;
  /** The id of this tab. */
  #tab: string = crypto.randomUUID();
  #presence!: PresenceBook;
  #devices!: DeviceBook;
  #documents!: Documents;
  #memories!: Memories;
  #neighbours!: Neighbours;
  #queries!: Queries;
  #refused!: RefusedChanges;
  #signals!: Signals;
  #standing!: Standing;
  #tickets = new Tickets();
  #watch!: Watch;
  #writer!: Writer;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #leading = false;
  #storageId = "";
  /** Whether the engine knows what this browser holds rights to goods as. */
  #holds = false;
  #wantsOnline = true;
  /** Whether messages of other tabs can be taken. */
  #started = false;
  #stopped = false;
  #trapped = false;

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
      case "edit":
        return this.#acts.edit(request.name, request.orders, request.message);
      case "act":
        return this.#acts.act(request.act, request.args, request.alone);
      case "query":
        return this.#queries.once(request.query, request.args);
      case "follow":
        return this.#queries.follow(request.id, request.query, request.args);
      case "unfollow":
        return this.#queries.unfollow(request.id);
      case "holder":
        return this.#holder(request.incarnation);
      case "retry":
        return this.#refused.retry(request.change);
      case "discard":
        return this.#refused.discard(request.change);
      case "undo":
        return this.#acts.undo(request.name);
      case "redo":
        return this.#acts.redo(request.name);
      case "history":
        await this.#documents.built(request.name);
        return this.#client.history(request.name, request.collection, request.record);
      case "log":
        await this.#documents.built(request.name);
        return this.#client.log(request.name, request.max);
      case "devices":
        return request.on ? this.#devices.watch() : this.#devices.unwatch();
      case "watch":
        return this.#watch.add(request.month);
      case "unwatch":
        return this.#watch.remove(request.month);
      case "names":
        return this.#client.names();
      case "export":
        return this.#client.export(request.name);
      case "ask":
        return this.#presence.ask(request.name);
      case "present":
        return this.#presence.present(request.name, request.state);
      case "wanted":
        return this.#want(request.online);
      case "visible":
        return this.#visible();
      case "kept":
        return this.#standing.kept();
      case "hidden":
        return this.#writer.writeNotes();
      case "stop":
        return this.#stop();
    }
  }

  async #start(options: HostOptions): Promise<void> {
    this.#options = options;
    const store = `yilian:${options.network}`;
    const stores = options.storage === "indexeddb";
    this.#store = stores ? new IndexedDbStore(store) : new MemoryStore(options.memory);
    // Before the store is read: what is stored after that is heard of.
    if (stores && typeof BroadcastChannel !== "undefined") {
      this.#tabs = new Tabs(this.#tab, store, (message) => this.#guard(() => this.#hear(message)));
    }
    const [, , stored] = await Promise.all([this.#tabs?.begin(), load(), this.#store.open()]);
    this.#client = session(this.#tab, stored, options);
    this.#surround(stored, options);
    this.#ticker = setInterval(() => this.#guard(() => this.#tick()), TICK_MS);
    if (typeof addEventListener === "function") {
      addEventListener("online", this.#online);
      addEventListener("offline", this.#offline);
    }
    if (options.url !== undefined) {
      this.#hub = new Hub(this.#client, options.url, options, {
        runs: () => !this.#trapped,
        introduced: () => {
          this.#presence.repeat();
          this.#devices.repeat();
        },
        changed: () => this.#standing.soon(),
        work: () => this.#work(),
        guard: (work) => this.#guard(work),
      });
    }
    if (this.#tabs === undefined) {
      this.#lead();
    } else {
      this.#started = true;
      void this.#neighbours.catchUp();
      this.#tabs.tell({ kind: "hello", tab: this.#tabs.id });
      void this.#tabs.lead(() => this.#guard(() => this.#lead()));
    }
    // Before the page is answered.
    this.#standing.show(this.#standing.now);
    this.#standing.soon();
  }

  /** All that an engine works with. */
  #surround(stored: StoredState, options: HostOptions): void {
    this.#storageId = stored.storageId;
    const client = this.#client;
    const store = this.#store;
    const work = () => this.#work();
    const guard = (work: () => void) => this.#guard(work);
    const failed = (thrown: unknown) => this.#storageProblem(thrown);
    const leads = () => this.#leading;
    this.#presence = new PresenceBook(this.#tab, options.author, {
      send: (name, data) => this.#say(name, data),
      show: (name, peers) => this.#tell({ event: "presence", name, peers }),
    });
    this.#devices = new DeviceBook({
      send: (name, data) => this.#say(name, data),
      own: () => (this.#leading ? ownDevice(stored.storageId, options, this.#standing.now) : undefined),
      show: (devices) => this.#tell({ event: "devices", devices }),
    });
    this.#documents = new Documents(client, store, stored.suspects, {
      tell: (event) => this.#tell(event),
      opened: () => this.#neighbours.showSoon(),
      broke: (thrown, suspect) => this.#trap(thrown, suspect),
    });
    this.#watch = new Watch(client, this.#documents, {
      show: (month, json) => this.#tell({ event: "findings", month, json }),
      work,
      guard,
    });
    const stores = options.storage === "indexeddb";
    this.#memories = new Memories(client, stores ? `yilian:${options.network}:memories` : undefined);
    this.#queries = new Queries(client, this.#documents, this.#memories, {
      show: (id, json) => this.#tell({ event: "result", id, json }),
      work,
      guard,
    });
    this.#neighbours = new Neighbours(client, store, this.#tabs, stored.seen, {
      shown: () => this.#documents.wanted,
      leads,
      work,
      guard,
      failed,
    });
    const { site } = options;
    if (site !== undefined) {
      this.#clerk = new Clerk(client, this.#documents, site, {
        ready: () => this.#leading && this.#holds && this.#standing.now.inStep && client.isOnline(),
        act: () => this.#acts.act("clerk", JSON.stringify({ site }), true),
        failed: (thrown) =>
          this.#guard(() => {
            throw thrown;
          }),
      });
    }
    this.#writer = new Writer(store, {
      runs: () => !this.#stopped && !this.#trapped,
      ended: (writes, rows) => this.#guard(() => this.#written(writes, rows)),
      worked: () => this.#standing.storageWorks(),
      failed,
    });
    this.#acts = new Acts(client, this.#documents, this.#tickets, {
      alone: (work) => this.#alone(work),
      work,
      guard,
    });
    this.#refused = new RefusedChanges(client, store, this.#acts, stored.aside, {
      tell: (message) => this.#tabs?.tell(message),
      problem: (error) => this.#problem(error),
      failed,
      changed: () => this.#standing.soon(),
    });
    this.#signals = new Signals(client, {
      documents: this.#documents,
      tickets: this.#tickets,
      writer: this.#writer,
      tell: (event) => this.#tell(event),
      load: (document) => void this.#load(document),
      aside: (signal) => this.#refused.aside(signal),
      madeAgain: (change) => this.#refused.madeAgain(change),
      heard: (name, data) => this.#heard(name, data),
      fail: (reason) => this.#hub?.link.fail(reason),
      flush: () => this.#hub?.link.flush(),
      problem: (error) => this.#problem(error),
    });
    const storage = { kind: store.kind, persistent: options.persistent, problem: undefined };
    this.#standing = new Standing(client, stored.savedAt, storage, {
      link: () => this.#hub?.link,
      leads,
      show: (status) => {
        this.#tell({ event: "status", status });
        this.#clerk?.soon();
      },
      spread: (status) => {
        this.#tabs?.tell({ kind: "status", status });
        this.#devices.say(false);
      },
      saved: (at) => this.#writer.noteSaved(at),
      guard,
    });
  }

  #online = () => this.#hub?.link.hurry();
  #offline = () => this.#hub?.link.lost();

  #lead(): void {
    this.#leading = true;
    this.#client.lead();
    this.#neighbours.attend();
    this.#tabs?.tell({ kind: "leads", tab: this.#tabs.id });
    if (this.#wantsOnline) this.#hub?.link.want(true);
    this.#queries.keepHanded(this.#options.site);
    this.#work();
  }

  #want(online: boolean): void {
    this.#wantsOnline = online;
    if (this.#leading) this.#hub?.link.want(online);
    this.#standing.soon();
  }

  /** The page is looked at again: it may have slept. */
  async #visible(): Promise<void> {
    this.#hub?.link.hurry();
    await this.#neighbours.catchUp();
    this.#standing.soon();
  }

  #open(name: string): void {
    this.#documents.show(name);
    this.#work();
  }

  #close(name: string): void {
    this.#documents.hide(name);
    this.#presence.leave(name);
    this.#work();
  }

  /** Does what must know all that the other tabs did, and be on the disk before they do the same. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#tabs === undefined) return work();
    return this.#tabs.alone(async () => {
      await this.#neighbours.catchUp();
      return work();
    });
  }

  /** From now on, this browser holds rights to goods: answers the incarnation to keep outside of the store. */
  async #holder(known: string | undefined): Promise<string> {
    const incarnation = await this.#store.incarnation(known);
    this.#client.setHolder(`${this.#storageId}.${incarnation}`);
    this.#holds = true;
    this.#clerk?.soon();
    this.#work();
    return incarnation;
  }

  // The engine's signals

  #work(): void {
    this.#signals.work();
    this.#tickets.settle(this.#standing.now.storage.problem);
    if (this.#client.isTouched()) {
      const touched = this.#client.takeTouched();
      this.#watch.note(touched);
      this.#queries.note(touched);
      this.#clerk?.soon();
    }
    this.#standing.soon();
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

  #written(writes: Write[], rows: number[] | undefined): void {
    writes.forEach((write, index) => {
      const seq = rows?.[index];
      if (seq !== undefined) this.#neighbours.announce(seq, write);
      this.#client.stored(write.document, seq !== undefined);
    });
    this.#work();
  }

  // The other tabs

  #hear(message: TabMessage): void {
    // What is said while we start is read from the store afterwards.
    if (!this.#started) return;
    switch (message.kind) {
      case "stored":
        this.#neighbours.stored(message);
        break;
      case "aside":
      case "dismissed":
        this.#refused.heard(message);
        break;
      case "shows":
        this.#neighbours.shows(message);
        break;
      case "leads":
        this.#neighbours.show();
        break;
      case "status":
        if (!this.#leading) this.#standing.show(message.status);
        break;
      case "hello":
        if (this.#leading) this.#neighbours.tell({ kind: "status", status: this.#standing.now });
        break;
      case "ephemeral":
        this.#presence.hear(message.name, message.data);
        this.#devices.hear(message.name, message.data);
        if (message.up && this.#leading) this.#client.sendEphemeral(message.name, message.data);
        break;
    }
    this.#work();
  }

  /** The hub passed on what somebody said. */
  #heard(name: string, data: Uint8Array): void {
    this.#presence.hear(name, data);
    this.#devices.hear(name, data);
    this.#tabs?.tell({ kind: "ephemeral", name, data, up: false });
  }

  #say(name: string, data: Uint8Array): void {
    if (this.#leading) this.#client.sendEphemeral(name, data);
    this.#tabs?.tell({ kind: "ephemeral", name, data, up: !this.#leading });
    if (!this.#stopped) this.#work();
  }

  // Time

  #tick(): void {
    const now = Date.now();
    this.#client.setOffset(offsetMinutes(this.#options.zone, now));
    this.#client.tick(now);
    this.#queries.tick(now);
    this.#work();
    if (this.#standing.now.changesWaiting > 0) this.#hub?.check();
    void this.#writer.writeNotes();
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
    const tell = (culprit?: string) => this.#tell({ event: "trapped", error, culprit, memory: this.#store?.memory });
    if (suspect === undefined) return tell();
    incriminate(this.#store, suspect, this.#documents.suspect(suspect.document)).then(tell, () => tell());
  }

  #problem(thrown: unknown): void {
    this.#tell({ event: "problem", error: toWire(thrown) });
  }

  #storageProblem(thrown: unknown): void {
    this.#standing.storageFailed(thrown);
    this.#problem(thrown);
  }

  #quiet(): void {
    clearInterval(this.#ticker);
    // The engine may break before any of these is there.
    this.#watch?.stop();
    this.#queries?.stop();
    this.#clerk?.stop();
    this.#standing?.stop();
    if (typeof removeEventListener === "function") {
      removeEventListener("online", this.#online);
      removeEventListener("offline", this.#offline);
    }
    this.#hub?.link.want(false);
    this.#tabs?.close();
    const stopped = new YilianError("EngineStopped", "the engine stopped before the edit was stored");
    this.#tickets.fail(stopped);
    this.#documents?.failAll(stopped);
  }

  async #stop(): Promise<void> {
    this.#presence.close();
    this.#devices.close();
    await this.#writer.idle();
    await this.#writer.writeNotes();
    this.#stopped = true;
    this.#quiet();
    this.#store.close();
    this.#memories.close();
    this.#client.free();
  }
}
