// The inbox: what people sent, how far it has come, and the steps that a site takes.

import { type CourseInfo, type DirectoryView, type Goods, type GoodsView, type InboxView, KINDS, type PlacedStep, type Progress, type Query, type Said, type Stage } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { attempt } from "../../shell/client.ts";
import { type Dialog, openDialog } from "../../shell/dialog.ts";
import { say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { nameOf } from "../../shell/people.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { clock } from "../../shell/calendar.ts";
import { civil, dayText, today } from "../../shell/time.ts";
import { toast } from "../../shell/toasts.ts";
import type { App } from "../app.ts";
import type { Draft } from "../fields.ts";
import { Follows } from "../follow.ts";
import { askForm } from "../form.ts";
import { hueOf } from "../grid.ts";
import { type Section, sectionBar } from "../section.ts";
import type { Session } from "../session.ts";
import { whatOf } from "../supplies/section.ts";
import { labelOf } from "../words.ts";
import { age, byStage, isOpen, phoneLink } from "./model.ts";
import { t } from "./texts.ts";

/** The steps that a site may take, as they are offered. */
const STEPS = ["accepted", "assigned", "done", "declined"] as const;
type SiteStep = (typeof STEPS)[number];

export class Inbox implements Section {
  #app: App;
  #follows: Follows | undefined;
  #inbox: InboxView | undefined;
  #venues: DirectoryView<"venues"> | undefined;
  #goods: GoodsView | undefined;
  #courses: Query<readonly CourseInfo[]> | undefined;
  #open = true;
  #dialog: Dialog<SiteStep> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#follows = new Follows(() => {
      this.#app.draw();
      this.#dialog?.draw();
    });
    this.#inbox = this.#follows.live(session.yilian.inbox(site));
    this.#goods = this.#follows.live(session.yilian.goods(site));
    this.#courses = this.#follows.live(session.yilian.school.courses({ site }));
    this.#venues = this.#follows.document(session.yilian.venues());
  }

  close(): void {
    this.#follows?.stop();
    this.#follows = undefined;
  }

  async ready(): Promise<void> {
    await this.#follows?.ready();
  }

  view(): TemplateResult {
    const all = this.#inbox?.value;
    const count = (all ?? []).filter(isOpen).length;
    const choose = (open: boolean) => () => {
      this.#open = open;
      this.#app.draw();
    };
    const bar = sectionBar(
      this.#app,
      html`<div class="seg words" role="group" aria-label=${t.which}>
        <button type="button" aria-pressed=${this.#open} @click=${choose(true)}>${t.open(count)}</button>
        <button type="button" aria-pressed=${!this.#open} @click=${choose(false)}>${t.over((all?.length ?? 0) - count)}</button>
      </div>`,
    );
    return html`${bar} ${all === undefined ? html`<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>` : this.#groups(all)}`;
  }

  #groups(all: readonly Progress[]): TemplateResult {
    const groups = byStage(all, this.#open);
    if (groups.length === 0) return html`<div class="card">${empty({ icon: "check", title: this.#open ? t.none : t.noneOver, text: t.noneText })}</div>`;
    return html`<div class="stages">${groups.map(
      ({ stage, ones }) => html`<section class="card lines" aria-label=${stageText(stage)}><h2>${stageText(stage)} <span class="pill">${ones.length}</span></h2>
        <ul>${repeat(ones, ({ document }) => document, (one) => progressLine(one, this.#wish(one), () => this.#show(one)))}</ul></section>`,
    )}</div>`;
  }

  #wish(one: Progress): string {
    return one.submission.kind === "enrolment" ? this.#courseName(one) : wishText(one, this.#goods?.value);
  }

  /** Opens one, and takes the step that is chosen there. */
  async #show({ document }: Progress): Promise<void> {
    const now = () => this.#inbox?.value?.find((one) => one.document === document);
    const step = await openDialog<SiteStep>(
      (dialog) => {
        const one = now();
        return {
          title: one ? t.of(kindText(one), one.submission.name) : "",
          body: one ? this.#detail(one) : html``,
          foot: html`${one ? this.#steps(one, (stage) => dialog.close(stage)) : nothing}`,
        };
      },
      (dialog) => {
        this.#dialog = dialog;
        return () => (this.#dialog = undefined);
      },
    );
    const one = now();
    if (step !== undefined && one !== undefined) await this.#take(one, step);
  }

  #detail(one: Progress): TemplateResult {
    const { submission } = one;
    const line = (label: string, value: unknown) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
    const label = (field: string) => labelOf("submission", field);
    const venue = this.#venues?.get(submission.venue ?? "")?.name;
    const goods = this.#goods?.value;
    const { start, end } = submission;
    return html`<div class="row"><span class="pill pill-accent">${stageText(one.stage)}</span>${overduePill(one)}
        ${one.assignee ? html`<span class="small muted">${t.assignee(one.assignee)}</span>` : nothing}</div>
      ${submission.phone ? html`<a class="btn" href=${phoneLink(submission.phone)}>${icon("phone")}${t.call(submission.phone)}</a>` : nothing}
      <dl class="facts">
        ${submission.text ? line(label("text"), submission.text) : nothing}
        ${submission.venue ? line(label("venue"), venue ?? submission.venue) : nothing}
        ${start && end ? line(label("start"), `${dayText(start.slice(0, 10))} ${clock(start)}–${clock(end)}`) : nothing}
        ${submission.course ? line(label("course"), this.#courseName(one)) : nothing}
        ${submission.item && goods ? line(label("item"), whatOf(goods, { item: submission.item, count: submission.count ?? 1 })) : nothing}
        ${line(label("at"), momentOf(submission.at))}
        ${one.code ? line(t.code, html`<span class="num">${one.code}</span>`) : nothing}
      </dl>
      ${one.grant === null ? nothing : html`<p class="banner ${one.grant === "bumped" ? "banner-warn" : ""}">${icon(one.grant === "bumped" ? "warn" : "check")}<span>${one.grant === "bumped" ? t.bookingBumped : t.bookingMade}</span></p>`}
      ${submission.kind === "enrolment" && one.made !== null ? html`<p class="banner">${icon("check")}<span>${t.enrolled}</span></p>` : nothing}
      <section class="stack" aria-label=${t.timeline}><h3>${t.timeline}</h3>
        <ol class="past">${submitted(one)} ${one.steps.map(timelineStep)}</ol></section>`;
  }

  #courseName({ submission }: Progress): string {
    return this.#courses?.value?.find(({ id }) => id === submission.course)?.name ?? t.unknownCourse;
  }

  #steps(one: Progress, close: (step: SiteStep) => void): TemplateResult {
    const able = STEPS.filter((step) => one.next.includes(step));
    // The step that leads on is the one that stands out.
    const first = able[0];
    return html`${able.toReversed().map(
      (step) => html`<button type="button" class="btn ${step === first ? "btn-primary" : step === "declined" ? "btn-ghost btn-danger start" : ""}" @click=${() => close(step)}>${stepText(one, step)}</button>`,
    )}`;
  }

  async #take(one: Progress, stage: SiteStep): Promise<void> {
    if (!(await this.#app.askWho())) return;
    const said = await this.#ask(one, stage);
    if (said === undefined) return;
    await attempt(async () => {
      await this.#inbox?.step(one, stage, said);
      toast(t.stepped(stageText(stage), one.submission.name));
    });
  }

  /** What is said with a step; nothing is asked where a tap says it all. */
  async #ask(one: Progress, stage: SiteStep): Promise<Said | undefined> {
    const me = nameOf(this.#app.session?.author);
    const mine = me === undefined ? {} : { by: me };
    if (stage === "accepted") return mine;
    const draft: Draft = {};
    const people = this.#app.session?.people?.value.map(({ name }) => name) ?? [];
    const done = await askForm({
      title: stepText(one, stage),
      save: stepText(one, stage),
      draft,
      fields: () => [
        ...(stage === "assigned" ? ([{ key: "by", label: t.whom, required: true, wide: true, suggestions: people }] as const) : []),
        { key: "note", label: stage === "declined" ? t.reason : t.said, kind: "long", required: stage === "declined" },
      ],
    });
    if (done === undefined) return undefined;
    const note = draft.note?.trim() ? { note: draft.note.trim() } : {};
    return { ...(stage === "assigned" ? { by: (draft.by ?? "").trim() } : mine), ...note };
  }
}

