// The sections of the station's page: the roster, and what else a day at a station brings.

import { html, type TemplateResult } from "lit/html.js";
import { offlineSwitch } from "../shell/frame.ts";
import { texts } from "../shell/i18n.ts";
import type { App } from "./app.ts";
import type { Session } from "./session.ts";

export const SECTIONS = ["roster", "bookings", "supplies", "inbox", "school", "cases", "today"] as const;
export type SectionName = (typeof SECTIONS)[number];

const names = texts({
  roster: { zh: "排班", en: "Roster" },
  bookings: { zh: "场地", en: "Venues" },
  supplies: { zh: "物资", en: "Supplies" },
  inbox: { zh: "来件", en: "Inbox" },
  school: { zh: "夜校", en: "School" },
  today: { zh: "今日", en: "Today" },
  cases: { zh: "调解", en: "Disputes" },
  sections: { zh: "栏目", en: "Sections" },
});

/** A section other than the roster. It outlives the client: whoever says who they are gets a new one. */
export interface Section {
  /** Follows what it shows. */
  open(session: Session, site: string): void;
  /** Lets go of it. */
  close(): void;
  /** Settled once it shows what is stored here. */
  ready(): Promise<void>;
  view(): TemplateResult;
}

export function isSection(text: string | null | undefined): text is SectionName {
  return SECTIONS.some((name) => name === text);
}

/** Where one goes from one to another. */
export function sectionNav(app: App): TemplateResult {
  return html`<nav class="sections" aria-label=${names.sections}>
    ${SECTIONS.map(
      (name) => html`<button type="button" aria-current=${app.section === name ? "page" : "false"} data-section=${name} @click=${() => app.setSection(name)}>${names[name]}</button>`,
    )}
  </nav>`;
}

/** What stands above a section: what one can do there, and the switch for working offline. */
export function sectionBar(app: App, content: unknown): TemplateResult {
  return html`<div class="bar section-bar no-print">
    ${content}
    <div class="row states">${app.session ? offlineSwitch(app.session.yilian) : ""}</div>
  </div>`;
}
