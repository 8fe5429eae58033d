import type { Device } from "./devices.js";
import { Engine, type Post } from "./engine.js";
import { fromWire, YilianError } from "./errors.js";
import type { ChangeEntry, Findings, Giving, HistoryEntry, Near, ReadCode, Repair } from "./generated.js";
import { incarnate } from "./incarnation.js";
import { Present, Watched } from "./live.js";
import { Mediation } from "./mediation.js";
import { Mirror, type Patch } from "./mirror.js";
import type { HostEvent, Request } from "./protocol.js";
import { Questions } from "./questions.js";
import { Reports } from "./reports.js";
import { School } from "./school.js";
import {
  BookingsView,
  type GivingBy,
  GoodsView,
  InboxView,
  type SubmissionForm,
  SubmissionView,
  type Wanted,
} from "./sharing.js";
import { type Status, UNKNOWN } from "./status.js";
import {
  type Desk,
  DirectoryView,
  type DocumentPresence,
  DocumentView,
  type Edited,
  type Live,
  type Order,
  PeopleView,
  type Query,
  RosterView,
  SitesView,
} from "./view.js";

/** How a client is opened. */
export interface OpenOptions {
  /** The network whose documents these are: `jiaozuo`. */
  network: string;
  /** The hub's address: `wss://hub.example/sync`. Without one, nothing leaves this browser. */
  url?: string;
  /** What to show the hub. */
  token?: string;
  /** The site this browser stands at: its documents are kept in step whether or not they are open. */
  site?: string;
  /** `hub` where the county's centre edits: it keeps every document in step, and what it promises it promises for the centre. */
  role?: "hub";
  /** Who edits: a name, or `site/name`. Undo needs one. */
  author?: string;
  /** Names that start with one of these are kept in step, rather than what follows from `site`; `[""]` is every one. */
  subscribe?: string[];
  /** Where edits are kept; `indexeddb` unless there is none, as in Node. */
  storage?: "indexeddb" | "memory";
  /** The network's time zone. */
  zone?: string;
}

/** A replica of a network's documents in this browser. Works without a network, and catches up when there is one. */
export class Yilian {
  /** The network whose documents these are. */
  readonly network: string;
  /** Who edits, as `site/name` where both are known. */
  readonly author: string | undefined;
  /** What an office adds up. */
  readonly report: Reports;
  /** The night schools. */
  readonly school: School;
  /** Disputes that sites mediate. */
  readonly mediation: Mediation;
  #engine: Engine;
  #mirrors = new Map<string, Mirror>();
  #status: Status = UNKNOWN;
  #statusListeners = new Set<(status: Status) => void>();
  #problemListeners = new Set<(problem: YilianError) => void>();
  #devices = new Watched<readonly Device[]>([], (on) => this.#tell({ call: "devices", on }));
  #presence = new Map<string, Present>();
  #questions: Questions;
  #incarnation: Promise<void> | undefined;
  #wanted = true;
  #kept = false;
  /** Whether edits are kept when the page is closed. */
  #stores: boolean;
  #desk: Desk;