/** One in a list, wherever that is shown; `wish` is what it asks for. */
export function progressLine(one: Progress, wish: string, open: () => void): TemplateResult {
  const { submission } = one;
  const { unit, count } = age(one.waits_since, civil());
  return html`<li data-document=${one.document}>
    <button type="button" class="open-line" @click=${open}>
      <b>${t.of(kindText(one), submission.name)}</b>
      <span class="small muted">${wish}</span>
      <span class="row small">${isOpen(one) ? html`<span class="muted">${t.waits(t[unit](count))}</span>` : nothing}${one.assignee ? html`<span class="muted">${t.assignee(one.assignee)}</span>` : nothing}${overduePill(one)}</span>
    </button>${icon("right")}
  </li>`;
}

/** What somebody wants, in a line. */
export function wishText({ submission }: Progress, goods: Goods | undefined): string {
  const { item, count, start, text } = submission;
  const when = start ? `${dayText(start.slice(0, 10))} ${clock(start)}` : "";
  const what = item && goods ? whatOf(goods, { item, count: count ?? 1 }) : "";
  return [when, what, text].filter(Boolean).join(" · ");
}

function overduePill({ overdue }: Progress): TemplateResult | typeof nothing {
  return overdue === null ? nothing : html`<span class="pill pill-danger">${icon("clock")}${t[overdue]}</span>`;
}

/** What was sent is where every timeline begins. */
function submitted({ submission }: Progress): TemplateResult {
  return html`<li class="hue-${hueOf(submission.name)}">
    <p><b>${stageText("submitted")}</b> ${submission.name}<time class="small muted" datetime=${submission.at}>${momentOf(submission.at)}</time></p>
  </li>`;
}

function timelineStep(step: PlacedStep): TemplateResult {
  const counts = step.fit === "moves" || step.fit === "crosses" || step.fit === "repeats";
  return html`<li class="hue-${hueOf(step.by)}">
    <p><b>${stageText(step.stage)}</b> ${step.by} ${counts ? nothing : html`<span class="pill">${t.noEffect}</span>`}<time class="small muted" datetime=${step.at}>${momentOf(step.at)}</time></p>
    ${step.note ? html`<p class="small">${step.note}</p>` : nothing}
  </li>`;
}

function stepText({ submission }: Progress, stage: SiteStep): string {
  if (stage === "accepted") return submission.kind === "booking" ? t.acceptBooking : submission.kind === "enrolment" ? t.acceptEnrolment : t.accept;
  if (stage === "done") return submission.kind === "claim" ? t.completeClaim : t.complete;
  return stage === "assigned" ? t.assign : t.decline;
}

function stageText(stage: Stage): string {
  return say(KINDS.timeline.fields.stage.choices[stage]);
}

function kindText({ submission }: Progress): string {
  return say(KINDS.submission.fields.kind.choices[submission.kind]);
}

function momentOf(at: string): string {
  return at.slice(0, 10) === today() ? clock(at) : `${dayText(at.slice(0, 10))} ${clock(at)}`;
}
