import { html, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import { addMonths, isMonth } from "../../shell/calendar.ts";
import type { Texts } from "../texts.ts";

/** Goes from month to month, or to one that is written. */
export function monthSwitcher(month: string, texts: Texts, choose: (month: string) => void): TemplateResult {
  const write = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    if (isMonth(value)) choose(value);
  };
  return html`<div class="months">
    <button class="btn btn-ghost btn-icon" aria-label=${texts.previousMonth} @click=${() => choose(addMonths(month, -1))}>${icon("left")}</button>
    <input class="input" id="month" type="month" aria-label=${texts.month} .value=${month} @change=${write} />
    <button class="btn btn-ghost btn-icon" aria-label=${texts.nextMonth} @click=${() => choose(addMonths(month, 1))}>${icon("right")}</button>
  </div>`;
}
