// A code to scan, as one path: it prints sharp at any size.

import qrcode from "qrcode-generator";
import { html, type TemplateResult } from "lit/html.js";

/** As much white around it as a scanner wants, in modules. */
const MARGIN = 4;

/** Draws a text as a code; `label` is what it is for. */
export function qrCode(text: string, label: string): TemplateResult {
  // The size that fits; a code on paper gets dirty, and is read all the same with a seventh of it gone.
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) path += `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`;
    }
  }
  const size = count + 2 * MARGIN;
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" /><path d=${path} fill="#000" />
  </svg>`;
}
