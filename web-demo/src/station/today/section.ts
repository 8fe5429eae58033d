// Today: what is on now, what comes, and what waits to be done.

import type { BookingsView, DirectoryView, GoodsView, HoursException, InboxView, RosterView, Shift, Site, Transit } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { clock } from "../../shell/calendar.ts";
import { attempt } from "../../shell/client.ts";
import { written as hoursText } from "../../shell/hours.ts";
import { icon } from "../../shell/icons.ts";
import { skeletonLines } from "../../shell/states.ts";
import { civil, dayText, today } from "../../shell/time.ts";
import { toast } from "../../shell/toasts.ts";
import { onDuty, rosterMonths } from "../../workers/duty.ts";
import type { App } from "../app.ts";
import { monthsOf, onDay, slotText } from "../bookings/model.ts";
import { t as booked } from "../bookings/texts.ts";
import type { Draft } from "../fields.ts";
import { Follows } from "../follow.ts";
import { askForm } from "../form.ts";
import { openOnes } from "../inbox/model.ts";
import { progressLine, wishText } from "../inbox/section.ts";
import { type Section, sectionBar, type SectionName } from "../section.ts";
import type { Session } from "../session.ts";
import { isLow } from "../supplies/model.ts";
import { arrivalList, whatOf } from "../supplies/section.ts";
import { t as supplied } from "../supplies/texts.ts";
import { closingAt, exceptionOn, nextOnDuty } from "./model.ts";
import { t } from "./texts.ts";

const MOST = 5;
const TICK_MS = 30_000;

export class Today implements Section {
  #app: App;
  #day = today();
  #session: Session | undefined;
  #follows: Follows | undefined;
  #rosters: RosterView[] = [];
  #bookings: BookingsView | undefined;
  #goods: GoodsView | undefined;
  #inbox: InboxView | undefined;
  #venues: DirectoryView<"venues"> | undefined;
  #exceptions: DirectoryView<"exceptions"> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#session = session;
    this.#day = today();
    const { yilian } = session;
    const follows = new Follows(() => this.#app.draw());
    this.#follows = follows;
    this.#rosters = rosterMonths(civil()).map((month) => follows.document(yilian.roster(site, month)));
    this.#bookings = follows.live(yilian.bookings(site, ...monthsOf(this.#day)));
    this.#goods = follows.live(yilian.goods(site));
    this.#inbox = follows.live(yilian.inbox(site));
    this.#venues = follows.document(yilian.venues());
    this.#exceptions = follows.document(yilian.exceptions());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#follows?.stop();
    this.#follows = undefined;
  }

  /** Time passes; after midnight it is another day. */
  #tick(): void {
    const { site } = this.#session ?? {};
    if (this.#day !== today() && this.#session && site !== undefined) this.open(this.#session, site);
    this.#app.draw();
  }

  async ready(): Promise<void> {
    await this.#follows?.ready();
  }

