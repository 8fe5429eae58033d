import type { ProofCheck } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { viewPath } from "../../shell/address.ts";
import { say } from "../../shell/i18n.ts";
import { icon, type IconName, mark } from "../../shell/icons.ts";
import { certificateHash, fromBase64url } from "../../shell/proof.ts";
import { qrCode } from "../../shell/qr.ts";
import { skeletonLines } from "../../shell/states.ts";
import { dateText, today } from "../../shell/time.ts";
import { Following } from "../following.ts";
import { backLink, type Context, type Page } from "../page-parts.ts";
import { hashOf } from "../route.ts";
import { t } from "./texts.ts";

/** What a code says that could be read. */
type Known = Exclude<ProofCheck, { readonly checked: "unreadable" }>;

/** What is said of a certificate: how it looks, and in words that promise no more than is known. */
interface Words {
  readonly tone: string;
  readonly icon: IconName;
  readonly title: string;
  readonly why: string;
}

/** A certificate: what this device knows of it, and how it looks on paper. */
export class CertificatePage implements Page {
  #context: Context;
  #proof: string;
  #check: Following<ProofCheck>;

  constructor(context: Context, coded: string) {
    this.#context = context;
    // What is no text at all is no code either: whoever checks it says so.
    this.#proof = fromBase64url(coded) ?? coded;
    this.#check = new Following(context.again);
  }

  title(): string {
    const check = this.#check.last;
    return check === undefined || check.checked === "unreadable" ? t.certificate : `${check.certificate} · ${check.name}`;
  }

  close(): void {
    this.#check.close();
  }

  render(): TemplateResult {
    const { yilian } = this.#context;
    const check = this.#check.of(this.#proof, () => yilian.school.check(this.#proof));
    return html`<div class="narrow certificate-page">
      <div class="no-print">${backLink(hashOf({ at: "check" }), t.check)}</div>
      ${check === undefined ? html`<div role="status"><h1 tabindex="-1">${t.asking}</h1>${skeletonLines(5)}</div>` : this.#known(check)}
    </div>`;
  }

  #known(check: ProofCheck): TemplateResult {
    const proof = check.checked === "unreadable" ? undefined : check;
    const site = proof === undefined ? "" : this.#context.directory.siteName(proof.site);
    const words = wordsOf(check, site);
    return html`<section class="verdict verdict-${words.tone} no-print" role="status" data-checked=${check.checked}>
        ${icon(words.icon)}
        <div>
          <h1 tabindex="-1">${words.title}</h1>
          <p>${words.why}</p>
          ${proof === undefined ? nothing : html`<p class="small">${this.#asOf()}</p>`}
        </div>
      </section>
      ${proof === undefined
        ? nothing
        : html`${wasIssued(proof) ? this.#paper(proof, site) : said(proof, site)}
            <details class="card small no-print">
              <summary>${t.whatItShows}</summary>
              <p>${t.whatItShowsText}</p>
            </details>`}`;
  }

  #paper(proof: Known, site: string): TemplateResult {
    return html`${paper(proof, site, this.#proof)}
      <div class="row no-print">
        <button type="button" class="btn btn-primary" @click=${() => print()}>${icon("print")}${t.print}</button>
      </div>`;
  }

  #asOf(): string {
    const { connection, inStep } = this.#context.yilian.status;
    return connection === "online" && inStep ? t.asOfNow : t.asOf;
  }
}

function wordsOf(check: ProofCheck, site: string): Words {
  switch (check.checked) {
    case "unreadable":
      return { tone: "bad", icon: "error", title: t.wrong, why: say(check.text) };
    case "valid":
      return { tone: "good", icon: "check", title: t.valid, why: t.validWhy(site) };
    case "expired":
      if (check.issued_on > today()) return { tone: "warn", icon: "clock", title: t.early, why: t.earlyWhy(dateText(check.issued_on)) };
      return { tone: "warn", icon: "clock", title: t.expired, why: t.expiredWhy(dateText(check.expires_on ?? check.issued_on)) };
    case "revoked":
      return { tone: "bad", icon: "error", title: t.revoked, why: t.revokedWhy(site) };
    case "unknown":
      return { tone: "warn", icon: "warn", title: t.unknown, why: t.unknownWhy(site) };
    case "elsewhere":
      return { tone: "warn", icon: "warn", title: t.unknown, why: t.elsewhereWhy(check.network) };
    case "not-held":
      return { tone: "warn", icon: "cloudOff", title: t.notHere, why: t.notHereWhy(site) };
  }
}

/** What nobody here knows to be issued, or was revoked, is not shown as if it were a certificate. */
function wasIssued({ checked }: Known): boolean {
  return checked === "valid" || checked === "expired";
}

/** What a code says, in plain lines. */
function said(proof: Known, site: string): TemplateResult {
  return html`<section class="card stack no-print" aria-labelledby="says">
    <h2 id="says">${t.says}</h2>
    <dl class="says">${fact(t.what, proof.certificate)} ${fact(t.whose, proof.name)} ${facts(proof, site)}</dl>
  </section>`;
}

function facts({ number, issued_on, expires_on }: Known, site: string): TemplateResult {
  const until = expires_on === null ? t.forever : dateText(expires_on);
  return html`${fact(t.number, number)} ${fact(t.issuedOn, dateText(issued_on))} ${fact(t.expiresOn, until)} ${fact(t.issuedBy, site)}`;
}

function fact(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** The certificate as it is printed: A4, and on a screen a card of that shape. */
function paper(proof: Known, site: string, text: string): TemplateResult {
  return html`<article class="paper" aria-label=${proof.certificate}>
    <p class="paper-by">${mark()}<span>${site}</span></p>
    <h2 class="paper-title">${proof.certificate}</h2>
    <p class="paper-name">${proof.name}</p>
    <p class="paper-text">${t.paperText(site)}</p>
    <div class="paper-foot">
      <dl>
        ${facts(proof, site)}
      </dl>
      <figure>
        ${qrCode(new URL(viewPath("workers"), location.href).href + certificateHash(text), t.qrLabel)}
        <figcaption>${t.scanToCheck}</figcaption>
      </figure>
    </div>
  </article>`;
}
