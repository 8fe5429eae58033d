import type { Progress, ReadCode } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../shell/icons.ts";
import { empty } from "../shell/states.ts";
import { momentText } from "../shell/time.ts";
import { delivery } from "./delivery.ts";
import { Following } from "./following.ts";
import { backLink, type Context, type Page } from "./page-parts.ts";
import { hashOf } from "./route.ts";
import type { Sent } from "./sent.ts";
import { sentFromHere } from "./sentList.ts";
import { stageIcon, stagePill } from "./stages.ts";
import { kindText, t } from "./words.ts";

/** What was sent from this device, and a field for a code from elsewhere. */
export class SentPage implements Page {
  #context: Context;
  #list = sentFromHere();
  #followed = new Map<string, Following<Progress | null>>();
  #text = "";
  /** What was typed says; undefined as long as nothing was. */
  #read: ReadCode | undefined;
  #isAsked = false;

  constructor(context: Context) {
    this.#context = context;
    for (const { code } of this.#list) this.#followed.set(code, new Following(context.again));
  }

  title(): string {
    return t.mine;
  }

  render(): TemplateResult {
    return html`<div class="narrow">
      ${backLink(hashOf({ at: "near" }), t.back)}
      <h1 tabindex="-1">${t.mine}</h1>
      ${this.#codeForm()}
      ${this.#list.length === 0
        ? empty({ icon: "list", title: t.nothingSent, text: t.nothingSentWhy })
        : html`<section class="stack" aria-labelledby="from-here">
            <h2 id="from-here">${t.fromHere}</h2>
            <ul class="stack">
              ${this.#list.map((one) => this.#item(one))}
            </ul>
          </section>`}
    </div>`;
  }

  close(): void {
    for (const followed of this.#followed.values()) followed.close();
  }

  #codeForm(): TemplateResult {
    const read = this.#read;
    const isTold = read !== undefined && (this.#isAsked || isTelling(this.#text, read));
    const wrong = isTold ? wrongText(read) : undefined;
    return html`<form class="card stack code-form" novalidate @submit=${(event: Event) => void this.#look(event)}>
      <div class="field">
        <label for="code">${t.typeCode}</label>
        <input
          class="input code-input"
          id="code"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-invalid=${wrong === undefined ? "false" : "true"}
          aria-describedby="code-said"
          .value=${this.#text}
          @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)}
        />
        <p id="code-said" role="status" class=${wrong === undefined ? "hint" : "error-text"}>${wrong ?? t.codeHint}</p>
      </div>
      <button class="btn btn-primary">${icon("search")}${t.look}</button>
    </form>`;
  }

  #type(text: string): void {
    this.#text = text;
    this.#isAsked = false;
    void this.#readText();
    this.#context.again();
  }

  /** Asks what the text says, unless it is another by then. */
  async #readText(): Promise<ReadCode | undefined> {
    const text = this.#text;
    const read = await this.#context.yilian.readCode(text);
    if (text !== this.#text) return undefined;
    this.#read = read;
    this.#context.again();
    return read;
  }

  async #look(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const read = await this.#readText();
    if (read === undefined) return;
    if ("code" in read) {
      location.hash = hashOf({ at: "follow", code: read.code });
      return;
    }
    this.#isAsked = true;
    this.#context.again();
    form.querySelector("input")?.focus();
  }

  #item({ code, kind, about, at }: Sent): TemplateResult {
    const { yilian } = this.#context;
    const progress = this.#followed.get(code)?.of(code, () => yilian.follow(code));
    const isHere = progress && progress.steps.length === 0 && delivery(yilian.status, progress.document, at) === "here";
    return html`<li>
      <a class="card sent" href=${hashOf({ at: "follow", code })}>
        <span class="sent-kind">${stageIcon(kind)}</span>
        <span class="sent-text">
          <b>${about}</b>
          <span class="small muted">${kindText(kind)} · ${momentText(at)}</span>
        </span>
        ${progress ? stagePill(progress.stage, isHere === true) : nothing}
      </a>
    </li>`;
  }
}

/** What is wrong with a code. */
export function wrongText(read: ReadCode): string | undefined {
  if ("code" in read) return undefined;
  switch (read.wrong) {
    case "character":
      return t.wrongCharacter(read.character);
    case "typo":
      return t.wrongTypo;
    case "form":
      return t.wrongForm;
  }
}

/** Whether to say already, while somebody types, what is wrong: what only is not finished is not. */
function isTelling(text: string, read: ReadCode): boolean {
  if ("code" in read || read.wrong === "form") return false;
  return text.replaceAll(/[^\p{L}\p{N}]/gu, "").length >= 20;
}
