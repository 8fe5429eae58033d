import type {
  BookingsView,
  DocumentView,
  Giving,
  GoodsView,
  GrantedBooking,
  Item,
  Live,
  Query,
  Site,
  SubmissionFigures,
  VenueReport,
  Yilian,
} from "@yilian/client";
import { daysOf } from "../shell/calendar.ts";
import { type Followed, follow, stopAll } from "./followed.ts";

/** What is followed of a month. */
interface Figures {
  readonly venues: Followed<Query<VenueReport>>;
  readonly submissions: Followed<Query<SubmissionFigures>>;
  readonly giving: Followed<Query<Giving>>;
}

/** What sites share, of one month, followed while the page shows it. */
export class Sharing {
  #yilian: Yilian;
  #changed: () => void;
  #month = "";
  #drive = "";
  #figures: Figures | undefined;
  #driveGiving: Followed<Query<Giving>> | undefined;
  #goods: Followed<GoodsView> | undefined;
  #items = new Map<string, Item>();
  #caughtUp = false;
  /** Sites, venues, exceptions and events. */
  readonly directory: DocumentView;

  /** `caughtUp` tells when what the hub has is here: figures of a part would be taken for those of the whole. */
  constructor(yilian: Yilian, caughtUp: Promise<void>, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
    void caughtUp.then(() => {
      this.#caughtUp = true;
      this.#look();
    });
    this.directory = yilian.directory();
    this.directory.subscribe(changed);
    void this.directory.ready.then(changed);
  }

  /** Follows a month. */
  show(month: string): void {
    if (month === this.#month) return;
    this.leave();
    this.#month = month;
    this.#look();
  }

  /** Follows nothing any more. */
  leave(): void {
    this.#month = "";
    stopAll(this.#figures);
    this.#figures = undefined;
    this.showDrive("");
    this.showGoods("");
  }

  /** Follows an event's goods; none for an empty id. */
  showDrive(drive: string): void {
    if (drive === this.#drive || (drive !== "" && !this.#caughtUp)) return;
    this.#drive = drive;
    this.#driveGiving?.stop();
    this.#driveGiving = drive === "" ? undefined : this.#follow(this.#yilian.report.giving({ drive }));
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

  /** How venues are used in the month; undefined until that is known. */
  get venues(): VenueReport | undefined {
    return this.directory.isReady ? this.#figures?.venues.view.value : undefined;
  }

  /** How sites deal with what they were sent in the month; undefined until that is known. */
  get submissions(): SubmissionFigures | undefined {
    return this.#figures?.submissions.view.value;
  }

  /** What happened to goods in the month. */
  get giving(): Giving | undefined {
    return this.#figures?.giving.view.value;
  }

  /** What happened to goods for the event that is followed. */
  get driveGiving(): Giving | undefined {
    return this.#driveGiving?.view.value;
  }

  /** The goods of the site that is followed. */
  get goods(): GoodsView | undefined {
    return this.#goods?.view;
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** Promises a venue to a booking for the county's centre; answers how to take that back. */
  async confirm(booking: GrantedBooking): Promise<() => Promise<void>> {
    const site = booking.document.split("/")[1] ?? booking.site;
    const view: BookingsView = this.#yilian.bookings(site, this.#month);
    await view.confirm(booking);
    return () => view.set(booking, { confirmed_by: null, confirmed_for: null });
  }

  #look(): void {
    if (!this.#caughtUp || this.#month === "" || this.#figures !== undefined) return;
    const { report } = this.#yilian;
    const days = daysFrom(this.#month);
    this.#figures = {
      venues: this.#follow(report.venues({ month: this.#month })),
      submissions: this.#follow(report.submissions(days)),
      giving: this.#follow(report.giving(days)),
    };
    this.#changed();
  }

  #follow<View extends Live<unknown>>(view: View): Followed<View> {
    return follow(view, () => {
      for (const giving of [this.giving, this.driveGiving]) {
        for (const item of giving?.items ?? []) this.#items.set(item.id, item);
      }
      this.#changed();
    });
  }
}

/** The first day of a month and the last. */
function daysFrom(month: string): { from: string; until: string } {
  const from = `${month}-01`;
  return { from, until: daysOf(month).at(-1) ?? from };
}
