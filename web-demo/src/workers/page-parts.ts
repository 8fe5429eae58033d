import type { Yilian } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { addDays } from "../shell/calendar.ts";
import { icon } from "../shell/icons.ts";
import { dayText, today } from "../shell/time.ts";
import type { Directory } from "./directory.ts";
import { dayName, t } from "./words.ts";

/** What a page needs of what surrounds it. */
export interface Context {
  readonly yilian: Yilian;
  readonly directory: Directory;
  /** Shows the page again. */
  again(): void;
}

/** One of the pages that the address asks for. */
export interface Page {
  title(): string;
  render(): TemplateResult;
  /** Lets go of what it follows. */
  close(): void;
}

/** The way back. */
export function backLink(href: string, text: string): TemplateResult {
  return html`<a class="btn btn-ghost back" href=${href}>${icon("left")}${text}</a>`;
}

/** Says where what is shown comes from, while there is no network. */
export function offlineNote({ yilian }: Context, text: string): unknown {
  const { connection, failure } = yilian.status;
  // Who has only just begun to connect may well be heard.
  if (connection === "online" || (connection === "connecting" && failure === undefined)) return nothing;
  return html`<p class="banner banner-warn">${icon("cloudOff")}<span>${t.noNetwork}${text}</span></p>`;
}

/** Chooses a day: one of the next, or any other from today on. */
export function dayChooser(name: string, day: string, choose: (day: string) => void): TemplateResult {
  const first = today();
  const days = Array.from({ length: 7 }, (_, index) => addDays(first, index));
  const write = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    if (/^\d{4}-\d\d-\d\d$/.test(value) && value >= first) choose(value);
  };
  return html`<fieldset class="days">
    <legend class="visually-hidden">${t.day}</legend>
    <div class="chips-row">
      ${days.map(
        (one) => html`<button type="button" class="chip" data-day=${one} aria-pressed=${one === day ? "true" : "false"} @click=${() => choose(one)}>${dayName(one)}</button>`,
      )}
    </div>
    <label class="other-day" for="day-${name}">
      <span class="small muted">${t.otherDay}</span>
      <input class="input" id="day-${name}" type="date" min=${first} .value=${day} @change=${write} />
    </label>
    <p class="visually-hidden" role="status">${dayText(day)}</p>
  </fieldset>`;
}
