// What is asked for when something of the school is entered or changed.

import { type Assessment, type CertificateInfo, type ClassMember, type ContestSheet, type CourseInfo, type DocumentView, KINDS, type RecordId, type Standing, type Yilian } from "@yilian/client";
import { html } from "lit/html.js";
import { say } from "../../shell/i18n.ts";
import { nameOf } from "../../shell/people.ts";
import { today } from "../../shell/time.ts";
import type { Draft, FormField } from "../fields.ts";
import { askForm } from "../form.ts";
import { labelOf, siteName } from "../words.ts";
import type { SchoolDesk } from "./section.ts";
import { t } from "./texts.ts";

const MONTHS_MOST = 1_200;
const PEOPLE_MOST = 100_000;
const SCORE_MOST = 1_000;
const CONTEST_SCORE_MOST = 1_000_000;

type Options = readonly (readonly [string, string])[];

/** A new course, or one that is there. */
export async function askCourse(desk: SchoolDesk, course?: CourseInfo): Promise<void> {
  const label = (field: string) => labelOf("courses", field);
  const number = (value: number | null | undefined) => value?.toString() ?? "";
  const draft: Draft = {
    name: course?.name ?? "",
    certificate: course?.certificate ?? "",
    valid_months: number(course?.valid_months),
    capacity: number(course?.capacity),
    attendance: number(course?.attendance),
    pass_mark: number(course?.pass_mark),
    enrol_until: course?.enrol_until ?? "",
    teacher: course?.teacher ?? "",
    state: course?.state ?? "open",
    note: course?.note ?? "",
  };
  const certificates = [...new Set(desk.certificates)];
  // What a course is known by stays.
  const named: FormField[] = course === undefined ? [{ key: "name", label: label("name"), required: true, wide: true }] : [];
  const done = await askForm({
    title: course === undefined ? t.addCourse : t.editOf(course.name),
    save: t.save,
    draft,
    fields: () => [
      ...named,
      { key: "certificate", label: label("certificate"), suggestions: certificates },
      { key: "valid_months", label: label("valid_months"), kind: "number", min: 1, max: MONTHS_MOST },
      { key: "capacity", label: label("capacity"), kind: "number", min: 1, max: PEOPLE_MOST },
      { key: "enrol_until", label: label("enrol_until"), kind: "date" },
      { key: "attendance", label: `${label("attendance")} %`, kind: "number", min: 0, max: 100 },
      { key: "pass_mark", label: label("pass_mark"), kind: "number", decimals: true, min: 0, max: SCORE_MOST },
      { key: "teacher", label: label("teacher") },
      { key: "state", label: label("state"), kind: "select", options: choices(KINDS.courses.fields.state.choices) },
      { key: "note", label: label("note"), kind: "long" },
    ],
  });
  if (done === undefined) return;
  const fields = {
    ...texts(draft, "certificate", "enrol_until", "teacher", "note"),
    ...numbers(draft, "valid_months", "capacity", "attendance", "pass_mark"),
    state: draft.state,
  };
  await desk.act(
    (yilian) => edit(yilian, `courses/${desk.site}`, (view) => save(view, "courses", course?.id, { site: desk.site, name: draft.name?.trim() }, fields)),
    t.saved,
  );
}

/** Another lesson of a course. */
export async function askLesson(desk: SchoolDesk, course: CourseInfo): Promise<void> {
  const last = course.sessions.at(-1);
  const draft: Draft = {
    name: "",
    day: today(),
    from: last?.start.slice(11, 16) ?? "19:00",
    to: last?.end.slice(11, 16) ?? "21:00",
    venue: last?.venue ?? "",
    teacher: "",
  };
  const venues: Options = [["", t.noVenue], ...desk.venues.map(({ id, name }) => [id, name] as const)];
  const label = (field: string) => labelOf("sessions", field);
  const done = await askForm({
    title: `${course.name} · ${t.addLesson}`,
    save: t.save,
    draft,
    fields: () => [
      { key: "name", label: label("name"), required: true },
      { key: "day", label: t.day, kind: "date", required: true },
      { key: "from", label: t.from, kind: "time", required: true },
      { key: "to", label: t.to, kind: "time", required: true },
      { key: "venue", label: label("venue"), kind: "select", options: venues },
      { key: "teacher", label: label("teacher") },
    ],
  });
  if (done === undefined) return;
  const { day = "", from = "", to = "" } = draft;
  const fields = { start: `${day}T${from}`, end: `${day}T${to}`, ...texts(draft, "venue", "teacher") };
  await desk.act(
    (yilian) => edit(yilian, `courses/${desk.site}`, (view) => save(view, "sessions", undefined, { course: course.id, name: draft.name?.trim() }, fields)),
    t.saved,
  );
}

