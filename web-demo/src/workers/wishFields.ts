import type { Slot, StockedItem, Venue } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { clock } from "../shell/calendar.ts";
import { skeletonLines } from "../shell/states.ts";
import { amenityLabel } from "../shell/amenities.ts";
import { lang } from "../shell/i18n.ts";
import { dayChooser } from "./page-parts.ts";
import { type Draft, mostOf, plusMinutes, type Problem, starts } from "./wish.ts";
import { label, spanText, t } from "./words.ts";

/** What the fields show, and what to do when they are changed. */
export interface Fields {
  readonly draft: Draft;
  problem(field: Problem["field"]): Problem | undefined;
  edit(change: Partial<Draft>): void;
}

/** Lengths of a booking that are offered, in minutes. */
const LENGTHS = [30, 60, 90, 120, 180, 240];

/** Which venue, on which day, for how long, and from when. */
export function venueFields(
  fields: Fields & {
    readonly venues: readonly Venue[];
    readonly day: string;
    readonly slots: readonly Slot[] | undefined;
    readonly now: string;
    chooseDay(day: string): void;
  },
): TemplateResult {
  const { draft, venues, day, edit } = fields;
  const chosen = venues.find(({ id }) => id === draft.venue);
  return html`<fieldset class="field-group">
      <legend>${label("submission", "venue")}</legend>
      <div class="options" role="radiogroup" aria-label=${label("submission", "venue")}>
        ${venues.map(
          (venue) => html`<label class="option">
            <input type="radio" name="venue" .checked=${venue.id === draft.venue} aria-invalid=${isWrong(fields, "venue")} @change=${() => edit({ venue: venue.id, start: "" })} />
            <span class="option-text"><b>${venue.name}</b><span class="small muted">${about(venue)}</span></span>
          </label>`,
        )}
      </div>
      ${complaint(fields, "venue")}
    </fieldset>
    ${chosen === undefined
      ? nothing
      : html`<fieldset class="field-group">
          <legend>${t.day}</legend>
          ${dayChooser("wish", day, fields.chooseDay)}
          <div class="field">
            <label for="minutes">${t.howLong}</label>
            <select class="input" id="minutes" @change=${(event: Event) => edit({ minutes: Number((event.target as HTMLSelectElement).value), start: "" })}>
              ${lengths(draft.minutes).map((minutes) => html`<option value=${minutes} ?selected=${minutes === draft.minutes}>${t.hours(minutes / 60)}</option>`)}
            </select>
          </div>
          ${startField(fields)}
        </fieldset>`}
    ${numberField(fields, label("bookings", "people"), chosen?.capacity ?? undefined, false)}
    ${textField(fields, "text", label("bookings", "purpose"), false)}`;
}

/** Those offered, and one that was chosen elsewhere. */
function lengths(chosen: number): number[] {
  return [...new Set([...LENGTHS, chosen])].sort((a, b) => a - b);
}

function startField(fields: Fields & { readonly slots: readonly Slot[] | undefined; readonly now: string }): TemplateResult {
  const { draft, slots, now, edit } = fields;
  if (slots === undefined) return html`<div class="starts" aria-busy="true">${skeletonLines(2, "44px")}</div>`;
  const found = starts(slots, draft.minutes, now);
  // One that was chosen elsewhere need not be on a half hour.
  if (draft.start !== "" && !found.includes(draft.start)) found.push(draft.start);
  found.sort();
  return html`<div class="field">
    <p class="label" id="starts">${t.begins}</p>
    <div class="starts" role="group" aria-labelledby="starts">
      ${found.map(
        (start) => html`<button
          type="button"
          class="chip"
          data-start=${start}
          aria-invalid=${isWrong(fields, "start")}
          aria-pressed=${start === draft.start ? "true" : "false"}
          @click=${() => edit({ start })}
        >${clock(start)}</button>`,
      )}
    </div>
    ${found.length === 0 ? html`<p class="muted">${t.noneFree}</p>` : nothing}
    <p class="chosen" role="status">${draft.start === "" ? "" : t.chosen(spanText(draft.start, plusMinutes(draft.start, draft.minutes)))}</p>
    ${complaint(fields, "start")}
  </div>`;
}

