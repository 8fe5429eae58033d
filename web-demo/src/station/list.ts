// The roster as a list by day: what fits a phone.

import type { Shift } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "../shell/icons.ts";
import { nameOf } from "../shell/people.ts";
import { isWeekend } from "../shell/calendar.ts";
import { dayText, today } from "../shell/time.ts";
import type { App } from "./app.ts";
import { hueOf } from "./grid.ts";
import { spanText } from "./model.ts";
import { t } from "./texts.ts";
import { siteName, stateText, toneOf } from "./words.ts";

export function list(app: App): TemplateResult {
  const now = today();
  return html`<ol class="days" id="board" tabindex="-1">
    ${repeat(app.board.days, (day) => day, (day) => dayCard(app, day, now))}
  </ol>`;
}

function dayCard(app: App, day: string, now: string): TemplateResult {
  const { people, gaps } = app.board.coverage.get(day) ?? { people: 0, gaps: [] };
  const shifts = app.board.on(day);
  return html`<li class="day ${day === now ? "today" : ""} ${isWeekend(day) ? "weekend" : ""}" data-day=${day}>
    <header>
      <h2><time datetime=${day}>${dayText(day)}</time>${day === now ? html` <span class="pill pill-accent">${t.today}</span>` : nothing}</h2>
      <p class="small ${gaps.length > 0 ? "gap" : "muted"}">${shifts.length === 0 ? t.free : t.onDuty(people)}${shifts.length > 0 && gaps.length > 0 ? html` · ${t.gap(gaps.join(" "))}` : nothing}</p>
      <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.addOn(dayText(day))} @click=${() => app.addAt(day)}>${icon("plus")}</button>
    </header>
    ${shifts.length === 0 ? nothing : html`<ul>${repeat(shifts, ({ id }) => id, (shift) => item(app, shift))}</ul>`}
  </li>`;
}

function item(app: App, shift: Shift): TemplateResult {
  const found = app.findings.get(shift.id) ?? [];
  const tone = found[0] && toneOf(found[0]);
  const other = app.session?.presence?.value.find(({ state }) => state.shift === shift.id);
  return html`<li class="item hue-${app.board.posts.get(shift.post) ?? 0} is-${shift.state}">
    <button type="button" class="open" data-shift=${shift.id} @click=${() => app.edit(shift)}>
      <span class="span num">${spanText(shift, t.nextDay)}</span>
      <span class="who">${shift.name}${shift.lent_by ? html`<small>${t.lentBy(siteName(shift.lent_by, app.sites))}</small>` : nothing}</span>
      <span class="post">${shift.post}</span>
      ${shift.state === "planned" ? nothing : html`<span class="state">${stateText(shift.state)}</span>`}
      ${shift.note ? html`<span class="note">${shift.note}</span>` : nothing}
    </button>
    ${tone
      ? html`<button type="button" class="badge-wide pill pill-${tone}" aria-label="${t.problems(found.length)}: ${shift.name}" @click=${(event: Event) => app.showFindings(shift, event.currentTarget as Element)}>${icon(tone === "danger" ? "error" : "warn")}${found.length > 1 ? found.length : nothing}</button>`
      : nothing}
    ${other ? html`<span class="peer-line hue-${hueOf(other.author ?? other.id)}">${t.editsHere(nameOf(other.author) ?? t.somebody)}</span>` : nothing}
  </li>`;
}
