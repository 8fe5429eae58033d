import type { Collection, Finding, RecordPatch, RecordRef, Repair, Shift, Site, Value } from "@yilian/client";
import { html, type TemplateResult } from "lit/html.js";
import { onDuty } from "../workers/duty.ts";
import { minuteOfDay } from "../shell/hours.ts";
import { coverage, type DayCoverage, type Placed } from "./coverage.ts";
import { dayLines } from "./dayline.ts";
import { feed, type Subject } from "./feed.ts";
import { bySeverity, type Group, sitesOf, worstByRecord } from "./findings.ts";
import { Fresh } from "./fresh.ts";
import { coverageChart } from "./parts/chart.ts";
import { feedList } from "./parts/feed.ts";
import { figures, type Figures } from "./parts/figures.ts";
import { findingList } from "./parts/findings.ts";
import { dayRoster } from "./parts/roster.ts";
import { stationTable } from "./parts/stations.ts";
import { byPinyin } from "../shell/i18n.ts";
import { icon } from "../shell/icons.ts";
import type { HubState } from "./state.ts";
import { TEXTS, type Texts } from "./texts.ts";
import { valueText, type Words } from "./wording.ts";

/** What the page is told by what surrounds it. */
export interface Surroundings {
  readonly language: "zh" | "en";
  /** The civil time now. */
  readonly now: string;
  readonly month: string;
  /** `2026年12月`. */
  readonly monthName: string;
  /** The switcher of what the page shows. */
  readonly views: TemplateResult;
  /** The month switcher. */
  readonly months: TemplateResult;
  /** `12月3日 周四`. */
  dayName(date: string): string;
  /** A moment, from how long it is ago. */
  timeText(at: number): string;
  fullTime(at: number): string;
  /** Says what was done, with a way to take it back. */
  say(text: string, undo?: () => void): void;
  fail(error: unknown): void;
  /** Shows the page again. */
  again(): void;
}

const FEED_STEP = 12;
/** How many hues the styles have for posts. */
const HUES = 6;

/** The hub's page: what is chosen on it, and what it looks like. */
export class HubPage {
  #state: HubState | undefined;
  #day: string | undefined;
  #site = "";
  #post = "";
  #feedMax = FEED_STEP;
  #group: Group | undefined;
  #whole = new Set<string>();
  #repairing = new Set<string>();
  #fresh = new Fresh();

  /** What the page looks like; before there is a state, with room for it. */
  render(state: HubState | undefined, around: Surroundings): TemplateResult {
    this.#state = state;
    const texts = TEXTS[around.language];
    const words = this.#words(around, texts);
    const all = state?.shifts() ?? [];
    const posts = [...new Set(all.map(({ shift }) => shift.post))].sort(byPinyin);
    const chosen = all.filter((placed) => this.#fits(placed));
    const days = coverage(around.month, chosen);
    const day = this.#dayOf(days, around);
    return html`<header class="page-head">
        <h1>${texts.title}</h1>
        ${around.views} ${around.months} ${this.#filters(texts, posts, around)}
      </header>
      ${figures(this.#figures(all, around), texts)}
      <div class="hub-grid">
        <div class="column">
        <section class="card coverage-card" aria-labelledby="coverage-title">
          <header class="card-head"><h2 id="coverage-title">${texts.coverage}</h2></header>
          ${coverageChart({
            texts,
            days,
            chosen: day,
            today: around.now.slice(0, 10),
            dayName: around.dayName,
            choose: (date) => this.#choose(date, around),
          })}
        </section>
        ${this.#roster(day, days, chosen, posts, words, around)}
        <section class="card stations-card" aria-labelledby="stations-title">
          <header class="card-head"><h2 id="stations-title">${texts.stations}</h2></header>
          ${stationTable({
            texts,
            sites: new Map(this.#sites().map((site) => [site.key, site])),
            syncs: (state?.syncs() ?? []).filter(({ site }) => this.#site === "" || site === this.#site),
            timeText: around.timeText,
          })}
        </section>
        </div>
        <div class="column">
        <section class="card findings-card" aria-labelledby="findings-title">
          <header class="card-head"><h2 id="findings-title">${texts.findings}</h2></header>
          <div class="scroll">${findingList({
            texts,
            language: around.language,
            findings: this.#findings(),
            notChecked: this.#state?.findings?.not_checked ?? [],
            group: this.#group,
            whole: this.#whole,
            repairing: this.#repairing,
            valueText: (finding, value) => this.#valueText(finding, value, words),
            choose: (group) => {
              this.#group = group;
              around.again();
            },
            showWhole: (rule) => {
              this.#whole.add(rule);
              around.again();
            },
            repair: (finding, repair) => void this.#repair(finding, repair, texts, around),
          })}</div>
        </section>
        <section class="card feed-card" aria-labelledby="feed-title">
          <header class="card-head"><h2 id="feed-title">${texts.feed}</h2><p class="muted">${texts.feedLead}</p></header>
          <div class="scroll" role="region" aria-label=${texts.feed} tabindex="0">${this.#feed(texts, words, around)}</div>
        </section>
        </div>
      </div>`;
  }

  #filters(texts: Texts, posts: readonly string[], around: Surroundings): TemplateResult {
    const choose = (change: (value: string) => void) => (event: Event) => {
      change((event.target as HTMLSelectElement).value);
      around.again();
    };
    const option = (value: string, name: string, chosen: string): TemplateResult =>
      html`<option value=${value} ?selected=${value === chosen}>${name}</option>`;
    return html`<div class="page-filters">
      <label class="field">
        <span class="label">${texts.site}</span>
        <select id="site" class="input" @change=${choose((value) => (this.#site = value))}>
          ${option("", texts.allSites, this.#site)}
          ${this.#sites().map(({ key, name }) => option(key, name, this.#site))}
        </select>
      </label>
      <label class="field">
        <span class="label">${texts.post}</span>
        <select id="post" class="input" @change=${choose((value) => (this.#post = value))}>
          ${option("", texts.allPosts, this.#post)} ${posts.map((post) => option(post, post, this.#post))}
        </select>
      </label>
    </div>`;
  }

