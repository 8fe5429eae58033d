// The roster on paper: A4, landscape, a table and nothing else.

import type { Shift } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { isWeekend } from "../shell/calendar.ts";
import { monthText, today, weekdayShort } from "../shell/time.ts";
import type { App } from "./app.ts";
import { overnightShare, spanShort } from "./model.ts";
import { t } from "./texts.ts";
import { siteName, stateText } from "./words.ts";

export function sheet(app: App): TemplateResult {
  const { board } = app;
  const rows = board.rows.filter(({ key, group }) => group !== "other" || board.days.some((day) => board.at(key, day).length > 0));
  const now = today();
  return html`<section class="sheet print-only" aria-hidden="true">
    <header>
      <h1>${siteName(app.session?.site ?? "", app.sites)}</h1>
      <p>${t.monthRoster(monthText(app.month))}</p>
    </header>
    <table>
      <thead><tr><th>${t.name}</th>${board.days.map(
        (day) => html`<th class=${isWeekend(day) ? "weekend" : ""}>${Number(day.slice(8))}<br /><small>${weekdayShort(day)}</small></th>`,
      )}</tr></thead>
      <tbody>${rows.map(
        ({ key, name, lentBy }) => html`<tr>
          <th>${name}${lentBy ? html`<small>${t.lentBy(siteName(lentBy, app.sites))}</small>` : nothing}</th>
          ${board.days.map((day) => html`<td class=${isWeekend(day) ? "weekend" : ""}>${board.at(key, day).map(entry)}</td>`)}
        </tr>`,
      )}</tbody>
      <tfoot><tr><th>${t.coverage}</th>${board.days.map(
        (day) => html`<td class=${isWeekend(day) ? "weekend" : ""}>${board.coverage.get(day)?.people ?? 0}</td>`,
      )}</tr></tfoot>
    </table>
    <footer>
      <p>${t.legend}: ${[...board.posts.keys()].join(" · ")} · ↷ ${t.overnightMark}</p>
      <p>${t.printedOn(now)}</p>
    </footer>
  </section>`;
}

function entry(shift: Shift): TemplateResult {
  const night = overnightShare(shift) > 0 ? "↷" : "";
  const state = shift.state === "absent" || shift.state === "swapped" ? html`<i>${stateText(shift.state)}</i>` : nothing;
  return html`<div><b>${shift.post.slice(0, 2)}</b><span>${spanShort(shift)}${night}</span>${state}</div>`;
}
