import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import type { Bars, BarValue, Report } from "../reports.ts";
import type { SharingTexts } from "../sharing-texts.ts";

/** A card with one report. */
export interface ReportCard {
  readonly texts: SharingTexts;
  readonly report: Report;
  /** What to say where there is nothing to show. */
  readonly none: string;
  /** What may be chosen of it. */
  readonly choices?: TemplateResult;
  /** Says what it is about. */
  readonly lead?: string;
  save(report: Report): void;
}

/** As many rows are drawn; the table has all. */
const ROWS_MAX = 12;

/** A report as bars whose labels and numbers are text, and as the table that is downloaded. */
export function reportCard(card: ReportCard): TemplateResult {
  const { texts, report, choices, lead } = card;
  const isEmpty = report.bars.rows.length === 0;
  return html`<section class="card report" data-report=${report.id} aria-labelledby="report-${report.id}">
    <header class="card-head">
      <h2 id="report-${report.id}">${report.title}</h2>
      ${isEmpty
        ? nothing
        : html`<button class="btn btn-s no-print" aria-label=${texts.csvOf(report.title)} @click=${() => card.save(report)}>
            ${texts.csv}
          </button>`}
    </header>
    ${lead === undefined ? nothing : html`<p class="muted small">${lead}</p>`} ${choices ?? nothing}
    ${isEmpty ? html`<p class="report-none muted">${card.none}</p>` : html`${bars(report.bars, texts)} ${asTable(report, texts)}`}
  </section>`;
}

/** What the cards look like before their figures are known. */
export function reportSkeletons(texts: SharingTexts): TemplateResult {
  const titles = [texts.venuesBySite, texts.venues, texts.supplies, texts.submissions];
  return html`<p class="visually-hidden" role="status">${texts.loading}</p>
    <div class="report-grid waiting" aria-busy="true">
      ${titles.map(
        (title) =>
          html`<section class="card report">
            <header class="card-head"><h2>${title}</h2></header>
            <div class="skeleton block"></div>
            <div class="skeleton block"></div>
          </section>`,
      )}
    </div>`;
}

/** The patterns that tell bars apart without their colours; once in a page. */
export function patterns(): TemplateResult {
  const line = (path: string) => svg`<path d=${path} stroke="var(--surface)" stroke-width="2" fill="none"></path>`;
  const pattern = (index: number, marks: unknown) =>
    svg`<pattern id="bar-${index}" width="8" height="8" patternUnits="userSpaceOnUse">
      <rect width="8" height="8" fill="var(--hue-${index})"></rect>${marks}
    </pattern>`;
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true">
    <defs>
      ${pattern(0, nothing)} ${pattern(1, line("M-2 10 10 -2M-2 2 2 -2M6 10 10 6"))}
      ${pattern(2, line("M0 4H8"))} ${pattern(3, svg`<circle cx="4" cy="4" r="2" fill="var(--surface)"></circle>`)}
    </defs>
  </svg>`;
}

function bars({ series, rows }: Bars, texts: SharingTexts): TemplateResult {
  const most = new Map<string | undefined, number>();
  for (const { of, values } of rows) most.set(of, Math.max(1, most.get(of) ?? 0, ...values.map(({ value }) => value)));
  const isMany = series.length > 1;
  return html`<ul class="bars" ?data-many=${isMany}>
      ${rows.slice(0, ROWS_MAX).map(
        ({ label, values, of }) =>
          html`<li class="bars-row">
            <span class="bars-label">${label}</span>
            ${values.map((value, index) => bar(value, index, most.get(of) ?? 1, isMany ? series[index] : undefined))}
          </li>`,
      )}
    </ul>
    ${rows.length > ROWS_MAX ? html`<p class="muted small">${texts.more(rows.length - ROWS_MAX)}</p>` : nothing}`;
}

function bar({ value, text }: BarValue, index: number, most: number, name: string | undefined): TemplateResult {
  const width = `${(Math.max(0, value) / most) * 100}%`;
  return html`<span class="bars-line" data-value=${value}>
    ${name === undefined ? nothing : html`<span class="bars-series">${name}</span>`}
    <svg class="bars-bar" width="100%" height="14" aria-hidden="true"><rect width=${width} height="14" rx="2" fill="url(#bar-${index})"></rect></svg>
    <b class="bars-value">${text}</b>
  </span>`;
}

function asTable({ id, title, table }: Report, texts: SharingTexts): TemplateResult {
  const cell = (value: string | number | undefined): string => (value === undefined ? (table.none ?? texts.unknown) : String(value));
  const isNumber = (index: number): boolean => table.rows.some((cells) => typeof cells[index] === "number");
  return html`<details class="as-table">
    <summary>${texts.asTable}</summary>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="table" id="table-${id}">
        <thead>
          <tr>
            ${table.columns.map((column, index) => html`<th scope="col" class=${isNumber(index) ? "number" : ""}>${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            (cells) =>
              html`<tr>
                ${cells.map((value, index) =>
                  index === 0
                    ? html`<th scope="row">${cell(value)}</th>`
                    : html`<td class=${isNumber(index) ? "number" : ""}>${cell(value)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** A button that prints the page. */
export function printButton(texts: SharingTexts): TemplateResult {
  return html`<button class="btn no-print" @click=${() => print()}>${icon("print")} ${texts.print}</button>`;
}
