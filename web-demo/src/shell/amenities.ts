import { svg, type SVGTemplateResult } from "lit/html.js";

/** What people call an amenity. */
export interface AmenityLabel {
  readonly zh: string;
  readonly en: string;
}

const LABELS: Readonly<Record<string, AmenityLabel>> = {
  charging: { zh: "充电", en: "Charging" },
  rest: { zh: "休息", en: "Rest" },
  shower: { zh: "淋浴", en: "Shower" },
  meals: { zh: "热饭", en: "Hot meals" },
  microwave: { zh: "微波炉", en: "Microwave" },
  "drinking-water": { zh: "饮水", en: "Water" },
  toilet: { zh: "厕所", en: "Toilet" },
  wifi: { zh: "WiFi", en: "Wi-Fi" },
  "first-aid": { zh: "急救", en: "First aid" },
  books: { zh: "书籍", en: "Books" },
  projector: { zh: "投影", en: "Projector" },
};

/** In a box of 24 by 24, drawn with lines of the text's colour. */
const DRAWINGS: Readonly<Record<string, SVGTemplateResult>> = {
  charging: svg`<path d="M13 3 5.5 13.5H12L11 21l7.5-10.5H12z"/>`,
  rest: svg`<path d="M3 18v-7.5M3 15.5h18M21 18v-3.5a3 3 0 0 0-3-3h-7v4"/><circle cx="7" cy="11.5" r="1.9"/>`,
  shower: svg`<path d="M5 21V6.5a3.5 3.5 0 0 1 7 0V8M8 12a4 4 0 0 1 8 0zM9 15.5v.5M12 15.5v.5M15 15.5v.5M10.5 19v.5M13.5 19v.5"/>`,
  meals: svg`<path d="M3.5 12h17a8.5 8.5 0 0 1-5.2 7.8v.7H8.7v-.7A8.5 8.5 0 0 1 3.5 12zM8.5 8.5c-1-1.2 1-2 0-3.5M12.5 8.5c-1-1.2 1-2 0-3.5M16.5 8.5c-1-1.2 1-2 0-3.5"/>`,
  microwave: svg`<rect x="3" y="5.5" width="18" height="12.5" rx="2"/><path d="M15.5 5.5V18M6 20v-2M18 20v-2M18.2 9h.1M18.2 12h.1M6.3 10.5c1.1-1.1 2.2 1.1 3.3 0s2.2 1.1 3.3 0M6.3 13.5c1.1-1.1 2.2 1.1 3.3 0s2.2 1.1 3.3 0"/>`,
  "drinking-water": svg`<path d="M5.5 4h13l-1.6 16.2a.9.9 0 0 1-.9.8H8a.9.9 0 0 1-.9-.8zM6.3 11.5c1.9-1.5 3.8 1.5 5.7 0s3.8-1.5 5.7 0"/>`,
  toilet: svg`<path d="M6.5 3.5H10v8M6.5 3.5v8M5 11.5h14.5a6 6 0 0 1-5.5 5.8l.8 3.2H8.5l.5-3.4a6.5 6.5 0 0 1-4-5.6z"/>`,
  wifi: svg`<path d="M2.5 9.5a14 14 0 0 1 19 0M5.8 13a9.3 9.3 0 0 1 12.4 0M9 16.4a4.6 4.6 0 0 1 6 0M12 19.6h.01"/>`,
  "first-aid": svg`<rect x="3" y="7.5" width="18" height="12.5" rx="2"/><path d="M8.5 7.5v-2a1.5 1.5 0 0 1 1.5-1.5h4a1.5 1.5 0 0 1 1.5 1.5v2M12 10.7v6M9 13.7h6"/>`,
  books: svg`<path d="M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5c-3.5 0-6.5.5-8.5 2zM12 6.5V20"/>`,
};

const OTHER = svg`<circle cx="12" cy="12" r="8.5"/><path d="M8 12h.01M12 12h.01M16 12h.01"/>`;

/** What people call an amenity; one that nobody named yet is called by its key. */
export function amenityLabel(key: string, language: "zh" | "en"): string {
  return LABELS[key]?.[language] ?? key;
}

/** An amenity's sign, in the colour of the text around it. */
export function amenityIcon(key: string): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${DRAWINGS[key] ?? OTHER}</svg>`;
}
