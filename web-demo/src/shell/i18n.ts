// Chinese and English: a view keeps its texts in a table of its own.

export type Lang = "zh" | "en";

/** A text in both languages; one with gaps is a function. */
export interface Both<T> {
  readonly zh: T;
  readonly en: T;
}

// Whatever fills the gaps: each table says it for its own texts.
type Said = string | ((...gaps: never[]) => string);

const KEY = "yilian.lang";
const listeners = new Set<() => void>();
let current: Lang = first();

function first(): Lang {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked === "zh" || asked === "en") {
    remember(asked);
    return asked;
  }
  return recall() ?? "zh";
}

function recall(): Lang | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "zh" || kept === "en" ? kept : undefined;
  } catch {
    return undefined;
  }
}

function remember(lang: Lang): void {
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // A browser that keeps nothing still speaks.
  }
}

/** The language of the page. */
export function lang(): Lang {
  return current;
}

/** Changes the language; whoever draws something hears of it. */
export function setLang(next: Lang): void {
  current = next;
  remember(next);
  dress();
  for (const listener of [...listeners]) listener();
}

/** Calls back when the language changed; answers how to stop that. */
export function onLang(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The texts of a table, each in the language of the moment: `t.save`, `t.waiting(3)`. */
export function texts<Table extends Record<string, Both<Said>>>(
  table: Table,
): { readonly [Key in keyof Table]: Table[Key]["zh"] } {
  return new Proxy(table, {
    get: (held, key) => (held as Record<PropertyKey, Both<Said>>)[key]?.[current],
  }) as never;
}

/** What is said in the language of the moment, of anything that is said in both. */
export function say(both: Both<string>): string {
  return both[current];
}

/** Names in the order of their pinyin. */
export const byPinyin: (a: string, b: string) => number = (() => {
  const collator = new Intl.Collator("zh-Hans-u-co-pinyin");
  return (a, b) => collator.compare(a, b);
})();

function dress(): void {
  document.documentElement.lang = current === "zh" ? "zh-Hans" : "en";
}

dress();
