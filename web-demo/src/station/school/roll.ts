// Who was there: a cell for each student and lesson, to tap or to type.

import { type ClassMember, type ClassSheet, KINDS, type Lesson } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { clock } from "../../shell/calendar.ts";
import { attempt } from "../../shell/client.ts";
import { say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { empty } from "../../shell/states.ts";
import { civil, dayText } from "../../shell/time.ts";
import { askLesson } from "./forms.ts";
import { moved, nextPresence, type Presence, PRESENCES, presenceIn, seated } from "./model.ts";
import type { SchoolDesk } from "./section.ts";
import { t } from "./texts.ts";

/** Where the keyboard is. */
interface Place {
  readonly row: number;
  readonly column: number;
}

export class Roll {
  #at: Place = { row: 0, column: 0 };

  view(desk: SchoolDesk, course: ClassSheet): TemplateResult {
    const { sessions } = course;
    const rows = seated(course.members);
    if (sessions.length === 0) {
      const add = html`<button type="button" class="btn btn-primary" @click=${() => void askLesson(desk, course)}>${icon("plus")}${t.addLesson}</button>`;
      return html`<div class="card">${empty({ icon: "calendar", title: t.noLessons, text: t.noLessonsText, action: add })}</div>`;
    }
    if (rows.length === 0) return html`<div class="card">${empty({ icon: "person", title: t.noSeats, text: t.noStudentsText })}</div>`;
    const at = { row: Math.min(this.#at.row, rows.length - 1), column: Math.min(this.#at.column, sessions.length - 1) };
    return html`<div class="roll-wrap">
        <table class="roll" aria-label=${t.attendance} @keydown=${(event: KeyboardEvent) => this.#key(event, desk, rows, sessions)}>
          <thead><tr>
            <th scope="col" class="corner">${t.name}</th>
            ${sessions.map((lesson) => this.#head(desk, course.name, lesson, rows))}
            <th scope="col">${t.attendance}</th>
          </tr></thead>
          <tbody>${repeat(rows, ({ enrolment }) => enrolment.id, (one, row) => html`<tr>
            <th scope="row">${one.enrolment.name}</th>
            ${sessions.map((lesson, column) => this.#cell(desk, one, lesson, { row, column }, at))}
            <td class="num sum">${one.held === 0 ? "–" : `${one.there}/${one.held}`}</td>
          </tr>`)}</tbody>
        </table>
      </div>
      <p class="hint roll-hint">${t.cellsHint}</p>`;
  }

  #head(desk: SchoolDesk, course: string, lesson: Lesson, rows: readonly ClassMember[]): TemplateResult {
    const { name, start, end, venue_name } = lesson;
    const isOn = start <= civil() && civil() < end;
    // Who will be there nobody knows yet.
    const hasBegun = start <= civil();
    const unnoted = rows.filter((one) => presenceIn(one, lesson.id) === undefined);
    const all = () => void this.#allThere(desk, lesson, unnoted);
    return html`<th scope="col" class=${isOn ? "is-on" : ""} title=${[course, name, venue_name ?? ""].join(" ")}>
      <span class="lesson-name">${name}</span>
      <span class="lesson-day num">${dayText(start.slice(0, 10)).split(" ")[0]}<br />${clock(start)}</span>
      <button type="button" class="btn btn-s" ?disabled=${!hasBegun || unnoted.length === 0} aria-label=${t.allThereOf(name)} @click=${all}>${t.allThere}</button>
    </th>`;
  }

  #cell(desk: SchoolDesk, one: ClassMember, lesson: Lesson, place: Place, at: Place): TemplateResult {
    const state = presenceIn(one, lesson.id);
    const words = state === undefined ? t.notNoted : say(KINDS.attendance.fields.state.choices[state]);
    const isAt = place.row === at.row && place.column === at.column;
    return html`<td>
      <button
        type="button"
        class="cell"
        data-state=${state ?? "none"}
        data-row=${place.row}
        data-column=${place.column}
        tabindex=${isAt ? "0" : "-1"}
        aria-label=${t.cell(one.enrolment.name, lesson.name, words)}
        @focus=${() => (this.#at = place)}
        @click=${() => void this.#set(desk, one, lesson, nextPresence(state))}
      >${state === undefined ? nothing : t[`short.${state}`]}</button>
    </td>`;
  }

  #key(event: KeyboardEvent, desk: SchoolDesk, rows: readonly ClassMember[], sessions: readonly Lesson[]): void {
    const cell = event.target as HTMLElement;
    if (!cell.classList.contains("cell") || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(this.#at, event.key, rows.length, sessions.length);
    if (to !== undefined) {
      event.preventDefault();
      this.#at = to;
      desk.draw();
      cell.closest("table")?.querySelector<HTMLElement>(`[data-row="${to.row}"][data-column="${to.column}"]`)?.focus();
      return;
    }
    const [state, one, lesson] = [PRESENCES[Number(event.key) - 1], rows[this.#at.row], sessions[this.#at.column]];
    if (state === undefined || one === undefined || lesson === undefined) return;
    event.preventDefault();
    void this.#set(desk, one, lesson, state);
  }

  /** What a cell shows says it: nothing else is said of one. */
  async #set(desk: SchoolDesk, { enrolment }: ClassMember, lesson: Lesson, state: Presence): Promise<void> {
    if (!(await desk.app.askWho())) return;
    const words = say(KINDS.attendance.fields.state.choices[state]);
    const isDone = await attempt(() => desk.now().school.attend({ site: desk.site, enrolment: enrolment.id, session: lesson.id }, { state }));
    if (isDone) desk.app.announce(t.cell(enrolment.name, lesson.name, words));
  }

  async #allThere(desk: SchoolDesk, { id, name }: Lesson, rows: readonly ClassMember[]): Promise<void> {
    const { site } = desk;
    const note = async (yilian: ReturnType<SchoolDesk["now"]>) => {
      for (const { enrolment } of rows) await yilian.school.attend({ site, enrolment: enrolment.id, session: id }, { state: "present" });
    };
    await desk.act(note, t.allNoted(name, rows.length));
  }
}
