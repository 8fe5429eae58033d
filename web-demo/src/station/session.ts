// What the station view has open: one client, the directory, one site's people and one month's roster.

import type { DocumentPresence, Findings, PeopleView, RosterView, SitesView, Yilian } from "@yilian/client";
import { openClient, worksOffline } from "../shell/client.ts";
import { whoAmI } from "../shell/people.ts";

/** What a tab says of itself to the others. */
export interface Here {
  /** The cell it stands in. */
  readonly row?: string;
  readonly day?: string;
  /** The shift it edits. */
  readonly shift?: string;
}

const NOTHING: Findings = { findings: [], not_checked: [] };

export class Session {
  readonly site: string | undefined;
  readonly author: string | undefined;
  readonly yilian: Yilian;
  readonly sites: SitesView;
  readonly people: PeopleView | undefined;
  roster: RosterView | undefined;
  #changed: () => void;
  #stops: (() => void)[] = [];
  #stopsOfMonth: (() => void)[] = [];

  private constructor(yilian: Yilian, site: string | undefined, changed: () => void) {
    this.yilian = yilian;
    this.site = site;
    this.author = site === undefined ? undefined : whoAmI(site);
    this.#changed = changed;
    this.sites = yilian.sites();
    this.#follow(this.sites);
    if (site !== undefined) {
      this.people = yilian.people(site);
      this.#follow(this.people);
    }
    this.#stops.push(yilian.onStatus(changed));
  }

  /** Opens what a site's browser holds. */
  static async open(site: string | undefined, changed: () => void): Promise<Session> {
    const author = site === undefined ? undefined : whoAmI(site);
    const yilian = await openClient({ ...(site && { site }), ...(author && { author }) });
    return new Session(yilian, site, changed);
  }

  /** Whether what is stored here is shown. */
  get isReady(): boolean {
    return this.sites.isReady && (this.people?.isReady ?? true) && (this.roster?.isReady ?? true);
  }

  /** Whether what is not here yet may be on its way. */
  get isFilling(): boolean {
    const { connection, inStep, failure } = this.yilian.status;
    if (worksOffline() || inStep || failure !== undefined) return false;
    return connection !== "offline" || navigator.onLine;
  }

  get findings(): Findings {
    return this.roster?.findings.value ?? NOTHING;
  }

  get presence(): DocumentPresence<Here> | undefined {
    return this.roster?.presence as DocumentPresence<Here> | undefined;
  }

  /** Shows another month. */
  showMonth(month: string): void {
    if (this.site === undefined || this.roster?.month === month) return;
    this.#leaveMonth();
    const roster = this.yilian.roster(this.site, month);
    this.roster = roster;
    this.#stopsOfMonth = [
      roster.subscribe(this.#changed),
      roster.findings.subscribe(this.#changed),
      roster.presence.subscribe(this.#changed),
    ];
    void roster.ready.then(this.#changed);
    roster.presence.set({});
  }

  async close(): Promise<void> {
    this.#leaveMonth();
    for (const stop of this.#stops) stop();
    this.people?.close();
    this.sites.close();
    await this.yilian.close();
  }

  #follow(view: SitesView | PeopleView): void {
    this.#stops.push(view.subscribe(this.#changed));
    void view.ready.then(this.#changed);
  }

  #leaveMonth(): void {
    for (const stop of this.#stopsOfMonth) stop();
    this.#stopsOfMonth = [];
    this.roster?.presence.set(undefined);
    this.roster?.close();
    this.roster = undefined;
  }
}
