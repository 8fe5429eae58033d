// One student: every course they took, here and at other schools that are held here, and every certificate.

import type { Learner } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import { empty, skeletonLines } from "../../shell/states.ts";
import { dateText, dayText } from "../../shell/time.ts";
import { phoneLink } from "../inbox/model.ts";
import { siteName } from "../words.ts";
import { certificateButton } from "./parts.ts";
import type { SchoolDesk } from "./section.ts";
import { presenceIn } from "./model.ts";
import { t } from "./texts.ts";

/** Whom a student's page is of. */
export interface Who {
  readonly name: string;
  readonly phone: string;
}

/** A student's page; `course` is the one that it was opened from. */
export function studentView(desk: SchoolDesk, who: Who, course: string | undefined): TemplateResult {
  const { site, yilian } = desk;
  const learner = desk.answer(`learner ${who.name} ${who.phone}`, () => yilian.school.learner({ site, ...who }));
  return html`<div class="class-page">
    <button type="button" class="btn btn-ghost back" @click=${() => desk.showStudent(undefined)}>${icon("left")}${course === undefined ? t.back : t.backTo(course)}</button>
    <header class="class-head row">
      <h2>${who.name}</h2>
      ${who.phone === "" ? nothing : html`<a class="btn btn-s num" href=${phoneLink(who.phone)}>${icon("phone")}${who.phone}</a>`}
    </header>
    ${learner === undefined ? skeletonLines(5, "64px") : content(desk, who, learner)}
  </div>`;
}

function content(desk: SchoolDesk, who: Who, { courses, certificates }: Learner): TemplateResult {
  if (courses.length === 0 && certificates.length === 0) return html`<div class="card">${empty({ icon: "person", title: t.noSuchStudent })}</div>`;
  return html`<div class="cards">
    <section class="card stack" aria-labelledby="student-courses">
      <h3 id="student-courses">${t.studentCourses}</h3>
      <ul class="lines">${courses.map((one) => taken(desk, one))}</ul>
    </section>
    <section class="card stack" aria-labelledby="student-certificates">
      <h3 id="student-certificates">${t.certificates}</h3>
      ${certificates.length === 0 ? html`<p class="muted">${t.noCertificates}</p>` : nothing}
      <ul class="lines">${certificates.map(
        (one) => html`<li>
          <span class="open-line"><b>${one.certificate}</b>
            <span class="small muted num">${[one.shown_number, one.issued_on === null ? "" : dateText(one.issued_on)].filter((text) => text !== "").join(" · ")}${one.site === desk.site ? "" : ` · ${siteName(one.site, desk.app.sites)}`}</span></span>
          <span class="row">${certificateButton(who.name, one)}</span>
        </li>`,
      )}</ul>
    </section>
  </div>`;
}

function taken({ app, site }: SchoolDesk, course: Learner["courses"][number]): TemplateResult {
  const student = course.member;
  const parts = [
    course.site === site ? "" : siteName(course.site, app.sites),
    student.held === 0 ? "" : t.there(student.there, student.held),
    student.verdict === "open" ? "" : t[`verdict.${student.verdict}`],
    student.seat === "waiting" ? t.waiting(student.position ?? 0) : t[`seat.${student.seat}`],
  ].filter((text) => text !== "");
  return html`<li>
    <span class="open-line"><b>${course.name}</b>
      <span class="small muted num">${parts.join(" · ")}</span>
      <span class="row marks">${course.sessions.map(({ id, name, start }) => {
        const state = presenceIn(student, id);
        const said = t.cell(dayText(start.slice(0, 10)), name, state === undefined ? t.notNoted : t[`short.${state}`]);
        return html`<span class="cell mark" data-state=${state ?? "none"} role="img" aria-label=${said} title=${said}>${state === undefined ? nothing : t[`short.${state}`]}</span>`;
      })}</span>
    </span>
  </li>`;
}
