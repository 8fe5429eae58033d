// A shift in a dialog: a new one, or one that is there.

import type { Finding, NewShift, Shift, ShiftFields } from "@yilian/client";
import { KINDS } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { type Dialog, openDialog } from "../shell/dialog.ts";
import { byPinyin, say } from "../shell/i18n.ts";
import { icon } from "../shell/icons.ts";
import { addDays, clock, daysBetween, minutesBetween } from "../shell/calendar.ts";
import { dayText } from "../shell/time.ts";
import type { App } from "./app.ts";
import * as desk from "./desk.ts";
import { findingCard } from "./findings.ts";
import { type Row, usual } from "./model.ts";
import { t } from "./texts.ts";
import { fieldLabel } from "./words.ts";

/** What is in the dialog's fields. */
interface Draft {
  row: string;
  otherName: string;
  lentBy: string;
  day: string;
  post: string;
  from: string;
  to: string;
  /** Whole days from the start to the end, beyond what the times say. */
  extraDays: number;
  state: Shift["state"];
  note: string;
}

const OTHER = "other";
const USUAL_MOST = 4;
let missing = new Set<string>();

/** Opens a new shift. */
export async function openNew(app: App, day: string, row?: Row): Promise<void> {
  if (!(await app.askWho())) return;
  const [first] = usual(app.session?.roster?.value ?? [], 1);
  const draft: Draft = {
    row: row?.key ?? (app.board.rows.length === 0 ? OTHER : ""),
    otherName: "",
    lentBy: "",
    day,
    post: first?.post ?? "",
    from: first?.start ?? "08:00",
    to: first?.end ?? "14:00",
    extraDays: 0,
    state: "planned",
    note: "",
  };
  app.session?.presence?.set({ day, ...(row && { row: row.key }) });
  const made = await open(app, draft);
  app.session?.presence?.set({});
  if (made !== "save") return;
  const fields = fieldsOf(app, draft);
  const id = await desk.add(app, fields as NewShift);
  if (id !== undefined) standOn(app, id);
}

/** Opens a shift that is there. */
export async function openShift(app: App, shift: Shift): Promise<void> {
  const key = app.board.rowOf(shift);
  const end = shift.end ?? shift.start;
  const past = clock(end) <= clock(shift.start) ? 1 : 0;
  const draft: Draft = {
    row: key,
    otherName: shift.name,
    lentBy: shift.lent_by ?? "",
    day: shift.start.slice(0, 10),
    post: shift.post,
    from: clock(shift.start),
    to: clock(end),
    extraDays: Math.max(0, daysBetween(shift.start.slice(0, 10), end.slice(0, 10)) - past),
    state: shift.state,
    note: shift.note,
  };
  app.session?.presence?.set({ row: key, day: draft.day, shift: shift.id });
  const done = await open(app, draft, shift);
  app.session?.presence?.set({ row: key, day: draft.day });
  if (done === "remove") await desk.remove(app, shift);
  if (done === "history") app.showHistory(shift);
  if (done !== "save" || !(await app.askWho())) return;
  const wanted = fieldsOf(app, draft, shift);
  const changed = Object.entries(wanted).filter(([field, value]) => (shift[field as keyof Shift] ?? "") !== (value ?? ""));
  if (changed.length > 0) await desk.change(app, shift, Object.fromEntries(changed) as ShiftFields);
  standOn(app, shift.id);
}

/** The keyboard goes on from the shift. */
function standOn(app: App, id: string): void {
  const shift = app.session?.roster?.get(id);
  if (shift === undefined) return;
  const row = app.board.rowOf(shift);
  const day = shift.start.slice(0, 10);
  app.cursor = { row, day, index: Math.max(0, app.board.at(row, day).findIndex((one) => one.id === id)) };
  app.draw();
}

function endDay({ day, from, to, extraDays }: Draft): string {
  return addDays(day, extraDays + (to <= from ? 1 : 0));
}

