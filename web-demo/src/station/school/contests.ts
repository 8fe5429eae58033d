// A contest: its ranking, and who goes on.

import { type ContestSheet, KINDS, type Standing } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../shell/i18n.ts";
import { icon } from "../../shell/icons.ts";
import { dayText } from "../../shell/time.ts";
import { siteName } from "../words.ts";
import { askContest, askEntry, askScore } from "./forms.ts";
import type { SchoolDesk } from "./section.ts";
import { t } from "./texts.ts";

const { fields } = KINDS.contests;
const { choices: STATES } = KINDS.entries.fields.state;

export function contestCard(desk: SchoolDesk, contest: ContestSheet): TemplateResult {
  const { name, tier, on, best, advance, next, standings, note } = contest;
  const parts = [on === null ? "" : dayText(on), say(fields.best.choices[best]), note].filter((text) => text !== "");
  const why = next === null || advance === null ? t.noAdvance : standings.every(({ rank }) => rank === null) ? t.noRanking : undefined;
  const id = `advance-${contest.id}`;
  return html`<section class="card contest" aria-label=${name} data-contest=${contest.id}>
    <header><div><h3>${name}</h3><p class="small muted">${parts.join(" · ")}</p></div><span class="pill pill-accent">${say(fields.tier.choices[tier])}</span></header>
    ${standings.length === 0
      ? html`<p class="muted">${t.noEntries}</p>`
      : html`<table class="ranking">
          <thead><tr><th scope="col">${t.rank}</th><th scope="col">${t.entry}</th><th scope="col" class="num">${t.scoreColumn}</th></tr></thead>
          <tbody>${repeat(standings, ({ id }) => id, (one) => standing(desk, contest, one))}</tbody>
        </table>`}
    <div class="row">
      <button type="button" class="btn btn-s" @click=${() => void askEntry(desk, contest)}>${icon("plus")}${t.addEntry}</button>
      <button type="button" class="btn btn-s" ?disabled=${why !== undefined} aria-describedby=${id} @click=${() => void send(desk, contest)}>${icon("right")}${t.advance}</button>
      <button type="button" class="btn btn-s btn-ghost" aria-label=${t.editOf(name)} @click=${() => void askContest(desk, contest)}>${t.edit}</button>
    </div>
    <p class="small muted" id=${id}>${why ?? t.goesOn(advance ?? 0, next?.name ?? "")}</p>
  </section>`;
}

function standing(desk: SchoolDesk, contest: ContestSheet, one: Standing): TemplateResult {
  const { rank, name, home, score, state, advances } = one;
  const shown = score === null ? t.noScore : String(score);
  return html`<tr class="is-${state}">
    <td class="num rank" data-rank=${rank ?? nothing}>${rank ?? "–"}</td>
    <th scope="row">${name}
      ${home === null || home === desk.site ? nothing : html`<span class="small muted">${siteName(home, desk.app.sites)}</span>`}
      ${state === "entered" ? nothing : html`<span class="pill">${say(STATES[state])}</span>`}
      ${advances ? html`<span class="pill pill-ok">${t.advances}</span>` : nothing}</th>
    <td class="num"><button type="button" class="btn btn-s btn-ghost num" aria-label=${t.scoreOf(name, shown)} @click=${() => void askScore(desk, contest, one)}>${shown}</button></td>
  </tr>`;
}

async function send(desk: SchoolDesk, { id, next }: ContestSheet): Promise<void> {
  await desk.act(({ school }) => school.advance({ site: desk.site, contest: id }), t.advanced(next?.name ?? ""));
}
