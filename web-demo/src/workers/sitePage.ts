import type { CourseInfo, Goods, Service, Site, Slot, Venue } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { clock } from "../shell/calendar.ts";
import { icon } from "../shell/icons.ts";
import { lang } from "../shell/i18n.ts";
import { written } from "../shell/hours.ts";
import { empty, skeletonLines } from "../shell/states.ts";
import { civil, dayText, today } from "../shell/time.ts";
import { amenityIcon, amenityLabel } from "../shell/amenities.ts";
import { contacts } from "./card.ts";
import { type DayHours, hoursOn, isOffered, otherwise, week } from "./days.ts";
import { Following } from "./following.ts";
import { amenitiesOf } from "./nearby.ts";
import { backLink, type Context, dayChooser, offlineNote, type Page } from "./page-parts.ts";
import { hashOf } from "./route.ts";
import { courseCard } from "./school/courses.ts";
import { t as school } from "./school/texts.ts";
import { TEXTS } from "./texts.ts";
import { inStock, roundStart, stillFree } from "./wish.ts";
import { choice, clockAfter, dayName, exceptionText, t, weekdaysText } from "./words.ts";

/** One site: when it is open, what there is, and what of it can be had. */
export class SitePage implements Page {
  #context: Context;
  #key: string;
  #day = today();
  #goods: Following<Goods>;
  #courses: Following<readonly CourseInfo[]>;
  #free = new Map<string, Following<readonly Slot[]>>();

  constructor(context: Context, key: string) {
    this.#context = context;
    this.#key = key;
    this.#goods = new Following(context.again);
    this.#courses = new Following(context.again);
  }

  title(): string {
    return this.#context.directory.siteName(this.#key);
  }

  close(): void {
    this.#goods.close();
    this.#courses.close();
    for (const followed of this.#free.values()) followed.close();
  }

  render(): TemplateResult {
    const { directory } = this.#context;
    const site = directory.site(this.#key);
    if (site === undefined && !directory.isReady) return html`<div class="narrow">${skeletonLines(6)}</div>`;
    if (site === undefined) return html`<div class="narrow">${backLink(hashOf({ at: "near" }), t.back)}${empty({ icon: "pin", title: t.noSite, text: t.noSiteWhy })}</div>`;
    return html`<div class="detail">
      ${backLink(hashOf({ at: "near" }), t.back)} ${this.#head(site)}
      <div class="columns">
        <div class="column">${this.#week(site)} ${this.#services(site)}</div>
        <div class="column">${this.#school(site)} ${this.#venues(site)} ${this.#goodsOf(site)}</div>
      </div>
    </div>`;
  }

  #head(site: Site): TemplateResult {
    const texts = TEXTS[lang()];
    const now = hoursOn(site, this.#context.directory.exceptions.value, today());
    return html`<header class="stack">
      <h1 tabindex="-1">${site.name} <span class="level" data-level=${site.level}>${texts.levels[site.level]}</span></h1>
      <p class="muted">${site.address}</p>
      ${site.state === "open" ? nothing : html`<p class="banner banner-danger">${icon("warn")}<span>${choice("sites", "state", site.state)}</span></p>`}
      ${now.exception === undefined ? nothing : html`<p class="banner banner-warn">${icon("warn")}<span>${said(site, now)}</span></p>`}
      ${site.notice === "" ? nothing : html`<p class="banner">${icon("info")}<span>${site.notice}</span></p>`}
      <p class="today-hours"><span class="muted">${t.today}</span> <b>${hoursText(now)}</b></p>
      <nav class="wishes" aria-label=${site.name}>
        ${this.#venuesOf(site).some(({ state }) => state === "open") && site.state === "open"
          ? html`<a class="btn btn-primary" href=${hashOf({ at: "book", site: site.key, venue: "", start: "", minutes: "" })}>${icon("calendar")}${t.book}</a>`
          : nothing}
        ${inStock(this.#stock(site)).length > 0
          ? html`<a class="btn btn-primary" href=${hashOf({ at: "take", site: site.key, item: "" })}>${icon("gift")}${t.take}</a>`
          : nothing}
        <a class="btn" href=${hashOf({ at: "ask", site: site.key })}>${icon("message")}${t.ask}</a>
      </nav>
      ${contacts(site, texts)}
      <ul class="amenities" aria-label=${texts.filters}>
        ${amenitiesOf([site]).map((key) => html`<li class="amenity">${amenityIcon(key)}<span>${amenityLabel(key, lang())}</span></li>`)}
      </ul>
    </header>`;
  }

  #week(site: Site): TemplateResult {
    const days = week(site, this.#context.directory.exceptions.value, today());
    return html`<section class="card stack" aria-labelledby="week">
      <h2 id="week">${t.week}</h2>
      <ul class="lines">
        ${days.map(
          (day) => html`<li class="line" data-day=${day.day}>
            <span>${dayName(day.day)}</span>
            <span class="num ${day.exception === undefined ? "" : "otherwise"}">${hoursText(day)}${day.exception?.reason ? html`<span class="small"> ${day.exception.reason}</span>` : nothing}</span>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #services(site: Site): unknown {
    const services = this.#context.directory.services.value.filter((service) => service.site === site.key);
    if (services.length === 0) return nothing;
    return html`<section class="card stack" aria-labelledby="services">
      <h2 id="services">${t.services}</h2>
      <ul class="lines">
        ${services.map((service) => serviceLine(service, this.#context.directory.venue(service.venue)))}
      </ul>
    </section>`;
  }

  /** The courses that can be enrolled in; a site without any says nothing of it. */
  #school(site: Site): unknown {
    const { yilian } = this.#context;
    const courses = this.#courses.of(site.key, () => yilian.school.courses({ site: site.key }));
    const open = courses?.filter(({ is_open }) => is_open) ?? [];
    if (open.length === 0) return nothing;
    return html`<section class="card stack" aria-labelledby="school">
      <h2 id="school">${school.school}</h2>
      <ul class="courses">
        ${open.map((course) => courseCard(course))}
      </ul>
    </section>`;
  }

  #venuesOf(site: Site): Venue[] {
    return this.#context.directory.venuesOf(site.key);
  }

