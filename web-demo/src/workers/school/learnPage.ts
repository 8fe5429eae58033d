import type { CourseInfo, Progress, ProofCheck } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import { certificateHash } from "../../shell/proof.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { civil } from "../../shell/time.ts";
import { delivery } from "../delivery.ts";
import { Following } from "../following.ts";
import { backLink, type Context, offlineNote, type Page } from "../page-parts.ts";
import { hashOf } from "../route.ts";
import type { Sent } from "../sent.ts";
import { sentFromHere } from "../sentList.ts";
import { stagePill } from "../stages.ts";
import { t as said } from "../words.ts";
import { courseCard, lessonList } from "./courses.ts";
import { t } from "./texts.ts";

/** The courses that this phone enrolled in, with what comes next and what came of them; and those that can be enrolled in. */
export class LearnPage implements Page {
  #context: Context;
  #sent = sentFromHere().filter(({ kind }) => kind === "enrolment");
  #followed = new Map<string, Following<Progress | null>>();
  #checks = new Map<string, Following<ProofCheck>>();
  #courses: Following<readonly CourseInfo[]>;

  constructor(context: Context) {
    this.#context = context;
    for (const { code } of this.#sent) {
      this.#followed.set(code, new Following(context.again));
      this.#checks.set(code, new Following(context.again));
    }
    this.#courses = new Following(context.again);
  }

  title(): string {
    return t.learn;
  }

  close(): void {
    this.#courses.close();
    for (const followed of [...this.#followed.values(), ...this.#checks.values()]) followed.close();
  }

  render(): TemplateResult {
    const { yilian } = this.#context;
    const courses = this.#courses.of("all", () => yilian.school.courses());
    return html`<div class="narrow learn">
      ${backLink(hashOf({ at: "near" }), said.back)}
      <header>
        <h1 tabindex="-1">${t.learn}</h1>
        <p class="muted">${t.learnLead}</p>
      </header>
      ${offlineNote(this.#context, "")}
      ${this.#sent.length === 0
        ? html`<div class="card">${empty({ icon: "cap", title: t.nothing, text: t.nothingWhy })}</div>`
        : html`<ul class="stack">${this.#sent.map((one) => this.#enrolled(one, courses))}</ul>`}
      <nav class="row learn-more" aria-label=${t.learn}>
        <a class="btn" href=${hashOf({ at: "sent" })}>${icon("search")}${t.byCode}</a>
        <a class="btn" href=${hashOf({ at: "check" })}>${icon("scan")}${t.check}</a>
      </nav>
      ${this.#offered(courses)}
    </div>`;
  }

  #enrolled({ code, about, at }: Sent, courses: readonly CourseInfo[] | undefined): TemplateResult {
    const { yilian } = this.#context;
    const progress = this.#followed.get(code)?.of(code, () => yilian.follow(code));
    const course = courses?.find(({ id }) => id === progress?.submission.course);
    const isHere = progress && progress.steps.length === 0 && delivery(yilian.status, progress.document, at) === "here";
    return html`<li class="card stack enrolled" data-code=${code}>
      <div class="course-head">
        <div>
          <h2>${course?.name ?? about}</h2>
          ${course === undefined ? nothing : html`<p class="small muted">${this.#context.directory.siteName(course.site)}</p>`}
        </div>
        ${progress ? stagePill(progress.stage, isHere === true) : nothing}
      </div>
      ${progress ? answered(progress) : nothing}
      ${progress === undefined ? skeletonLines(2) : progress === null ? nothing : this.#standing(code, progress, course)}
      <a class="btn btn-s follow-link" href=${hashOf({ at: "follow", code })}>${t.follow}${icon("right")}</a>
    </li>`;
  }

  /** The certificate where there is one, else what comes next. */
  #standing(code: string, { submission, stage }: Progress, course: CourseInfo | undefined): unknown {
    const { proof } = submission;
    if (proof !== "") return certificateLink(proof, this.#checks.get(code)?.of(proof, () => this.#context.yilian.school.check(proof)));
    if (stage === "withdrawn" || stage === "declined") return nothing;
    if (course === undefined) return html`<p class="muted">${t.courseGone}</p>`;
    if (course.state === "cancelled") return html`<p class="banner banner-danger">${icon("warn")}<span>${t.cancelled}</span></p>`;
    const coming = course.sessions.filter(({ end }) => end > civil());
    if (coming.length === 0 && course.sessions.length > 0) return html`<p class="muted">${t.allOver}</p>`;
    return html`<section aria-label=${t.next}><h3 class="small muted">${t.next}</h3>${lessonList(coming)}</section>`;
  }

  /** Whether this phone asked for a seat in it, and nobody took that back. */
  #isTaken(course: string): boolean {
    const own = [...this.#followed.values()].map(({ last }) => last);
    return own.some((one) => one?.submission.course === course && one.stage !== "withdrawn" && one.stage !== "declined");
  }

  #offered(courses: readonly CourseInfo[] | undefined): TemplateResult {
    const open = courses?.filter(({ id, is_open }) => is_open && !this.#isTaken(id));
    return html`<section class="card stack" aria-labelledby="offered">
      <h2 id="offered">${t.offered}</h2>
      ${open === undefined ? skeletonLines(4) : open.length === 0 ? html`<p class="muted">${t.noneOffered}</p>` : nothing}
      <ul class="courses">
        ${open?.map((course) => courseCard(course, this.#context.directory.siteName(course.site)))}
      </ul>
    </section>`;
  }
}

/** What the station said last. */
function answered({ steps, submission }: Progress): unknown {
  const last = steps.findLast(({ fit }) => fit !== "illegal" && fit !== "void");
  if (last === undefined || last.note === "" || submission.proof !== "") return nothing;
  return html`<p class="small">${last.note}</p>`;
}

/** The way to a certificate that was issued, and what is known of it by now. */
export function certificateLink(proof: string, check: ProofCheck | undefined): TemplateResult {
  const checked = check?.checked;
  const isGood = checked === undefined || checked === "valid";
  const name = check === undefined || check.checked === "unreadable" ? "" : check.certificate;
  const why = checked === "revoked" ? t.revoked : checked === "expired" ? t.expired : isGood ? t.gotCertificate(name) : t.notYetKnown;
  return html`<a class="got ${isGood ? "" : "got-not"}" href=${certificateHash(proof)}>
    ${icon(isGood ? "award" : "warn")}<span><b>${t.showCertificate}</b><span class="small">${why}</span></span>${icon("right")}
  </a>`;
}
