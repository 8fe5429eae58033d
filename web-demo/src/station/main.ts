// The station view: a month's roster of one site.

import type { Finding, Shift, Site } from "@yilian/client";
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { param, setParams } from "../shell/address.ts";
import { problemText } from "../shell/client.ts";
import { drawing } from "../shell/draw.ts";
import { mountFrame } from "../shell/frame.ts";
import { lastSite, setLastSite, setWhoAmI } from "../shell/people.ts";
import { empty, skeleton } from "../shell/states.ts";
import { remember, remembered } from "../shell/store.ts";
import { isMonth } from "../shell/calendar.ts";
import { thisMonth, today } from "../shell/time.ts";
import type { App, Cursor } from "./app.ts";
import { Bookings } from "./bookings/section.ts";
import { Cases } from "./cases/section.ts";
import * as desk from "./desk.ts";
import { draggable } from "./drag.ts";
import { openNew, openShift } from "./edit.ts";
import { drawFindings, findingsList, showFindings } from "./findings.ts";
import { focusCursor, grid, gridHint } from "./grid.ts";
import { showHistory } from "./history.ts";
import { Inbox } from "./inbox/section.ts";
import { list } from "./list.ts";
import { type Board, byRecord, makeBoard, type Row } from "./model.ts";
import { School } from "./school/section.ts";
import { isSection, type Section, type SectionName } from "./section.ts";
import { Session } from "./session.ts";
import { sheet } from "./sheet.ts";
import { Supplies } from "./supplies/section.ts";
import { t } from "./texts.ts";
import { Today } from "./today/section.ts";
import { heading, toolbar } from "./toolbar.ts";
import { askSite, askWho, chooseSitePage } from "./who.ts";

const NARROW = "(max-width: 719px)";

/** How a section is made; the roster is the page itself. */
const MAKERS: Partial<Record<SectionName, (app: App) => Section>> = {
  bookings: (app) => new Bookings(app),
  supplies: (app) => new Supplies(app),
  inbox: (app) => new Inbox(app),
  school: (app) => new School(app),
  today: (app) => new Today(app),
  cases: (app) => new Cases(app),
};

class Station implements App {
  session: Session | undefined;
  month = askedMonth();
  section = askedSection();
  look = askedLook();
  board: Board = makeBoard(this.month, [], [], null);
  findings: ReadonlyMap<string, readonly Finding[]> = new Map();
  sites: readonly Site[] = [];
  cursor: Cursor = { row: "", day: today(), index: 0 };
  carrying: App["carrying"];
  draw: () => void;
  #root: HTMLElement;
  #live: HTMLElement;
  #frame = mountFrame("station");
  #shown = "";
  #sections: Partial<Record<SectionName, Section | undefined>> = {};
  /** Why nothing can be shown. */
  #failure: string | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#live = document.createElement("p");
    this.#live.className = "visually-hidden";
    this.#live.id = "said";
    this.#live.setAttribute("aria-live", "assertive");
    document.body.append(this.#live);
    this.draw = drawing(() => this.#draw());
    draggable(root, this);
    addEventListener("keydown", (event) => this.#key(event));
  }

  async open(site: string | undefined): Promise<void> {
    const before = this.session;
    this.session = undefined;
    this.#sections[this.section]?.close();
    await before?.close();
    try {
      this.session = await Session.open(site, () => this.draw());
    } catch (thrown) {
      this.#failure = problemText(thrown as Error);
      return this.draw();
    }
    this.session.showMonth(this.month);
    this.#openSection();
    this.#frame.attach(this.session.yilian);
    this.draw();
  }

  announce(text: string): void {
    this.#live.textContent = text;
  }

  setMonth(month: string): void {
    this.month = month;
    setParams({ month });
    this.session?.showMonth(month);
    this.draw();
  }

  setSection(name: SectionName): void {
    if (name === this.section) return;
    this.#sections[this.section]?.close();
    this.section = name;
    setParams({ section: name === "roster" ? null : name });
    this.#openSection();
    this.draw();
  }

  setLook(look: "grid" | "list"): void {
    this.look = look;
    remember("look", look);
    this.draw();
  }

  setSite(site: string): void {
    // What was chosen in a section was chosen for the other site.
    this.#sections[this.section]?.close();
    this.#sections = {};
    setLastSite(site);
    setParams({ site });
    void this.open(site);
  }

  async askWho(again = false): Promise<boolean> {
    const { session } = this;
    if (session?.site === undefined) return false;
    if (session.author !== undefined && !again) return true;
    const name = await askWho(this, session.author);
    if (name === undefined || name === session.author) return session.author !== undefined;
    setWhoAmI(session.site, name);
    // An author is given when a client is opened.
    await this.open(session.site);
    await this.session?.roster?.ready;
    await this.#section()?.ready();
    return true;
  }

  chooseSite(): void {
    void askSite(this).then((site) => site !== undefined && site !== this.session?.site && this.setSite(site));
  }

  edit(shift: Shift): void {
    void openShift(this, shift);
  }

  addAt(day: string, row?: Row): void {
    void openNew(this, day, row);
  }

  showFindings(shift: Shift, beside: Element): void {
    showFindings(this, shift, beside);
  }

  showHistory(shift: Shift): void {
    showHistory(this, shift);
  }

  #section(): Section | undefined {
    return (this.#sections[this.section] ??= MAKERS[this.section]?.(this));
  }

  #openSection(): void {
    if (this.session?.site !== undefined) this.#section()?.open(this.session, this.session.site);
  }

  #key(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || this.section !== "roster") return;
    if (document.querySelector("dialog[open]") || (event.target as Element).matches?.("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    void (key === "y" || event.shiftKey ? desk.redo(this) : desk.undo(this));
  }

  #draw(): void {
    this.#think();
    const hadFocus = document.activeElement?.closest(".grid") != null;
    render(this.#page(), this.#root);
    drawFindings(this);
    if (hadFocus && document.activeElement === document.body) focusCursor(this);
    this.#comeToToday();
  }

  #think(): void {
    const { session } = this;
    this.sites = session?.sites.value ?? [];
    const site = this.sites.find(({ key }) => key === session?.site);
    this.board = makeBoard(this.month, session?.people?.value ?? [], session?.roster?.value ?? [], site?.hours ?? null);
    this.findings = session?.roster ? byRecord(session.findings.findings, session.roster.name) : new Map();
    const { rows, days } = this.board;
    if (!rows.some(({ key }) => key === this.cursor.row)) this.cursor = { ...this.cursor, row: rows[0]?.key ?? "", index: 0 };
    if (!days.includes(this.cursor.day)) {
      const now = today();
      this.cursor = { ...this.cursor, day: days.includes(now) ? now : (days[0] ?? now), index: 0 };
    }
    const most = Math.max(0, this.board.at(this.cursor.row, this.cursor.day).length - 1);
    if (this.cursor.index > most) this.cursor = { ...this.cursor, index: most };
  }

  #page(): TemplateResult {
    const { session } = this;
    if (this.#failure !== undefined) {
      const again = html`<button type="button" class="btn btn-primary" @click=${() => location.reload()}>${t.again}</button>`;
      return html`<div class="card">${empty({ icon: "error", title: t.cannotOpen, text: this.#failure, action: again })}</div>`;
    }
    const isEmpty = session?.site === undefined ? this.sites.length === 0 : this.board.rows.length === 0;
    const isHere = session?.isReady && !(isEmpty && session.isFilling);
    if (session !== undefined && session.site === undefined && isHere) return chooseSitePage(this);
    const section = this.#section();
    if (section !== undefined) return html`<div class="toolbar no-print">${heading(this)}</div>${section.view()}`;
    return html`${toolbar(this)} ${isHere ? this.#content() : waiting(this.look)}`;
  }

