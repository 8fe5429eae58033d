// Disputes at a station: a mediator's day, the cases of the site and those that were handed to it, and each with what comes next.

import type { CaseSheet, Findings, Live, MediatorsDay, Query, Specialist, Stage } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { isHanded, isLate, steps, week } from "../../cases/model.ts";
import { caseBody, caseLine, caseState, sittingLine } from "../../cases/sheet.ts";
import { t as said } from "../../cases/texts.ts";
import { clock } from "../../shell/calendar.ts";
import { say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { param, setParams } from "../../shell/address.ts";
import { nameOf } from "../../shell/people.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { dayText, thisMonth, today } from "../../shell/time.ts";
import type { App } from "../app.ts";
import { findingCard } from "../findings.ts";
import { Follows } from "../follow.ts";
import { type Section, sectionBar } from "../section.ts";
import type { Session } from "../session.ts";
import { siteName } from "../words.ts";
import { type Acting, handOn, register, share, sit, take, wordOf } from "./acts.ts";
import { t } from "./texts.ts";

type Look = "day" | "open" | "over";

export class Cases implements Section {
  #app: App;
  #session: Session | undefined;
  #follows: Follows | undefined;
  #cases: Query<readonly CaseSheet[]> | undefined;
  #onDuty: Query<readonly Specialist[]> | undefined;
  #findings: Live<Findings> | undefined;
  #look: Look = "day";
  /** Whether the day is everybody's. */
  #everybody = false;
  /** The case that is open. */
  #document: string | undefined = param("case") ?? undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#session = session;
    const follows = new Follows(() => this.#app.draw());
    this.#follows = follows;
    const { mediation } = session.yilian;
    this.#cases = follows.live(mediation.cases({ site }));
    this.#onDuty = follows.live(mediation.onDuty());
    this.#findings = follows.live(session.yilian.findings(session.roster?.month ?? thisMonth()));
  }

  close(): void {
    this.#follows?.stop();
    this.#follows = undefined;
  }

  async ready(): Promise<void> {
    await this.#cases?.now();
  }

  view(): TemplateResult {
    const all = this.#cases?.value;
    const shown = this.#document === undefined ? this.#list(all) : this.#case(all, this.#document);
    this.#follows?.sweep();
    return shown;
  }

  get #acting(): Acting {
    return { app: this.#app, onDuty: this.#onDuty?.value ?? [] };
  }

  get #words() {
    return { siteName: (key: string) => siteName(key, this.#app.sites) };
  }

  #show(document: string | undefined): void {
    this.#document = document;
    setParams({ case: document ?? null });
    this.#app.draw();
    scrollTo({ top: 0 });
  }

  #list(all: readonly CaseSheet[] | undefined): TemplateResult {
    const open = (all ?? []).filter(({ over }) => !over);
    const over = (all ?? []).filter((sheet) => sheet.over);
    const choose = (look: Look) => () => {
      this.#look = look;
      this.#app.draw();
    };
    const look = (name: Look, text: string) => html`<button type="button" aria-pressed=${this.#look === name} @click=${choose(name)}>${text}</button>`;
    const bar = sectionBar(
      this.#app,
      html`<div class="seg words" role="group" aria-label=${t.which}>${look("day", t.day)}${look("open", t.open(open.length))}${look("over", t.over(over.length))}</div>
        <div class="row add">
          <button type="button" class="btn btn-danger" @click=${() => void this.#register(true)}>${icon("warn")}${t.emergency}</button>
          <button type="button" class="btn btn-primary" @click=${() => void this.#register(false)}>${icon("plus")}${t.add}</button>
        </div>`,
    );
    if (all === undefined) return html`${bar}<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>`;
    if (this.#look === "day") return html`${bar} ${this.#day()}`;
    const [ones, none] = this.#look === "open" ? [open, t.none] : [over, t.noneOver];
    if (ones.length === 0) return html`${bar}<div class="card">${empty({ icon: "check", title: none, text: t.noneText })}</div>`;
    return html`${bar}<section class="card case-all" aria-label=${this.#look === "open" ? t.open(ones.length) : t.over(ones.length)}>${this.#lines(ones)}</section>`;
  }

  #lines(ones: readonly CaseSheet[]): TemplateResult {
    const own = this.#session?.site;
    return html`<ul class="case-lines">${repeat(ones, ({ document }) => document, (one) => caseLine(one, this.#words, own, () => this.#show(one.document)))}</ul>`;
  }

  #day(): TemplateResult {
    const me = nameOf(this.#session?.author);
    const mine = me !== undefined && !this.#everybody;
    const [date, site] = [today(), this.#session?.site ?? ""];
    const day = this.#follows?.answer(`day ${mine} ${date}`, () => this.#askDay(date, site, mine ? me : undefined)) as MediatorsDay | undefined;
    const choose = (everybody: boolean) => () => {
      this.#everybody = everybody;
      this.#app.draw();
    };
    const whose = me === undefined ? nothing : html`<div class="seg words" role="group" aria-label=${t.whose}>
        <button type="button" aria-pressed=${mine} @click=${choose(false)}>${t.mine(me)}</button>
        <button type="button" aria-pressed=${!mine} @click=${choose(true)}>${t.everybody}</button>
      </div>`;
    const { today: now, later } = day === undefined ? { today: [], later: [] } : week(day);
    const card = (title: string, content: unknown) => html`<section class="card" aria-label=${title}><header><h3>${title}</h3></header>${content}</section>`;
    const open = (document: string) => () => this.#show(document);
    const sittings = (ones: typeof now, withDay: boolean, none: string) =>
      ones.length === 0 ? html`<p class="muted">${none}</p>` : html`<ul class="case-lines">${ones.map((one) => sittingLine(one, withDay, open(one.document)))}</ul>`;
    return html`<div class="row section-title"><h2>${dayText(date)}</h2>${whose}</div>
      <div class="case-day" aria-busy=${day === undefined}>
        ${card(t.today, sittings(now, false, t.noneToday))}
        ${card(t.due, (day?.due.length ?? 0) === 0 ? html`<p class="muted">${t.noneDue}</p>` : this.#lines(lateFirst(day?.due ?? [])))}
        ${card(t.onDuty, this.#duty())} ${card(t.week, sittings(later, true, t.noneWeek))}
      </div>`;
  }

  #askDay(date: string, site: string, mediator: string | undefined): Query<MediatorsDay> {
    const { mediation } = (this.#session as Session).yilian;
    return mediation.day({ date, site, ...(mediator !== undefined && { mediator }) });
  }

  #duty(): TemplateResult {
    const ones = this.#onDuty?.value ?? [];
    if (ones.length === 0) return html`<p class="muted">${t.nobodyOnDuty}</p>`;
    return html`<ul class="case-duty">${ones.map(
      ({ name, post, site, until, cases }) => html`<li><b>${name}</b><span class="small muted num">${t.until(clock(until))}</span>
        <small>${[post, this.#words.siteName(site), t.load(cases)].join(" · ")}</small></li>`,
    )}</ul>`;
  }

  #case(all: readonly CaseSheet[] | undefined, document: string): TemplateResult {
    const back = html`<button type="button" class="btn btn-ghost back" @click=${() => this.#show(undefined)}>${icon("left")}${t.back}</button>`;
    const bar = sectionBar(this.#app, back);
    const sheet = all?.find((one) => one.document === document);
    if (all === undefined) return html`${bar}<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>`;
    if (sheet === undefined) return html`${bar}<div class="card">${empty({ icon: "info", title: t.notHere })}</div>`;
    const own = this.#session?.site ?? "";
    const from = document.split("/")[1] ?? "";
    return html`${bar}
      <article class="case" data-document=${document} aria-labelledby="case-title">
        <header class="case-head">
          <h2 id="case-title">${say(sheet.title)}</h2>
          ${caseState(sheet)} ${isHanded(sheet, own) ? html`<p class="small"><span class="pill pill-info">${said.handedBy(this.#words.siteName(from))}</span></p>` : nothing}
          ${this.#next(sheet)}
        </header>
        ${this.#found(document)} ${caseBody(sheet, this.#words)}
      </article>`;
  }

  /** The steps that can be taken: what leads on first; what cannot is not there. */
  #next(sheet: CaseSheet): TemplateResult | typeof nothing {
    const { leads, ends } = steps(sheet);
    const acting = this.#acting;
    const step = (stage: Stage, look: string) => {
      const word = stage === "assigned" && sheet.mediators.length > 0 ? t.again : wordOf(stage);
      return html`<button type="button" class="btn ${look}" data-step=${stage} @click=${() => void take(acting, sheet, stage)}>${word}</button>`;
    };
    const other = (word: string, name: string, work: () => Promise<void>) => html`<button type="button" class="btn" data-act=${name} @click=${() => void work()}>${word}</button>`;
    const failed = sheet.outcome?.stage === "failed" || sheet.stage === "unratified";
    return html`<div class="case-next no-print" role="group" aria-label=${t.actions}>
      ${leads.map((stage, index) => step(stage, index === 0 ? "btn-primary" : ""))}
      ${sheet.open ? other(t.sit, "sit", () => sit(acting, sheet)) : nothing}
      ${failed ? other(t.court, "court", () => handOn(acting, sheet)) : nothing}
      ${other(t.share, "share", () => share(acting, sheet))}
      ${ends.map((stage) => step(stage, "btn-ghost btn-danger"))}
    </div>`;
  }

  /** What makes no sense in the case, with what puts it right. */
  #found(document: string): TemplateResult | typeof nothing {
    const all = this.#findings?.value?.findings ?? [];
    const own = all.filter(({ records }) => records.some((record) => record.document === document));
    if (own.length === 0) return nothing;
    return html`<section class="case-findings" aria-label=${t.found}>${own.map((finding) => findingCard(this.#app, finding))}</section>`;
  }

  async #register(isEmergency: boolean): Promise<void> {
    const document = await register(this.#acting, isEmergency);
    if (document !== undefined) this.#show(document);
  }
}

function lateFirst(all: readonly CaseSheet[]): CaseSheet[] {
  return [...all.filter(isLate), ...all.filter((one) => !isLate(one))];
}
