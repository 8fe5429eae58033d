// What one does with a case: each asks for what goes with it, and is stored here, with or without a network.

import { type CaseSheet, KINDS, type Mediation, type Specialist, type Stage } from "@yilian/client";
import { html, nothing } from "lit/html.js";
import { namesIn } from "../../cases/model.ts";
import { fieldText, stageText } from "../../cases/sheet.ts";
import { addDays, clock } from "../../shell/calendar.ts";
import { attempt } from "../../shell/client.ts";
import { say } from "../../shell/i18n.ts";
import { today } from "../../shell/time.ts";
import { toast } from "../../shell/toasts.ts";
import type { App } from "../app.ts";
import { type Draft, type FormField, written } from "../fields.ts";
import { askForm } from "../form.ts";
import { siteName } from "../words.ts";
import { t } from "./texts.ts";

/** What acts need of the section. */
export interface Acting {
  readonly app: App;
  /** Who is on duty now, the likeliest first. */
  readonly onDuty: readonly Specialist[];
}

/** Registers a case; answers its document. */
export async function register({ app, onDuty }: Acting, isEmergency: boolean): Promise<string | undefined> {
  if (!(await app.askWho())) return undefined;
  const draft: Draft = { mode: isEmergency ? "emergency" : "clinic", origin: isEmergency ? "hotline" : "walk-in", claim: "wages" };
  const names = onDuty.map(({ name }) => name);
  const select = (key: "mode" | "origin" | "claim"): FormField => ({ key, label: fieldText("case", key), kind: "select", options: choices(key), required: true });
  const done = await askForm({
    title: isEmergency ? t.emergencyTitle : t.add,
    save: t.register,
    draft,
    above: () => (isEmergency ? html`<p class="banner ${names.length === 0 ? "banner-warn" : ""}"><span>${names[0] === undefined ? t.emergencyNobody : t.emergencyLead(names[0])}</span></p>` : nothing),
    fields: () => [
      { key: "applicant", label: t.applicant, required: true, wide: true, hint: t.applicantHint },
      { key: "respondent", label: t.respondent, wide: true },
      ...(isEmergency ? [] : [select("mode")]),
      select("claim"),
      select("origin"),
      { key: "amount", label: t.claimed, kind: "number", min: 0, max: 2_000_000_000 },
      { key: "people", label: fieldText("case", "people"), kind: "number", min: 1, max: 100_000 },
      { key: "phone", label: t.phone, kind: "tel" },
      { key: "facts", label: fieldText("case", "facts"), kind: "long" },
    ],
  });
  const mediation = app.session?.yilian.mediation;
  if (done === undefined || mediation === undefined) return undefined;
  let document: string | undefined;
  await attempt(async () => {
    const phone = (draft["phone"] ?? "").trim();
    const applicants = namesIn(draft["applicant"] ?? "");
    const parties = [
      ...applicants.map((name, index) => ({ name, side: "applicant" as const, ...(phone && index === 0 && { phone }) })),
      ...namesIn(draft["respondent"] ?? "").map((name) => ({ name, side: "respondent" as const })),
    ];
    const { mode, origin, claim } = draft as { mode: "clinic"; origin: "walk-in"; claim: "wages" };
    document = await mediation.open({ mode, origin, claim, ...numbers(draft, "amount", "people"), ...written(draft, "facts") }, parties);
    const opened = await mediation.case(document).now();
    const title = opened === null ? applicants.join("、") : say(opened.title);
    const given = opened?.mediators[0]?.name;
    toast(given === undefined ? t.registered(title) : t.given(title, given));
  });
  return document;
}

/** Takes a step with what goes with it. */
export async function take(acting: Acting, sheet: CaseSheet, stage: Stage): Promise<void> {
  if (!(await acting.app.askWho())) return;
  const mediation = acting.app.session?.yilian.mediation;
  if (mediation === undefined) return;
  const work = await asked(acting, mediation, sheet, stage);
  if (work === undefined) return;
  await attempt(async () => {
    await work();
    toast(t.stepped(stageText(stage), say(sheet.title)));
  });
}

type Work = () => Promise<void>;

/** Asks for what goes with a step; nothing where it was left. */
async function asked(acting: Acting, mediation: Mediation, sheet: CaseSheet, stage: Stage): Promise<Work | undefined> {
  if (stage === "assigned") return assignment(acting, mediation, sheet);
  if (stage === "agreed" && sheet.agreements.length === 0) return agreement(mediation, sheet);
  if (stage === "referred") return confirmation(mediation, sheet);
  const isPlain = stage === "accepted" || stage === "mediating" || stage === "ratified" || stage === "closed" || stage === "agreed";
  if (isPlain) return () => mediation.step(sheet, stage);
  const draft: Draft = {};
  const done = await askForm({
    title: wordOf(stage),
    save: wordOf(stage),
    draft,
    fields: () => [{ key: "note", label: stage === "withdrawn" ? t.note : t.reason, kind: "long", required: stage !== "withdrawn" }],
  });
  return done === undefined ? undefined : () => mediation.step(sheet, stage, written(draft, "note"));
}