/** Somebody at the desk wants to take a course. */
export async function askEnrolment(desk: SchoolDesk, course: CourseInfo): Promise<void> {
  const people = desk.app.session?.people?.value ?? [];
  const draft: Draft = { name: "", phone: "" };
  const done = await askForm({
    title: `${course.name} · ${t.enrol}`,
    save: t.enrolDo,
    draft,
    fields: (now) => {
      // One of the site's own people need not be asked for a number.
      const own = people.find(({ name }) => name === now.name?.trim());
      return [
        { key: "name", label: labelOf("enrolments", "name"), required: true, wide: true, suggestions: people.map(({ name }) => name) },
        { key: "phone", label: labelOf("enrolments", "phone"), kind: "tel", wide: true, ...(own?.phone ? { hint: own.phone } : {}) },
      ];
    },
  });
  if (done === undefined) return;
  const name = (draft.name ?? "").trim();
  const own = people.find((person) => person.name === name);
  const phone = (draft.phone ?? "").trim() || own?.phone || "";
  await desk.act(({ school }) => school.enrol({ site: desk.site, course: course.id, name, phone, ...(own ? { person: own.id } : {}) }), t.enrolled(name));
}

/** How somebody did. */
export async function askAssessment(desk: SchoolDesk, { enrolment }: ClassMember): Promise<void> {
  const label = (field: string) => labelOf("assessments", field);
  const draft: Draft = { on: today(), score: "", result: "by-score", assessor: nameOf(desk.app.session?.author) ?? "" };
  const done = await askForm({
    title: t.assessOf(enrolment.name),
    save: t.save,
    draft,
    fields: (now) => [
      { key: "score", label: label("score"), kind: "number", decimals: true, min: 0, max: SCORE_MOST, required: now.result === "by-score" },
      { key: "result", label: label("result"), kind: "select", options: choices(KINDS.assessments.fields.result.choices) },
      { key: "on", label: label("on"), kind: "date", required: true },
      { key: "assessor", label: label("assessor") },
    ],
  });
  if (done === undefined) return;
  const { score } = numbers(draft, "score");
  const fields = { score: score ?? null, result: draft.result as Assessment["result"], assessor: (draft.assessor ?? "").trim() };
  const of = { site: desk.site, enrolment: enrolment.id, on: draft.on ?? today() };
  await desk.act(({ school }) => school.assess(of, fields), t.assessed(enrolment.name));
}

/** Certifies somebody, once it was said what that means. */
export async function askCertify(desk: SchoolDesk, course: CourseInfo, { enrolment }: ClassMember): Promise<void> {
  const done = await askForm({
    title: t.certifyOf(enrolment.name),
    save: t.certify,
    draft: {},
    fields: () => [],
    above: () => html`<p>${t.certifySure(enrolment.name, course.certificate)}</p>`,
  });
  if (done === undefined) return;
  await desk.act(({ school }) => school.certify({ site: desk.site, enrolment: enrolment.id }), t.issued(enrolment.name));
}

/** Revokes a certificate, once it was said what that means. */
export async function askRevoke(desk: SchoolDesk, name: string, { id }: CertificateInfo): Promise<void> {
  const done = await askForm({
    title: t.revokeOf(name),
    save: t.revoke,
    draft: {},
    fields: () => [],
    above: () => html`<p>${t.revokeSure}</p>`,
  });
  if (done === undefined) return;
  await desk.act(({ school }) => school.revoke({ site: desk.site, certificate: id }), t.revokedSaid(name));
}

