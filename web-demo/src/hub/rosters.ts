import type { ChangeEntry, DocumentView, RosterView, SitesView, Yilian } from "@yilian/client";
import type { Placed } from "./coverage.ts";

/** How many changes of one document the feed may show. */
const CHANGES_MAX = 60;

interface Read {
  readonly view: DocumentView;
  /** Its last changes; undefined until they are read. */
  changes: readonly ChangeEntry[] | undefined;
  reading: boolean;
  stale: boolean;
}

/** The directory and every roster of a month that is here, with their last changes. */
export class Rosters {
  #yilian: Yilian;
  #changed: () => void;
  #month = "";
  #read = new Map<string, Read>();
  readonly sites: SitesView;
  /** Whether all that is here of the month is shown. */
  isReady = false;

  constructor(yilian: Yilian, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
    this.sites = yilian.sites();
    this.#hold(this.sites);
  }

  get month(): string {
    return this.#month;
  }

  /** Shows another month. */
  async show(month: string): Promise<void> {
    if (month === this.#month) return;
    this.#month = month;
    this.isReady = false;
    for (const [name, { view }] of this.#read) {
      if (name === "sites" || isOf(month, name)) continue;
      this.#read.delete(name);
      view.close();
    }
    await this.look();
  }

  /** Looks whether rosters arrived that were not here. */
  async look(): Promise<void> {
    const month = this.#month;
    const names = await this.#yilian.names();
    if (month !== this.#month) return;
    const fresh: RosterView[] = [];
    for (const name of names) {
      const [kind, site, of] = name.split("/");
      if (kind !== "roster" || site === undefined || of === undefined) continue;
      if (!isOf(month, name) || this.#read.has(name)) continue;
      const view = this.#yilian.roster(site, of);
      fresh.push(view);
      this.#hold(view);
    }
    await Promise.all([this.sites.ready, ...fresh.map(({ ready }) => ready)]);
    if (month === this.#month) this.isReady = true;
    this.#changed();
  }

  /** The shifts of all rosters; those of the month before are here for what runs into this one. */
  *shifts(): Iterable<Placed> {
    for (const { view } of this.#read.values()) {
      if (!("site" in view)) continue;
      const { site, value } = view as RosterView;
      for (const shift of value) yield { site, shift };
    }
  }

  /** The last changes of the directory and of the month's rosters; undefined while none was read. */
  changes(): (readonly [string, readonly ChangeEntry[]])[] | undefined {
    const read: (readonly [string, readonly ChangeEntry[]])[] = [];
    for (const [name, { changes }] of this.#read) {
      if (changes !== undefined && (name === "sites" || name.endsWith(this.#month))) read.push([name, changes]);
    }
    return read.length === 0 ? undefined : read;
  }

  /** Whether the changes of all that is open were read. */
  get isRead(): boolean {
    return [...this.#read.values()].every(({ changes }) => changes !== undefined);
  }

  /** The view of a document that is open here. */
  view(name: string): DocumentView | undefined {
    return this.#read.get(name)?.view;
  }

  #hold(view: DocumentView): void {
    const read: Read = { view, changes: undefined, reading: false, stale: false };
    this.#read.set(view.name, read);
    const changed = (): void => {
      void this.#readChanges(read);
      this.#changed();
    };
    view.subscribe(changed);
    void view.ready.then(changed);
  }

  async #readChanges(read: Read): Promise<void> {
    if (read.reading) {
      read.stale = true;
      return;
    }
    read.reading = true;
    try {
      do {
        read.stale = false;
        const changes = await read.view.changes(CHANGES_MAX);
        // What every document begins with is nobody's doing.
        read.changes = changes.filter(({ records }) => records > 0);
      } while (read.stale);
      this.#changed();
    } catch {
      // It was closed meanwhile.
    } finally {
      read.reading = false;
    }
  }
}

/** Whether a roster is of a month, or of the one before. */
function isOf(month: string, name: string): boolean {
  const of = name.slice(name.lastIndexOf("/") + 1);
  return of === month || of === monthBefore(month);
}

function monthBefore(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}
