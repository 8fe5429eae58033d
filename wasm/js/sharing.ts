import type {
  Alternative,
  BookingFields,
  Goods,
  GrantedBooking,
  NewItem,
  Progress,
  RecordId,
  SiteKey,
  Slot,
  Stage,
  Submission,
  SubmissionFields,
} from "./generated.js";
import type { Desk, Live, Query } from "./view.js";

/** What somebody looks for near a place; everything will do that is not said. */
export interface Wanted {
  /** When, such as `2026-12-03T08:00`; now, and from then on, where it is not said. */
  at?: string;
  /** From where: degrees north and east. */
  near?: readonly [number, number];
  /** The site must offer all of these. */
  amenities?: readonly string[];
  /** The site must offer a service of this name or category, at that time. */
  service?: string;
  /** The site must have a venue for as many people. */
  capacity?: number;
  /** Closed sites too, which then say when they open. */
  closed_too?: boolean;
  /** As many are found, 20 unless said otherwise. */
  max?: number;
}

/** A wish for a venue; its site is that of the venue. */
export type BookingForm = Omit<BookingFields, "site" | "state" | "confirmed_by" | "confirmed_for"> &
  Required<Pick<BookingFields, "venue" | "start" | "end" | "name">>;

/** What is followed for as long as somebody subscribes. */
class Followed<Value> implements Live<Value | undefined> {
  readonly #query: Query<Value>;

  constructor(query: Query<Value>) {
    this.#query = query;
  }

  /** As of now; undefined until the engine has answered. */
  get value(): Value | undefined {
    return this.#query.value;
  }

  /** Calls back after each change; answers how to stop that. */
  subscribe(listener: () => void): () => void {
    return this.#query.subscribe(listener);
  }

  /** The answer as of now, subscribed or not. */
  now(): Promise<Value> {
    return this.#query.now();
  }
}

/** The bookings of a site's venues in some months, by start, each with what became of it. */
export class BookingsView extends Followed<readonly GrantedBooking[]> {
  /** Whose venues. */
  readonly site: SiteKey;
  /** In which months: `2026-12`. */
  readonly months: readonly string[];
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk, site: SiteKey, months: readonly string[]) {
    super(desk.query("bookings", { site, months }));
    this.#desk = desk;
    this.site = site;
    this.months = months;
  }

  /** Where and when else a booking could be had, one that was made or that is only wished for. */
  alternatives(booking: GrantedBooking | BookingForm, max = 6): Query<readonly Alternative[]> {
    const made = "document" in booking;
    const args = made ? { document: booking.document, booking: booking.id, max } : { booking, max };
    return this.#desk.query("alternatives", args);
  }

  /** When a venue is open and nobody has it on a day, each time at least so many minutes long. */
  freeSlots(venue: RecordId, day: string, minutes = 1): Query<readonly Slot[]> {
    return this.#desk.query("freeSlots", { venue, day, minutes });
  }

  /**
   * Asks for a venue; answers the booking's id once it is stored here. Whether the venue is granted shows in the view: two sites
   * may ask for it without knowing of each other.
   *
   * @throws {@link YilianError} `InvalidField`, `NoSuchRecord` when there is no such venue.
   */
  async book(booking: BookingForm): Promise<RecordId> {
    return (await this.#desk.act("book", booking)).records[0] as RecordId;
  }

  /**
   * Promises the venue to a booking: no later one takes it away then.
   *
   * @throws {@link YilianError} `NotYours` unless the author is of the venue's site or of the hub, or the client has the hub's role;
   * `InboxRefused` when it is promised to another already.
   */
  async confirm(booking: Pick<GrantedBooking, "id" | "document">): Promise<void> {
    await this.#desk.act("confirm", { document: booking.document, booking: booking.id });
  }

  /** Says that the venue is not needed any more. */
  cancel(booking: Pick<GrantedBooking, "id" | "document">): Promise<void> {
    return this.set(booking, { state: "cancelled" });
  }

  /** Changes a booking. With another venue or time it is confirmed no more; one that starts in another month moves there. */
  async set(booking: Pick<GrantedBooking, "id" | "document">, fields: Partial<BookingFields>): Promise<void> {
    const { id, document } = booking;
    const order = { op: "set" as const, collection: "bookings" as const, record: id, fields };
    await this.#desk.edit(document, [order], "");
  }
}

/** So many of an item, and what else is to be said of it. */
export interface Handed {
  /** The item. */
  item: RecordId;
  /** How many. */
  count: number;
  /** Who gives, or who receives. */
  party?: string;
  /** Their telephone number. */
  phone?: string;
  /** The event it belongs to. */
  drive?: RecordId;
  /** A remark. */
  note?: string;
}

/**
 * The goods of a site. This browser gives out only what it holds, with or without a network, so nothing is given out twice; its
 * tabs hold it together. What it lacks it asks of the site's other devices.
 */