/** Which goods, and how many. */
export function claimFields(fields: Fields & { readonly items: readonly StockedItem[] | undefined }): TemplateResult {
  const { draft, items, edit } = fields;
  if (items === undefined) return skeletonLines(3, "44px");
  const chosen = items.find(({ item }) => item === draft.item);
  return html`<fieldset class="field-group">
      <legend>${label("submission", "item")}</legend>
      <div class="options" role="radiogroup" aria-label=${label("submission", "item")}>
        ${items.map(
          ({ item, record, held }) => html`<label class="option">
            <input type="radio" name="item" .checked=${item === draft.item} aria-invalid=${isWrong(fields, "item")} @change=${() => edit({ item })} />
            <span class="option-text"><b>${record?.name}</b><span class="small muted">${t.left(held, record?.unit ?? "")}</span></span>
          </label>`,
        )}
      </div>
      ${complaint(fields, "item")}
    </fieldset>
    ${numberField(fields, label("submission", "count"), chosen && mostOf(chosen), true)}
    ${chosen?.record?.at_once ? html`<p class="hint">${t.atOnce(chosen.record.at_once, chosen.record.unit)}</p>` : nothing}`;
}

/** What is the matter. */
export function requestFields(fields: Fields): TemplateResult {
  return html`<div class="field">
    <label for="text">${label("submission", "text")}</label>
    <textarea
      class="input"
      id="text"
      rows="5"
      maxlength="2000"
      required
      placeholder=${t.askWhat}
      aria-invalid=${isWrong(fields, "text")}
      aria-describedby="text-problem"
      .value=${fields.draft.text}
      @input=${(event: Event) => fields.edit({ text: (event.target as HTMLTextAreaElement).value })}
    ></textarea>
    ${complaint(fields, "text")}
  </div>`;
}

/** Who asks. */
export function personFields(fields: Fields): TemplateResult {
  const { draft, edit } = fields;
  return html`${textField(fields, "name", label("submission", "name"), true, "name")}
    <div class="field">
      <label for="phone">${label("submission", "phone")} <span class="muted">(${t.optional})</span></label>
      <input class="input" id="phone" type="tel" autocomplete="tel" maxlength="40" aria-describedby="phone-why" .value=${draft.phone}
        @input=${(event: Event) => edit({ phone: (event.target as HTMLInputElement).value })} />
      <p class="hint" id="phone-why">${t.phoneWhy}</p>
    </div>`;
}

/** One line of text. */
export function textField(fields: Fields, field: "name" | "text", text: string, isNeeded: boolean, autocomplete = "off"): TemplateResult {
  return html`<div class="field">
    <label for=${field}>${text}${isNeeded ? nothing : html` <span class="muted">(${t.optional})</span>`}</label>
    <input
      class="input"
      id=${field}
      autocomplete=${autocomplete as "off"}
      maxlength=${field === "name" ? 60 : 2000}
      ?required=${isNeeded}
      aria-invalid=${isWrong(fields, field)}
      aria-describedby="${field}-problem"
      .value=${fields.draft[field]}
      @input=${(event: Event) => fields.edit({ [field]: (event.target as HTMLInputElement).value })}
    />
    ${complaint(fields, field)}
  </div>`;
}

function numberField(fields: Fields, text: string, most: number | undefined, isNeeded: boolean): TemplateResult {
  return html`<div class="field">
    <label for="count">${text}${isNeeded ? nothing : html` <span class="muted">(${t.optional})</span>`}</label>
    <input
      class="input"
      id="count"
      inputmode="numeric"
      autocomplete="off"
      maxlength="6"
      ?required=${isNeeded}
      placeholder=${most === undefined ? nothing : t.most(most)}
      aria-invalid=${isWrong(fields, "count")}
      aria-describedby="count-problem"
      .value=${fields.draft.count}
      @input=${(event: Event) => fields.edit({ count: (event.target as HTMLInputElement).value })}
    />
    ${complaint(fields, "count")}
  </div>`;
}

function isWrong({ problem }: Fields, field: Problem["field"]): "true" | "false" {
  return problem(field) === undefined ? "false" : "true";
}

function complaint({ problem }: Fields, field: Problem["field"]): TemplateResult {
  const found = problem(field);
  const text = found && { missing: t.missing, number: t.number, most: t.most(found.most ?? 0) }[found.what];
  return html`<p class="error-text" id="${field}-problem">${text ?? nothing}</p>`;
}

function about({ capacity, amenities, note }: Venue): string {
  const parts = [...(capacity === null ? [] : [t.people(capacity)]), ...amenities.map((key) => amenityLabel(key, lang())), ...(note === "" ? [] : [note])];
  return parts.join(" · ");
}
