import type { CertificateInfo } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { viewPath } from "../../shell/address.ts";
import { icon } from "../../shell/icons.ts";
import { certificateHash } from "../../shell/proof.ts";
import { dateText } from "../../shell/time.ts";
import { t } from "./texts.ts";

const TONES = { valid: "pill-ok", "not-yet": "pill-warn", expired: "pill-warn", revoked: "pill-danger" } as const;

/** Whether a certificate is valid. */
export function certificatePill({ state }: CertificateInfo): TemplateResult {
  return html`<span class="pill ${TONES[state]}">${t[`cert.${state}`]}</span>`;
}

/** Opens a certificate as everybody may see and print it. */
export function certificateButton(name: string, certificate: CertificateInfo): TemplateResult {
  const { proof, expires_on, state } = certificate;
  return html`${proof === null
      ? nothing
      : html`<a class="btn btn-s" href=${viewPath("workers") + certificateHash(proof)} target="_blank" aria-label=${t.certificateOf(name)}>${icon("award")}${t.openCertificate}</a>`}
    ${state === "valid" ? html`<span class="small muted num">${expires_on === null ? t.forever : t.until2(dateText(expires_on))}</span>` : certificatePill(certificate)}`;
}