function fieldsOf(app: App, draft: Draft, shift?: Shift): ShiftFields {
  const row = app.board.rows.find(({ key }) => key === draft.row);
  const same = shift !== undefined && row !== undefined && app.board.rowOf(shift) === row.key;
  const whom = same
    ? {}
    : row
      ? { name: row.name, person: row.person, lent_by: row.lentBy }
      : { name: draft.otherName.trim(), person: null, lent_by: draft.lentBy || null };
  const given = Object.entries(whom).filter(([, value]) => shift !== undefined || value !== null);
  return {
    ...(Object.fromEntries(given) as ShiftFields),
    post: draft.post.trim(),
    start: `${draft.day}T${draft.from}`,
    end: `${endDay(draft)}T${draft.to}`,
    state: draft.state,
    ...(shift !== undefined || draft.note.trim() ? { note: draft.note.trim() || null } : {}),
  };
}

type Done = "save" | "remove" | "history";

function open(app: App, draft: Draft, shift?: Shift): Promise<Done | undefined> {
  missing = new Set();
  return openDialog<Done>(
    (dialog) => ({
      title: shift ? t.editShift : t.add,
      body: form(app, draft, dialog, shift),
      foot: html`${shift
          ? html`<div class="start row">
              <button type="button" class="btn btn-ghost btn-danger" @click=${() => dialog.close("remove")}>${icon("trash")}${t.remove}</button>
              <button type="button" class="btn btn-ghost" @click=${() => dialog.close("history")}>${icon("history")}${t.history}</button>
            </div>`
          : nothing}
        <button type="button" class="btn wide-only" @click=${() => dialog.close()}>${t.cancel}</button>
        <button type="submit" form="shift-form" class="btn btn-primary">${t.save}</button>`,
    }),
    () => {
      // Where a keyboard begins; on a phone one would cover the dialog.
      const typed = draft.row !== "" && !matchMedia("(pointer: coarse)").matches;
      document.querySelector<HTMLElement>(typed ? "#f-post" : "#f-row")?.focus();
    },
  );
}

function form(app: App, draft: Draft, dialog: Dialog<Done>, shift: Shift | undefined): TemplateResult {
  const put = <Key extends keyof Draft>(key: Key) => (event: Event) => {
    draft[key] = (event.target as HTMLInputElement).value as Draft[Key];
    missing.delete(key);
    dialog.draw();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    missing = new Set(needed(draft));
    if (missing.size === 0) return dialog.close("save");
    dialog.draw();
    document.querySelector<HTMLElement>("#shift-form [aria-invalid=true]")?.focus();
  };
  const found: readonly Finding[] = shift ? (app.findings.get(shift.id) ?? []) : [];
  const posts = [...app.board.posts.keys()];
  return html`${found.map((finding) => findingCard(app, finding, () => dialog.close()))}
    <form id="shift-form" class="fields" novalidate @submit=${submit}>
      ${field("row", t.person, "wide", html`<select id="f-row" class="input" aria-invalid=${missing.has("row")} @change=${put("row")}>
        <option value="" disabled ?selected=${draft.row === ""}></option>
        ${app.board.rows.map(({ key, name }) => html`<option value=${key} ?selected=${draft.row === key}>${name}</option>`)}
        <option value=${OTHER} ?selected=${draft.row === OTHER}>${t.otherPerson}</option>
      </select>`)}
      ${draft.row === OTHER ? other(app, draft, put) : nothing}
      ${shift === undefined ? usualOnes(app, draft, dialog) : nothing}
      ${field("day", t.date, "", html`<input id="f-day" type="date" class="input" required aria-invalid=${missing.has("day")} .value=${draft.day} @change=${put("day")} />`)}
      ${field("post", fieldLabel("post"), "", html`<input id="f-post" class="input" list="posts" autocomplete="off" aria-invalid=${missing.has("post")} .value=${draft.post} @input=${put("post")} />
        <datalist id="posts">${posts.map((post) => html`<option value=${post}></option>`)}</datalist>`)}
      ${field("from", fieldLabel("start"), "", html`<input id="f-from" type="time" class="input" aria-invalid=${missing.has("from")} .value=${draft.from} @change=${put("from")} />`)}
      ${field("to", fieldLabel("end"), "", html`<input id="f-to" type="time" class="input" aria-invalid=${missing.has("to")} .value=${draft.to} @change=${put("to")} />`)}
      <p class="wide summary num" role="status">${summary(draft)}</p>
      <fieldset class="wide states">
        <legend class="visually-hidden">${fieldLabel("state")}</legend>
        ${Object.entries(KINDS.shifts.fields.state.choices).map(
          ([state, label]) => html`<label><input type="radio" name="state" value=${state} .checked=${draft.state === state} @change=${put("state")} /><span>${say(label)}</span></label>`,
        )}
      </fieldset>
      ${field("note", fieldLabel("note"), "wide", html`<input id="f-note" class="input" autocomplete="off" .value=${draft.note} @input=${put("note")} />`)}
    </form>`;
}

