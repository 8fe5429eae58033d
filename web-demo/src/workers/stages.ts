import type { Stage, Submission } from "@yilian/client";
import { html, type TemplateResult } from "lit/html.js";
import { icon, type IconName } from "../shell/icons.ts";
import { lang } from "../shell/i18n.ts";
import { choice } from "./words.ts";

const TONES: Readonly<Record<Stage, string>> = {
  submitted: "pill-info",
  accepted: "pill-accent",
  assigned: "pill-accent",
  done: "pill-ok",
  confirmed: "pill-ok",
  declined: "pill-danger",
  withdrawn: "",
  registered: "pill-info",
  mediating: "pill-accent",
  agreed: "pill-ok",
  failed: "pill-danger",
  referred: "pill-accent",
  ratified: "pill-ok",
  unratified: "pill-danger",
  closed: "",
};

/** What people call a stage. */
export function stageText(stage: Stage): string {
  return choice("timeline", "stage", stage);
}

/** How far it has come, in a word; what is only here yet says so. */
export function stagePill(stage: Stage, isOnlyHere: boolean): TemplateResult {
  if (isOnlyHere) return html`<span class="pill pill-warn">${icon("cloudOff")}${lang() === "zh" ? "待送出" : "not sent yet"}</span>`;
  return html`<span class="pill ${TONES[stage]}">${stageText(stage)}</span>`;
}

/** The sign of what was sent. */
export function stageIcon(kind: Submission["kind"]): TemplateResult {
  const names: Record<Submission["kind"], IconName> = { booking: "calendar", claim: "borrow", enrolment: "cap", request: "info" };
  return icon(names[kind]);
}
