// A booking in a form: a new one, or one that is there.

import type { BookingForm, BookingsView, GrantedBooking, Query, Slot, Venue } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { clock } from "../../shell/calendar.ts";
import { icon } from "../../shell/icons.ts";
import type { Draft, FormField } from "../fields.ts";
import { askForm } from "../form.ts";
import { labelOf } from "../words.ts";
import { slotOf, slotText } from "./model.ts";
import { t } from "./texts.ts";

const SHORTEST_MINUTES = 30;

interface Asked {
  readonly view: BookingsView;
  readonly venues: readonly Venue[];
  readonly day: string;
  readonly venue?: Venue | undefined;
  readonly booking?: GrantedBooking;
}

/** Asks for a booking; answers its fields, or `cancel` when it is to be given up. */
export async function askBooking(asked: Asked): Promise<BookingForm | "cancel" | undefined> {
  const { booking } = asked;
  const draft = draftOf(asked);
  const free = new FreeTimes(asked.view);
  const done = await askForm({
    title: booking ? t.edit : t.add,
    save: booking ? t.save : t.book,
    draft,
    fields: () => fields(asked),
    above: () => html`${freeOnes(free.on(draft), draft)}`,
    follow: (changed) => free.follow(changed),
    ...(booking && booking.grant !== "cancelled" && {
      others: (close: (what: string) => void) => html`<button type="button" class="btn btn-ghost btn-danger" @click=${() => close("cancel")}>${icon("trash")}${t.cancel}</button>`,
    }),
  });
  if (done === undefined) return undefined;
  return done === "cancel" ? "cancel" : formOf(draft, booking);
}

function draftOf({ booking, venue, venues, day }: Asked): Draft {
  return {
    venue: booking?.venue ?? venue?.id ?? venues[0]?.id ?? "",
    day: booking?.start.slice(0, 10) ?? day,
    from: booking ? clock(booking.start) : "14:00",
    to: booking ? clock(booking.end) : "16:00",
    name: booking?.name ?? "",
    phone: booking?.phone ?? "",
    people: booking?.people?.toString() ?? "",
    purpose: booking?.purpose ?? "",
    note: booking?.note ?? "",
  };
}

function fields({ venues, booking }: Asked): FormField[] {
  const label = (field: string) => labelOf("bookings", field);
  const options = venues.map(({ id, name }) => [id, name] as const);
  // The venue of one that is there may be known nowhere any more.
  const lost = booking?.venue && !venues.some(({ id }) => id === booking.venue) ? [[booking.venue, t.unknown] as const] : [];
  return [
    { key: "venue", label: label("venue"), kind: "select", options: [...options, ...lost], required: true },
    { key: "day", label: t.day, kind: "date", required: true },
    { key: "from", label: t.from, kind: "time", required: true },
    { key: "to", label: t.to, kind: "time", required: true },
    { key: "name", label: label("name"), required: true },
    { key: "phone", label: label("phone"), kind: "tel" },
    { key: "people", label: label("people"), kind: "number", min: 1, max: 100_000 },
    { key: "purpose", label: label("purpose") },
    { key: "note", label: label("note"), wide: true },
  ];
}

function formOf(draft: Draft, booking: GrantedBooking | undefined): BookingForm {
  const { venue = "", day = "", from = "", to = "", name = "" } = draft;
  const text = (key: string) => (draft[key] ?? "").trim();
  const optional = ["phone", "purpose", "note"].map((key) => [key, text(key) || null] as const);
  const people = ["people", text("people") === "" ? null : Number(text("people"))] as const;
  // What is empty is not set, unless it is to be emptied.
  const said = [...optional, people].filter(([, value]) => booking !== undefined || value !== null);
  return { venue, ...slotOf(day, from, to), name: name.trim(), ...Object.fromEntries(said) };
}

/** The free times of the venue and day that a draft says. */
class FreeTimes {
  #view: BookingsView;
  #key = "";
  #query: Query<readonly Slot[]> | undefined;
  #changed: () => void = () => {};
  #stop: (() => void) | undefined;

  constructor(view: BookingsView) {
    this.#view = view;
  }

  on({ venue = "", day = "" }: Draft): readonly Slot[] | undefined {
    const key = `${venue} ${day}`;
    if (key !== this.#key && venue !== "" && day !== "") {
      this.#stop?.();
      this.#key = key;
      this.#query = this.#view.freeSlots(venue, day, SHORTEST_MINUTES);
      this.#stop = this.#query.subscribe(() => this.#changed());
    }
    return this.#query?.value;
  }

  follow(changed: () => void): () => void {
    this.#changed = changed;
    return () => this.#stop?.();
  }
}

function freeOnes(slots: readonly Slot[] | undefined, draft: Draft): TemplateResult | typeof nothing {
  const { day = "", from = "", to = "" } = draft;
  if (from === "" || to === "" || day === "") return nothing;
  const wanted = slotOf(day, from, to);
  const fits = slots?.some(({ start, end }) => start <= wanted.start && wanted.end <= end);
  const text = slots === undefined ? " " : slots.length === 0 ? t.full : t.free(slots.map((slot) => slotText(slot, t.nextDay)).join(" · "));
  return html`<p class="summary num ${slots === undefined || fits ? "" : "summary-warn"}" role="status">${text}</p>`;
}
