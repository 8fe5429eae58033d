// A case as people read it: the same at a station and at the hub.

import { type CaseDeadline, type CaseSheet, type CaseSitting, type Collection, KINDS, type PlacedStep, type Sitting, type Stage } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { clock, daysBetween } from "../shell/calendar.ts";
import { say } from "../shell/i18n.ts";
import { icon } from "../shell/icons.ts";
import { labelsOf } from "../shell/labels.ts";
import { dayText, today } from "../shell/time.ts";
import { dueOf, isLate } from "./model.ts";
import { t } from "./texts.ts";

/** What a case needs to know of the page. */
export interface CaseWords {
  siteName(key: string): string;
}

export function stageText(stage: Stage): string {
  return say(KINDS.timeline.fields.stage.choices[stage]);
}

export function modeText(mode: CaseSheet["case"]["mode"]): string {
  return say(KINDS.case.fields.mode.choices[mode]);
}

export function claimText(claim: CaseSheet["case"]["claim"]): string {
  return say(KINDS.case.fields.claim.choices[claim]);
}

/** What a field is called. */
export function fieldText(collection: Collection, field: string): string {
  const label = labelsOf(collection)?.fields[field]?.label;
  return label === undefined ? field : say(label);
}

/** A time as short as it can be told. */
export function momentOf(at: string): string {
  return at.slice(0, 10) === today() ? clock(at) : `${dayText(at.slice(0, 10))} ${clock(at)}`;
}

/** `12月3日 周四 09:00–11:30`. */
export function sittingText({ start, end }: Pick<Sitting, "start" | "end">): string {
  const late = daysBetween(start.slice(0, 10), end.slice(0, 10)) > 0 ? t.nextDay : "";
  return `${clock(start)}–${late}${clock(end)}`;
}

function dueText(due: string): string {
  const { day, clock } = dueOf(due);
  return clock === undefined ? dayText(day) : day === today() ? clock : `${dayText(day)} ${clock}`;
}

/** What is to be done by when. */
export function deadlineText({ duty, due, overdue }: CaseDeadline): string {
  const [what, when] = [t[duty], dueText(due)];
  return overdue ? t.late(what, when) : t.due(what, when);
}

/** The same, marked where it is late. */
export function deadlinePill({ deadline }: Pick<CaseSheet, "deadline">): TemplateResult | typeof nothing {
  if (deadline === null) return nothing;
  return html`<span class="pill ${deadline.overdue ? "pill-danger" : ""}">${icon("clock")}${deadlineText(deadline)}</span>`;
}

export function stagePill(sheet: CaseSheet): TemplateResult {
  const tone = sheet.over ? "" : sheet.outcome?.stage === "agreed" ? "pill-ok" : "pill-accent";
  return html`<span class="pill ${tone}">${stageText(sheet.stage)}</span>`;
}

export function emergencyPill({ case: { mode } }: CaseSheet): TemplateResult | typeof nothing {
  return mode === "emergency" ? html`<span class="pill pill-warn">${modeText(mode)}</span>` : nothing;
}

/** One in a list. */
export function caseLine(sheet: CaseSheet, words: CaseWords, own: string | undefined, open: () => void): TemplateResult {
  const site = sheet.document.split("/")[1] ?? "";
  const names = sheet.mediators.map(({ name }) => name).join("、");
  return html`<li data-document=${sheet.document} class=${isLate(sheet) ? "case-line is-late" : "case-line"}>
    <button type="button" class="case-open" @click=${open}>
      <b>${say(sheet.title)}</b>
      <span class="small muted">${[claimText(sheet.case.claim), t.people(sheet.people), names].filter(Boolean).join(" · ")}</span>
      <span class="row small">${stagePill(sheet)}${emergencyPill(sheet)}${deadlinePill(sheet)}
        ${own !== undefined && site !== own ? html`<span class="pill pill-info">${t.handedBy(words.siteName(site))}</span>` : nothing}</span>
    </button>${icon("right")}
  </li>`;
}

/** How far it has come, how old it is, what is due. */
export function caseState(sheet: CaseSheet): TemplateResult {
  const { age } = sheet;
  const old = age === null ? "" : sheet.open ? t.age(age.days, age.working_days) : t.took(age.days, age.working_days);
  return html`<div class="row">${stagePill(sheet)}${emergencyPill(sheet)}${deadlinePill(sheet)}<span class="small muted num">${old}</span></div>`;
}

/** All of a case but what may be done with it. */
export function caseBody(sheet: CaseSheet, words: CaseWords): TemplateResult {
  return html`<div class="case-columns">
    <div class="stack">${parties(sheet)} ${about(sheet, words)} ${mediators(sheet, words)} ${sittings(sheet)} ${agreements(sheet)} ${referrals(sheet, words)}</div>
    <section class="card stack" aria-label=${t.timeline}><h3>${t.timeline}</h3>
      <ol class="case-steps">${registered(sheet)} ${sheet.steps.map(timelineStep)}</ol></section>
  </div>`;
}

function part(title: string, content: unknown): TemplateResult {
  return html`<section class="card stack" aria-label=${title}><h3>${title}</h3>${content}</section>`;
}

function parties({ parties }: CaseSheet): TemplateResult | typeof nothing {
  if (parties.length === 0) return nothing;
  return part(
    t.parties,
    html`<ul class="case-parties">${parties.map(
      ({ name, side, phone, people, agent }) => html`<li>
        <span class="pill">${say(KINDS.parties.fields.side.choices[side])}</span>
        <span><b>${name}</b> <span class="small muted">${[people === null ? "" : t.standsFor(people), agent].filter(Boolean).join(" · ")}</span></span>
        ${phone ? html`<a class="btn btn-s btn-icon" href="tel:${phone.replace(/[^\d+]/g, "")}" aria-label=${t.call(name)}>${icon("phone")}</a>` : nothing}
      </li>`,
    )}</ul>`,
  );
}

