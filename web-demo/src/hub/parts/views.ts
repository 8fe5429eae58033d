import { html, nothing, type TemplateResult } from "lit/html.js";
import { addressWith } from "../../shell/address.ts";
import { t as disputes } from "../cases-texts.ts";
import type { SharingTexts } from "../sharing-texts.ts";

/** What the hub's page shows. */
export type HubView = "overview" | "sharing" | "cases";

/** Goes from one view to the other; an address of its own each. */
export function viewSwitcher(view: HubView, texts: SharingTexts, choose: (view: HubView) => void): TemplateResult {
  const link = (to: HubView, name: string): TemplateResult => {
    const go = (event: MouseEvent): void => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(to);
    };
    const href = addressWith({ view: to === "overview" ? null : to });
    return html`<a href=${href} aria-current=${to === view ? "page" : nothing} @click=${go}>${name}</a>`;
  };
  return html`<nav class="seg views no-print" aria-label=${texts.views}>
    ${link("overview", texts.overview)} ${link("sharing", texts.sharing)} ${link("cases", disputes.tab)}
  </nav>`;
}