  private constructor(options: OpenOptions, persistent: boolean) {
    this.network = options.network;
    this.author = authorOf(options);
    const storage = options.storage ?? (typeof indexedDB === "undefined" ? "memory" : "indexeddb");
    const host = {
      network: options.network,
      url: options.url,
      token: options.token,
      author: this.author,
      site: options.site,
      role: options.role,
      subscribe: options.subscribe,
      storage,
      persistent: persistent && storage === "indexeddb",
      zone: options.zone ?? "Asia/Shanghai",
    };
    this.#stores = storage === "indexeddb";
    this.#engine = new Engine(
      host,
      (event) => this.#hear(event),
      (post) => this.#again(post),
    );
    this.#questions = new Questions(this.#engine, (request) => this.#tell(request));
    this.#desk = this.#makeDesk();
    this.report = new Reports(this.#desk);
    this.school = new School(this.#desk);
    this.mediation = new Mediation(this.#desk, options.site);
  }

  /**
   * Opens what is stored in this browser; needs no network.
   *
   * @throws {@link YilianError} `StorageUnavailable` when the browser lets this page store nothing: `memory` works
   * then; `StoreTooNew` when a newer version of this package wrote the store; `EngineFailed` when the engine cannot
   * start.
   */
  static async open(options: OpenOptions): Promise<Yilian> {
    const persistent = await isKept("persisted");
    const yilian = new Yilian(options, persistent);
    await yilian.#engine.start();
    yilian.#listen();
    yilian.#incarnation = yilian.#incarnate();
    return yilian;
  }

  /** All sites of the network. */
  sites(): SitesView {
    return new SitesView(this.#desk);
  }

  /** The persons of a site. */
  people(site: string): PeopleView {
    return new PeopleView(this.#desk, site);
  }

  /** The shifts of a site in a month, such as `2026-12`. */
  roster(site: string, month: string): RosterView {
    return new RosterView(this.#desk, site, month);
  }

  /** The venues of all sites. */
  venues(): DirectoryView<"venues"> {
    return new DirectoryView(this.#desk, "venues");
  }

  /** What all sites do for people. */
  services(): DirectoryView<"services"> {
    return new DirectoryView(this.#desk, "services");
  }

  /** The days on which sites keep other hours than usual. */
  exceptions(): DirectoryView<"exceptions"> {
    return new DirectoryView(this.#desk, "exceptions");
  }

  /** The events that contributions are gathered for. */
  drives(): DirectoryView<"drives"> {
    return new DirectoryView(this.#desk, "drives");
  }

  /** All of these at once: the document `sites`. */
  directory(): DocumentView {
    return new DocumentView(this.#desk, "sites");
  }

  /** The bookings of a site's venues in some months, such as `2026-12`, with what became of each. */
  bookings(site: string, ...months: string[]): BookingsView {
    return new BookingsView(this.#desk, site, months);
  }

  /** The sites that are open and have what is wanted, the nearest first; followed, it changes as they open and close. */
  openNear(wanted: Wanted = {}): Query<readonly Near[]> {
    return this.#desk.query("openNear", wanted);
  }

  /** The goods of a site. */
  goods(site: string): GoodsView {
    return new GoodsView(this.#desk, site);
  }

  /** Who gave, what went where, and what is left: of all ledgers that are here. */
  giving(by: GivingBy = {}): Query<Giving> {
    return this.report.giving(by);
  }

  /**
   * Sends something to a site without an account; answers the code to follow it by, once it is stored here.
   *
   * @throws {@link YilianError} `InboxRefused` when something is missing; the message says what.
   */
  async submit(site: string, submission: SubmissionForm): Promise<string> {
    return (await this.#desk.act("submit", { site, fields: submission })).code as string;
  }

  /** What was sent under a code, however it is typed, and how far it has come. */
  follow(code: string): SubmissionView {
    return new SubmissionView(this.#desk, code);
  }

  /** Reads a code however it was typed or pasted; says what is wrong with what is none. */
  readCode(text: string): Promise<ReadCode> {
    return this.#questions.once("code", { code: text });
  }

  /** What was sent to a site. */
  inbox(site: string): InboxView {
    return new InboxView(this.#desk, site);
  }

  /** Any document by its name, such as `bookings/keyun/2026-12`. */
  doc(name: string): DocumentView {
    return new DocumentView(this.#desk, name);
  }

  /** What makes no sense in a month, over all documents that are here. Computed while somebody subscribes. */
  findings(month: string): Live<Findings> {
    return this.#desk.findings(month);
  }

  /** Makes the edits of a repair. */
  async repair(repair: Repair): Promise<void> {
    const byDocument = new Map<string, Order[]>();
    for (const edit of repair.edits) {
      const { document } = "set" in edit ? edit.set : edit.clear;
      const orders = byDocument.get(document) ?? [];
      orders.push({ op: "make", edit });
      byDocument.set(document, orders);
    }
    const message = repair.label.zh;
    await Promise.all(
      [...byDocument].map(([name, orders]) =>
        this.#with(name, () => this.#desk.edit(name, orders, message)),
      ),
    );
  }

  /** The browsers and computers at sites that were heard of, this one left out. Told of while somebody subscribes. */
  devices(): Live<readonly Device[]> {
    return this.#devices;
  }

  /** The names of all documents that are here. */
  async names(): Promise<string[]> {
    return (await this.#engine.ask({ call: "names" })) as string[];
  }

  /** Every change of an open document, as `Automerge.load` takes them. */
  async export(name: string): Promise<Uint8Array> {
    const bytes = await this.#with(name, () => this.#engine.ask({ call: "export", name }));
    return bytes as Uint8Array;
  }

  /** How this browser and the hub are from each other. A new object after each change. */
  get status(): Status {
    return this.#status;
  }

  /** Calls back with each new status; answers how to stop that. */
  onStatus(listener: (status: Status) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  /**
   * Makes what a refused change did once more, on what is there now: `change` of an entry of `status.refused` with `retry`.
   *
   * @throws {@link YilianError} `NothingToRetry` when nothing that this author wrote can be read from it.
   */
  async retryRefused(change: string): Promise<void> {
    await this.#engine.ask({ call: "retry", change });
  }

  /** Shows a refused change no more. What it did stays undone. */
  async discardRefused(change: string): Promise<void> {
    await this.#engine.ask({ call: "discard", change });
  }

  /** Calls back when something goes wrong that no call reports: storage refused, the hub complains, the engine stopped. */
  onProblem(listener: (problem: YilianError) => void): () => void {
    this.#problemListeners.add(listener);
    return () => this.#problemListeners.delete(listener);
  }

  /** Leaves the hub until {@link goOnline}: edits are stored here. */
  async goOffline(): Promise<void> {
    this.#wanted = false;
    await this.#engine.ask({ call: "wanted", online: false });
  }

  /** Connects to the hub, and again whenever the connection is lost. */
  async goOnline(): Promise<void> {
    this.#wanted = true;
    await this.#engine.ask({ call: "wanted", online: true });
  }

  /** Stops; everything that was acknowledged is stored. */
  async close(): Promise<void> {
    if (typeof document !== "undefined") {
      document.removeEventListener("visibilitychange", this.#looked);
      removeEventListener("pagehide", this.#left);
    }
    await this.#engine.close();
  }

  #makeDesk(): Desk {
    const engine = this.#engine;
    const edited = async (request: Parameters<Engine["ask"]>[0]) =>
      (await engine.ask(request)) as Edited;
    return {
      author: this.author,
      edit: (name, orders, message) =>
        edited({ call: "edit", name, orders: JSON.stringify(orders), message }),
      act: (act, args) => edited({ call: "act", act, args: JSON.stringify(args), alone: false }),
      actAlone: async (act, args) => {
        await this.#incarnation;
        return edited({ call: "act", act, args: JSON.stringify(args), alone: true });
      },
      query: (query, args) => this.#questions.ask(query, args),
      undo: async (name) => (await edited({ call: "undo", name })).changed,
      redo: async (name) => (await edited({ call: "redo", name })).changed,
      history: async (name, collection, record) => {
        const json = await engine.ask({ call: "history", name, collection, record });
        return JSON.parse(json as string) as HistoryEntry[];
      },
      changes: async (name, max) => {
        const json = await engine.ask({ call: "log", name, max });
        return JSON.parse(json as string) as ChangeEntry[];
      },
      findings: (month) => this.#questions.findings(month),
      presence: (name) => this.#present(name),
      hold: (name) => this.#hold(name),
      release: (name) => this.#release(name),
    };
  }

  #hold(name: string): Mirror {
    let mirror = this.#mirrors.get(name);
    if (mirror === undefined) {
      const opened = new Mirror(name);
      mirror = opened;
      this.#mirrors.set(name, opened);
      this.#tell({ call: "open", name }, (error) => opened.fail(error));
    }
    mirror.holders += 1;
    return mirror;
  }

  #release(name: string): void {
    const mirror = this.#mirrors.get(name);
    if (mirror === undefined) return;
    mirror.holders -= 1;
    if (mirror.holders > 0) return;
    this.#mirrors.delete(name);
    this.#presence.delete(name);
    this.#tell({ call: "close", name });
  }

  /** Does something with a document open. */
  async #with<T>(name: string, work: () => Promise<T>): Promise<T> {
    const mirror = this.#hold(name);
    try {
      await mirror.ready;
      return await work();
    } finally {
      this.#release(name);
    }
  }

  async #incarnate(): Promise<void> {
    try {
      await incarnate(this.#engine, this.network, this.#stores);
    } catch (thrown) {
      const problem = thrown as YilianError;
      if (problem.name !== "Closed" && problem.name !== "EngineStopped") this.#problem(problem);
    }
  }

  #present(name: string): Present {
    let present = this.#presence.get(name);
    if (present === undefined) {
      present = new Present(
        (state) => this.#tell({ call: "present", name, state }),
        () => this.#tell({ call: "ask", name }),
      );
      this.#presence.set(name, present);
    }
    return present;
  }

  /** Asks for something whose failure shows elsewhere. */
  #tell(request: Request, failed?: (error: YilianError) => void): void {
    this.#engine.ask(request).catch((thrown: YilianError) => {
      // An engine that is started again is asked again.
      if (thrown.name === "EngineStopped") return;
      failed?.(thrown);
      if (thrown.name !== "Closed") this.#problem(thrown);
    });
  }

  #hear(event: Exclude<HostEvent, { event: "answer" | "up" }>): void {
    switch (event.event) {
      case "part":
        this.#mirrors.get(event.name)?.part(JSON.parse(event.json));
        break;
      case "ready":
        this.#mirrors.get(event.name)?.complete();
        break;
      case "reset":
        this.#mirrors.get(event.name)?.reset();
        break;
      case "changed": {
        const { name, patches, local } = JSON.parse(event.json) as {
          name: string;
          patches: Patch[];
          local: boolean;
        };
        this.#mirrors.get(name)?.apply(patches, local);
        break;
      }
      case "findings":
        this.#questions.found(event.month, event.json);
        break;
      case "result":
        this.#questions.heard(event.id, event.json);
        break;
      case "presence":
        this.#present(event.name).hear(event.peers);
        break;
      case "devices":
        this.#devices.take(event.devices);
        break;
      case "status":
        this.#status = event.status;
        for (const listener of [...this.#statusListeners]) listener(event.status);
        break;
      case "problem":
        this.#problem(fromWire(event.error));
        break;
      case "trapped":
        break;
    }
  }

  #problem(problem: YilianError): void {
    for (const listener of [...this.#problemListeners]) listener(problem);
    // Nobody listens: at least the console says it.
    if (this.#problemListeners.size === 0) console.error(`@yilian/client: ${problem.name}: ${problem.message}`);
  }

  /** A new engine knows nothing of what the page has open. */
  #again(post: Post): void {
    // What these fail with shows when the engine stops once more.
    const tell = (request: Request): void => void post(request).catch(() => {});
    if (!this.#wanted) tell({ call: "wanted", online: false });
    if (this.#kept) tell({ call: "kept" });
    for (const [name, mirror] of this.#mirrors) {
      mirror.reset();
      tell({ call: "open", name });
    }
    this.#questions.again();
    this.#incarnation = this.#incarnate();
    this.#devices.again();
    for (const present of this.#presence.values()) present.again();
  }

  #listen(): void {
    if (typeof document === "undefined") return;
    document.addEventListener("visibilitychange", this.#looked);
    addEventListener("pagehide", this.#left);
    if (this.#stores && !this.#status.storage.persistent) void this.#askToKeep();
  }

  /** Asks the browser not to clear the store by itself: only a page may, and people may take long to answer. */
  async #askToKeep(): Promise<void> {
    this.#kept = await isKept("persist");
    if (this.#kept) this.#tell({ call: "kept" });
  }

  #looked = (): void => {
    this.#tell({ call: document.visibilityState === "visible" ? "visible" : "hidden" });
  };

  #left = (): void => {
    for (const name of this.#presence.keys()) this.#tell({ call: "present", name, state: undefined });
  };
}

/** Whether the browser promised not to clear the store by itself; `persist` asks for it. */
async function isKept(how: "persist" | "persisted"): Promise<boolean> {
  try {
    return await navigator.storage[how]();
  } catch {
    // There is no such promise in Node, nor on a page of an origin that is not secure.
    return false;
  }
}

function authorOf({ author, site }: OpenOptions): string | undefined {
  if (author === undefined || author.includes("/") || site === undefined) return author;
  return `${site}/${author}`;
}