  #venues(site: Site): unknown {
    const venues = this.#venuesOf(site);
    if (venues.length === 0) return nothing;
    const choose = (day: string) => {
      this.#day = day;
      this.#context.again();
    };
    return html`<section class="card stack" aria-labelledby="venues">
      <h2 id="venues">${t.venues}</h2>
      ${offlineNote(this.#context, t.asStored)} ${dayChooser("site", this.#day, choose)}
      <ul class="stack">
        ${venues.map((venue) => this.#venue(venue))}
      </ul>
    </section>`;
  }

  #venue(venue: Venue): TemplateResult {
    const parts = [
      ...(venue.capacity === null ? [] : [t.people(venue.capacity)]),
      ...venue.amenities.map((key) => amenityLabel(key, lang())),
      ...(venue.note === "" ? [] : [venue.note]),
    ];
    return html`<li class="venue" data-venue=${venue.id}>
      <h3>${venue.name}</h3>
      <p class="small muted">${parts.join(" · ")}</p>
      ${venue.state === "open" ? this.#slots(venue) : html`<p><span class="pill pill-warn">${choice("venues", "state", venue.state)}</span></p>`}
    </li>`;
  }

  #slots(venue: Venue): TemplateResult {
    const { yilian, again } = this.#context;
    const followed = this.#free.get(venue.id) ?? new Following<readonly Slot[]>(again);
    this.#free.set(venue.id, followed);
    const day = this.#day;
    const ask = () => yilian.bookings(venue.site, day.slice(0, 7)).freeSlots(venue.id, day, 30);
    const slots = followed.of(day, ask) ?? followed.last;
    if (slots === undefined) return skeletonLines(1, "44px");
    const free = stillFree(slots, civil());
    if (free.length === 0) return html`<p class="muted">${t.noneFree}</p>`;
    return html`<ul class="starts" aria-label=${t.freeOn}>
      ${free.map(
        ({ start, end }) => html`<li>
          <a class="chip num" href=${hashOf({ at: "book", site: venue.site, venue: venue.id, start: roundStart({ start, end }), minutes: "" })} aria-label="${t.bookThis(venue.name)} ${dayText(day)} ${clock(start)}–${clockAfter(start, end)}">${clock(start)}–${clockAfter(start, end)}</a>
        </li>`,
      )}
    </ul>`;
  }

  #stock(site: Site): Goods | undefined {
    const { yilian } = this.#context;
    return this.#goods.of(site.key, () => yilian.goods(site.key));
  }

  #goodsOf(site: Site): TemplateResult {
    const goods = this.#stock(site);
    const items = inStock(goods);
    return html`<section class="card stack" aria-labelledby="goods">
      <h2 id="goods">${t.goods}</h2>
      ${goods === undefined ? skeletonLines(2) : items.length === 0 ? html`<p class="muted">${t.noGoods}</p>` : nothing}
      <ul class="lines">
        ${items.map(
          ({ item, record, held }) => html`<li class="line">
            <span><b>${record?.name}</b> <span class="small muted">${t.left(held, record?.unit ?? "")}${record?.at_once ? ` · ${t.atOnce(record.at_once, record.unit)}` : ""}</span></span>
            <a class="btn btn-s" href=${hashOf({ at: "take", site: site.key, item })} aria-label=${t.takeThis(record?.name ?? "")}>${t.takeOne}</a>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

function serviceLine(service: Service, venue: Venue | undefined): TemplateResult {
  const { name, days, hours, state, note } = service;
  const isOn = state === "open";
  const parts = [venue?.name ?? "", note].filter((part) => part !== "");
  return html`<li class="line">
    <span>
      <b>${name}</b>${isOffered(service, today()) ? html` <span class="pill pill-ok">${t.today}</span>` : nothing}
      ${isOn ? nothing : html`<span class="pill pill-warn">${choice("services", "state", state)}</span>`}
      ${parts.length === 0 ? nothing : html`<span class="small muted">${parts.join(" · ")}</span>`}
    </span>
    <span class="num small">${weekdaysText(days)}<br />${hours === null ? t.siteHours : written(hours)}</span>
  </li>`;
}

function hoursText({ hours }: DayHours): string {
  return hours === undefined ? t.unstated : hours === null ? t.closed : written(hours);
}

/** What is other than usual on a day, and why. */
function said(site: Site, { day, exception }: DayHours): string {
  if (exception === undefined) return "";
  return exceptionText(dayName(day), otherwise(site.hours, exception), exception.reason);
}
