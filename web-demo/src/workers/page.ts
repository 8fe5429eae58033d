import type { Near, Site, Wanted, Yilian } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { amenityLabel } from "../shell/amenities.ts";
import { type CardContext, siteCard, skeletonCard } from "./card.ts";
import { type Controls, filterControl, placeControl, timeControl } from "./controls.ts";
import type { Point } from "./distance.ts";
import { rosterMonths } from "./duty.ts";
import { serviceNames } from "./days.ts";
import type { Directory } from "./directory.ts";
import { Following } from "./following.ts";
import { districts, inOrder, pointOf } from "./nearby.ts";
import { locate, type Place, rememberedPlace, rememberPlace } from "./place.ts";
import { Rosters } from "./rosters.ts";
import { clock } from "../shell/calendar.ts";
import { dayText } from "../shell/time.ts";
import { icon } from "../shell/icons.ts";
import { empty } from "../shell/states.ts";
import { hashOf } from "./route.ts";
import { TEXTS, type Texts } from "./texts.ts";
import { t } from "./words.ts";

/** What the page is told by what surrounds it. */
export interface Surroundings {
  readonly language: "zh" | "en";
  /** The civil time now. */
  readonly now: string;
  /** The civil time asked for in the address; undefined is now. */
  readonly at: string | undefined;
  chooseTime(at: string | undefined): void;
  /** Shows the page again. */
  again(): void;
}

/** As many cards are shown at once; their rosters are open. */
const STEP = 12;
/** As many are counted. */
const MOST = 1_000;

/** The workers' page: what is chosen on it, and what it looks like. */
export class WorkersPage {
  #yilian: Yilian | undefined;
  #directory: Directory | undefined;
  #near: Following<readonly Near[]> | undefined;
  #rosters: Rosters | undefined;
  #place = rememberedPlace();
  #locating: Controls["locating"] = "no";
  #wanted = new Set<string>();
  #openOnly = true;
  #service = "";
  #max = STEP;

  /** Shows what a client has; until then, there is room for it. */
  attach(yilian: Yilian, directory: Directory, again: () => void): void {
    this.#yilian = yilian;
    this.#directory = directory;
    this.#near = new Following(again);
    this.#rosters = new Rosters(yilian, again);
  }

  render(around: Surroundings): TemplateResult {
    const texts = TEXTS[around.language];
    const sites = this.#sites();
    const at = around.at ?? around.now;
    const answer = this.#answer(sites, around);
    const found = answer ?? [];
    const shown = found.slice(0, this.#max);
    const months = rosterMonths(at);
    this.#rosters?.show(
      shown.map(({ site }) => site.key),
      months,
    );
    const controls = this.#controls(texts, sites, around);
    return html`<div class="workers">
      <header class="page-head">
        <div>
          <h1 tabindex="-1">${texts.title}</h1>
          <p class="lead">${texts.lead}</p>
        </div>
        <nav class="mine-nav" aria-label=${t.ofMine}>
          <a class="btn btn-ghost mine" href=${hashOf({ at: "learn" })}>${icon("cap")}${t.learn}</a>
          <a class="btn btn-ghost mine" href=${hashOf({ at: "sent" })}>${icon("list")}${t.mine}</a>
        </nav>
      </header>
      <div class="ask">${placeControl(controls)} ${timeControl(controls)}</div>
      ${filterControl(controls)}
      <div class="result">
        <p class="count" role="status">
          ${this.#isLoading(sites) || answer === undefined ? nothing : html`<b>${texts.howMany(found.length)}</b>${controls.placeName === undefined
                ? nothing
                : html` · ${texts.from(controls.placeName)}`}`}
        </p>
        ${this.#list(answer, shown, months, around)}
      </div>
    </div>`;
  }

