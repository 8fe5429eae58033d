import { type Finding, KINDS } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Bar, Line } from "../dayline.ts";
import { clock } from "../../shell/hours.ts";
import type { Texts } from "../texts.ts";

/** What the roster of a day shows. */
export interface DayRoster {
  readonly texts: Texts;
  readonly language: "zh" | "en";
  readonly lines: readonly Line[];
  /** Sites that have no shift on the day. */
  readonly idle: readonly string[];
  readonly worst: ReadonlyMap<string, Finding>;
  /** The minute of the day that is now, where the day is today. */
  readonly now: number | undefined;
  /** The hue of a post. */
  hueOf(post: string): number;
  siteName(key: string): string;
}

const HOURS = [0, 4, 8, 12, 16, 20, 24];
const DAY = 24 * 60;

/** Every site a line, every shift a bar from its start to its end; on a narrow screen, a list. */
export function dayRoster(roster: DayRoster): TemplateResult {
  const { texts, lines, idle } = roster;
  if (lines.length === 0) {
    return html`<div class="empty"><p><b>${texts.noShifts}</b></p><p>${texts.noShiftsWhy}</p></div>`;
  }
  return html`<div class="dayroster">
      <div class="hours-row" aria-hidden="true">
        <span></span>
        <div>${hoursBeside(roster.now).map((hour) => html`<i style="left: ${(hour / 24) * 100}%">${String(hour).padStart(2, "0")}</i>`)}${roster.now === undefined ? nothing : html`<b class="now" style="left: ${(roster.now / DAY) * 100}%">${clock(roster.now)}</b>`}</div>
      </div>
      <ul class="lines">
        ${lines.map((line) => siteLine(line, roster))}
      </ul>
    </div>
    ${idle.length === 0
      ? nothing
      : html`<details class="idle">
          <summary>${texts.idleSites(idle.length)}</summary>
          <p>${idle.map(roster.siteName).join(roster.language === "zh" ? "、" : ", ")}</p>
        </details>`}`;
}

/** The time now stands over the hours next to it. */
function hoursBeside(now: number | undefined): number[] {
  return HOURS.filter((hour) => now === undefined || Math.abs(hour * 60 - now) > 75);
}

function siteLine({ site, lanes, bars }: Line, roster: DayRoster): TemplateResult {
  const now = roster.now;
  return html`<li class="line-row">
    <h3>${roster.siteName(site)}</h3>
    <ul class="track" ?data-now=${now !== undefined} style="--lanes: ${lanes}; --now: ${((now ?? 0) / DAY) * 100}%">
      ${bars.map((bar) => shiftBar(bar, roster))}
    </ul>
  </li>`;
}

function shiftBar({ shift, from, to, lane, begunBefore }: Bar, roster: DayRoster): TemplateResult {
  const { texts, language, worst, siteName } = roster;
  const finding = worst.get(shift.id);
  const state = KINDS.shifts.fields.state.choices[shift.state][language];
  const lent = shift.lent_by === null ? undefined : texts.lentBy(siteName(shift.lent_by));
  const before = begunBefore ? texts.fromDayBefore : undefined;
  const span = `${shift.start.slice(11, 16)}–${shift.end.slice(11, 16)}`;
  const more = [span, state, lent, before, shift.note || undefined].filter((part) => part !== undefined);
  return html`<li
    class="bar hue-${roster.hueOf(shift.post)}"
    data-state=${shift.state}
    data-severity=${finding?.severity ?? ""}
    style="--from: ${(from / DAY) * 100}%; --width: ${((to - from) / DAY) * 100}%; --lane: ${lane}"
    title=${[shift.name, shift.post, ...more].join(" · ")}
  >
    <span class="bar-time">${span}</span>
    <b>${shift.name}</b> <span class="bar-post">${shift.post}</span>
    ${lent === undefined ? nothing : html`<span class="bar-lent">${lent}</span>`}
    ${shift.state === "absent" || shift.state === "swapped" ? html`<span class="bar-state">${state}</span>` : nothing}
    ${finding === undefined
      ? nothing
      : html`<a class="bar-finding" href="#finding-${finding.id}" title=${finding.text[language]}>
          <span aria-hidden="true">!</span><span class="visually-hidden">${texts.conflict}</span>
        </a>`}
  </li>`;
}
