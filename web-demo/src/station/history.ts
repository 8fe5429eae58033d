// The past of a shift, in words: who, when, what.

import { type HistoryEntry, KINDS, type Shift } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { attempt } from "../shell/client.ts";
import { openDialog } from "../shell/dialog.ts";
import { skeletonLines } from "../shell/states.ts";
import { momentText } from "../shell/time.ts";
import type { App } from "./app.ts";
import { hueOf } from "./grid.ts";
import { t } from "./texts.ts";
import { authorText, fieldLabel, shiftText, valueText } from "./words.ts";

// Ids say nothing to people.
const UNSAID = new Set(["person", "removed_at"]);

export function showHistory(app: App, shift: Shift): void {
  let entries: HistoryEntry[] | undefined;
  void openDialog<void>(
    (dialog) => ({
      title: t.history,
      body: html`<p class="muted">${shiftText(shift)}</p>
        ${entries === undefined ? skeletonLines(4) : html`<ol class="past">${[...entries].reverse().map((entry) => step(app, entry))}</ol>`}`,
      foot: html`<button type="button" class="btn btn-primary" @click=${() => dialog.close()}>${t.back}</button>`,
    }),
    (dialog) => {
      void attempt(async () => {
        entries = (await app.session?.roster?.historyOf(shift.id)) ?? [];
        dialog.draw();
      });
    },
  );
}

function step(app: App, { author, time, patch, undoes }: HistoryEntry): TemplateResult {
  const what = undoes === null ? t[`change.${patch.change}`] : t["change.undo"];
  const order = Object.keys(KINDS.shifts.fields);
  const fields = patch.fields
    .filter((one) => !UNSAID.has(one.field) && (one.old ?? "") !== (one.new ?? ""))
    .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
  const added = patch.change === "added";
  return html`<li class="hue-${hueOf(author ?? "")}">
    <p><b>${authorText(author, app.session?.site ?? "", app.sites)}</b> ${what}<time class="small muted">${momentText(time * 1000)}</time></p>
    ${added || fields.length === 0
      ? nothing
      : html`<ul>${fields.map(
          (one) => html`<li><span class="muted">${fieldLabel(one.field)}</span>
            <s>${valueText(one.field, one.old, app.sites)}</s> <span class="visually-hidden">${t.to}</span><span aria-hidden="true">→</span>
            <ins>${valueText(one.field, one.new, app.sites)}</ins></li>`,
        )}</ul>`}
  </li>`;
}
