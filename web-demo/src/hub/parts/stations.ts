import type { Site } from "@yilian/client";
import { html, type TemplateResult } from "lit/html.js";
import type { SiteSync } from "../devices.ts";
import type { Texts } from "../texts.ts";

/** What the table of sites shows. */
export interface Stations {
  readonly texts: Texts;
  readonly sites: ReadonlyMap<string, Site>;
  readonly syncs: readonly SiteSync[];
  /** `3 分钟前`, `11月20日 10:42`. */
  timeText(at: number): string;
}

/** Every site: those that need looking at first. */
export function stationTable({ texts, sites, syncs, timeText }: Stations): TemplateResult {
  const rank = { device: 0, change: 1, nothing: 2 };
  const order = (a: SiteSync, b: SiteSync): number =>
    b.waiting - a.waiting ||
    Number(b.online) - Number(a.online) ||
    rank[a.from] - rank[b.from] ||
    (b.at ?? 0) - (a.at ?? 0);
  return html`<div class="table-scroll stations" tabindex="0" role="region" aria-label=${texts.stations}>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${texts.site}</th>
          <th scope="col" class="col-state">${texts.state}</th>
          <th scope="col">${texts.lastSync}</th>
          <th scope="col" class="number">${texts.waiting}</th>
        </tr>
      </thead>
      <tbody>
        ${[...syncs].sort(order).map((sync) => row(sync))}
      </tbody>
    </table>
  </div>`;

  function row(sync: SiteSync): TemplateResult {
    const site = sites.get(sync.site);
    return html`<tr data-site=${sync.site} data-from=${sync.from}>
      <th scope="row">
        <span class="dot" data-presence=${presence(sync)} aria-hidden="true"></span>${site?.name ?? sync.site}
        ${site === undefined ? "" : html`<span class="level" data-level=${site.level}>${texts.levels[site.level]}</span>`}
      </th>
      <td class="col-state">
        <span class="presence" data-presence=${presence(sync)}>${
          { online: texts.online, away: texts.away, unheard: texts.unheard }[presence(sync)]
        }</span>
      </td>
      <td>${lastSync(sync)}</td>
      <td class="number" data-waiting=${sync.waiting}>${waiting(sync)}</td>
    </tr>`;
  }

  /** Of who is away, only what waited when it was last heard of is known. */
  function waiting({ from, online, waiting }: SiteSync): TemplateResult | string {
    if (from !== "device") return "–";
    if (online) return String(waiting);
    const text = waiting > 0 ? texts.atLeast(waiting) : texts.unknown;
    return html`<span title=${texts.unknownWhy}>${text}</span>`;
  }

  function lastSync({ from, at, devices }: SiteSync): TemplateResult | string {
    if (at === undefined) return html`<span class="muted">${texts.never}</span>`;
    if (from === "change") {
      return html`<span class="muted" title=${texts.guessed}>${texts.lastChange(timeText(at))}</span>`;
    }
    const count = devices.length > 1 ? ` · ${texts.devices(devices.length)}` : "";
    return `${timeText(at)}${count}`;
  }
}

function presence({ from, online }: SiteSync): "online" | "away" | "unheard" {
  return from !== "device" ? "unheard" : online ? "online" : "away";
}