  #content(): TemplateResult {
    const { board, session } = this;
    if (board.rows.length === 0) {
      const command = `yilian person import people.csv`;
      return html`<div class="card">${empty({ icon: "person", title: t.noPeople, text: html`${t.noPeopleText}<br /><code>${command}</code>` })}</div>`;
    }
    const none = session?.roster?.value.length === 0;
    const first = board.days.includes(today()) ? today() : (board.days[0] ?? today());
    return html`${none
        ? html`<div class="banner first no-print"><span><b>${t.noShifts}</b> ${t.noShiftsText}</span>
            <button type="button" class="btn btn-primary" @click=${() => this.addAt(first)}>${t.addFirst}</button></div>`
        : nothing}
      ${this.look === "grid" ? html`${grid(this)} ${gridHint()}` : list(this)}
      ${findingsList(this)} ${sheet(this)}`;
  }

  /** The first sight of the present month is today. */
  #comeToToday(): void {
    const what = `${this.session?.site} ${this.month} ${this.look}`;
    if (!this.session?.isReady || this.#shown === what || this.board.rows.length === 0) return;
    this.#shown = what;
    const wrap = this.#root.querySelector(".grid-wrap");
    const column = wrap?.querySelector<HTMLElement>("thead .today");
    if (wrap && column) wrap.scrollLeft = column.offsetLeft - wrap.clientWidth / 2;
  }
}

function waiting(look: "grid" | "list"): TemplateResult {
  return html`<div class="waiting waiting-${look}" aria-busy="true">
    ${Array.from({ length: look === "grid" ? 10 : 5 }, () => skeleton("100%", look === "grid" ? "48px" : "132px"))}
  </div>`;
}

function askedMonth(): string {
  const asked = param("month");
  return isMonth(asked) ? asked : thisMonth();
}

function askedSection(): SectionName {
  const asked = param("section");
  return isSection(asked) ? asked : "roster";
}

function askedLook(): "grid" | "list" {
  const kept = param("look") ?? remembered("look");
  if (kept === "grid" || kept === "list") return kept;
  return matchMedia(NARROW).matches ? "list" : "grid";
}

const root = document.querySelector<HTMLElement>("#app");
if (root !== null) {
  const site = param("site") ?? lastSite();
  if (site !== undefined) {
    setLastSite(site);
    setParams({ site });
  }
  const station = new Station(root);
  void station.open(site);
}
