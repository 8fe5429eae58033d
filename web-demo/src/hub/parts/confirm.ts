import type { GrantedBooking } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { SharingTexts } from "../sharing-texts.ts";
import { spanText, type Words } from "../wording.ts";

/** The bookings that nobody confirmed yet. */
export interface ToConfirm {
  readonly texts: SharingTexts;
  readonly words: Words;
  readonly bookings: readonly GrantedBooking[];
  /** Why none can be confirmed, if so. */
  readonly refusal: string | undefined;
  /** Those that are being confirmed. */
  readonly busy: ReadonlySet<string>;
  venueName(id: string | null): string;
  confirm(booking: GrantedBooking): void;
}

export function confirmCard(card: ToConfirm): TemplateResult {
  const { texts, bookings, refusal } = card;
  return html`<section class="card report no-print" data-report="confirm" aria-labelledby="report-confirm">
    <header class="card-head"><h2 id="report-confirm">${texts.toConfirm}</h2></header>
    <p class="muted small">${texts.toConfirmLead}</p>
    ${refusal === undefined ? nothing : html`<p class="muted small" role="status">${refusal}</p>`}
    ${bookings.length === 0
      ? html`<p class="report-none muted">${texts.noneToConfirm}</p>`
      : html`<ul class="to-confirm">
          ${bookings.map((booking) => one(booking, card))}
        </ul>`}
  </section>`;
}

function one(booking: GrantedBooking, card: ToConfirm): TemplateResult {
  const { texts, words, busy, refusal } = card;
  const venue = card.venueName(booking.venue);
  const who = booking.borrower === null ? booking.name : `${booking.name} · ${words.siteName(booking.borrower)}`;
  return html`<li data-booking=${booking.id} data-grant=${booking.grant}>
    <p>
      <b>${venue}</b><br />
      ${spanText(booking.start, booking.end, words)} · ${who}${booking.purpose === "" ? nothing : ` · ${booking.purpose}`}
    </p>
    <span class=${booking.grant === "bumped" ? "pill pill-warn" : "pill pill-info"}>${texts.grants[booking.grant]}</span>
    <button
      class="btn btn-s"
      aria-label=${texts.confirmOf(who, `${venue} ${spanText(booking.start, booking.end, words)}`)}
      ?disabled=${busy.has(booking.id) || refusal !== undefined}
      @click=${() => card.confirm(booking)}
    >
      ${texts.confirm}
    </button>
  </li>`;
}
