import type { CourseInfo, Goods, Slot, StockedItem, SubmissionForm, Venue } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { problemText } from "../shell/client.ts";
import { icon } from "../shell/icons.ts";
import { empty, skeletonLines } from "../shell/states.ts";
import { remember, remembered } from "../shell/store.ts";
import { civil, today } from "../shell/time.ts";
import { Following } from "./following.ts";
import { backLink, type Context, offlineNote, type Page } from "./page-parts.ts";
import { hashOf, type Route } from "./route.ts";
import { rememberSent } from "./sentList.ts";
import { type Draft, fitsIn, formOf, inStock, mostOf, plusMinutes, type Problem, problems } from "./wish.ts";
import { claimFields, personFields, requestFields, textField, venueFields } from "./wishFields.ts";
import { wantedCourse } from "./school/courses.ts";
import { t as school } from "./school/texts.ts";
import { kindText, spanText, t } from "./words.ts";

const KINDS = { book: "booking", take: "claim", ask: "request", enrol: "enrolment" } as const;

/** A wish for a venue, a claim of goods, a request, or an enrolment, as it is filled in. */
export class WishPage implements Page {
  #context: Context;
  #site: string;
  #draft: Draft;
  #day: string;
  #problems: readonly Problem[] = [];
  #failure: string | undefined;
  #isSending = false;
  #slots: Following<readonly Slot[]>;
  #goods: Following<Goods>;
  #courses: Following<readonly CourseInfo[]>;

