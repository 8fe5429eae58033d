// The roster as a grid, people × days, by the ARIA pattern: one stop for Tab, arrows from there.

import type { Shift } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { icon } from "../shell/icons.ts";
import { nameOf } from "../shell/people.ts";
import { isWeekend } from "../shell/calendar.ts";
import { dayText, today, weekdayShort } from "../shell/time.ts";
import type { App } from "./app.ts";
import { onGridKey } from "./keys.ts";
import { overnightShare, type Row, spanShort, spanText } from "./model.ts";
import { t } from "./texts.ts";
import { siteName, stateText, toneOf } from "./words.ts";

const GROUPS = { own: "people", lent: "lent", other: "others" } as const;

export function grid(app: App): TemplateResult {
  const { board } = app;
  const now = today();
  const groups = (["own", "lent", "other"] as const)
    .map((group) => ({ group, rows: board.rows.filter((row) => row.group === group) }))
    .filter(({ rows }) => rows.length > 0);
  return html`<div class="grid-wrap" id="board" tabindex="-1">
    <table class="grid" role="grid" aria-label=${t.roster} aria-readonly="false" aria-rowcount=${board.rows.length + 2}
      @keydown=${(event: KeyboardEvent) => onGridKey(app, event)} @focusin=${(event: FocusEvent) => onFocus(app, event)}>
      <thead>
        <tr role="row">
          <th scope="col" role="columnheader" class="corner">${t.name}</th>
          ${board.days.map((day) => head(day, now))}
        </tr>
      </thead>
      ${groups.map(
        ({ group, rows }, index) => html`<tbody role="rowgroup">
          ${index > 0 || groups.length > 1
            ? html`<tr class="group" role="row"><th role="rowheader" colspan=${board.days.length + 1} scope="rowgroup"><span>${t[GROUPS[group]]}</span></th></tr>`
            : nothing}
          ${repeat(rows, ({ key }) => key, (row) => line(app, row, now))}
        </tbody>`,
      )}
      <tfoot>
        <tr role="row">
          <th scope="row" role="rowheader">${t.coverage}</th>
          ${board.days.map((day) => coverage(app, day))}
        </tr>
      </tfoot>
    </table>
  </div>`;
}

function dayClass(day: string, now: string): string {
  return `${isWeekend(day) ? "weekend" : ""} ${day === now ? "today" : ""}`;
}

function head(day: string, now: string): TemplateResult {
  return html`<th scope="col" role="columnheader" class=${dayClass(day, now)} aria-label=${dayText(day)} aria-current=${day === now ? "date" : nothing}>
    <span class="date">${Number(day.slice(8))}</span><span class="weekday">${weekdayShort(day)}</span>
  </th>`;
}

function line(app: App, row: Row, now: string): TemplateResult {
  const lent = row.lentBy === null ? undefined : t.lentBy(siteName(row.lentBy, app.sites));
  return html`<tr role="row" data-row=${row.key}>
    <th scope="row" role="rowheader" title=${lent ?? nothing}>
      <span class="who">${row.name}</span>
      ${lent ? html`<span class="lent">${lent}</span>` : nothing}
    </th>
    ${app.board.days.map((day) => cell(app, row, day, now))}
  </tr>`;
}

function cell(app: App, row: Row, day: string, now: string): TemplateResult {
  const { cursor, carrying } = app;
  const shifts = app.board.at(row.key, day);
  const here = cursor.row === row.key && cursor.day === day;
  const held = carrying?.row === row.key && carrying.day === day ? carried(app) : undefined;
  const other = app.session?.presence?.value.find(({ state }) => state.row === row.key && state.day === day);
  const label = shifts.length === 0 ? `${row.name} ${dayText(day)} ${t.free}` : nothing;
  return html`<td role="gridcell" class=${dayClass(day, now)} data-day=${day} data-row=${row.key}
    tabindex=${shifts.length > 0 ? nothing : here ? 0 : -1} aria-label=${label}
    @click=${(event: Event) => event.target === event.currentTarget && app.addAt(day, row)}>
    ${repeat(shifts, ({ id }) => id, (shift, index) => chip(app, shift, here && cursor.index === index))}
    ${held ? html`<span class="held hue-${app.board.posts.get(held.post) ?? 0}" aria-hidden="true">${held.post}<small>${spanShort(held)}</small></span>` : nothing}
    ${other ? html`<span class="peer hue-${hueOf(other.author ?? other.id)}"><b>${nameOf(other.author) ?? t.somebody}</b></span>` : nothing}
  </td>`;
}

