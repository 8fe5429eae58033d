// Findings: beside the cell they concern, and as a list. What puts them right is one tap away.

import type { Collection, Finding, HistoryEntry, Repair, Shift, Value } from "@yilian/client";
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { until } from "lit/directives/until.js";
import { choices } from "../shell/conflict.ts";
import { say } from "../shell/i18n.ts";
import { icon } from "../shell/icons.ts";
import { dayText, momentText } from "../shell/time.ts";
import type { App } from "./app.ts";
import * as desk from "./desk.ts";
import { t } from "./texts.ts";
import { authorText, labelOf, toneOf, valueText } from "./words.ts";

/** One finding with its repairs; `done` is called once one was taken. */
export function findingCard(app: App, finding: Finding, done: () => void = () => {}): TemplateResult {
  const tone = toneOf(finding);
  const take = (way: Repair) => {
    void desk.repair(app, way);
    done();
  };
  // Both values of a shift's field are shown side by side; of other records the finding says which they are.
  const isConflict = finding.rule === "field-conflict" && finding.field !== null && finding.records[0]?.collection === "shifts";
  return html`<article class="finding finding-${tone}">
    <p class="finding-text">${icon(tone === "danger" ? "error" : "warn")}
      <span>${isConflict ? t.conflict(labelOf(collectionOf(finding), finding.field ?? "")) : say(finding.text)}</span></p>
    ${isConflict
      ? conflict(app, finding, take)
      : html`<ul class="repairs">${finding.repairs.map(
          (way) => html`<li><button type="button" class="btn btn-s" @click=${() => take(way)}>${say(way.label)}</button></li>`,
        )}</ul>`}
  </article>`;
}

function collectionOf({ records }: Finding): Collection {
  return records[0]?.collection ?? "shifts";
}

/** Both values side by side, with who wrote them. */
function conflict(app: App, finding: Finding, take: (way: Repair) => void): TemplateResult {
  const field = finding.field ?? "";
  const record = finding.records[0]?.record;
  const shift = record === undefined ? undefined : app.session?.roster?.get(record);
  return html`
    ${shift ? html`<p class="small muted">${shift.name} · ${dayText(shift.start.slice(0, 10))} · ${shift.post}</p>` : nothing}
    <div class="versions">
      ${choices(finding).map(
        ({ value, stands, repair }) => html`<div class="version" ?data-stands=${stands}>
          <span class="tag">${stands ? t.now : t.elsewhere}</span>
          <b class="value">${valueText(field, value, app.sites, collectionOf(finding))}</b>
          <span class="small muted writer">${record === undefined ? "" : until(writer(app, record, field, value), " ")}</span>
          <button type="button" class="btn btn-s" @click=${() => take(repair)}>${stands ? t.keepThis : t.takeThis}</button>
        </div>`,
      )}
    </div>`;
}

const histories = new WeakMap<object, Map<string, Promise<HistoryEntry[]>>>();

/** Who wrote a value last, and when. */
async function writer(app: App, record: string, field: string, value: Value): Promise<string> {
  const { session } = app;
  if (session?.roster === undefined) return "";
  // The same findings come with the same past.
  let known = histories.get(session.findings);
  if (known === undefined) {
    known = new Map();
    histories.set(session.findings, known);
  }
  const past = known.get(record) ?? session.roster.historyOf(record);
  known.set(record, past);
  const entries = await past.catch(() => []);
  const entry = entries.findLast(({ patch }) => patch.fields.some((one) => one.field === field && one.new === value));
  if (entry === undefined) return "";
  return `${authorText(entry.author, session.site ?? "", app.sites)} · ${momentText(entry.time * 1000)}`;
}

/** All of a month's, the worst first. */
export function findingsList(app: App): TemplateResult {
  const { findings, not_checked } = app.session?.findings ?? { findings: [], not_checked: [] };
  return html`<section class="findings no-print" id="findings" aria-labelledby="findings-title" tabindex="-1">
    <h2 id="findings-title">${t.findings} <span class="pill ${findings.length > 0 ? "pill-warn" : "pill-ok"}">${findings.length}</span></h2>
    ${findings.length === 0 ? html`<p class="muted row">${icon("check")}${t.noProblems}</p>` : nothing}
    <div class="finding-cards">${findings.map((finding) => findingCard(app, finding))}</div>
    ${not_checked.length === 0
      ? nothing
      : html`<details class="small muted"><summary>${t.notChecked} (${not_checked.length})</summary>
          <ul>${not_checked.map(({ text }) => html`<li>${say(text)}</li>`)}</ul></details>`}
  </section>`;
}

let open: { shift: string; beside: Element; element: HTMLElement } | undefined;

/** Shows the findings of a shift beside it. */
export function showFindings(app: App, shift: Shift, beside: Element): void {
  open?.element.hidePopover();
  const element = document.createElement("div");
  element.className = "popover";
  element.popover = "auto";
  element.setAttribute("role", "dialog");
  element.setAttribute("aria-label", t.findings);
  document.body.append(element);
  open = { shift: shift.id, beside, element };
  drawFindings(app);
  element.showPopover();
  place(element, beside);
  element.querySelector<HTMLElement>("button")?.focus();
  element.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "closed") return;
    element.remove();
    if (open?.element === element) open = undefined;
    const target = beside.closest(".slot")?.querySelector<HTMLElement>(".shift") ?? (beside as HTMLElement);
    if (document.activeElement === document.body && target.isConnected) target.focus();
  });
}

/** Draws them again after something changed; none left, and it is gone. */
export function drawFindings(app: App): void {
  if (open === undefined) return;
  const { shift, element } = open;
  const found = app.findings.get(shift) ?? [];
  if (found.length === 0) element.hidePopover();
  else render(found.map((finding) => findingCard(app, finding, () => element.hidePopover())), element);
}

function place(element: HTMLElement, beside: Element): void {
  if (innerWidth < 520) return;
  const box = beside.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left - width / 2), innerWidth - width - 8);
  const below = box.bottom + 8;
  const top = below + height < innerHeight - 8 ? below : Math.max(8, box.top - height - 8);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