  #roster(
    day: string,
    days: readonly DayCoverage[],
    chosen: readonly Placed[],
    posts: readonly string[],
    words: Words,
    around: Surroundings,
  ): TemplateResult {
    const texts = TEXTS[around.language];
    const at = days.findIndex(({ date }) => date === day);
    const step = (by: number): void => {
      const next = days[at + by];
      if (next !== undefined) this.#choose(next.date, around);
    };
    const lines = dayLines(day, chosen);
    const names = new Map(this.#sites().map(({ key }, index) => [key, index]));
    const order = (key: string): number => names.get(key) ?? names.size;
    lines.sort((a, b) => order(a.site) - order(b.site));
    const busy = new Set(lines.map(({ site }) => site));
    const idle = [...names.keys()].filter((key) => !busy.has(key) && (this.#site === "" || key === this.#site));
    const isToday = around.now.slice(0, 10) === day;
    return html`<section class="card roster-card" aria-labelledby="roster-title">
      <header class="card-head">
        <h2 id="roster-title">${texts.roster} <span class="day-name">${around.dayName(day)}</span></h2>
        <div class="steps">
          <button class="btn btn-ghost btn-icon" aria-label=${texts.previousDay} ?disabled=${at <= 0} @click=${() => step(-1)}>${icon("left")}</button>
          <button class="btn btn-ghost btn-icon" aria-label=${texts.nextDay} ?disabled=${at >= days.length - 1} @click=${() => step(1)}>${icon("right")}</button>
        </div>
      </header>
      ${this.#state?.isReady
        ? dayRoster({
            texts,
            language: around.language,
            lines,
            idle,
            hueOf: (post) => posts.indexOf(post) % HUES,
            worst: worstByRecord(this.#state?.findings?.findings ?? []),
            now: isToday ? minuteOfDay(around.now) : undefined,
            siteName: words.siteName,
          })
        : html`<div class="skeleton block"></div><div class="skeleton block"></div><div class="skeleton block"></div>`}
    </section>`;
  }

  #feed(texts: Texts, words: Words, around: Surroundings): TemplateResult {
    const state = this.#state;
    const changes = state?.rosters.changes();
    const chosen = changes?.filter(([name]) => this.#site === "" || name.split("/")[1] === this.#site);
    const lookup = {
      ...words,
      record: (document: string, { collection, record }: RecordPatch) =>
        state?.rosters.view(document)?.record(collection, record) as Subject | undefined,
    };
    const items = chosen === undefined ? undefined : feed(chosen, lookup, this.#feedMax + 1);
    return feedList({
      texts,
      items: items?.slice(0, this.#feedMax),
      fresh: this.#fresh.look(changes ?? [], state?.isSettled ?? false),
      hasMore: (items?.length ?? 0) > this.#feedMax,
      siteName: words.siteName,
      timeText: around.timeText,
      fullTime: around.fullTime,
      more: () => {
        this.#feedMax += FEED_STEP;
        around.again();
      },
    });
  }

  #figures(all: readonly Placed[], { month, now }: Surroundings): Figures | undefined {
    const state = this.#state;
    if (!state?.isReady) return undefined;
    const syncs = state.syncs();
    const ofMonth = all.filter(({ shift }) => shift.start.startsWith(month));
    const bySite = new Map<string, Shift[]>();
    for (const { site, shift } of all) bySite.set(site, [...(bySite.get(site) ?? []), shift]);
    const there = [...bySite.values()].map((shifts) => onDuty(shifts, now).length);
    const findings = this.#findings() ?? [];
    const people = new Set(ofMonth.map(({ site, shift }) => shift.person ?? `${shift.lent_by ?? site}/${shift.name}`));
    return {
      sites: syncs.length,
      sitesOnline: syncs.filter(({ online }) => online).length,
      waiting: syncs.reduce((sum, { waiting }) => sum + waiting, 0),
      devicesAway: state.devices.filter(({ online }) => !online).length,
      waitingDevices: state.devices.filter(({ changesWaiting }) => changesWaiting > 0).length,
      shifts: ofMonth.length,
      people: people.size,
      onDuty: there.reduce((sum, count) => sum + count, 0),
      onDutySites: there.filter((count) => count > 0).length,
      findings: findings.length,
      errors: bySeverity(findings).error,
    };
  }

  #findings(): readonly Finding[] | undefined {
    return this.#state?.findings?.findings.filter(
      (finding) => this.#site === "" || sitesOf(finding, (record) => this.#siteOf(record)).includes(this.#site),
    );
  }

  /** The site that a record of the directory belongs to, or is. */
  #siteOf({ collection, record }: RecordRef): string | undefined {
    const found = this.#state?.rosters.sites.record(collection, record) as { site?: string; key?: string } | undefined;
    return found?.site ?? found?.key;
  }

  #fits({ site, shift }: Placed): boolean {
    return (this.#site === "" || site === this.#site) && (this.#post === "" || shift.post === this.#post);
  }

  /** The day chosen, else today, else the month's first. */
  #dayOf(days: readonly DayCoverage[], { now }: Surroundings): string {
    const wanted = [this.#day, now.slice(0, 10)];
    const found = wanted.find((date) => days.some((day) => day.date === date));
    return found ?? days[0]?.date ?? now.slice(0, 10);
  }

  #choose(date: string, around: Surroundings): void {
    this.#day = date;
    around.again();
  }

  #valueText(finding: Finding, value: Value, words: Words): string {
    const [first] = finding.records;
    return first === undefined || finding.field === null
      ? String(value)
      : valueText(first.collection, finding.field, value, words);
  }

  async #repair(finding: Finding, repair: Repair, texts: Texts, around: Surroundings): Promise<void> {
    this.#repairing.add(finding.id);
    around.again();
    try {
      const undo = await this.#state?.repair(repair);
      const said = `${texts.repaired}${repair.label[around.language]}`;
      if (undo !== undefined) around.say(said, () => void undo().catch(around.fail));
    } catch (thrown) {
      around.fail(thrown);
    } finally {
      this.#repairing.delete(finding.id);
      around.again();
    }
  }

  /** What people call a record of the directory. */
  #recordName(collection: Collection, id: string): string | undefined {
    const found = this.#state?.rosters.sites.record(collection, id) as { name?: string } | undefined;
    return found?.name;
  }

  #sites(): readonly Site[] {
    return this.#state?.rosters.sites.value ?? [];
  }

  #words({ language }: Surroundings, texts: Texts): Words {
    const names = new Map(this.#sites().map(({ key, name }) => [key, name]));
    return {
      language,
      siteName: (key) => names.get(key) ?? (key === "hub" ? texts.hub : key),
      recordName: (collection, id) => this.#recordName(collection, id),
    };
  }
}
