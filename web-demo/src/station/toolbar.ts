// What stands above the roster: which site and month, who is here, and what one can do.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { offlineSwitch } from "../shell/frame.ts";
import { icon } from "../shell/icons.ts";
import { lastSite, nameOf, whoAmI } from "../shell/people.ts";
import { addMonths, isMonth } from "../shell/calendar.ts";
import { monthText, thisMonth, today } from "../shell/time.ts";
import type { App } from "./app.ts";
import * as desk from "./desk.ts";
import { hueOf } from "./grid.ts";
import { sectionNav } from "./section.ts";
import { t } from "./texts.ts";
import { siteName } from "./words.ts";

const FACES_MOST = 4;

/** Which site, who is here, and which section. */
export function heading(app: App): TemplateResult {
  const site = app.session?.site;
  const name = site === undefined ? "" : siteName(site, app.sites);
  return html`<div class="title">
      <h1><button type="button" class="site" aria-haspopup="dialog" title=${t.changeSite} @click=${() => app.chooseSite()}>
        <span>${name || " "}</span>${icon("right")}</button></h1>
      <div class="here">${faces(app)} ${me(app)}</div>
    </div>
    ${sectionNav(app)}`;
}

export function toolbar(app: App): TemplateResult {
  return html`<div class="toolbar no-print">
    ${heading(app)}
    <div class="bar">
      ${months(app)} ${looks(app)}
      <div class="row acts">
        <button type="button" class="btn btn-icon" aria-label=${t.undo} title="${t.undo} Ctrl+Z" aria-keyshortcuts="Control+Z" @click=${() => desk.undo(app)}>${icon("undo")}</button>
        <button type="button" class="btn btn-icon" aria-label=${t.redo} title="${t.redo} Ctrl+Shift+Z" aria-keyshortcuts="Control+Shift+Z" @click=${() => desk.redo(app)}>${icon("redo")}</button>
        <button type="button" class="btn btn-icon" aria-label=${t.print} title=${t.print} @click=${() => print()}>${icon("print")}</button>
        <button type="button" class="btn btn-primary add" @click=${() => app.addAt(firstDay(app))}>${icon("plus")}<span>${t.add}</span></button>
      </div>
      <div class="row states">
        ${problems(app)}
        ${app.session ? offlineSwitch(app.session.yilian) : nothing}
      </div>
    </div>
  </div>`;
}

/** Today in the present month; else where the keyboard is, or the first. */
function firstDay({ month, board, cursor }: App): string {
  const now = today();
  if (board.days.includes(cursor.day)) return cursor.day;
  return now.startsWith(month) ? now : (board.days[0] ?? now);
}

function months(app: App): TemplateResult {
  const choose = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (isMonth(value)) app.setMonth(value);
  };
  return html`<div class="months">
    <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.previousMonth} @click=${() => app.setMonth(addMonths(app.month, -1))}>${icon("left")}</button>
    <label class="month"><span class="visually-hidden">${t.month}</span>
      <span aria-hidden="true" class="num">${monthText(app.month)}</span>
      <input type="month" .value=${app.month} @change=${choose} @click=${(event: Event) => openPicker(event.target as HTMLInputElement)} />
    </label>
    <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.nextMonth} @click=${() => app.setMonth(addMonths(app.month, 1))}>${icon("right")}</button>
    ${app.month === thisMonth() ? nothing : html`<button type="button" class="btn btn-ghost btn-s now wide-only" @click=${() => app.setMonth(thisMonth())}>${t.toToday}</button>`}
  </div>`;
}

function openPicker(input: HTMLInputElement): void {
  try {
    input.showPicker();
  } catch {
    // Then its own keys change it.
  }
}

function looks(app: App): TemplateResult {
  const look = (which: "grid" | "list", text: string) =>
    html`<button type="button" aria-pressed=${app.look === which} @click=${() => app.setLook(which)}>${icon(which)}<span>${text}</span></button>`;
  return html`<div class="seg" role="group" aria-label=${t.look}>${look("grid", t.grid)} ${look("list", t.list)}</div>`;
}

function problems(app: App): TemplateResult {
  const count = app.session?.findings.findings.length ?? 0;
  const go = () => {
    const section = document.querySelector<HTMLElement>("#findings");
    section?.scrollIntoView({ behavior: "smooth", block: "start" });
    section?.focus({ preventScroll: true });
  };
  return html`<button type="button" class="pill problems ${count > 0 ? "pill-warn" : "pill-ok"}" @click=${go}>
    ${icon(count > 0 ? "warn" : "check")}${count > 0 ? t.problems(count) : t.noProblems}
  </button>`;
}

/** Who else looks at this roster. */
function faces(app: App): TemplateResult | typeof nothing {
  const others = new Map<string, string>();
  for (const { id, author } of app.session?.presence?.value ?? []) {
    if (author === undefined || author !== app.session?.yilian.author) others.set(author ?? id, nameOf(author) ?? t.somebody);
  }
  if (others.size === 0) return nothing;
  const names = [...others.values()].join("、");
  return html`<ul class="faces" aria-label=${t.alsoHere(names)} title=${t.alsoHere(names)}>
    ${[...others].slice(0, FACES_MOST).map(([who, name]) => html`<li class="face hue-${hueOf(who)}">${name.slice(-2)}</li>`)}
    ${others.size > FACES_MOST ? html`<li class="face">+${others.size - FACES_MOST}</li>` : nothing}
  </ul>`;
}

function me(app: App): TemplateResult {
  // Before anything is open, who it was last time.
  const name = app.session ? app.session.author : whoAmI(lastSite() ?? "");
  return html`<button type="button" class="btn btn-s me ${name ? "" : "btn-primary"}" aria-haspopup="dialog" @click=${() => app.askWho(true)}>
    ${icon("person")}<span>${name ? html`${name}<span class="mine">${t.mine}</span>` : t.who}</span>
  </button>`;
}