  #list(
    found: readonly Near[] | undefined,
    shown: readonly Near[],
    months: readonly string[],
    around: Surroundings,
  ): TemplateResult {
    const texts = TEXTS[around.language];
    const sites = this.#sites();
    if (this.#isLoading(sites) || found === undefined) {
      return html`<ul class="sites" aria-busy="true">
        ${[1, 2, 3, 4].map(skeletonCard)}
      </ul>`;
    }
    const isOnline = this.#yilian?.status.connection === "online";
    if (sites.length === 0) return empty({ icon: "pin", title: texts.noSites, text: isOnline ? texts.noneYet : texts.noSitesWhy });
    if (found.length === 0) return this.#nothingFits(texts, around);
    const context: CardContext = {
      texts,
      language: around.language,
      at: around.at ?? around.now,
      from: this.#from(sites),
      wanted: this.#wanted,
      exceptions: this.#directory?.exceptions.value ?? [],
      shifts: (site) => this.#rosters?.shifts(site, months),
    };
    return html`<ul class="sites">
        ${repeat(
          shown,
          ({ site }) => site.id,
          (near) => siteCard(near, context),
        )}
      </ul>
      ${found.length === shown.length
        ? nothing
        : html`<button class="btn more" @click=${() => this.#more(around)}>
            ${texts.more(Math.min(STEP, found.length - shown.length))}
          </button>`}`;
  }

  #sites(): readonly Site[] {
    return this.#directory?.sites.value ?? [];
  }

  /** What the engine finds; while it looks for something else, what it found before. */
  #answer(sites: readonly Site[], around: Surroundings): readonly Near[] | undefined {
    const [yilian, near] = [this.#yilian, this.#near];
    if (yilian === undefined || near === undefined) return undefined;
    const from = this.#from(sites);
    const wanted: Wanted = {
      // Now moves on by itself.
      ...(around.at === undefined ? {} : { at: around.at }),
      ...(from === undefined ? {} : { near: [from.lat, from.lng] as const }),
      ...(this.#service === "" ? {} : { service: this.#service }),
      amenities: [...this.#wanted],
      closed_too: !this.#openOnly,
      max: MOST,
    };
    const found = near.of(JSON.stringify(wanted), () => yilian.openNear(wanted)) ?? near.last;
    return found && inOrder(found);
  }

  #nothingFits(texts: Texts, around: Surroundings): TemplateResult {
    const { language } = around;
    const amenities = [...this.#wanted].map((key) => amenityLabel(key, language));
    const wanted = this.#service === "" ? amenities : [this.#service, ...amenities];
    const act = (change: () => void) => () => {
      change();
      around.again();
    };
    return empty({
      icon: "search",
      title: this.#openOnly ? texts.noMatchOpen : texts.noMatch,
      text: wanted.join(language === "zh" ? "、" : ", "),
      action: html`<p class="row">
        ${this.#openOnly
          ? html`<button class="btn btn-primary" @click=${act(() => (this.#openOnly = false))}>${texts.showClosed}</button>`
          : nothing}
        ${wanted.length === 0
          ? nothing
          : html`<button class="btn" @click=${act(() => this.#clear())}>${texts.clearFilters}</button>`}
      </p>`,
    });
  }

  /** Whether sites may still come before there is anything to say. */
  #isLoading(sites: readonly Site[]): boolean {
    if (this.#yilian === undefined || this.#directory?.isReady !== true) return true;
    const { connection, inStep } = this.#yilian.status;
    return sites.length === 0 && connection !== "offline" && !inStep;
  }

  #controls(texts: Texts, sites: readonly Site[], around: Surroundings): Controls {
    const act =
      <Argument>(change: (argument: Argument) => void) =>
      (argument: Argument) => {
        change(argument);
        this.#max = STEP;
        around.again();
      };
    return {
      texts,
      language: around.language,
      sites,
      place: this.#place,
      placeName: this.#placeName(texts, sites),
      locating: this.#locating,
      at: around.at,
      now: around.now,
      timeText: around.at === undefined ? "" : `${dayText(around.at.slice(0, 10))} ${clock(around.at)}`,
      wanted: this.#wanted,
      openOnly: this.#openOnly,
      locate: () => void this.#locate(around),
      choosePlace: act((place: Place) => this.#choose(place)),
      chooseTime: around.chooseTime,
      toggle: act((key: string) => {
        if (!this.#wanted.delete(key)) this.#wanted.add(key);
      }),
      clear: act<void>(() => this.#clear()),
      services: serviceNames(this.#directory?.services.value ?? []),
      service: this.#service,
      chooseService: act((service: string) => {
        this.#service = service;
      }),
      chooseOpenOnly: act((openOnly: boolean) => {
        this.#openOnly = openOnly;
      }),
    };
  }

  #clear(): void {
    this.#wanted.clear();
    this.#service = "";
  }

  #more(around: Surroundings): void {
    this.#max += STEP;
    around.again();
  }

  async #locate(around: Surroundings): Promise<void> {
    this.#locating = "asking";
    around.again();
    try {
      this.#choose(await locate());
      this.#locating = "no";
    } catch {
      this.#locating = "refused";
    }
    around.again();
  }

  #choose(place: Place): void {
    this.#place = place;
    this.#locating = "no";
    rememberPlace(place);
  }

  #from(sites: readonly Site[]): Point | undefined {
    const place = this.#place;
    switch (place?.kind) {
      case "here":
        return place;
      case "district":
        return districts(sites).find(({ name }) => name === place.name);
      case "site": {
        const site = sites.find(({ key }) => key === place.key);
        return site === undefined ? undefined : pointOf(site);
      }
      default:
        return undefined;
    }
  }

  #placeName(texts: Texts, sites: readonly Site[]): string | undefined {
    const place = this.#place;
    switch (place?.kind) {
      case "here":
        return texts.hereNow;
      case "district":
        return place.name;
      case "site":
        return sites.find(({ key }) => key === place.key)?.name;
      default:
        return undefined;
    }
  }
}
