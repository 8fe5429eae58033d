import type { HoursException, Near, Service, Shift, Site } from "@yilian/client";
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { icon } from "../shell/icons.ts";
import { amenityIcon, amenityLabel } from "../shell/amenities.ts";
import { directionTo, type Point, rounded } from "./distance.ts";
import { onDuty } from "./duty.ts";
import { written } from "../shell/hours.ts";
import { dayText } from "../shell/time.ts";
import { hoursOn, otherwise } from "./days.ts";
import { amenitiesOf, closesAt, opensAt, type OpenState, pointOf, stateOf, type Told } from "./nearby.ts";
import { hashOf } from "./route.ts";
import type { Texts } from "./texts.ts";
import { choice, dayName, exceptionText } from "./words.ts";

/** What a card needs beside its site. */
export interface CardContext {
  readonly texts: Texts;
  readonly language: "zh" | "en";
  readonly at: string;
  readonly from: Point | undefined;
  readonly wanted: ReadonlySet<string>;
  readonly exceptions: readonly HoursException[];
  /** The shifts around that time; undefined while they are read. */
  shifts(site: string): readonly Shift[] | undefined;
}

/** One site, as somebody on the road needs it. */
export function siteCard(near: Near, context: CardContext): TemplateResult {
  const { site, services } = near;
  const state = stateOf(near, context.at);
  const { texts } = context;
  return html`<li class="site card" data-site=${site.key} data-state=${state.name}>
    <div class="site-top">
      ${stateLine(state, context)} ${distance(near, context)}
    </div>
    <h2 class="site-name">
      <a href=${hashOf({ at: "site", site: site.key })}>${site.name}${icon("right")}</a> <span class="level" data-level=${site.level}>${texts.levels[site.level]}</span>
    </h2>
    <p class="site-where">
      ${site.hours === null || (state.name === "open" && state.until === undefined)
        ? nothing
        : html`<span class="hours">${written(site.hours)}</span>`}
      <span>${site.address}</span>
    </p>
    ${news(site, context)} ${offers(services, context)}
    <ul class="amenities" aria-label=${texts.filters}>
      ${amenities(site, context.wanted).map(
        (key) =>
          html`<li class=${context.wanted.has(key) ? "amenity wanted" : "amenity"}>
            ${amenityIcon(key)}<span>${amenityLabel(key, context.language)}</span>
          </li>`,
      )}
    </ul>
    ${duty(site, context)} ${contacts(site, texts)}
  </li>`;
}

/** What stands in a card's place while the sites are read. */
export function skeletonCard(): TemplateResult {
  return html`<li class="site card" aria-hidden="true">
    <div class="skeleton line short"></div>
    <div class="skeleton line wide"></div>
    <div class="skeleton line"></div>
    <div class="skeleton line tall"></div>
  </li>`;
}

function stateLine(state: OpenState, context: CardContext): TemplateResult {
  const { texts } = context;
  const words = {
    unknown: texts.unknownHours,
    closed: texts.closed,
    paused: choice("sites", "state", "paused"),
    gone: choice("sites", "state", "closed"),
    soon: texts.openSoonClosed,
    open: texts.open,
  }[state.name];
  const rest = restOf(state, context);
  return html`<p class="state">
    <span class="state-word">${words}</span>${rest === undefined
      ? nothing
      : html`<span class="state-rest">${rest}</span>`}
  </p>`;
}

/** `22:00 关`, `明天 07:00 开`, `全天`. */
function restOf(state: OpenState, { texts, at }: CardContext): string | undefined {
  const told = ({ day, clock }: Told, time: string, next: (time: string) => string) =>
    day === "today" ? clock : day === "tomorrow" ? next(clock) : `${dayText(time.slice(0, 10))} ${clock}`;
  switch (state.name) {
    case "open":
    case "soon":
      if (state.until === undefined) return texts.always;
      return texts.closes(told(closesAt(state.until, at), state.until, texts.nextDay));
    case "closed":
      return state.opens === undefined ? undefined : texts.opens(told(opensAt(state.opens, at), state.opens, texts.tomorrow));
    default:
      return undefined;
  }
}

/** What is other than usual that day, and what the site lets people know. */
function news(site: Site, { at, exceptions }: CardContext): unknown {
  const day = at.slice(0, 10);
  const { exception } = hoursOn(site, exceptions, day);
  if (exception === undefined && site.notice === "") return nothing;
  return html`<ul class="news">
    ${exception === undefined
      ? nothing
      : html`<li class="news-exception">${icon("warn")}<span>${exceptionText(dayName(day), otherwise(site.hours, exception), exception.reason)}</span></li>`}
    ${site.notice === "" ? nothing : html`<li>${icon("info")}<span>${site.notice}</span></li>`}
  </ul>`;
}

/** What is offered there at that time. */
function offers(services: readonly Service[], { texts, language }: CardContext): unknown {
  if (services.length === 0) return nothing;
  const names = services.map(({ name }) => name).join(language === "zh" ? "、" : ", ");
  return html`<p class="offers"><span class="duty-label">${texts.onOffer}</span> ${names}</p>`;
}

function distance({ site, distance_m }: Near, { from, texts, language }: CardContext): unknown {
  const to = pointOf(site);
  if (distance_m === null || from === undefined || to === undefined) return nothing;
  const { value, unit } = rounded(distance_m);
  const direction = directionTo(from, to);
  const word = texts.directions[direction] ?? "";
  return html`<p class="distance">
    <svg class="icon bearing" viewBox="0 0 24 24" style="rotate: ${direction * 45}deg" aria-hidden="true">
      ${svg`<path d="M12 20V5M6 11l6-6 6 6"/>`}
    </svg>
    <span class="visually-hidden">${word}${language === "zh" ? "" : " "}</span><b>${value}</b> ${unit === "m"
      ? texts.metres
      : texts.kilometres}
  </p>`;
}

/** What is asked for first. */
function amenities({ amenities }: Site, wanted: ReadonlySet<string>): string[] {
  const all = amenitiesOf([{ amenities }]);
  return [...all.filter((key) => wanted.has(key)), ...all.filter((key) => !wanted.has(key))];
}

function duty(site: Site, { at, texts, shifts }: CardContext): TemplateResult {
  const all = shifts(site.key);
  if (all === undefined) {
    return html`<p class="duty"><span class="skeleton line"></span></p>`;
  }
  const there = onDuty(all, at);
  return html`<p class="duty">
    <span class="duty-label">${texts.onDuty}</span>
    ${there.length === 0
      ? html`<span class="muted">${texts.nobody}</span>`
      : there.map(
          ({ name, post, until }) =>
            html`<span class="person"
              ><b>${name}</b> ${post} <span class="muted">${texts.untilTime(until.slice(11, 16))}</span></span
            >`,
        )}
  </p>`;
}

/** How to get there, and whom to call. */
export function contacts({ name, phone, lat, lng }: Site, texts: Texts): TemplateResult {
  return html`<div class="site-actions">
    ${phone === ""
      ? nothing
      : html`<a class="btn" href="tel:${phone.replaceAll(/[^\d+]/g, "")}" aria-label=${`${texts.callTo(name)} ${phone}`}>
          ${icon("phone")}<span class="number">${phone}</span>
        </a>`}
    ${lat === null || lng === null
      ? nothing
      : html`<a class="btn" href="geo:${lat},${lng}?q=${lat},${lng}(${encodeURIComponent(name)})" aria-label=${texts.mapOf(name)}>
          ${icon("pin")}${texts.map}
        </a>`}
  </div>`;
}