  constructor(context: Context, route: Extract<Route, { at: "book" | "take" | "ask" | "enrol" }>) {
    this.#context = context;
    this.#site = route.site;
    this.#slots = new Following(context.again);
    this.#goods = new Following(context.again);
    this.#courses = new Following(context.again);
    const start = route.at === "book" ? route.start : "";
    this.#day = start === "" ? today() : start.slice(0, 10);
    this.#draft = {
      kind: KINDS[route.at],
      name: remembered("my.name") ?? "",
      phone: remembered("my.phone") ?? "",
      text: "",
      count: route.at === "take" ? "1" : "",
      venue: route.at === "book" ? route.venue : "",
      start,
      minutes: route.at === "book" && route.minutes !== "" ? Number(route.minutes) : 60,
      item: route.at === "take" ? route.item : "",
      course: route.at === "enrol" ? route.course : "",
    };
  }

  title(): string {
    return { booking: t.book, claim: t.take, request: t.ask, enrolment: school.enrol }[this.#draft.kind];
  }

  render(): TemplateResult {
    const { directory } = this.#context;
    const site = directory.site(this.#site);
    if (site === undefined && !directory.isReady) return html`<div class="narrow">${skeletonLines(5)}</div>`;
    if (site === undefined) return empty({ icon: "pin", title: t.noSite, text: t.noSiteWhy });
    return html`<div class="narrow">
      ${backLink(hashOf({ at: "site", site: site.key }), t.toSite(site.name))}
      <h1 tabindex="-1">${this.title()} <span class="muted small">${site.name}</span></h1>
      ${offlineNote(this.#context, isOfStock(this.#draft) ? `${t.asStored}${t.willWait}` : t.willWait)}
      ${this.#form()}
    </div>`;
  }

  close(): void {
    this.#slots.close();
    this.#goods.close();
    this.#courses.close();
  }

  #form(): TemplateResult {
    const venues = this.#venues();
    if (this.#draft.kind === "booking" && venues.length === 0) return empty({ title: t.noVenues });
    const items = this.#items();
    if (this.#draft.kind === "claim" && items?.length === 0) return empty({ icon: "borrow", title: t.noGoods });
    const isOfCourse = this.#draft.kind === "enrolment";
    const course = isOfCourse ? this.#course() : null;
    if (course === undefined) return this.#noCourse();
    if (course?.is_open === false) return empty({ icon: "cap", title: school.notOpen, text: school.notOpenWhy });
    const edit = (change: Partial<Draft>) => this.#edit(change);
    const fields = {
      draft: this.#chosen(),
      problem: (field: Problem["field"]) => this.#problems.find((one) => one.field === field),
      edit,
    };
    return html`<form class="card wish" novalidate @submit=${(event: Event) => void this.#send(event)}>
      ${this.#draft.kind === "booking"
        ? venueFields({ ...fields, venues, day: this.#day, slots: this.#free(), now: civil(), chooseDay: (day) => this.#chooseDay(day) })
        : nothing}
      ${this.#draft.kind === "claim" ? claimFields({ ...fields, items }) : nothing}
      ${this.#draft.kind === "request" ? requestFields(fields) : nothing} ${course === null ? nothing : wantedCourse(course)} ${personFields(fields)}
      ${course === null ? nothing : textField(fields, "text", school.remark, false)}
      ${this.#failure === undefined ? nothing : html`<p class="banner banner-danger" role="alert">${icon("error")}<span>${this.#failure}</span></p>`}
      <button class="btn btn-primary send" ?disabled=${this.#isSending}>${this.#isSending ? t.sending : t.send}</button>
    </form>`;
  }

  #venues(): Venue[] {
    return this.#context.directory.venuesOf(this.#site).filter(({ state }) => state === "open");
  }

  #course(): CourseInfo | undefined {
    const { yilian } = this.#context;
    const courses = this.#courses.of(this.#site, () => yilian.school.courses({ site: this.#site }));
    return courses?.find(({ id }) => id === this.#draft.course);
  }

  /** The course may be on its way. */
  #noCourse(): TemplateResult {
    const { connection, inStep } = this.#context.yilian.status;
    const isComing = this.#courses.last === undefined || (connection === "online" && !inStep);
    return isComing ? html`<div aria-busy="true">${skeletonLines(5)}</div>` : empty({ icon: "cap", title: school.noCourse, text: school.noCourseWhy });
  }

  #items(): StockedItem[] | undefined {
    if (this.#draft.kind !== "claim") return undefined;
    const { yilian } = this.#context;
    const goods = this.#goods.of(this.#site, () => yilian.goods(this.#site));
    return goods === undefined ? undefined : inStock(goods);
  }

  #free(): readonly Slot[] | undefined {
    const { yilian, directory } = this.#context;
    const venue = directory.venue(this.#draft.venue);
    if (venue === undefined) return undefined;
    const day = this.#day;
    return this.#slots.of(`${venue.id} ${day}`, () => yilian.bookings(venue.site, day.slice(0, 7)).freeSlots(venue.id, day, 30));
  }

  /** What is filled in; a time that is not free any more is not chosen. */
  #chosen(): Draft {
    const { start, minutes } = this.#draft;
    const slots = start === "" ? undefined : this.#free();
    const isGone = slots !== undefined && !fitsIn(slots, start, minutes);
    return isGone ? { ...this.#draft, start: "" } : this.#draft;
  }

  #chooseDay(day: string): void {
    this.#day = day;
    this.#edit({ start: "" });
  }

  #edit(change: Partial<Draft>): void {
    this.#draft = { ...this.#draft, ...change };
    // What was put right is complained about no more.
    this.#problems = this.#problems.filter(({ field }) => !(field in change));
    this.#context.again();
  }

  #most(): number | undefined {
    if (this.#draft.kind === "booking") return this.#context.directory.venue(this.#draft.venue)?.capacity ?? undefined;
    const item = this.#items()?.find(({ item }) => item === this.#draft.item);
    return item === undefined ? undefined : mostOf(item);
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    if (this.#isSending) return;
    const form = event.target as HTMLFormElement;
    this.#problems = problems(this.#chosen(), this.#most());
    this.#failure = undefined;
    if (this.#problems.length > 0) {
      this.#context.again();
      requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    this.#isSending = true;
    this.#context.again();
    try {
      await this.#submit(formOf(this.#draft));
    } catch (thrown) {
      this.#failure = problemText(thrown as Error);
    }
    this.#isSending = false;
    this.#context.again();
  }

  async #submit(form: SubmissionForm): Promise<void> {
    const code = await this.#context.yilian.submit(this.#site, form);
    remember("my.name", form.name);
    remember("my.phone", form.phone || undefined);
    rememberSent({ code, kind: form.kind, about: this.#about(form), at: Date.now() });
    // Back leads to the site, not to a form that was sent.
    location.replace(hashOf({ at: "follow", code }));
  }

  /** What it is about, as the list of this device has it. */
  #about(form: SubmissionForm): string {
    const site = this.#context.directory.siteName(this.#site);
    const venue = this.#context.directory.venue(form.venue ?? null);
    if (venue !== undefined && form.start) {
      return `${site} · ${venue.name} · ${spanText(form.start, plusMinutes(form.start, this.#draft.minutes))}`;
    }
    const item = this.#items()?.find(({ item }) => item === form.item)?.record;
    if (item) return `${site} · ${item.name} × ${form.count}${item.unit}`;
    const course = form.kind === "enrolment" ? this.#course() : undefined;
    if (course !== undefined) return `${site} · ${course.name}`;
    return `${site} · ${form.text || kindText(form.kind)}`.slice(0, 80);
  }
}

/** Whether it is of what there is only so much of, as far as this device has heard. */
function isOfStock({ kind }: Draft): boolean {
  return kind === "booking" || kind === "claim";
}