  view(): TemplateResult {
    const site = this.#app.sites.find(({ key }) => key === this.#session?.site);
    const bar = sectionBar(this.#app, html`<h2>${dayText(this.#day)}</h2>`);
    if (site === undefined || !this.#exceptions?.isReady) return html`${bar}<div class="waiting-section" aria-busy="true">${skeletonLines(6, "96px")}</div>`;
    return html`${bar}<div class="cards today-cards">
      ${this.#opening(site)} ${this.#duty()} ${this.#booked()} ${this.#sent()} ${this.#arriving()} ${this.#low()} ${this.#notice(site)}
    </div>`;
  }

  #card(title: string, content: unknown, more?: SectionName): TemplateResult {
    return html`<section class="card today-card" aria-label=${title}>
      <header><h3>${title}</h3>${more ? html`<button type="button" class="btn btn-s btn-ghost" aria-label=${t.allOf(title)} @click=${() => this.#app.setSection(more)}>${t.all}${icon("right")}</button>` : nothing}</header>
      ${content}
    </section>`;
  }

  #opening(site: Site): TemplateResult {
    const exception = exceptionOn(this.#exceptions?.value ?? [], site.key, this.#day);
    const hours = exception ? exception.hours : site.hours;
    const text = hours ? hoursText(hours) : exception ? t.closed : t.unknown;
    const back = exception ? html`<button type="button" class="btn btn-s" @click=${() => this.#asUsual(exception)}>${icon("undo")}${t.asUsual}</button>` : nothing;
    return this.#card(
      t.opening,
      html`<p class="big num ${exception ? "is-other" : ""}">${text}</p>
        ${exception ? html`<p class="small muted">${[exception.reason ? t.because(exception.reason) : "", site.hours ? t.usual(hoursText(site.hours)) : ""].filter(Boolean).join(" · ")}</p>` : nothing}
        <div class="row">
          ${hours ? html`<button type="button" class="btn btn-s" @click=${() => this.#closeEarly(hours)}>${icon("clock")}${t.closeEarly}</button>` : nothing}
          ${hours || !exception ? html`<button type="button" class="btn btn-s" @click=${() => this.#closeAll()}>${icon("moon")}${t.closeAll}</button>` : nothing}
          ${back}
        </div>`,
    );
  }

  #duty(): TemplateResult {
    const shifts = this.#rosters.flatMap(({ value }) => [...value]);
    const now = onDuty(shifts, civil());
    const next = nextOnDuty(shifts, civil());
    const start = next[0]?.start;
    const names = (ones: readonly Shift[]) => ones.map(({ name, post }) => `${name}（${post}）`).join("、");
    return this.#card(
      t.duty,
      html`${now.length === 0 ? html`<p class="muted">${t.nobody}</p>` : html`<ul class="plain">${now.map(
          ({ name, post, until }) => html`<li><b>${name}</b> ${post} <span class="small muted num">${t.until(clock(until))}</span></li>`,
        )}</ul>`}
        <p class="small muted num">${start === undefined ? t.noNext : html`${t.next(clock(start))} ${names(next)}`}</p>`,
      "roster",
    );
  }

  #booked(): TemplateResult {
    const ones = onDay(this.#bookings?.value ?? [], this.#day).filter(({ grant }) => grant !== "cancelled");
    const line = (one: (typeof ones)[number]) => html`<li><span class="num">${slotText(one, booked.nextDay)}</span> <b>${one.name || booked.unsaid}</b>
      <span class="small muted">${this.#venues?.get(one.venue ?? "")?.name ?? ""}</span>
      ${one.grant === "bumped" ? html`<span class="pill pill-danger">${booked.bumped}</span>` : nothing}</li>`;
    return this.#card(t.bookings, ones.length === 0 ? html`<p class="muted">${t.noBookings}</p>` : html`<ul class="plain">${ones.map(line)}</ul>`, "bookings");
  }

  #sent(): TemplateResult {
    const ones = openOnes(this.#inbox?.value ?? []);
    const go = () => this.#app.setSection("inbox");
    return this.#card(t.inbox, ones.length === 0 ? html`<p class="muted">${t.noInbox}</p>` : html`<ul class="lines">${ones.slice(0, MOST).map((one) => progressLine(one, wishText(one, this.#goods?.value), go))}</ul>`, "inbox");
  }

  #arriving(): TemplateResult | typeof nothing {
    const goods = this.#goods?.value;
    return goods ? arrivalList(goods, this.#goods?.site ?? "", this.#app, (one) => void this.#receive(one)) : nothing;
  }

  #low(): TemplateResult {
    const ones = (this.#goods?.value?.items ?? []).filter(isLow);
    const line = ({ record, held }: (typeof ones)[number]) => html`<li><b>${record?.name ?? supplied.nameless}</b>
      <span class="small muted num">${t.left(`${held}${record?.unit ?? ""}`, String(record?.low ?? ""))}</span></li>`;
    return this.#card(t.low, ones.length === 0 ? html`<p class="muted">${t.noLow}</p>` : html`<ul class="plain">${ones.map(line)}</ul>`, "supplies");
  }

  #notice(site: Site): TemplateResult {
    return this.#card(
      t.notice,
      html`<p class=${site.notice ? "notice" : "muted"}>${site.notice || t.noNotice}</p>
        <div class="row"><button type="button" class="btn btn-s" @click=${() => this.#editNotice(site)}>${t.editNotice}</button></div>`,
    );
  }

  async #receive(transit: Transit): Promise<void> {
    const goods = this.#goods?.value;
    if (goods === undefined || !(await this.#app.askWho())) return;
    await attempt(async () => {
      await this.#goods?.receive(transit.id);
      toast(supplied.received(whatOf(goods, transit)));
    });
  }

  async #closeEarly(hours: string): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const draft: Draft = { time: clock(civil()) };
    const done = await askForm({
      title: t.closeEarly,
      save: t.save,
      draft,
      fields: () => [{ key: "time", label: t.closeAt, kind: "time", required: true, wide: true }, reason()],
    });
    if (done === undefined) return;
    const left = closingAt(hours, draft.time ?? "");
    if (left === undefined) return void toast(t.notEarlier);
    await this.#except(left, draft);
  }

  async #closeAll(): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const draft: Draft = {};
    const done = await askForm({ title: t.closeAll, save: t.save, draft, fields: () => [reason()] });
    if (done !== undefined) await this.#except(null, draft);
  }

  /** Enters other hours for today. A site has one exception for each day that one begins on: it may be there, or have been. */
  async #except(hours: string | null, draft: Draft): Promise<void> {
    await attempt(async () => {
      const [view, site] = [this.#exceptions, this.#session?.site];
      if (view === undefined || site === undefined) return;
      const isOurs = (one: HoursException) => one.site === site && one.from === this.#day;
      const [gone, there] = [view.removed("exceptions").find(isOurs), view.value.find(isOurs)];
      const fields = { hours, reason: (draft.reason ?? "").trim() };
      if (gone) await view.restore("exceptions", gone.id);
      const known = gone ?? there;
      if (known) await view.set("exceptions", known.id, fields);
      else await view.add("exceptions", { site, from: this.#day, reason: fields.reason, ...(hours !== null && { hours }) });
      toast(t.saved);
    });
  }

  async #asUsual(exception: HoursException): Promise<void> {
    if (!(await this.#app.askWho())) return;
    await attempt(async () => {
      await this.#exceptions?.remove("exceptions", exception.id);
      toast(t.restored);
    });
  }

  async #editNotice(site: Site): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const draft: Draft = { notice: site.notice };
    const done = await askForm({ title: t.editNotice, save: t.save, draft, fields: () => [{ key: "notice", label: t.notice, kind: "long", hint: t.noticeHint }] });
    if (done === undefined) return;
    await attempt(async () => {
      await this.#session?.sites.set("sites", site.id, { notice: (draft.notice ?? "").trim() || null });
      toast(t.saved);
    });
  }
}

function reason() {
  return { key: "reason", label: t.reason, required: true, wide: true } as const;
}
