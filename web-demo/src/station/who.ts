// Who sits here, and at which site.

import type { Site } from "@yilian/client";
import { KINDS } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { type Dialog, openDialog } from "../shell/dialog.ts";
import { byPinyin, say } from "../shell/i18n.ts";
import { icon } from "../shell/icons.ts";
import { empty } from "../shell/states.ts";
import type { App } from "./app.ts";
import { t } from "./texts.ts";

/** Asks who it is; answers the name. */
export function askWho(app: App, now: string | undefined): Promise<string | undefined> {
  let written = "";
  const people = app.session?.people?.value ?? [];
  const submit = (event: Event, dialog: Dialog<string>) => {
    event.preventDefault();
    // A slash parts the site from the name.
    const name = written.replaceAll("/", " ").trim();
    if (name !== "") dialog.close(name);
  };
  return openDialog<string>((dialog) => ({
    title: t.who,
    body: html`<p class="muted">${t.whoText}</p>
      ${people.length === 0
        ? nothing
        : html`<ul class="picks">${people.map(
            ({ name, role }) => html`<li><button type="button" class="pick" aria-pressed=${name === now} @click=${() => dialog.close(name)}>
              <span>${name}</span>${role === "staff" ? nothing : html`<small>${roleText(role)}</small>`}
            </button></li>`,
          )}</ul>`}
      <form class="field" @submit=${(event: Event) => submit(event, dialog)}>
        <label for="who-name">${t.whoOther}</label>
        <div class="row nowrap">
          <input id="who-name" class="input" autocomplete="name" @input=${(event: Event) => { written = (event.target as HTMLInputElement).value; }} />
          <button type="submit" class="btn">${t.whoSave}</button>
        </div>
      </form>`,
  }));
}

function roleText(role: string): string {
  const choices: Readonly<Record<string, { zh: string; en: string }>> = KINDS.persons.fields.role.choices;
  const label = choices[role];
  return label === undefined ? role : say(label);
}

/** Asks for another site; answers its key. */
export function askSite(app: App): Promise<string | undefined> {
  let wanted = "";
  return openDialog<string>((dialog) => ({
    title: t.changeSite,
    body: html`<div class="field">
        <label for="site-find">${t.findSite}</label>
        <input id="site-find" type="search" class="input" autocomplete="off" @input=${(event: Event) => {
          wanted = (event.target as HTMLInputElement).value.trim();
          dialog.draw();
        }} />
      </div>
      ${siteList(app.sites, app.session?.site, wanted, 3, (key) => dialog.close(key))}`,
  }));
}

function siteList(sites: readonly Site[], now: string | undefined, wanted: string, level: 2 | 3, take: (key: string) => void): TemplateResult {
  const fit = sites
    .filter(({ name, key, address }) => [name, key, address].some((text) => text.includes(wanted)))
    .toSorted((a, b) => byPinyin(a.name, b.name));
  const levels = ["home", "station", "point"] as const;
  const choices = KINDS.sites.fields.level.choices;
  if (fit.length === 0) return html`<p class="muted">${t.noMatch}</p>`;
  return html`${levels.map((one) => {
    const ones = fit.filter((site) => site.level === one);
    if (ones.length === 0) return nothing;
    return html`<section class="stack"><div role="heading" aria-level=${level} class="small muted">${say(choices[one])}</div>
      <ul class="picks picks-wide">${ones.map(
        ({ key, name, hours }) => html`<li><button type="button" class="pick" aria-pressed=${key === now} @click=${() => take(key)}>
          <span>${name}</span>${hours ? html`<small class="num">${hours.replaceAll("-", "–")}</small>` : nothing}
        </button></li>`,
      )}</ul></section>`;
  })}`;
}

/** The page of a browser that stands nowhere yet. */
export function chooseSitePage(app: App): TemplateResult {
  if (app.sites.length === 0) {
    return html`<div class="card">${empty({
      icon: "pin",
      title: t.noSites,
      text: html`${t.noSitesText}<br /><code>yilian site import sites.csv</code>`,
    })}</div>`;
  }
  return html`<div class="choose stack">
    <h1>${t.chooseSite}</h1>
    <p class="muted row">${icon("pin")}${t.chooseSiteText}</p>
    ${siteList(app.sites, undefined, "", 2, (key) => app.setSite(key))}
  </div>`;
}
