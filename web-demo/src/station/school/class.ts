// One class: who has a seat and who waits, what came of them, and who was there.

import { type CertificateInfo, type ClassMember, type ClassSheet, type CourseInfo, KINDS, type RecordId } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { clock } from "../../shell/calendar.ts";
import { say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { empty } from "../../shell/states.ts";
import { civil, dayText } from "../../shell/time.ts";
import { phoneLink } from "../inbox/model.ts";
import { askAssessment, askCertify, askCourse, askEnrolment, askLesson, askRevoke } from "./forms.ts";
import { certificateOf, certified, nextLesson } from "./model.ts";
import { certificateButton } from "./parts.ts";
import { Roll } from "./roll.ts";
import type { SchoolDesk } from "./section.ts";
import { t } from "./texts.ts";

const STATE_TONES = { open: "pill-ok", closed: "", cancelled: "pill-danger" } as const;
const SEAT_TONES = { confirmed: "pill-ok", granted: "pill-accent", waiting: "pill-warn", withdrawn: "" } as const;

/** A class among the others. */
export function classCard(desk: SchoolDesk, sheet: ClassSheet): TemplateResult {
  const { id, name, certificate, sessions, capacity, seated, waiting } = sheet;
  const next = nextLesson(sessions, civil());
  const issued = certified(sheet);
  return html`<section class="card class-card" aria-label=${name} data-course=${id}>
    <button type="button" class="open-line" @click=${() => desk.show(id)}>
      <b>${name}</b>
      ${certificate === "" ? nothing : html`<span class="small muted">${t.leadsTo(certificate)}</span>`}
      <span class="small muted num">${next === undefined ? t.noNext : t.nextLesson(`${dayText(next.start.slice(0, 10))} ${clock(next.start)}`)}</span>
    </button>
    ${capacity === null ? nothing : html`<meter class="seats" min="0" max=${capacity} value=${seated} aria-label=${t.taken(seated, capacity)}></meter>`}
    <p class="row small">
      ${statePill(sheet)}<span class="num">${taken(sheet)}</span>
      ${waiting === 0 ? nothing : html`<span class="pill pill-warn">${t.queue(waiting)}</span>`}
      ${issued === 0 ? nothing : html`<span class="muted">${t.certified(issued)}</span>`}
    </p>
  </section>`;
}

function statePill({ state }: CourseInfo): TemplateResult {
  return html`<span class="pill ${STATE_TONES[state]}">${say(KINDS.courses.fields.state.choices[state])}</span>`;
}

/** A class that is open on the page, and what of it is looked at. */
export class ClassView {
  readonly course: RecordId;
  #part: "students" | "attendance" = "students";
  #roll = new Roll();

  constructor(course: RecordId) {
    this.course = course;
  }

  view(desk: SchoolDesk, course: ClassSheet): TemplateResult {
    const choose = (part: "students" | "attendance") => () => {
      this.#part = part;
      desk.draw();
    };
    const isOn = (part: string) => this.#part === part;
    return html`<div class="class-page">
      <button type="button" class="btn btn-ghost back" @click=${() => desk.show(undefined)}>${icon("left")}${t.back}</button>
      <header class="class-head">
        <div class="row"><h2>${course.name}</h2>${statePill(course)}</div>
        <p class="small muted">${facts(course).join(" · ")}</p>
      </header>
      <div class="bar">
        <div class="seg words" role="group" aria-label=${t.look}>
          <button type="button" aria-pressed=${isOn("students")} @click=${choose("students")}>${t.students}</button>
          <button type="button" aria-pressed=${isOn("attendance")} @click=${choose("attendance")}>${t.attendance}</button>
        </div>
        <div class="row">
          <button type="button" class="btn btn-s" @click=${() => void askEnrolment(desk, course)}>${icon("plus")}${t.enrol}</button>
          <button type="button" class="btn btn-s" @click=${() => void askLesson(desk, course)}>${icon("calendar")}${t.addLesson}</button>
          <button type="button" class="btn btn-s" aria-label=${t.editOf(course.name)} @click=${() => void askCourse(desk, course)}>${t.edit}</button>
        </div>
      </div>
      ${isOn("students") ? students(desk, course) : this.#roll.view(desk, course)}
    </div>`;
  }
}

function taken({ seated, capacity }: ClassSheet): string {
  return capacity === null ? t.takenOpen(seated) : t.taken(seated, capacity);
}

function facts(course: ClassSheet): string[] {
  return [
    course.certificate === "" ? "" : t.leadsTo(course.certificate),
    taken(course),
    course.waiting === 0 ? "" : t.queue(course.waiting),
    course.attendance === null ? "" : t.demands(course.attendance),
    course.pass_mark === null ? "" : t.passMark(course.pass_mark),
    course.enrol_until === null ? "" : t.until(dayText(course.enrol_until)),
    course.teacher === "" ? "" : t.teacher(course.teacher),
  ].filter((text) => text !== "");
}

function students(desk: SchoolDesk, course: ClassSheet): TemplateResult {
  const { members } = course;
  if (members.length === 0) return html`<div class="card">${empty({ icon: "person", title: t.noStudents, text: t.noStudentsText })}</div>`;
  return html`<ul class="card students">${repeat(members, ({ enrolment }) => enrolment.id, (one) => student(desk, course, one))}</ul>`;
}

function student(desk: SchoolDesk, course: CourseInfo, one: ClassMember): TemplateResult {
  const { name, phone } = one.enrolment;
  return html`<li class="student is-${one.seat}" data-enrolment=${one.enrolment.id}>
    <div class="who">
      <button type="button" class="link-btn name" @click=${() => desk.showStudent({ name, phone })}>${name}</button>
      ${phone === "" ? nothing : html`<a class="small muted num" href=${phoneLink(phone)}>${phone}</a>`}
    </div>
    <div class="row seat">${seatPill(one)} ${seatButtons(desk, course, one)}</div>
    <div class="row result">
      ${one.held === 0 ? nothing : html`<span class="small muted num">${t.there(one.there, one.held)}</span>`}
      ${verdict(one)}
      ${isSeated(one) ? html`<button type="button" class="btn btn-s" aria-label=${t.assessOf(name)} @click=${() => void askAssessment(desk, one)}>${t.assess}</button>` : nothing}
    </div>
    <div class="cert">${certification(desk, course, one)}</div>
  </li>`;
}

function isSeated({ seat }: ClassMember): boolean {
  return seat === "confirmed" || seat === "granted";
}

function seatPill({ seat, position }: ClassMember): TemplateResult {
  const words = seat === "waiting" ? t.waiting(position ?? 0) : t[`seat.${seat}`];
  return html`<span class="pill ${SEAT_TONES[seat]}">${words}</span>`;
}

function seatButtons(desk: SchoolDesk, course: CourseInfo, { enrolment, seat }: ClassMember): TemplateResult {
  const { site } = desk;
  const { name, phone } = enrolment;
  const of = { site, enrolment: enrolment.id };
  const back = () => void desk.act(({ school }) => school.enrol({ site, course: course.id, name, phone }), t.enrolled(name));
  const withdraw = () => void desk.act(({ school }) => school.withdraw(of), t.withdrawn(name), { action: { label: t.reenrol, run: back } });
  const confirm = () => void desk.act(({ school }) => school.confirm(of), t.confirmed(name));
  if (seat === "withdrawn") return html`<button type="button" class="btn btn-s" @click=${back}>${t.reenrol}</button>`;
  return html`${seat === "confirmed" ? nothing : html`<button type="button" class="btn btn-s" aria-label=${t.confirmOf(name)} @click=${confirm}>${icon("check")}${t.confirm}</button>`}
    <button type="button" class="btn btn-s btn-ghost btn-danger" aria-label=${t.withdrawOf(name)} @click=${withdraw}>${t.withdraw}</button>`;
}

function verdict({ verdict, assessments }: ClassMember): TemplateResult | typeof nothing {
  if (verdict === "open") return nothing;
  const score = assessments.findLast((one) => one.score !== null)?.score;
  return html`<span class="pill ${verdict === "passed" ? "pill-ok" : "pill-danger"}">${score === undefined || score === null ? "" : t.score(score)} ${t[`verdict.${verdict}`]}</span>`;
}

function revokeButton(desk: SchoolDesk, name: string, certificate: CertificateInfo): TemplateResult | typeof nothing {
  if (certificate.state === "revoked") return nothing;
  return html`<button type="button" class="btn btn-s btn-ghost btn-danger" aria-label=${t.revokeOf(name)} @click=${() => void askRevoke(desk, name, certificate)}>${t.revoke}</button>`;
}

/** The certificate where there is one; else what it takes, and why it cannot be had. */
function certification(desk: SchoolDesk, course: CourseInfo, one: ClassMember): unknown {
  const { id: enrolment, name } = one.enrolment;
  const certificate = certificateOf(one);
  if (certificate !== undefined) return html`${certificateButton(name, certificate)} ${revokeButton(desk, name, certificate)}`;
  if (course.certificate === "" || !isSeated(one)) return nothing;
  const id = `why-${enrolment}`;
  const why = one.lacks;
  return html`<button type="button" class="btn btn-s ${why === null ? "btn-primary" : ""}" ?disabled=${why !== null} aria-label=${t.certifyOf(name)} aria-describedby=${why === null ? nothing : id} @click=${() => void askCertify(desk, course, one)}>${icon("award")}${t.certify}</button>
    ${why === null ? nothing : html`<span class="small muted why" id=${id}>${say(why)}</span>`}`;
}