function field(key: string, label: string, more: string, control: TemplateResult): TemplateResult {
  return html`<div class="field ${more}">
    <label for="f-${key}">${label}</label>${control}
    ${missing.has(key) ? html`<span class="error-text" role="alert">${t.needed}</span>` : nothing}
  </div>`;
}

function other(app: App, draft: Draft, put: (key: keyof Draft) => (event: Event) => void): TemplateResult {
  const sites = app.sites.filter(({ key }) => key !== app.session?.site).toSorted((a, b) => byPinyin(a.name, b.name));
  return html`${field("otherName", t.otherName, "", html`<input id="f-otherName" class="input" autocomplete="off" aria-invalid=${missing.has("otherName")} .value=${draft.otherName} @input=${put("otherName")} />`)}
    ${field("lentBy", t.lentFrom, "", html`<select id="f-lentBy" class="input" @change=${put("lentBy")}>
      <option value="">${t.ownSite}</option>
      ${sites.map(({ key, name }) => html`<option value=${key} ?selected=${draft.lentBy === key}>${name}</option>`)}
    </select>`)}`;
}

/** What is worked most: one tap fills in post and hours. */
function usualOnes(app: App, draft: Draft, dialog: Dialog<Done>): TemplateResult | typeof nothing {
  const ones = usual(app.session?.roster?.value ?? [], USUAL_MOST);
  if (ones.length === 0) return nothing;
  return html`<div class="wide row usual" role="group" aria-label=${t.usual}>
    ${ones.map(({ post, start, end }) => {
      const isOn = draft.post === post && draft.from === start && draft.to === end;
      const take = () => {
        Object.assign(draft, { post, from: start, to: end, extraDays: 0 });
        dialog.draw();
      };
      return html`<button type="button" class="chip" aria-pressed=${isOn} @click=${take}>${post} ${start}–${end}</button>`;
    })}
  </div>`;
}

function summary(draft: Draft): string {
  if (needed(draft).some((key) => ["day", "from", "to"].includes(key))) return " ";
  const last = endDay(draft);
  const late = last === draft.day ? "" : last === addDays(draft.day, 1) ? t.nextDay : `${dayText(last)} `;
  const minutes = minutesBetween(`${draft.day}T${draft.from}`, `${last}T${draft.to}`);
  return `${dayText(draft.day)} ${draft.from} – ${late}${draft.to} · ${t.hours(String(Math.round(minutes / 6) / 10))}`;
}

function needed(draft: Draft): string[] {
  const all: (keyof Draft)[] = ["row", "day", "post", "from", "to"];
  const empty = all.filter((key) => String(draft[key]).trim() === "");
  return draft.row === OTHER && draft.otherName.trim() === "" ? [...empty, "otherName"] : empty;
}
