import type { ChangeEntry, Device, Findings, Live, Repair, Yilian } from "@yilian/client";
import { remember, remembered } from "../shell/store.ts";
import type { Placed } from "./coverage.ts";
import { newestBySite, readDevices, siteSyncs, type SiteSync, withHeard } from "./devices.ts";
import { Rosters } from "./rosters.ts";

const KEY = "devices";
/** After this without a connection, what is stored here is all there is to begin with. */
const ALONE_MS = 3_000;

/** What the hub's page knows, kept up to date. */
export class HubState {
  #yilian: Yilian;
  #changed: () => void;
  #rosters: Rosters;
  #devices: readonly Device[];
  #heard: Live<readonly Device[]>;
  #findings: Live<Findings> | undefined;
  #found = false;
  /** Whether what the hub had when the page was opened is here. */
  #caughtUp = false;
  #tellCaughtUp = (): void => {};
  /** Settled once what the hub had when the page was opened is here, or there is no hub to wait for. */
  readonly caughtUp = new Promise<void>((resolve) => {
    this.#tellCaughtUp = resolve;
  });
  #stopFindings = (): void => {};

  constructor(yilian: Yilian, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
    this.#rosters = new Rosters(yilian, changed);
    this.#devices = withHeard(readDevices(remembered(KEY)), []);
    this.#heard = yilian.devices();
    this.#heard.subscribe(() => this.#hear());
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const soon = setTimeout(() => void this.#catchUp(), ALONE_MS);
    yilian.onStatus(({ connection, inStep }) => {
      changed();
      if (connection === "online") clearTimeout(soon);
      if (connection === "online" && inStep && !this.#caughtUp) void this.#catchUp();
      // What arrives comes in many parts.
      waiting ??= setTimeout(() => {
        waiting = undefined;
        void this.#rosters.look();
      }, 500);
    });
  }

  /** Shows another month. */
  async show(month: string): Promise<void> {
    if (month === this.#rosters.month) return;
    this.#stopFindings();
    this.#found = false;
    this.#findings = this.#yilian.findings(month);
    this.#stopFindings = this.#findings.subscribe(() => {
      this.#found = true;
      this.#changed();
    });
    await this.#rosters.show(month);
  }

  get isReady(): boolean {
    return this.#rosters.isReady;
  }

  /** Whether what was here when the page was opened is all shown: what comes now is new. */
  get isSettled(): boolean {
    return this.#caughtUp && this.isReady && this.#rosters.isRead;
  }

  get rosters(): Rosters {
    return this.#rosters;
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  /** What was found; undefined while nothing was looked for yet. */
  get findings(): Findings | undefined {
    return this.#found ? this.#findings?.value : undefined;
  }

  shifts(): Placed[] {
    return [...this.#rosters.shifts()];
  }

  /** Each site's last sync. */
  syncs(): SiteSync[] {
    const entries: ChangeEntry[] = (this.#rosters.changes() ?? []).flatMap(([, entries]) => [...entries]);
    const keys = this.#rosters.sites.value.map(({ key }) => key);
    return siteSyncs(keys, this.#devices, newestBySite(entries));
  }

  /** Makes a repair; answers how to take it back. */
  async repair(repair: Repair): Promise<() => Promise<void>> {
    await this.#yilian.repair(repair);
    const edits = repair.edits.map((edit) => ("set" in edit ? edit.set : edit.clear));
    const names = new Set(edits.map(({ document }) => document));
    return async () => {
      for (const name of names) await this.#undo(name);
    };
  }

  async #catchUp(): Promise<void> {
    await this.#rosters.look();
    this.#caughtUp = true;
    this.#tellCaughtUp();
    this.#changed();
  }

  async #undo(name: string): Promise<void> {
    const view = this.#yilian.doc(name);
    try {
      await view.ready;
      await view.undo();
    } finally {
      view.close();
    }
  }

  #hear(): void {
    this.#devices = withHeard(this.#devices, this.#heard.value);
    remember(KEY, JSON.stringify(this.#devices));
    this.#changed();
  }
}
