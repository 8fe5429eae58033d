// Icons on a grid of 24, drawn with one stroke; they say nothing to a screen reader.

import { svg, type TemplateResult, html } from "lit/html.js";

const PATHS = {
  close: svg`<path d="M6 6l12 12M18 6 6 18"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  undo: svg`<path d="M8 5 4 9l4 4"/><path d="M4 9h10a5.5 5.5 0 0 1 0 11h-4"/>`,
  redo: svg`<path d="m16 5 4 4-4 4"/><path d="M20 9H10a5.5 5.5 0 0 0 0 11h4"/>`,
  left: svg`<path d="m14 6-6 6 6 6"/>`,
  right: svg`<path d="m10 6 6 6-6 6"/>`,
  print: svg`<path d="M7 9V4h10v5"/><path d="M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2"/><path d="M7 14h10v6H7z"/>`,
  grid: svg`<path d="M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14M15 5v14"/>`,
  list: svg`<path d="M9 6h11M9 12h11M9 18h11"/><path d="M4.5 6h.01M4.5 12h.01M4.5 18h.01" stroke-width="2.6"/>`,
  warn: svg`<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17.2v.1"/>`,
  error: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.3v.1"/>`,
  info: svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.7v.1"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
  clock: svg`<circle cx="12" cy="12" r="9"/><path d="M12 7v5.2l3.4 2"/>`,
  history: svg`<path d="M4 5v4h4"/><path d="M4.3 9A8.5 8.5 0 1 1 3.6 13"/><path d="M12 8v4.4l3 1.8"/>`,
  person: svg`<circle cx="12" cy="8.2" r="3.7"/><path d="M4.5 20c.6-4 3.4-6 7.5-6s6.9 2 7.5 6"/>`,
  phone: svg`<path d="M6.5 4h3l1.5 4-2 1.5a12 12 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4z"/>`,
  pin: svg`<path d="M12 21c4.5-4.6 6.8-8 6.8-11A6.8 6.8 0 0 0 5.2 10c0 3 2.3 6.4 6.8 11z"/><circle cx="12" cy="10" r="2.5"/>`,
  trash: svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5"/>`,
  cloud: svg`<path d="M7 18.5a4.5 4.5 0 0 1-.4-9A6 6 0 0 1 18 10.8a3.9 3.9 0 0 1-.6 7.7z"/>`,
  cloudDone: svg`<path d="M7 18.5a4.5 4.5 0 0 1-.4-9A6 6 0 0 1 18 10.8a3.9 3.9 0 0 1-.6 7.7z"/><path d="m9.3 13.6 2 2 3.5-3.6"/>`,
  cloudOff: svg`<path d="M9.2 6.9A6 6 0 0 1 18 10.8a3.9 3.9 0 0 1 1.5 7M15.5 18.5H7a4.5 4.5 0 0 1-.4-9M4 4l16 16"/>`,
  borrow: svg`<path d="M4 8.5h14M14 4.5l4 4-4 4M20 15.5H6M10 11.5l-4 4 4 4"/>`,
  moon: svg`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,
  calendar: svg`<path d="M4.5 6h15v13.5h-15zM4.5 10h15M8.5 3.5V8M15.5 3.5V8"/>`,
  sync: svg`<path d="M19 8a7.5 7.5 0 0 0-13.4-1.5M5 4v4h4M5 16a7.5 7.5 0 0 0 13.4 1.5M19 20v-4h-4"/>`,
  gift: svg`<path d="M4 8.5h16v4H4zM5.5 12.5V20h13v-7.5M12 8.5V20"/><path d="M12 8.5c-4.5 0-5.5-5 -2.7-5 1.7 0 2.7 2.3 2.7 5zM12 8.5c4.5 0 5.5-5 2.7-5-1.7 0-2.7 2.3-2.7 5z"/>`,
  message: svg`<path d="M4 5.5h16v11H11L7 20v-3.5H4z"/><path d="M8 9.5h8M8 12.7h5"/>`,
  search: svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`,
  cap: svg`<path d="M2.5 9.5 12 5l9.5 4.5L12 14z"/><path d="M6.5 11.5V16c1.5 1.5 3.3 2.3 5.5 2.3s4-.8 5.5-2.3v-4.5M21.5 9.5V15"/>`,
  award: svg`<circle cx="12" cy="9" r="5.2"/><path d="m8.8 13.4-1.6 7 4.8-2.6 4.8 2.6-1.6-7"/>`,
  scan: svg`<path d="M4 8.5V4.5h4M16 4.5h4v4M20 15.5v4h-4M8 19.5H4v-4M4 12h16"/>`,
  more: svg`<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>`,
} as const;

export type IconName = keyof typeof PATHS;

/** An icon, as large as the text around it wants: 1.25 em unless CSS says otherwise. */
export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}

/** The mark: a post house whose two eaves meet in a knot. */
export function mark(): TemplateResult {
  return html`<svg viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <g fill="none" stroke="var(--accent-ink)" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
      <path d="M6 15.5 16 7l10 8.5" /><path d="M9.5 16v8.5h13V16" /><path d="M13 20.5h6" />
    </g>
    <circle cx="16" cy="14.8" r="2" fill="var(--accent-ink)" />
  </svg>`;
}