async function assignment({ app, onDuty }: Acting, mediation: Mediation, sheet: CaseSheet): Promise<Work | undefined> {
  const parties = new Set(sheet.parties.map(({ name }) => name));
  const free = onDuty.filter(({ name }) => !parties.has(name));
  const people = app.session?.people?.value.map(({ name }) => name) ?? [];
  const draft: Draft = { name: free[0]?.name ?? "", post: free[0]?.post ?? "" };
  const done = await askForm({
    title: t.assigned,
    save: t.assigned,
    draft,
    fields: (draft) => {
      // Whoever is on duty has a post there.
      const known = free.find(({ name }) => name === draft["name"]);
      return [
        { key: "name", label: t.name, required: true, wide: true, suggestions: [...new Set([...free.map(({ name }) => name), ...people])], ...(known && { hint: `${known.post} · ${t.until(clock(known.until))} · ${t.load(known.cases)}` }) },
        { key: "post", label: t.post, wide: true },
        { key: "note", label: t.note, kind: "long" },
      ];
    },
  });
  if (done === undefined) return undefined;
  const name = (draft["name"] ?? "").trim();
  const known = free.find((one) => one.name === name);
  const post = (draft["post"] ?? "").trim();
  const to = { name, ...(post && { post }), ...(known && { of: known.site, post: known.post, ...(known.person !== null && { person: known.person }) }) };
  return () => mediation.assign(sheet, to, written(draft, "note"));
}

async function agreement(mediation: Mediation, sheet: CaseSheet): Promise<Work | undefined> {
  const draft: Draft = { confirm: "no" };
  const done = await askForm({
    title: t.agreed,
    save: t.agreed,
    draft,
    fields: () => [
      { key: "amount", label: t.amount, kind: "number", min: 0, max: 2_000_000_000 },
      { key: "confirm", label: t.confirm, kind: "select", options: [["no", t.no], ["yes", t.yes]] },
      { key: "due", label: t.performBy, kind: "date" },
      { key: "terms", label: t.terms, kind: "long", required: true },
    ],
  });
  if (done === undefined) return undefined;
  const fields = { ...numbers(draft, "amount"), ...written(draft, "terms", "due"), confirm: draft["confirm"] === "yes" };
  return () => mediation.agree(sheet, fields);
}

async function confirmation(mediation: Mediation, sheet: CaseSheet): Promise<Work | undefined> {
  const draft: Draft = {};
  const done = await askForm({
    title: t.referred,
    save: t.referred,
    draft,
    fields: () => [
      { key: "to", label: t.to, required: true, wide: true },
      { key: "reference", label: t.reference, wide: true },
    ],
  });
  return done === undefined ? undefined : () => mediation.refer(sheet, written(draft, "to", "reference"));
}

/** Enters a sitting. */
export async function sit({ app }: Acting, sheet: CaseSheet): Promise<void> {
  if (!(await app.askWho())) return;
  const draft: Draft = { date: addDays(today(), 1), start: "09:00", end: "10:30" };
  const done = await askForm({
    title: t.sit,
    save: t.save,
    draft,
    fields: () => [
      { key: "date", label: t.date, kind: "date", required: true, wide: true },
      { key: "start", label: t.start, kind: "time", required: true },
      { key: "end", label: t.end, kind: "time", required: true },
      { key: "place", label: t.place, wide: true },
    ],
  });
  if (done === undefined) return;
  await attempt(async () => {
    const { date, start, end } = draft;
    await app.session?.yilian.mediation.sit(sheet, { start: `${date}T${start}`, end: `${date}T${end}`, ...written(draft, "place") });
    toast(t.satDown);
  });
}

/** Hands the case to another site. */
export async function share({ app }: Acting, sheet: CaseSheet): Promise<void> {
  if (!(await app.askWho())) return;
  const has = new Set([sheet.document.split("/")[1], ...sheet.referrals.map(({ to_site }) => to_site)]);
  const sites = app.sites.filter(({ key }) => !has.has(key)).map(({ key, name }) => [key, name] as const);
  const draft: Draft = { to: sites[0]?.[0] ?? "" };
  const done = await askForm({
    title: t.share,
    save: t.share,
    draft,
    fields: () => [
      { key: "to", label: t.toSite, kind: "select", options: sites, required: true, wide: true, hint: t.shareHint },
      { key: "note", label: t.note, kind: "long" },
    ],
  });
  if (done === undefined) return;
  await attempt(async () => {
    const to = draft["to"] ?? "";
    await app.session?.yilian.mediation.share(sheet, to, (draft["note"] ?? "").trim());
    toast(t.shared(siteName(to, app.sites)));
  });
}

/** A case that could not be mediated goes to arbitration or to court, which is no step. */
export async function handOn({ app }: Acting, sheet: CaseSheet): Promise<void> {
  if (!(await app.askWho())) return;
  const draft: Draft = { kind: "arbitration" };
  const kinds = KINDS.referrals.fields.kind.choices;
  const done = await askForm({
    title: t.court,
    save: t.save,
    draft,
    fields: () => [
      { key: "kind", label: t.whatFor, kind: "select", options: (["arbitration", "court"] as const).map((kind) => [kind, say(kinds[kind])] as const) },
      { key: "to", label: t.to, required: true },
      { key: "reference", label: t.reference, wide: true },
    ],
  });
  if (done === undefined) return;
  await attempt(async () => {
    const kind = draft["kind"] as "arbitration" | "court";
    await app.session?.yilian.mediation.refer(sheet, { kind, ...written(draft, "to", "reference") });
    toast(t.sent);
  });
}

/** What a step is called where it is taken. */
export function wordOf(stage: Stage): string {
  const words = t as unknown as Record<string, string | undefined>;
  return words[stage] ?? stageText(stage);
}

function choices(field: "mode" | "origin" | "claim"): [string, string][] {
  const all = Object.entries(KINDS.case.fields[field].choices as Record<string, { zh: string; en: string }>);
  return all.map(([value, label]) => [value, say(label)]);
}

function numbers(draft: Draft, ...keys: string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(written(draft, ...keys)).map(([key, text]) => [key, Number(text)]));
}

