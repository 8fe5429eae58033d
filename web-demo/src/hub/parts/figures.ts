import { html, type TemplateResult } from "lit/html.js";
import type { Texts } from "../texts.ts";

/** The figures at the top. */
export interface Figures {
  readonly sites: number;
  readonly sitesOnline: number;
  readonly waiting: number;
  readonly waitingDevices: number;
  readonly devicesAway: number;
  readonly shifts: number;
  readonly people: number;
  readonly onDuty: number;
  readonly onDutySites: number;
  readonly findings: number;
  readonly errors: number;
}

export function figures(all: Figures | undefined, texts: Texts): TemplateResult {
  const of = (read: (figures: Figures) => number): string =>
    all === undefined ? "–" : read(all).toLocaleString("en");
  const note = (read: (figures: Figures) => string): string => (all === undefined ? " " : read(all));
  return html`<section class="figures" aria-label=${texts.figures} aria-busy=${all === undefined ? "true" : "false"}>
    ${tile(of((all) => all.sitesOnline), texts.sitesOnline, note((all) => texts.ofSites(all.sites)), "")}
    ${tile(
      of((all) => all.waiting),
      texts.changesWaiting,
      note(waitingNote),
      all !== undefined && all.waiting > 0 ? "warning" : "",
    )}
    ${tile(of((all) => all.onDuty), texts.onDutyNow, note((all) => texts.atSites(all.onDutySites)), "")}
    ${tile(of((all) => all.shifts), texts.shiftsOfMonth, note((all) => texts.peopleOfMonth(all.people)), "")}
    ${tile(
      of((all) => all.findings),
      texts.findingsCount,
      note((all) => (all.errors === 0 ? texts.noErrors : texts.errors(all.errors))),
      all === undefined || all.findings === 0 ? "" : all.errors > 0 ? "error" : "warning",
    )}
  </section>`;

  /** Who is away may have changes that nobody heard of. */
  function waitingNote({ waiting, waitingDevices, devicesAway }: Figures): string {
    if (devicesAway > 0) return texts.devicesAway(devicesAway);
    return waiting === 0 ? texts.allArrived : texts.devicesWaiting(waitingDevices);
  }
}

function tile(value: string, label: string, note: string, tone: string): TemplateResult {
  return html`<div class="figure" data-tone=${tone}>
    <p class="figure-line"><b>${value}</b> <span>${label}</span></p>
    <p class="figure-note">${note}</p>
  </div>`;
}
