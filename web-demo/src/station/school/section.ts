// The night school: its classes with seats, attendance, assessments and certificates; its students; its contests.

import type { ClassSheet, ContestSheet, DirectoryView, Query, RecordId, Venue, Yilian } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { attempt } from "../../shell/client.ts";
import { icon } from "../../shell/icons.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { civil } from "../../shell/time.ts";
import { toast, type ToastOptions } from "../../shell/toasts.ts";
import type { App } from "../app.ts";
import { findingCard } from "../findings.ts";
import { Follows } from "../follow.ts";
import { type Section, sectionBar } from "../section.ts";
import type { Session } from "../session.ts";
import { classCard, ClassView } from "./class.ts";
import { contestCard } from "./contests.ts";
import { askContest, askCourse } from "./forms.ts";
import { inOrder } from "./model.ts";
import { studentView, type Who } from "./student.ts";
import { t } from "./texts.ts";

/** What the parts of this section need of it. */
export interface SchoolDesk {
  readonly app: App;
  readonly site: string;
  readonly yilian: Yilian;
  /** The client as of now: whoever has said who they are got a new one. */
  now(): Yilian;
  readonly venues: readonly Venue[];
  /** The names of certificates that courses lead to. */
  readonly certificates: readonly string[];
  /** An answer that is followed for as long as each drawing asks for it. */
  answer<T>(key: string, ask: () => Query<T>): T | undefined;
  /** Does something in the name of whoever sits here, and says so; answers whether it was done. */
  act(work: (yilian: Yilian) => Promise<unknown>, said: string, options?: ToastOptions): Promise<boolean>;
  /** Shows the class of a course, or all. */
  show(course: RecordId | undefined): void;
  /** Shows a student, or goes back. */
  showStudent(who: Who | undefined): void;
  draw(): void;
}

export class School implements Section {
  #app: App;
  #session: Session | undefined;
  #site = "";
  #follows: Follows | undefined;
  #classes: Query<readonly ClassSheet[]> | undefined;
  #contests: Query<readonly ContestSheet[]> | undefined;
  #venues: DirectoryView<"venues"> | undefined;
  #look: "classes" | "contests" = "classes";
  #class: ClassView | undefined;
  #student: Who | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  open(session: Session, site: string): void {
    this.close();
    this.#session = session;
    this.#site = site;
    this.#follows = new Follows(() => this.#app.draw());
    this.#classes = this.#follows.live(session.yilian.school.classes(site));
    this.#contests = this.#follows.live(session.yilian.school.contests(site));
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
    const desk = this.#desk();
    const drawn = html`${this.#bar(desk)} ${desk === undefined ? waiting() : html`${this.#content(desk)} ${this.#findings()}`}`;
    this.#follows?.sweep();
    return drawn;
  }

  #desk(): SchoolDesk | undefined {
    const { yilian } = this.#session ?? {};
    if (yilian === undefined) return undefined;
    const show = (change: () => void) => {
      change();
      this.#app.draw();
      scrollTo(0, 0);
    };
    return {
      app: this.#app,
      site: this.#site,
      yilian,
      now: () => this.#session?.yilian ?? yilian,
      certificates: (this.#classes?.value ?? []).map(({ certificate }) => certificate).filter((name) => name !== ""),
      venues: (this.#venues?.value ?? []).filter(({ site }) => site === this.#site),
      answer: (key, ask) => this.#follows?.answer(key, ask),
      act: (work, said, options) => this.#act(work, said, options),
      show: (course) => show(() => (this.#class = course === undefined ? undefined : new ClassView(course))),
      showStudent: (who) => show(() => (this.#student = who)),
      draw: () => this.#app.draw(),
    };
  }

  async #act(work: (yilian: Yilian) => Promise<unknown>, said: string, options: ToastOptions = {}): Promise<boolean> {
    if (!(await this.#app.askWho())) return false;
    return attempt(async () => {
      const { yilian } = this.#session ?? {};
      if (yilian === undefined) return;
      await work(yilian);
      toast(said, options);
    });
  }

  #bar(desk: SchoolDesk | undefined): TemplateResult {
    const choose = (look: "classes" | "contests") => () => {
      this.#look = look;
      this.#class = undefined;
      this.#student = undefined;
      this.#app.draw();
    };
    const isOn = (look: string) => this.#look === look;
    const add = () => desk && void (isOn("classes") ? askCourse(desk) : askContest(desk));
    const count = (all: readonly unknown[] | undefined) => all?.length ?? 0;
    return sectionBar(
      this.#app,
      html`<div class="seg words" role="group" aria-label=${t.which}>
          <button type="button" aria-pressed=${isOn("classes")} @click=${choose("classes")}>${t.classes(count(this.#classes?.value))}</button>
          <button type="button" aria-pressed=${isOn("contests")} @click=${choose("contests")}>${t.contests(count(this.#contests?.value))}</button>
        </div>
        ${this.#class !== undefined || this.#student !== undefined ? nothing : html`<button type="button" class="btn btn-primary add" ?disabled=${desk === undefined} @click=${add}>${icon("plus")}<span>${isOn("classes") ? t.addCourse : t.addContest}</span></button>`}`,
    );
  }

  #content(desk: SchoolDesk): TemplateResult {
    const classes = this.#classes?.value;
    if (this.#look === "contests") return this.#contestList(desk);
    if (classes === undefined) return waiting();
    const [student, open] = [this.#student, this.#class];
    const sheet = open && classes.find(({ id }) => id === open.course);
    if (student !== undefined) return studentView(desk, student, sheet?.name);
    if (open !== undefined && sheet !== undefined) return open.view(desk, sheet);
    if (classes.length === 0) return nothingYet("cap", t.noClasses, t.noClassesText, "yilian course import courses.csv");
    return html`<div class="cards classes">${repeat(inOrder(classes, civil()), ({ id }) => id, (one) => classCard(desk, one))}</div>`;
  }

  #contestList(desk: SchoolDesk): TemplateResult {
    const contests = this.#contests?.value;
    if (contests === undefined) return waiting();
    if (contests.length === 0) return nothingYet("award", t.noContests, t.noContestsText, "yilian contest import contests.csv");
    return html`<div class="cards contests">${repeat(contests, ({ id }) => id, (one) => contestCard(desk, one))}</div>`;
  }

  /** What makes no sense about this school, in the month that is shown. */
  #findings(): TemplateResult | typeof nothing {
    const names = new Set([`school/${this.#site}`, `courses/${this.#site}`]);
    const ones = (this.#session?.findings.findings ?? []).filter(({ records }) => records.some(({ document }) => names.has(document)));
    if (ones.length === 0) return nothing;
    return html`<section class="findings no-print" aria-labelledby="school-findings">
      <h2 id="school-findings">${t.findings} <span class="pill pill-warn">${ones.length}</span></h2>
      <div class="finding-cards">${ones.map((one) => findingCard(this.#app, one))}</div>
    </section>`;
  }
}

function waiting(): TemplateResult {
  return html`<div class="waiting-section" aria-busy="true">${skeletonLines(6, "64px")}</div>`;
}

function nothingYet(name: "cap" | "award", title: string, text: string, command: string): TemplateResult {
  return html`<div class="card">${empty({ icon: name, title, text: html`${text}<br /><code>${command}</code>` })}</div>`;
}
