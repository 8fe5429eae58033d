import type { HoldingDevice } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { openDialog } from "../../shell/dialog.ts";
import { type DeviceHoldings, takers } from "../holdings.ts";
import type { SharingTexts } from "../sharing-texts.ts";
import { fieldLabel, momentText, type Words } from "../wording.ts";

/** The devices of one site that hold goods. */
export interface DeviceList {
  readonly texts: SharingTexts;
  readonly words: Words;
  /** Undefined while they are asked for. */
  readonly devices: readonly DeviceHoldings[] | undefined;
  readonly busy: ReadonlySet<string>;
  lose(of: DeviceHoldings): void;
}

export function deviceCard(list: DeviceList): TemplateResult {
  const { texts, devices } = list;
  return html`<section class="card report no-print" data-report="devices" aria-labelledby="report-devices">
    <header class="card-head"><h2 id="report-devices">${texts.devices}</h2></header>
    <p class="muted small">${texts.devicesLead}</p>
    ${devices === undefined
      ? html`<div class="skeleton block"></div>`
      : devices.length === 0
        ? html`<p class="report-none muted">${texts.noDevices}</p>`
        : html`<ul class="to-confirm">
            ${devices.map((of) => one(of, list))}
          </ul>`}
  </section>`;
}

function one(of: DeviceHoldings, { texts, words, busy, lose }: DeviceList): TemplateResult {
  const { device } = of;
  return html`<li data-holder=${device.holder}>
    <p><b>${deviceName(device)}</b><br />${holdsText(of, texts)}</p>
    ${device.lost_at === null
      ? html`<span></span>
          <button
            class="btn btn-s btn-danger"
            aria-label=${texts.loseOf(deviceName(device))}
            ?disabled=${busy.has(device.holder)}
            @click=${() => lose(of)}
          >
            ${texts.lose}
          </button>`
      : html`<span class="pill pill-danger">${fieldLabel("devices", "lost_at", words)} ${momentText(device.lost_at, words)}</span>`}
  </li>`;
}

/** Asks whether a device is lost, saying what follows; answers who takes over, `""` where there is nothing to. */
export function askLoss(of: DeviceHoldings, all: readonly DeviceHoldings[], texts: SharingTexts): Promise<string | undefined> {
  const able = takers(all, of.device);
  const isStuck = able.length === 0 && of.holds.some(({ count }) => count > 0);
  let to = able[0]?.holder ?? "";
  return openDialog<string>((dialog) => ({
    title: texts.loseOf(deviceName(of.device)),
    body: html`<ul class="warnings">
        <li>${texts.lossMoves(holdsText(of, texts))}</li>
        <li>${texts.lossLate}</li>
        <li>${texts.lossStays}</li>
      </ul>
      ${isStuck ? html`<p role="alert">${texts.lossStuck}</p>` : nothing}
      ${able.length === 0
        ? nothing
        : html`<label class="field">
            <span class="label">${texts.taker}</span>
            <select id="taker" class="input" @change=${(event: Event) => (to = (event.target as HTMLSelectElement).value)}>
              ${able.map((device) => html`<option value=${device.holder}>${deviceName(device)}</option>`)}
            </select>
          </label>`}`,
    foot: html`<button type="button" class="btn" @click=${() => dialog.close()}>${texts.cancel}</button>
      <button type="button" class="btn btn-danger" ?disabled=${isStuck} @click=${() => dialog.close(to)}>${texts.declareLost}</button>`,
  }));
}

/** What people call a device; of two of one name, the beginning of what it holds rights as tells which. */
export function deviceName({ name, holder }: HoldingDevice): string {
  const mark = holder.slice(0, 6);
  return name === "" ? mark : `${name} (${mark})`;
}

function holdsText({ holds }: DeviceHoldings, texts: SharingTexts): string {
  if (holds.length === 0) return texts.holdsNothing;
  return holds.map(({ name, count, unit }) => `${name} ${count}${unit === "" ? "" : ` ${unit}`}`).join(texts.and);
}
