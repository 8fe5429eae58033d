import type { Shift, Site } from "@yilian/client";
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { icon } from "../shell/icons.ts";
import { amenityIcon, amenityLabel } from "./amenities.ts";
import { directionTo, type Point, rounded } from "./distance.ts";
import { onDuty } from "./duty.ts";
import { clock, isNextDay, minuteOfDay, type OpenState, written } from "../shell/hours.ts";
import { amenitiesOf, type Nearby, pointOf } from "./nearby.ts";
import { hashOf } from "./route.ts";
import type { Texts } from "./texts.ts";

/** What a card needs beside its site. */
export interface CardContext {
  readonly texts: Texts;
  readonly language: "zh" | "en";
  readonly at: string;
  readonly from: Point | undefined;
  readonly wanted: ReadonlySet<string>;
  /** The shifts around that time; undefined while they are read. */
  shifts(site: string): readonly Shift[] | undefined;
}

/** One site, as somebody on the road needs it. */
export function siteCard(near: Nearby, context: CardContext): TemplateResult {
  const { site, state } = near;
  const { texts } = context;
  return html`<li class="site card" data-site=${site.key} data-state=${stateName(state)}>
    <div class="site-top">
      ${stateLine(state, context)} ${distance(near, context)}
    </div>
    <h2 class="site-name">
      <a href=${hashOf({ at: "site", site: site.key })}>${site.name}</a> <span class="level" data-level=${site.level}>${texts.levels[site.level]}</span>
    </h2>
    <p class="site-where">
      ${site.hours === null || state === undefined || (state.open && state.always)
        ? nothing
        : html`<span class="hours">${written(site.hours)}</span>`}
      <span>${site.address}</span>
    </p>
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

function stateName(state: OpenState | undefined): string {
  if (state === undefined) return "unknown";
  if (!state.open) return "closed";
  return !state.always && state.soon ? "soon" : "open";
}

function stateLine(state: OpenState | undefined, { texts, at }: CardContext): TemplateResult {
  const name = stateName(state);
  const words = {
    unknown: texts.unknownHours,
    closed: texts.closed,
    soon: texts.openSoonClosed,
    open: texts.open,
  }[name];
  const rest = restOf(state, texts, at);
  return html`<p class="state">
    <span class="state-word">${words}</span>${rest === undefined
      ? nothing
      : html`<span class="state-rest">${rest}</span>`}
  </p>`;
}

/** `22:00 关`, `明天 07:00 开`, `全天`. */
function restOf(state: OpenState | undefined, texts: Texts, at: string): string | undefined {
  if (state === undefined) return undefined;
  if (!state.open) {
    const time = clock(state.from);
    return texts.opens(state.from >= 1440 ? texts.tomorrow(time) : time);
  }
  if (state.always) return texts.always;
  const time = clock(state.until);
  // At two in the morning, "six" is today's.
  const next = isNextDay(state.until) && minuteOfDay(at) < state.until;
  return texts.closes(next ? texts.nextDay(time) : time);
}

function distance({ site, metres }: Nearby, { from, texts, language }: CardContext): unknown {
  const to = pointOf(site);
  if (metres === undefined || from === undefined || to === undefined) return nothing;
  const { value, unit } = rounded(metres);
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