/** A new contest, or one that is there. */
export async function askContest(desk: SchoolDesk, contest?: ContestSheet): Promise<void> {
  const { fields } = KINDS.contests;
  const label = (field: string) => labelOf("contests", field);
  const draft: Draft = {
    name: contest?.name ?? "",
    tier: contest?.tier ?? "site",
    on: contest?.on ?? "",
    best: contest?.best ?? "highest",
    advance: contest?.advance?.toString() ?? "",
    leads_to: contest?.next?.name ?? "",
    leads_to_site: contest?.next?.site ?? desk.site,
    note: contest?.note ?? "",
  };
  const named: FormField[] = contest === undefined ? [{ key: "name", label: label("name"), required: true, wide: true }] : [];
  const sites: Options = desk.app.sites.map(({ key }) => [key, siteName(key, desk.app.sites)] as const);
  const done = await askForm({
    title: contest === undefined ? t.addContest : t.editOf(contest.name),
    save: t.save,
    draft,
    fields: () => [
      ...named,
      { key: "tier", label: label("tier"), kind: "select", options: choices(fields.tier.choices) },
      { key: "best", label: label("best"), kind: "select", options: choices(fields.best.choices) },
      { key: "on", label: label("on"), kind: "date" },
      { key: "advance", label: label("advance"), kind: "number", min: 1, max: PEOPLE_MOST },
      { key: "leads_to", label: label("leads_to") },
      { key: "leads_to_site", label: label("leads_to_site"), kind: "select", options: sites },
      { key: "note", label: label("note"), wide: true },
    ],
  });
  if (done === undefined) return;
  const said = { ...texts(draft, "on", "leads_to", "leads_to_site", "note"), ...numbers(draft, "advance"), tier: draft.tier, best: draft.best };
  await desk.act(
    (yilian) => edit(yilian, `school/${desk.site}`, (view) => save(view, "contests", contest?.id, { site: desk.site, name: draft.name?.trim() }, said)),
    t.saved,
  );
}

/** Somebody takes part in a contest. */
export async function askEntry(desk: SchoolDesk, contest: ContestSheet): Promise<void> {
  const people = desk.app.session?.people?.value ?? [];
  const draft: Draft = { name: "", score: "" };
  const done = await askForm({
    title: `${contest.name} · ${t.addEntry}`,
    save: t.save,
    draft,
    fields: () => [
      { key: "name", label: labelOf("entries", "name"), required: true, suggestions: people.map(({ name }) => name) },
      scoreField(),
    ],
  });
  if (done === undefined) return;
  const name = (draft.name ?? "").trim();
  await desk.act(
    (yilian) => edit(yilian, `school/${desk.site}`, (view) => save(view, "entries", undefined, { contest: contest.id, name }, numbers(draft, "score"))),
    t.entered(name),
  );
}

/** The score of somebody, or that they take part no more. */
export async function askScore(desk: SchoolDesk, contest: ContestSheet, one: Standing): Promise<void> {
  const draft: Draft = { score: one.score?.toString() ?? "", state: one.state };
  const done = await askForm({
    title: `${contest.name} · ${one.name}`,
    save: t.save,
    draft,
    fields: () => [scoreField(), { key: "state", label: labelOf("entries", "state"), kind: "select", options: choices(KINDS.entries.fields.state.choices) }],
  });
  if (done === undefined) return;
  const fields = { ...numbers(draft, "score"), state: draft.state };
  await desk.act((yilian) => edit(yilian, `school/${desk.site}`, (view) => save(view, "entries", one.id, {}, fields)), t.saved);
}

function scoreField(): FormField {
  return { key: "score", label: labelOf("entries", "score"), kind: "number", decimals: true, min: -CONTEST_SCORE_MOST, max: CONTEST_SCORE_MOST };
}

function choices(of: Readonly<Record<string, { readonly zh: string; readonly en: string }>>): Options {
  return Object.entries(of).map(([key, both]) => [key, say(both)] as const);
}

/** What was written; null empties what was emptied. */
function texts(draft: Draft, ...keys: string[]): Record<string, string | null> {
  return Object.fromEntries(keys.map((key) => [key, (draft[key] ?? "").trim() || null]));
}

function numbers(draft: Draft, ...keys: string[]): Record<string, number | null> {
  return Object.fromEntries(keys.map((key) => [key, (draft[key] ?? "").trim() === "" ? null : Number(draft[key])]));
}

/** Opens a document for one edit. */
async function edit(yilian: Yilian, name: string, work: (view: DocumentView) => Promise<unknown>): Promise<void> {
  const view = yilian.doc(name);
  try {
    await view.ready;
    await work(view);
  } finally {
    view.close();
  }
}

type Kept = "courses" | "sessions" | "contests" | "entries";

/** Changes a record, or adds it with what it is known by; one that was removed is there again. */
async function save(view: DocumentView, collection: Kept, id: RecordId | undefined, identity: object, fields: object): Promise<void> {
  if (id !== undefined) return view.set(collection, id, fields);
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  await view.add(collection, { ...identity, ...said } as never);
}
