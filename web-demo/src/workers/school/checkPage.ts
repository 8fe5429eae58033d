import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import { certificateHash, proofIn } from "../../shell/proof.ts";
import { backLink, type Context, type Page } from "../page-parts.ts";
import { hashOf } from "../route.ts";
import { canScan, Scanner } from "./scanner.ts";
import { t } from "./texts.ts";

/** Where a certificate's code is scanned or pasted. */
export class CheckPage implements Page {
  #context: Context;
  #text = "";
  #scanner: Scanner | undefined;
  #isRefused = false;

  constructor(context: Context) {
    this.#context = context;
  }

  title(): string {
    return t.check;
  }

  close(): void {
    this.#scanner?.stop();
  }

  render(): TemplateResult {
    return html`<div class="narrow">
      ${backLink(hashOf({ at: "learn" }), t.learn)}
      <header>
        <h1 tabindex="-1">${t.check}</h1>
        <p class="muted">${t.checkLead}</p>
      </header>
      ${canScan() ? this.#camera() : html`<p class="banner">${icon("info")}<span>${t.noScanner}</span></p>`}
      <form class="card stack" novalidate @submit=${(event: Event) => this.#look(event)}>
        <div class="field">
          <label for="proof">${t.paste}</label>
          <textarea class="input" id="proof" rows="4" autocomplete="off" spellcheck="false" aria-invalid="false" .value=${this.#text} @input=${(event: Event) => (this.#text = (event.target as HTMLTextAreaElement).value)}></textarea>
        </div>
        <button class="btn btn-primary">${icon("search")}${t.look}</button>
      </form>
    </div>`;
  }

  #camera(): TemplateResult {
    const scanner = this.#scanner;
    return html`<section class="card stack scan" aria-label=${t.scan}>
      ${this.#isRefused ? html`<p class="banner banner-warn" role="alert">${icon("warn")}<span>${t.noCamera}</span></p>` : nothing}
      ${scanner === undefined
        ? html`<button type="button" class="btn btn-primary" @click=${() => void this.#scan()}>${icon("scan")}${t.scan}</button>`
        : html`${scanner.video}
            <p role="status">${t.scanning}</p>
            <button type="button" class="btn" @click=${() => this.#stop()}>${t.stopScan}</button>`}
    </section>`;
  }

  async #scan(): Promise<void> {
    // Whoever leaves the page while somebody is asked for the camera stops it.
    const scanner = new Scanner((text) => this.#show(text));
    this.#scanner = scanner;
    this.#isRefused = !(await scanner.start());
    if (this.#isRefused) this.#scanner = undefined;
    this.#context.again();
  }

  #stop(): void {
    this.#scanner?.stop();
    this.#scanner = undefined;
    this.#context.again();
  }

  #look(event: Event): void {
    event.preventDefault();
    if (this.#text.trim() === "") return void (event.target as HTMLFormElement).querySelector("textarea")?.focus();
    this.#show(this.#text);
  }

  #show(text: string): void {
    const proof = proofIn(text);
    location.hash = certificateHash(proof);
  }
}

