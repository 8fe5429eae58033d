import type { RosterView, Shift, Yilian } from "@yilian/client";

/** The rosters that the page shows something of: opened when they come to be shown, let go of after. */
export class Rosters {
  #yilian: Yilian;
  #changed: () => void;
  #open = new Map<string, RosterView>();

  constructor(yilian: Yilian, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
  }

  /** Keeps exactly these open. */
  show(sites: Iterable<string>, months: readonly string[]): void {
    const wanted = new Set<string>();
    for (const site of sites) {
      for (const month of months) {
        wanted.add(`${site}/${month}`);
        this.#hold(site, month);
      }
    }
    for (const [key, view] of this.#open) {
      if (wanted.has(key)) continue;
      this.#open.delete(key);
      view.close();
    }
  }

  /** The shifts of a site in these months; undefined until what is stored here is read. */
  shifts(site: string, months: readonly string[]): Shift[] | undefined {
    const views = months.map((month) => this.#open.get(`${site}/${month}`));
    if (views.some((view) => view?.isReady !== true)) return undefined;
    return views.flatMap((view) => view?.value ?? []);
  }

  #hold(site: string, month: string): void {
    const key = `${site}/${month}`;
    if (this.#open.has(key)) return;
    const view = this.#yilian.roster(site, month);
    this.#open.set(key, view);
    view.subscribe(this.#changed);
    void view.ready.then(this.#changed);
  }
}
