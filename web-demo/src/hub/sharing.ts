import type {
  BookingsView,
  DocumentView,
  Giving,
  GoodsView,
  GrantedBooking,
  InboxView,
  Item,
  Live,
  Progress,
  Query,
  Site,
  Yilian,
} from "@yilian/client";
import { addMonths, daysOf } from "../shell/calendar.ts";
import { hubSite } from "./hubsite.ts";

/** Something of a site that is followed. */
interface Followed<View> {
  readonly view: View;
  readonly stop: () => void;
}

/** What sites share, of one month, followed while the page shows it. */
export class Sharing {
  #yilian: Yilian;
  #changed: () => void;
  #month = "";
  #drive = "";
  #bookings = new Map<string, Followed<BookingsView>>();
  #inboxes = new Map<string, Followed<InboxView>>();
  #giving: Followed<Query<Giving>> | undefined;
  #driveGiving: Followed<Query<Giving>> | undefined;
  #goods: Followed<GoodsView> | undefined;
  #items = new Map<string, Item>();
  #asking = false;
  #caughtUp = false;
  #looked = false;
  /** What was known once is shown from then on, also while more of it arrives. */
  #known = new Set<"bookings" | "inboxes">();
  #named = false;
  #stopStatus: (() => void) | undefined;
  /** Sites, venues, exceptions and events. */
  readonly directory: DocumentView;

  /** `caughtUp` tells when what the hub has is here: figures of a part would be taken for those of the whole. */
  constructor(yilian: Yilian, caughtUp: Promise<void>, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
    void caughtUp.then(() => {
      this.#caughtUp = true;
      void this.#look();
    });
    this.directory = yilian.directory();
    this.directory.subscribe(changed);
    void this.directory.ready.then(changed);
  }

  /** Follows a month. */
  async show(month: string): Promise<void> {
    if (month === this.#month) return;
    this.leave();
    this.#month = month;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    // What arrives comes in many parts.
    this.#stopStatus = this.#yilian.onStatus(() => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        void this.#look();
      }, 500);
    });
    await this.#look();
  }

  /** Follows nothing any more. */
  leave(): void {
    this.#month = "";
    this.#looked = false;
    this.#known.clear();
    this.#named = false;
    this.#stopStatus?.();
    for (const { stop } of [...this.#bookings.values(), ...this.#inboxes.values()]) stop();
    this.#bookings.clear();
    this.#inboxes.clear();
    this.#giving?.stop();
    this.#giving = undefined;
    this.showDrive("");
    this.showGoods("");
  }

  /** Follows an event's goods; none for an empty id. */
  showDrive(drive: string): void {
    if (drive === this.#drive || (drive !== "" && !this.#looked)) return;
    this.#drive = drive;
    this.#driveGiving?.stop();
    this.#driveGiving = drive === "" ? undefined : this.#follow(this.#yilian.giving({ drive }), () => void this.#nameItems());
  }

  /** Follows the goods of one site; none for an empty key. */
  showGoods(site: string): void {
    if (site === (this.#goods?.view.site ?? "")) return;
    this.#goods?.stop();
    this.#goods = site === "" ? undefined : this.#follow(this.#yilian.goods(site));
  }

  get sites(): Site[] {
    return this.directory.records("sites");
  }

  /** The site that speaks for the county. */
  get hub(): string | undefined {
    return hubSite(this.sites);
  }

  /** All bookings of the month and the one before; undefined until they are known. */
  get bookings(): GrantedBooking[] | undefined {
    return this.#all("bookings", [...this.#bookings.values()].map(({ view }) => view.value));
  }

  /** All that was sent to sites; undefined until it is known. */
  get submissions(): Progress[] | undefined {
    return this.#all("inboxes", [...this.#inboxes.values()].map(({ view }) => view.value));
  }

  /** What happened to goods in the month. */
  get giving(): Giving | undefined {
    return this.#giving?.view.value;
  }

  /** What happened to goods for the event that is followed. */
  get driveGiving(): Giving | undefined {
    return this.#driveGiving?.view.value;
  }

  /** The goods of the site that is followed. */
  get goods(): GoodsView | undefined {
    return this.#goods?.view;
  }

  /** Whether it was asked what items are called. */
  get isNamed(): boolean {
    return this.#named;
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** Promises a venue to a booking in the hub's name; answers how to take that back. */
  async confirm(booking: GrantedBooking, name: string): Promise<() => Promise<void>> {
    const site = booking.document.split("/")[1] ?? booking.site;
    const view = this.#yilian.bookings(site, this.#month);
    // Who may promise it is told by the site that stands before the name.
    await view.set(booking, { confirmed_by: `${this.hub}/${name}` });
    return () => view.set(booking, { confirmed_by: null });
  }

  #all<Value>(of: "bookings" | "inboxes", values: (readonly Value[] | undefined)[]): Value[] | undefined {
    if (!this.#looked || !this.directory.isReady) return undefined;
    const answered = values.filter((some) => some !== undefined);
    if (answered.length === values.length) this.#known.add(of);
    return this.#known.has(of) ? answered.flat() : undefined;
  }

  /** Looks whether documents arrived that were not here. */
  async #look(): Promise<void> {
    const month = this.#month;
    const names = await this.#yilian.names();
    if (month !== this.#month || month === "") return;
    const before = addMonths(month, -1);
    for (const name of names) {
      const [kind, site, last] = name.split("/");
      if (site === undefined) continue;
      if (kind === "bookings" && (last === month || last === before) && !this.#bookings.has(site)) {
        this.#bookings.set(site, this.#follow(this.#yilian.bookings(site, before, month)));
      } else if (kind === "inbox" && !this.#inboxes.has(site)) {
        this.#inboxes.set(site, this.#follow(this.#yilian.inbox(site)));
      }
    }
    this.#looked ||= this.#caughtUp;
    // Asked before, it would answer of the ledgers that were here then until it is worked out anew.
    if (this.#looked) this.#giving ??= this.#follow(this.#yilian.giving(daysFrom(month)), () => void this.#nameItems());
    this.#changed();
  }

  #follow<View extends Live<unknown>>(view: View, heard = (): void => {}): Followed<View> {
    const stop = view.subscribe(() => {
      heard();
      this.#changed();
    });
    return { view, stop };
  }

  /** Asks what items are called that are not known yet: the site that has the most of them first. */
  async #nameItems(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const asked = new Set<string>();
      for (let site = this.#nextToAsk(asked); site !== undefined; site = this.#nextToAsk(asked)) {
        asked.add(site);
        const { items } = await this.#yilian.goods(site).now();
        for (const { item, record } of items) if (record !== null) this.#items.set(item, record);
        this.#changed();
      }
    } catch {
      // The engine stopped meanwhile; it is asked again with the next change.
    } finally {
      this.#asking = false;
      this.#named = true;
      this.#changed();
    }
  }

  #nextToAsk(asked: ReadonlySet<string>): string | undefined {
    const unknown = new Map<string, number>();
    for (const giving of [this.giving, this.driveGiving]) {
      for (const { site, item } of [...(giving?.left ?? []), ...(giving?.rows ?? [])]) {
        if (!this.#items.has(item) && !asked.has(site)) unknown.set(site, (unknown.get(site) ?? 0) + 1);
      }
    }
    return [...unknown].sort(([, a], [, b]) => b - a)[0]?.[0];
  }
}

/** The first day of a month and the last. */
function daysFrom(month: string): { from: string; until: string } {
  const from = `${month}-01`;
  return { from, until: daysOf(month).at(-1) ?? from };
}
