import type { Site } from "@yilian/client";
import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { guard } from "lit/directives/guard.js";
import { amenityIcon, amenityLabel } from "../shell/amenities.ts";
import { amenitiesOf, districts } from "./nearby.ts";
import type { Place } from "./place.ts";
import type { Texts } from "./texts.ts";

/** What is chosen, and what to do when something else is. */
export interface Controls {
  readonly texts: Texts;
  readonly language: "zh" | "en";
  readonly sites: readonly Site[];
  readonly place: Place | undefined;
  /** What the place is called; undefined while there is none. */
  readonly placeName: string | undefined;
  readonly locating: "no" | "asking" | "refused";
  /** The civil time chosen; undefined is now. */
  readonly at: string | undefined;
  readonly now: string;
  /** The time chosen, as people say it. */
  readonly timeText: string;
  readonly wanted: ReadonlySet<string>;
  readonly openOnly: boolean;
  /** The names of services that are offered anywhere. */
  readonly services: readonly string[];
  /** The one that is wanted; empty is any. */
  readonly service: string;
  chooseService(service: string): void;
  locate(): void;
  choosePlace(place: Place): void;
  chooseTime(at: string | undefined): void;
  toggle(amenity: string): void;
  clear(): void;
  chooseOpenOnly(openOnly: boolean): void;
}

/** From where: the browser's own place if asked, or one chosen by name. */
export function placeControl(controls: Controls): TemplateResult {
  const { texts, place, locating, sites } = controls;
  const here = svg`<circle cx="12" cy="12" r="3.2"/><path d="M12 2.500v4M12 17.500v4M2.5 12h4M17.5 12h4"/><circle cx="12" cy="12" r="7.5"/>`;
  return html`<section class="where" aria-label=${texts.where}>
    <button class=${place?.kind === "here" ? "btn here" : "btn btn-primary here"} ?disabled=${locating === "asking"} @click=${controls.locate}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${here}</svg>
      ${locating === "asking" ? texts.locating : texts.useHere}
    </button>
    <label class="field">
      <span class="visually-hidden">${texts.chooseWhere}</span>
      <select class="input" .value=${valueOf(place)} @change=${(event: Event) => choose(event, controls)}>
        <option value="" ?selected=${place === undefined || place.kind === "here"}>
          ${place?.kind === "here" ? texts.hereNow : texts.chooseWhere}
        </option>
        ${guard([texts, sites, valueOf(place)], () => places(controls))}
      </select>
    </label>
    ${place === undefined || locating === "refused"
      ? html`<p class="why" role="status">${locating === "refused" ? texts.refused : texts.whyHere}</p>`
      : nothing}
  </section>`;
}

function places({ texts, sites, place }: Controls): TemplateResult {
  return html`<optgroup label=${texts.districts}>
      ${districts(sites).map(({ name }) => option(`district:${name}`, name, place))}
    </optgroup>
    <optgroup label=${texts.sites}>${sites.map(({ key, name }) => option(`site:${key}`, name, place))}</optgroup>`;
}

/** Another time than now. */
export function timeControl({ texts, at, now, timeText, chooseTime }: Controls): TemplateResult {
  return html`<details class="when" ?open=${at !== undefined}>
    <summary>${texts.when}<b>${at === undefined ? `${texts.now} ${now.slice(11, 16)}` : timeText}</b></summary>
    <label>
      <span class="visually-hidden">${texts.otherTime}</span>
      <input
        type="datetime-local"
        class="input"
        .value=${at ?? now}
        @change=${(event: Event) => chooseTime((event.target as HTMLInputElement).value.slice(0, 16) || undefined)}
      />
    </label>
    ${at === undefined
      ? nothing
      : html`<button class="btn" @click=${() => chooseTime(undefined)}>${texts.backToNow}</button>`}
  </details>`;
}

/** What the site must have. */
export function filterControl(controls: Controls): TemplateResult {
  const { texts, sites, wanted, openOnly, language, services, service } = controls;
  return html`<section class="filters" aria-label=${texts.filters}>
    <div class="chips">
      <button
        class="chip open-only"
        aria-pressed=${openOnly ? "true" : "false"}
        @click=${() => controls.chooseOpenOnly(!openOnly)}
      >
        <span class="dot" aria-hidden="true"></span>${texts.openNow}
      </button>
      ${services.length === 0
        ? nothing
        : html`<select
            class="chip service"
            aria-label=${texts.service}
            data-chosen=${service !== ""}
            @change=${(event: Event) => controls.chooseService((event.target as HTMLSelectElement).value)}
          >
            <option value="" ?selected=${service === ""}>${texts.service}</option>
            ${services.map((name) => html`<option value=${name} ?selected=${name === service}>${name}</option>`)}
          </select>`}
      ${amenitiesOf(sites).map(
        (key) =>
          html`<button
            class="chip"
            data-amenity=${key}
            aria-pressed=${wanted.has(key) ? "true" : "false"}
            @click=${() => controls.toggle(key)}
          >
            ${amenityIcon(key)}${amenityLabel(key, language)}
          </button>`,
      )}
      ${wanted.size === 0 && service === ""
        ? nothing
        : html`<button class="btn btn-ghost clear" @click=${controls.clear}>${texts.clear}</button>`}
    </div>
  </section>`;
}

function option(value: string, name: string, place: Place | undefined): TemplateResult {
  return html`<option value=${value} ?selected=${valueOf(place) === value}>${name}</option>`;
}

function valueOf(place: Place | undefined): string {
  switch (place?.kind) {
    case "district":
      return `district:${place.name}`;
    case "site":
      return `site:${place.key}`;
    default:
      return "";
  }
}

function choose(event: Event, { choosePlace }: Controls): void {
  const [kind, ...rest] = (event.target as HTMLSelectElement).value.split(":");
  const name = rest.join(":");
  if (kind === "district") choosePlace({ kind, name });
  if (kind === "site") choosePlace({ kind, key: name });
}