function about(sheet: CaseSheet, words: CaseWords): TemplateResult {
  const of = sheet.case;
  const line = (label: string, value: unknown) => (value === "" ? nothing : html`<div><dt>${label}</dt><dd>${value}</dd></div>`);
  const choice = (field: "mode" | "origin" | "claim") => say((KINDS.case.fields[field].choices as Record<string, { zh: string; en: string }>)[of[field]] ?? { zh: "", en: "" });
  return part(
    t.facts,
    html`${of.facts ? html`<p class="case-facts">${of.facts}</p>` : nothing}
      <dl class="case-dl">
        ${line(t.number, html`<span class="num">${of.case}</span>`)}
        ${line(fieldText("case", "site"), words.siteName(of.site))}
        ${line(fieldText("case", "mode"), choice("mode"))} ${line(fieldText("case", "origin"), choice("origin"))}
        ${line(fieldText("case", "claim"), choice("claim"))}
        ${line(fieldText("case", "amount"), of.amount === null ? "" : t.yuan(of.amount.toLocaleString("en")))}
        ${line(fieldText("case", "people"), t.people(sheet.people))} ${line(fieldText("case", "received"), momentOf(of.received))}
        ${line(fieldText("case", "reference"), of.reference)} ${line(fieldText("case", "extended_to"), of.extended_to === null ? "" : dayText(of.extended_to))}
        ${line(fieldText("case", "note"), of.note)}
      </dl>`,
  );
}

function mediators({ mediators }: CaseSheet, words: CaseWords): TemplateResult {
  const one = ({ name, post, of }: CaseSheet["mediators"][number]) => html`<li><b>${name}</b> <span class="small muted">${[post, of === null ? "" : words.siteName(of)].filter(Boolean).join(" · ")}</span></li>`;
  return part(t.mediators, mediators.length === 0 ? html`<p class="muted">${t.nobodyYet}</p>` : html`<ul class="case-list">${mediators.map(one)}</ul>`);
}

function sittings({ sittings }: CaseSheet): TemplateResult | typeof nothing {
  if (sittings.length === 0) return nothing;
  return part(
    t.sittings,
    html`<ul class="case-list">${sittings.map(
      (one) => html`<li><b class="num">${dayText(one.start.slice(0, 10))} ${sittingText(one)}</b> <span class="small muted">${[one.place, one.minutes].filter(Boolean).join(" · ")}</span></li>`,
    )}</ul>`,
  );
}

function agreements({ agreements }: CaseSheet): TemplateResult | typeof nothing {
  if (agreements.length === 0) return nothing;
  return part(
    t.agreements,
    html`<ul class="case-list">${agreements.map(({ amount, signed, terms, confirm, due, performed }) => {
      const facts = [signed === null ? "" : t.signed(dayText(signed)), performed !== null ? t.performed(dayText(performed)) : due === null ? "" : t.performBy(dayText(due)), confirm ? t.toConfirm : ""];
      return html`<li>${amount === null ? nothing : html`<b class="num">${t.yuan(amount.toLocaleString("en"))}</b>`} <span class="small muted">${facts.filter(Boolean).join(" · ")}</span>
        ${terms ? html`<p class="case-facts">${terms}</p>` : nothing}</li>`;
    })}</ul>`,
  );
}

function referrals({ referrals }: CaseSheet, words: CaseWords): TemplateResult | typeof nothing {
  if (referrals.length === 0) return nothing;
  return part(
    t.referrals,
    html`<ul class="case-list">${referrals.map(
      ({ kind, to, to_site, sent, reference, note }) => html`<li><b>${say(KINDS.referrals.fields.kind.choices[kind])}</b> ${to || (to_site === null ? "" : words.siteName(to_site))}
        <span class="small muted">${[momentOf(sent), reference, note].filter(Boolean).join(" · ")}</span></li>`,
    )}</ul>`,
  );
}

/** A case that is on the register is where every timeline begins. */
function registered({ case: of }: CaseSheet): TemplateResult {
  return html`<li><p><b>${stageText("registered")}</b><time class="small muted" datetime=${of.received}>${momentOf(of.received)}</time></p></li>`;
}

function timelineStep(step: PlacedStep): TemplateResult {
  const counts = step.fit === "moves" || step.fit === "crosses" || step.fit === "repeats";
  return html`<li class=${counts ? "" : "is-moot"} data-fit=${step.fit}>
    <p><b>${stageText(step.stage)}</b> ${step.by} ${counts ? nothing : html`<span class="pill pill-warn">${t.noEffect}</span>`}<time class="small muted" datetime=${step.at}>${momentOf(step.at)}</time></p>
    ${step.note ? html`<p class="small">${step.note}</p>` : nothing}
  </li>`;
}

/** A sitting in a day. */
export function sittingLine(one: CaseSitting, withDay: boolean, open: () => void): TemplateResult {
  return html`<li class="case-line" data-document=${one.document}>
    <button type="button" class="case-open" @click=${open}>
      <b class="num">${withDay ? `${dayText(one.start.slice(0, 10))} ` : ""}${sittingText(one)}</b>
      <span>${say(one.title)}</span>${one.place ? html`<span class="small muted">${one.place}</span>` : nothing}
    </button>${icon("right")}
  </li>`;
}
