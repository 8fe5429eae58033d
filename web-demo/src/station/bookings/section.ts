// Bookings: a day of a site's venues, each booking with what became of it.

import { type Alternative, type BookingsView, type DirectoryView, type GrantedBooking, KINDS, type Venue } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { amenityLabel } from "../../shell/amenities.ts";
import { addDays } from "../../shell/calendar.ts";
import { attempt } from "../../shell/client.ts";
import { byPinyin, lang, say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { dayText, today } from "../../shell/time.ts";
import { toast } from "../../shell/toasts.ts";
import type { App } from "../app.ts";
import { Follows } from "../follow.ts";
import { type Section, sectionBar } from "../section.ts";
import type { Session } from "../session.ts";
import { siteName } from "../words.ts";
import { askBooking } from "./form.ts";
import { monthsOf, slotText, takes, type VenueDay, venueDays } from "./model.ts";
import { t } from "./texts.ts";

const ALTERNATIVES = 4;
const TONES = { confirmed: "pill-ok", granted: "pill-accent", bumped: "pill-danger", cancelled: "", unplaced: "pill-warn" } as const;

export class Bookings implements Section {
  /** Whose venues are shown; the own site's until another is chosen. */
  place = "";
  day = today();
  #app: App;
  #follows: Follows | undefined;
  #venues: DirectoryView<"venues"> | undefined;
  #bookings: BookingsView | undefined;
  #session: Session | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#session = session;
    if (this.place === "") this.place = site;
    this.#follows = new Follows(() => this.#app.draw());
    this.#venues = this.#follows.document(session.yilian.venues());
    this.#bookings = this.#follows.live(session.yilian.bookings(this.place, ...monthsOf(this.day)));
  }

  close(): void {
    this.#follows?.stop();
    this.#follows = undefined;
  }

  async ready(): Promise<void> {
    await this.#follows?.ready();
  }

  view(): TemplateResult {
    const drawn = html`${this.#bar()} ${this.#days()}`;
    this.#follows?.sweep();
    return drawn;
  }

  #show(place: string, day: string): void {
    this.place = place;
    this.day = day;
    const { site } = this.#session ?? {};
    if (this.#session && site !== undefined) this.open(this.#session, site);
    this.#app.draw();
  }

  #own(): readonly Venue[] {
    return (this.#venues?.value ?? []).filter(({ site }) => site === this.place);
  }

  #bar(): TemplateResult {
    const { sites, session } = this.#app;
    const withVenues = new Set((this.#venues?.value ?? []).map(({ site }) => site));
    const others = sites.filter(({ key }) => key !== session?.site && withVenues.has(key)).toSorted((a, b) => byPinyin(a.name, b.name));
    const keys = [session?.site ?? "", ...others.map(({ key }) => key)];
    const choose = (event: Event) => this.#show((event.target as HTMLSelectElement).value, this.day);
    const pick = (event: Event) => {
      const { value } = event.target as HTMLInputElement;
      if (value !== "") this.#show(this.place, value);
    };
    return sectionBar(
      this.#app,
      html`<div class="row days-bar">
          <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.previousDay} @click=${() => this.#show(this.place, addDays(this.day, -1))}>${icon("left")}</button>
          <label class="day-pick"><span class="visually-hidden">${t.day}</span><input type="date" class="input" .value=${this.day} @change=${pick} /></label>
          <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.nextDayOf} @click=${() => this.#show(this.place, addDays(this.day, 1))}>${icon("right")}</button>
          ${this.day === today() ? nothing : html`<button type="button" class="btn btn-ghost btn-s wide-only" @click=${() => this.#show(this.place, today())}>${t.toToday}</button>`}
        </div>
        <label class="place"><span class="visually-hidden">${t.place}</span>
          <select class="input" @change=${choose}>
            ${keys.map((key) => html`<option value=${key} ?selected=${key === this.place}>${siteName(key, sites)}</option>`)}
          </select></label>
        <button type="button" class="btn btn-primary add" ?disabled=${this.#own().length === 0} @click=${() => this.#add()}>${icon("plus")}<span>${t.add}</span></button>`,
    );
  }

  #days(): TemplateResult {
    const bookings = this.#bookings?.value;
    if (bookings === undefined || !this.#venues?.isReady) return html`<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>`;
    const days = venueDays(this.#own(), bookings, this.day);
    const title = html`<h2 class="section-title">${dayText(this.day)}</h2>`;
    if (days.length === 0) {
      return html`${title}<div class="card">${empty({ icon: "calendar", title: t.noVenues, text: html`${t.noVenuesText}<br /><code>yilian venue add</code>` })}</div>`;
    }
    return html`${title}<div class="venues">${repeat(days, ({ key }) => key, (one) => this.#venue(one))}</div>`;
  }

  #venue({ venue, bookings }: VenueDay): TemplateResult {
    const facts = [venue?.capacity ? t.holds(venue.capacity) : "", ...(venue?.amenities ?? []).map((key) => amenityLabel(key, lang()))].filter(Boolean).join(" · ");
    return html`<section class="card venue" aria-label=${venue?.name ?? t.unknown}>
      <header>
        <div><h3>${venue?.name ?? t.unknown} ${venue && venue.state !== "open" ? html`<span class="pill pill-warn">${say(KINDS.venues.fields.state.choices[venue.state])}</span>` : nothing}</h3>
          ${facts ? html`<p class="small muted">${facts}</p>` : nothing}</div>
        ${venue ? html`<button type="button" class="btn btn-icon" aria-label=${t.addIn(venue.name)} @click=${() => this.#add(venue)}>${icon("plus")}</button>` : nothing}
      </header>
      ${venue ? html`<p class="small muted num free">${this.#free(venue)}</p>` : nothing}
      ${bookings.length === 0
        ? html`<p class="small muted">${t.nothing}</p>`
        : html`<ul class="bookings">${repeat(bookings, ({ id }) => id, (one) => this.#booking(one))}</ul>`}
    </section>`;
  }

  #free(venue: Venue): string {
    const slots = this.#follows?.answer(`free ${venue.id}`, () => (this.#bookings as BookingsView).freeSlots(venue.id, this.day, 30));
    if (slots === undefined) return " ";
    return slots.length === 0 ? t.full : t.free(slots.map((slot) => slotText(slot, t.nextDay)).join(" · "));
  }

  #booking(one: GrantedBooking): TemplateResult {
    const more = [one.purpose, one.people ? t.people(one.people) : "", one.borrower ? t.by(siteName(one.borrower, this.#app.sites)) : ""];
    const isOwn = one.site === this.#session?.site;
    return html`<li class="booking is-${one.grant}" data-booking=${one.id}>
      <div class="line">
        <button type="button" class="open" @click=${() => this.#edit(one)}>
          <span class="num">${slotText(one, t.nextDay)}</span>
          <b>${one.name || t.unsaid}</b>
          <small>${more.filter(Boolean).join(" · ")}</small>
        </button>
        <span class="pill ${TONES[one.grant]}">${t[one.grant]}</span>
        ${isOwn && one.grant === "granted"
          ? html`<button type="button" class="btn btn-s" aria-label=${t.confirmOf(one.name)} @click=${() => this.#confirm(one)}>${icon("check")}${t.confirm}</button>`
          : nothing}
      </div>
      ${one.grant === "bumped" ? this.#instead(one) : nothing}
    </li>`;
  }

  /** Who has it instead, and where this one could go: one tap each. */
  #instead(one: GrantedBooking): TemplateResult {
    const by = this.#bookings?.value?.find(({ id }) => id === one.bumped_by);
    const found = this.#follows?.answer(`instead ${one.document} ${one.id}`, () => (this.#bookings as BookingsView).alternatives(one, ALTERNATIVES));
    const way = (other: Alternative) => html`<button type="button" class="btn btn-s" @click=${() => this.#take(one, other)}>${icon("right")}${this.#otherText(one, other)}</button>`;
    return html`<div class="instead">
      <p class="small">${icon("warn")}<span>${by ? t.bumpedBy(by.name || t.unsaid, slotText(by, t.nextDay)) : t.bumpedByOther}</span></p>
      ${found === undefined ? html`<p class="small muted">${t.looking}</p>` : nothing}
      ${found?.length === 0 ? html`<p class="small muted">${t.noOther}</p>` : nothing}
      ${found?.length ? html`<div class="row" role="group" aria-label=${t.insteadOf(one.name)}>${found.map(way)}</div>` : nothing}
    </div>`;
  }

  #otherText(one: GrantedBooking, { venue, slot }: Alternative): string {
    const day = slot.start.slice(0, 10) === one.start.slice(0, 10) ? "" : `${dayText(slot.start.slice(0, 10))} `;
    const where = venue.id === one.venue ? "" : ` ${venue.name}${venue.site === one.site ? "" : `（${siteName(venue.site, this.#app.sites)}）`}`;
    return `${day}${slotText(slot, t.nextDay)}${where}`;
  }

  async #take(one: GrantedBooking, other: Alternative): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const text = this.#otherText(one, other);
    await attempt(async () => {
      await this.#bookings?.set(one, takes(other));
      toast(t.moved(`${one.name} ${text}`));
    });
  }

  async #confirm(one: GrantedBooking): Promise<void> {
    if (!(await this.#app.askWho())) return;
    await attempt(async () => {
      await this.#bookings?.confirm(one);
      toast(t.promised(`${one.name} ${slotText(one, t.nextDay)}`));
    });
  }

  async #add(venue?: Venue): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const fields = await this.#ask({ venue });
    if (fields === undefined || typeof fields === "string") return;
    const own = this.#session?.site;
    const borrower = own !== undefined && own !== this.place ? { borrower: own } : {};
    await attempt(async () => {
      await this.#bookings?.book({ ...fields, ...borrower });
      toast(t.booked(`${fields.name} ${slotText(fields, t.nextDay)}`));
    });
  }

  async #edit(one: GrantedBooking): Promise<void> {
    const fields = await this.#ask({ booking: one });
    if (fields === undefined || !(await this.#app.askWho())) return;
    const text = `${one.name} ${slotText(one, t.nextDay)}`;
    await attempt(async () => {
      if (fields !== "cancel") {
        await this.#bookings?.set(one, fields);
        toast(t.changed(`${fields.name} ${slotText(fields, t.nextDay)}`));
        return;
      }
      await this.#bookings?.cancel(one);
      const back = () => void attempt(async () => this.#bookings?.set(one, { state: "booked" }));
      toast(t.gone(text), { action: { label: t.undo, run: back } });
    });
  }

  #ask(about: { venue?: Venue | undefined; booking?: GrantedBooking }) {
    return askBooking({ view: this.#bookings as BookingsView, venues: this.#own(), day: this.day, ...about });
  }
}
