import { html, type TemplateResult } from "lit/html.js";

/** A choice above a report or beside it. */
export function select(
  id: string,
  label: string,
  chosen: string,
  options: Iterable<readonly [string, string]>,
  choose: (value: string) => void,
): TemplateResult {
  return html`<div class="field report-choice no-print">
    <select id=${id} class="input" aria-label=${label} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${[...options].map(([value, name]) => html`<option value=${value} ?selected=${value === chosen}>${name}</option>`)}
    </select>
  </div>`;
}
