import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";
import { type DayCoverage, scale } from "../coverage.ts";
import type { Texts } from "../texts.ts";

/** What the chart shows and tells. */
export interface Chart {
  readonly texts: Texts;
  readonly days: readonly DayCoverage[];
  readonly chosen: string;
  readonly today: string;
  /** `12月3日 周四`. */
  dayName(date: string): string;
  choose(date: string): void;
}

const COLUMN = 28;
const HEIGHT = 168;
const LEFT = 30;
const TOP = 10;
const BOTTOM = 26;

/** People on duty by day as bars, the sites they are at as a line. Each day can be chosen; a table says the same. */
export function coverageChart(chart: Chart): TemplateResult {
  const { texts, days } = chart;
  const { top, ticks } = scale(Math.max(...days.map(({ people, sites }) => Math.max(people, sites)), 1));
  const width = LEFT + days.length * COLUMN;
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  return html`<div class="legend" aria-hidden="true">
      <span class="key people">${texts.people}</span><span class="key sites">${texts.sites}</span>
    </div>
    <div class="chart-scroll">
      <fieldset class="chart" style="--days: ${days.length}">
        <legend class="visually-hidden">${texts.coverageLead}</legend>
        <svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
          ${ticks.map((tick) => gridLine(tick, y(tick), width))} ${days.map((day, index) => bar(day, index, y, chart))}
          ${siteLine(days, y)}
        </svg>
        <div class="ticks" aria-hidden="true">
          ${ticks.map((tick) => html`<span style="top: ${(y(tick) / HEIGHT) * 100}%">${tick}</span>`)}
        </div>
        <div class="days">${days.map((day) => dayChoice(day, chart))}</div>
      </fieldset>
    </div>
    <details class="as-table">
      <summary>${texts.asTable}</summary>
      ${table(chart)}
    </details>`;
}

function gridLine(tick: number, at: number, width: number): SVGTemplateResult {
  return svg`<line class=${tick === 0 ? "axis" : "grid"} x1=${LEFT} x2=${width} y1=${at} y2=${at} vector-effect="non-scaling-stroke"></line>`;
}

function bar(
  { date, people }: DayCoverage,
  index: number,
  y: (value: number) => number,
  { chosen }: Chart,
): SVGTemplateResult {
  const x = LEFT + index * COLUMN;
  const height = y(0) - y(people);
  return svg`<rect class=${date === chosen ? "bar chosen" : "bar"} x=${x + 6} width=${COLUMN - 12} y=${y(people)} height=${height}></rect>`;
}

function siteLine(days: readonly DayCoverage[], y: (value: number) => number): SVGTemplateResult {
  const points = days.map(({ sites }, index) => `${LEFT + (index + 0.5) * COLUMN},${y(sites)}`);
  return svg`<polyline class="line" points=${points.join(" ")} vector-effect="non-scaling-stroke"></polyline>`;
}

/** A radio button over the day's column: arrow keys go through the days. */
function dayChoice({ date, people, sites }: DayCoverage, chart: Chart): TemplateResult {
  const { texts, chosen, today, dayName, choose } = chart;
  const weekend = [0, 6].includes(new Date(`${date}T00:00Z`).getUTCDay());
  return html`<label class="day" data-date=${date} ?data-today=${date === today} ?data-weekend=${weekend}>
    <input
      type="radio"
      name="day"
      value=${date}
      aria-label=${texts.dayLabel(dayName(date), people, sites)}
      .checked=${date === chosen}
      @change=${() => choose(date)}
    />
    <span aria-hidden="true">${Number(date.slice(8))}</span>
  </label>`;
}

function table({ texts, days, dayName }: Chart): TemplateResult {
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${texts.coverage}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${texts.day}</th>
          <th scope="col">${texts.people}</th>
          <th scope="col">${texts.sites}</th>
          <th scope="col">${texts.shifts}</th>
        </tr>
      </thead>
      <tbody>
        ${days.map(
          ({ date, people, sites, shifts }) =>
            html`<tr>
              <th scope="row">${dayName(date)}</th>
              <td>${people}</td>
              <td>${sites}</td>
              <td>${shifts}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
