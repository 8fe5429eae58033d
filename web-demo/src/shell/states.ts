// What stands where nothing does: yet, or at all.

import { html, type TemplateResult } from "lit/html.js";
import { icon, type IconName } from "./icons.ts";

/** Says that there is nothing, and what to do about it. */
export function empty(what: { icon?: IconName; title: string; text?: unknown; action?: unknown }): TemplateResult {
  return html`<div class="empty">
    ${icon(what.icon ?? "calendar")}
    <h2>${what.title}</h2>
    ${what.text ? html`<p>${what.text}</p>` : ""} ${what.action ?? ""}
  </div>`;
}

/** Room for what is coming. */
export function skeleton(width: string, height: string): TemplateResult {
  return html`<div class="skeleton" style="width:${width};height:${height}"></div>`;
}

/** So many lines of it. */
export function skeletonLines(count: number, height = "20px"): TemplateResult {
  const widths = ["92%", "78%", "85%", "64%"];
  return html`<div class="stack" aria-hidden="true">
    ${Array.from({ length: count }, (_, index) => skeleton(widths[index % widths.length] ?? "80%", height))}
  </div>`;
}