export class GoodsView extends Followed<Goods> {
  /** Whose. */
  readonly site: SiteKey;
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk, site: SiteKey) {
    super(desk.query("goods", { site }));
    this.#desk = desk;
    this.site = site;
  }

  /** Goods come in: of an item that the site knows, or of a new one. */
  contribute(goods: Handed | (Omit<Handed, "item"> & { new: NewItem })): Promise<RecordId> {
    return this.#act("contribute", goods);
  }

  /**
   * Goods are given out.
   *
   * @throws {@link YilianError} `GoodsRefused` when this browser holds too little; the message says who holds some.
   */
  give(goods: Handed): Promise<RecordId> {
    return this.#act("give", goods);
  }

  /** Hands rights to another device of the site. */
  hand(goods: Handed, to: string): Promise<RecordId> {
    return this.#act("hand", { ...goods, to });
  }

  /** Sends goods to another site; they are in transit until they are received there. */
  send(goods: Handed, to: SiteKey): Promise<RecordId> {
    return this.#act("send", { ...goods, to_site: to });
  }

  /** Goods that were sent to this browser have arrived, all of them; what is missing is a correction. */
  receive(transfer: RecordId): Promise<RecordId> {
    return this.#act("receive", { transfer });
  }

  /** A stocktaking: `count` more than thought, or fewer. */
  correct(goods: Handed): Promise<RecordId> {
    return this.#act("correct", goods);
  }

  /** Asks the device that holds the most to give out what this browser lacks. */
  claim(goods: Handed): Promise<RecordId> {
    return this.#act("claim", goods);
  }

  /** Takes a claim of this browser back. */
  withdraw(claim: RecordId): Promise<RecordId> {
    return this.#act("withdraw", { claim });
  }

  /** Gives out what a claim on this browser asks for. */
  answer(claim: RecordId): Promise<RecordId> {
    return this.#act("answer", { claim });
  }

  /**
   * Declares a device lost: what it held goes to the device `to`, or else to the one of the site that has the most of each item.
   * For the hub; this browser becomes a device of the site only where it is `to`.
   *
   * @throws {@link YilianError} `GoodsRefused` when the site has no other device.
   */
  lost(device: string, to?: string): Promise<RecordId> {
    return this.#act("lost", { device, to });
  }

  async #act(act: string, args: object): Promise<RecordId> {
    const { records } = await this.#desk.actAlone(act, { ...args, site: this.site });
    return records[0] as RecordId;
  }
}

/** What a report of giving is about; all that is here, where nothing is said. */
export interface GivingBy {
  /** Of one event only. */
  drive?: RecordId;
  /** Of one site only. */
  site?: SiteKey;
  /** From this day on. */
  from?: string;
  /** Up to and with this day. */
  until?: string;
}

/** What is sent to a site without an account. */
export type SubmissionForm = Omit<SubmissionFields, "site" | "at" | "kind" | "name"> &
  Pick<Submission, "kind" | "name">;

/** What is said with a step. */
export interface Said {
  /** Who does it: whom it is assigned to, and else whoever takes the step. */
  by?: string;
  /** What they say; needed where something is declined. */
  note?: string;
}

/** What was sent under a code, and how far it has come. Whoever knows the code may follow it; null as long as it is not here. */
export class SubmissionView extends Followed<Progress | null> {
  /** The code. */
  readonly code: string;
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk, code: string) {
    super(desk.query("submission", { code }));
    this.#desk = desk;
    this.code = code;
  }

  /** Takes it back. */
  withdraw(said: Said = {}): Promise<void> {
    return this.#step("withdrawn", said);
  }

  /** Says that it is done. */
  confirm(said: Said = {}): Promise<void> {
    return this.#step("confirmed", said);
  }

  /** Sends it again: it was declined, or is not done. */
  again(said: Said = {}): Promise<void> {
    return this.#step("submitted", said);
  }

  async #step(stage: Stage, said: Said): Promise<void> {
    await this.#desk.act("step", { code: this.code, fields: { ...said, stage } });
  }
}

/** What was sent to a site, whoever waits for longest first. */
export class InboxView extends Followed<readonly Progress[]> {
  /** Which. */
  readonly site: SiteKey;
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk, site: SiteKey) {
    super(desk.query("inbox", { site }));
    this.#desk = desk;
    this.site = site;
  }

  /**
   * Takes a step: see `next` of what is in the inbox. A wish for a venue that is accepted becomes a confirmed booking, and a claim
   * that is done a gift of this browser.
   *
   * @throws {@link YilianError} `InboxRefused` when the step does not follow on the stage, or the venue is promised to somebody
   * else; `GoodsRefused` when this browser holds too little.
   */
  async step(of: Pick<Progress, "document">, stage: Stage, said: Said = {}): Promise<void> {
    await this.#desk.actAlone("step", { document: of.document, fields: { ...said, stage } });
  }
}

