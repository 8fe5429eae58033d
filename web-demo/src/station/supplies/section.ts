// Supplies: what there is of each item, and everything that moves it.

import type { Claim, DirectoryView, Goods, GoodsView, Handed, StockedItem, Transit, YilianError } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { attempt, problemText } from "../../shell/client.ts";
import { openDialog } from "../../shell/dialog.ts";
import { icon } from "../../shell/icons.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { dayText, today } from "../../shell/time.ts";
import { toast } from "../../shell/toasts.ts";
import type { App } from "../app.ts";
import { Follows } from "../follow.ts";
import { type Section, sectionBar } from "../section.ts";
import type { Session } from "../session.ts";
import { siteName } from "../words.ts";
import { askContribution, askCount, askGift, askSending, type Written } from "./forms.ts";
import { arrivals, currentDrives, departures, deviceName, difference, isLow, waitingClaims } from "./model.ts";
import { t } from "./texts.ts";

export class Supplies implements Section {
  #app: App;
  #follows: Follows | undefined;
  #goods: GoodsView | undefined;
  #drives: DirectoryView<"drives"> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#follows = new Follows(() => this.#app.draw());
    this.#goods = this.#follows.live(session.yilian.goods(site));
    this.#drives = this.#follows.document(session.yilian.drives());
  }

  close(): void {
    this.#follows?.stop();
    this.#follows = undefined;
  }

  async ready(): Promise<void> {
    await this.#follows?.ready();
  }

  view(): TemplateResult {
    const goods = this.#goods?.value;
    const bar = sectionBar(
      this.#app,
      html`<button type="button" class="btn btn-primary add" ?disabled=${goods === undefined} @click=${() => this.#contribute()}>${icon("plus")}<span>${t.contribute}</span></button>`,
    );
    return html`${bar} ${goods === undefined ? html`<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>` : this.#content(goods)}`;
  }

  #content(goods: Goods): TemplateResult {
    const site = this.#goods?.site ?? "";
    if (goods.items.length === 0 && goods.in_transit.length === 0) {
      return html`<div class="card">${empty({ icon: "grid", title: t.none, text: t.noneText })}</div>`;
    }
    return html`${arrivalList(goods, site, this.#app, (one) => void this.#receive(one))}
      ${this.#claims(goods)}
      <ul class="cards">${repeat(goods.items, ({ item }) => item, (one) => this.#item(goods, one))}</ul>`;
  }

  #item(goods: Goods, one: StockedItem): TemplateResult {
    const name = one.record?.name ?? t.nameless;
    const others = one.holders.filter(({ holder }) => holder !== goods.holder);
    const figure = (label: string, count: number, tone = "") => html`<div class=${tone}><dt>${label}</dt><dd class="num">${count}</dd></div>`;
    const leaving = departures(goods, this.#goods?.site ?? "").filter(({ item }) => item === one.item).reduce((sum, { count }) => sum + count, 0);
    return html`<li class="card stock" data-item=${name}>
      <header><h3>${name} <small class="muted">${one.record?.unit ?? ""}</small></h3>
        ${isLow(one) ? html`<span class="pill pill-warn">${icon("warn")}${t.low}</span>` : nothing}</header>
      <dl>${figure(t.here, one.here, "is-here")} ${figure(t.elsewhere, one.elsewhere)} ${figure(t.arriving, one.arriving)}</dl>
      ${others.length > 0 ? html`<p class="small muted">${t.holders(others.map((held) => `${held.name} ${held.count}`).join("、"))}</p>` : nothing}
      ${leaving > 0 ? html`<p class="small muted">${t.leaving(leaving)}</p>` : nothing}
      <div class="row acts">
        <button type="button" class="btn btn-s btn-primary" aria-label=${t.giveOf(name)} @click=${() => this.#give(one)}>${t.give}</button>
        <button type="button" class="btn btn-s" aria-label=${t.contributeOf(name)} @click=${() => this.#contribute(one)}>${icon("plus")}${t.comeIn}</button>
        <button type="button" class="btn btn-s" aria-label=${t.sendOf(name)} @click=${() => this.#send(one)}>${t.send}</button>
        <button type="button" class="btn btn-s" aria-label=${t.countOf(name)} @click=${() => this.#count(one)}>${t.count}</button>
      </div>
    </li>`;
  }

  #claims(goods: Goods): TemplateResult | typeof nothing {
    const claims = waitingClaims(goods);
    if (claims.length === 0) return nothing;
    return html`<section class="card lines" aria-label=${t.claims}><h2>${t.claims}</h2>
      <ul>${repeat(claims, ({ id }) => id, (claim) => this.#claim(goods, claim))}</ul></section>`;
  }

  #claim(goods: Goods, claim: Claim): TemplateResult {
    const [by, of] = [deviceName(goods, claim.holder), deviceName(goods, claim.to)];
    const isOurs = claim.holder === goods.holder;
    const isOnUs = claim.to === goods.holder;
    return html`<li><div><b>${whatOf(goods, claim)}</b> ${claim.party}
        <p class="small muted">${isOurs ? t.claimOfOurs(of) : isOnUs ? t.claimOnUs(by) : t.claimBetween(by, of)}</p></div>
      ${isOnUs ? html`<button type="button" class="btn btn-s btn-primary" @click=${() => this.#act((view) => view.answer(claim.id), t.given(whatOf(goods, claim), claim.party))}>${t.answer}</button>` : nothing}
      ${isOurs ? html`<button type="button" class="btn btn-s" @click=${() => this.#act((view) => view.withdraw(claim.id), t.withdrawn)}>${t.withdraw}</button>` : nothing}
    </li>`;
  }

  #live(): Goods | undefined {
    return this.#goods?.value;
  }

  /** Does something once it is known who does it, and says so. */
  async #act(work: (view: GoodsView) => Promise<unknown>, text: string): Promise<void> {
    if (!(await this.#app.askWho())) return;
    await attempt(async () => {
      if (this.#goods === undefined) return;
      await work(this.#goods);
      toast(text);
    });
  }

  #receive(transit: Transit): Promise<void> {
    const goods = this.#live();
    return goods ? this.#act((view) => view.receive(transit.id), t.received(whatOf(goods, transit))) : Promise.resolve();
  }

  async #contribute(of?: StockedItem): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const items = (await this.#goods?.now())?.items ?? [];
    const asked = await askContribution(items, this.#current(), of);
    if (asked === undefined) return;
    const { goods } = asked;
    const known = items.find(({ item }) => "item" in goods && item === goods.item)?.record;
    const { name, unit } = "new" in goods ? goods.new : { name: known?.name ?? t.nameless, unit: known?.unit };
    await this.#act(async (view) => view.contribute({ ...goods, ...(await this.#driveOf(asked)) }), t.contributed(`${name} ${goods.count}${unit ?? ""}`));
  }

  async #give(one: StockedItem): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const asked = await askGift(one, this.#current());
    if (asked === undefined) return;
    await attempt(async () => {
      const goods = { ...asked.goods, ...(await this.#driveOf(asked)) };
      try {
        await this.#goods?.give(goods);
        toast(t.given(amount(one, goods.count), goods.party ?? ""));
      } catch (thrown) {
        if ((thrown as YilianError).name !== "GoodsRefused") throw thrown;
        await this.#offerClaim(one, goods, thrown as YilianError);
      }
    });
  }

  /** What this device may not give out, another may. */
  async #offerClaim(one: StockedItem, goods: Handed, refusal: YilianError): Promise<void> {
    const now = this.#live()?.items.find(({ item }) => item === one.item) ?? one;
    const what = amount(one, goods.count);
    const canClaim = now.elsewhere > 0;
    const wants = await openDialog<boolean>((dialog) => ({
      title: t.refused,
      body: html`<p class="banner banner-warn" role="alert">${icon("warn")}<span>${problemText(refusal)}</span></p>
        <p class="muted">${canClaim ? t.refusedHint : t.nobodyHas}</p>`,
      foot: html`<button type="button" class="btn" @click=${() => dialog.close()}>${t.leave}</button>
        ${canClaim ? html`<button type="button" class="btn btn-primary" @click=${() => dialog.close(true)}>${t.claim(what)}</button>` : nothing}`,
    }));
    if (wants) await this.#act((view) => view.claim(goods), t.claimed(what));
  }

  async #send(one: StockedItem): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const { sites, session } = this.#app;
    const asked = await askSending(one, sites.filter(({ key }) => key !== session?.site));
    if (asked === undefined) return;
    await this.#act((view) => view.send(asked.goods, asked.site), t.sent(amount(one, asked.goods.count), siteName(asked.site, sites)));
  }

  async #count(one: StockedItem): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const asked = await askCount(one);
    if (asked === undefined) return;
    const now = this.#live()?.items.find(({ item }) => item === one.item) ?? one;
    const count = difference(now.here, asked.counted);
    if (count === 0) return void toast(t.equal);
    const { item } = one;
    await this.#act((view) => view.correct({ item, count, note: asked.note }), t.corrected(`${amount(one, asked.counted)}（${count > 0 ? "+" : "−"}${Math.abs(count)}）`));
  }

  #current() {
    return currentDrives(this.#drives?.value ?? [], today());
  }

  /** The event of what was written, entered first where it is new. */
  async #driveOf({ newDrive }: Written<unknown>): Promise<{ drive?: string }> {
    if (newDrive === undefined) return {};
    const drive = await this.#drives?.add("drives", { name: newDrive });
    return drive === undefined ? {} : { drive };
  }
}

/** What is to be received, wherever that is shown. */
export function arrivalList(goods: Goods, site: string, app: App, receive: (transit: Transit) => void): TemplateResult | typeof nothing {
  const coming = arrivals(goods, site);
  if (coming.length === 0) return nothing;
  return html`<section class="card lines" aria-label=${t.toReceive}><h2>${t.toReceive} <span class="pill pill-info">${coming.length}</span></h2>
    <ul>${repeat(coming, ({ id }) => id, (one) => {
      const what = whatOf(goods, one);
      return html`<li><div><b>${what}</b><p class="small muted">${t.fromSite(siteName(one.from_site, app.sites))} · ${dayText(one.at.slice(0, 10))}</p></div>
        ${one.to === goods.holder
          ? html`<button type="button" class="btn btn-s btn-primary" aria-label=${t.receiveOf(what)} @click=${() => receive(one)}>${icon("check")}${t.receive}</button>`
          : html`<span class="small muted">${t.otherReceives(deviceName(goods, one.to))}</span>`}
      </li>`;
    })}</ul></section>`;
}

/** So many of an item, as people say it: `手套 2双`. */
export function whatOf(goods: Goods, { item, count }: { item: string; count: number }): string {
  const found = goods.items.find((one) => one.item === item);
  return found ? amount(found, count) : `${t.nameless} ${count}`;
}

function amount({ record }: StockedItem, count: number): string {
  return `${record?.name ?? t.nameless} ${count}${record?.unit ?? ""}`;
}