function carried(app: App): Shift | undefined {
  return app.carrying && app.session?.roster?.get(app.carrying.id);
}

function chip(app: App, shift: Shift, stop: boolean): TemplateResult {
  const found = app.findings.get(shift.id) ?? [];
  const tone = found[0] && toneOf(found[0]);
  const night = overnightShare(shift);
  const before = `${shift.name} ${dayText(shift.start.slice(0, 10))}`;
  const after = [
    night > 0 ? t.overnightMark : "",
    shift.state === "planned" ? "" : stateText(shift.state),
    shift.note,
    found.length > 0 ? t.problems(found.length) : "",
  ];
  const more = after.filter(Boolean).join(" ");
  const hint = `${before} ${shift.post} ${spanText(shift, t.nextDay)} ${more}`;
  const classes = `shift hue-${app.board.posts.get(shift.post) ?? 0} is-${shift.state} ${night > 0 ? "overnight" : ""} ${app.carrying?.id === shift.id ? "is-carried" : ""}`;
  return html`<div class="slot hue-${app.board.posts.get(shift.post) ?? 0}" style=${styleMap({ "--night": String(night) })}>
    <button type="button" class=${classes} data-shift=${shift.id} tabindex=${stop ? 0 : -1} title=${hint} @click=${() => app.edit(shift)}>
      <span class="visually-hidden">${before}</span> <span class="post">${shift.post}</span>
      <small>${spanShort(shift)}</small> <span class="visually-hidden">${more}</span>
    </button>
    ${tone
      ? html`<button type="button" class="badge badge-${tone}" tabindex="-1" aria-label="${t.problems(found.length)}: ${shift.name}" @click=${(event: Event) => app.showFindings(shift, event.currentTarget as Element)}>${found.length > 1 ? found.length : "!"}</button>`
      : nothing}
  </div>`;
}

function coverage(app: App, day: string): TemplateResult {
  const { people, share, gaps } = app.board.coverage.get(day) ?? { people: 0, share: 0, gaps: [] };
  // A month that nobody has begun is no alarm.
  const begun = app.board.posts.size > 0;
  const tone = share >= 1 ? "full" : people === 0 && begun ? "none" : "part";
  const text = `${t.onDuty(people)}${gaps.length > 0 ? ` · ${t.gap(gaps.join(" "))}` : ` · ${t.covered}`}`;
  return html`<td role="gridcell" class="cover cover-${tone} ${isWeekend(day) ? "weekend" : ""}" title=${text} aria-label="${dayText(day)} ${text}">
    <span>${people}</span><i style=${styleMap({ "--share": String(share) })}></i>
  </td>`;
}

/** A hue for somebody, always the same. */
export function hueOf(who: string): number {
  let sum = 0;
  for (const letter of who) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % 6;
}

/** The stop of the keyboard follows the focus, however it came there. */
function onFocus(app: App, event: FocusEvent): void {
  const target = event.target as HTMLElement;
  const cell = target.closest<HTMLElement>("td[data-day]");
  const { row, day } = cell?.dataset ?? {};
  if (cell === null || row === undefined || day === undefined) return;
  const shifts = [...cell.querySelectorAll(".shift")];
  const index = Math.max(0, shifts.indexOf(target.closest(".slot")?.querySelector(".shift") ?? target));
  const { cursor } = app;
  if (cursor.row === row && cursor.day === day && cursor.index === index) return;
  app.cursor = { row, day, index };
  app.session?.presence?.set({ row, day });
  app.draw();
}

/** Puts the focus where the keyboard is. */
export function focusCursor(app: App): void {
  const { row, day, index } = app.cursor;
  const cell = document.querySelector<HTMLElement>(`td[data-row="${CSS.escape(row)}"][data-day="${day}"]`);
  const stop = cell?.querySelectorAll<HTMLElement>(".shift")[index] ?? cell?.querySelector<HTMLElement>(".shift") ?? cell;
  stop?.focus({ preventScroll: false });
}

/** Whom nobody has a row yet: an empty board still says where to begin. */
export function gridHint(): TemplateResult {
  return html`<p class="hint keys no-print">${icon("info")}<span>${t.keys}</span></p>`;
}
