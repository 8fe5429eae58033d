// The centre's board: open cases by what they wait for, the late and the old ones on top.

import type { CaseSheet } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { board, type Column, isLate } from "../../cases/model.ts";
import { claimText, deadlineText, emergencyPill, stageText } from "../../cases/sheet.ts";
import { t as said } from "../../cases/texts.ts";
import { say } from "../../shell/i18n.ts";
import { columnText, t } from "../cases-texts.ts";

/** As many cards are drawn in a column at first. */
const FIRST = 20;

export interface Board {
  readonly cases: readonly CaseSheet[];
  /** Columns of which all cards are shown. */
  readonly whole: ReadonlySet<string>;
  siteName(key: string): string;
  open(document: string): void;
  showWhole(column: string): void;
}

export function caseBoard(of: Board): TemplateResult {
  return html`<div class="board" tabindex="0" role="region" aria-label=${t.board}>${board(of.cases).map((column) => oneColumn(column, of))}</div>`;
}

function oneColumn({ key, cases, late }: Column, of: Board): TemplateResult {
  const shown = of.whole.has(key) ? cases : cases.slice(0, FIRST);
  const name = columnText(key) ?? stageText(key === "closing" ? "closed" : key);
  return html`<section class="board-column" data-column=${key} ?data-empty=${cases.length === 0} aria-label=${name}>
    <h2>${name} <span class="pill">${cases.length}</span>${late > 0 ? html`<span class="pill pill-danger">${t.late(late)}</span>` : nothing}</h2>
    ${cases.length === 0 ? html`<p class="board-none">${t.none}</p>` : html`<ul>${repeat(shown, ({ document }) => document, (sheet) => html`<li>${card(sheet, of)}</li>`)}</ul>`}
    ${shown.length < cases.length ? html`<button type="button" class="btn btn-s" @click=${() => of.showWhole(key)}>${t.more(cases.length - shown.length)}</button>` : nothing}
  </section>`;
}

function card(sheet: CaseSheet, of: Board): TemplateResult {
  const site = sheet.document.split("/")[1] ?? "";
  const names = sheet.mediators.map(({ name }) => name).join("、");
  return html`<button type="button" class="board-card ${isLate(sheet) ? "is-late" : ""}" data-document=${sheet.document} @click=${() => of.open(sheet.document)}>
    <span class="line"><b>${say(sheet.title)}</b>${sheet.age === null ? nothing : html`<span class="age">${said.days(sheet.age.days)}</span>`}</span>
    <span class="small muted">${[of.siteName(site), claimText(sheet.case.claim), said.people(sheet.people)].join(" · ")}</span>
    <span class="small">${names || html`<span class="muted">${t.nobody}</span>`}</span>
    ${sheet.deadline === null ? nothing : html`<span class="board-due">${deadlineText(sheet.deadline)}</span>`}
    ${emergencyPill(sheet)}
  </button>`;
}
