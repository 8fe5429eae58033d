// What is wrong with what was written into a form.

export type Draft = Record<string, string>;

/** A field of a form. */
export interface FormField {
  readonly key: string;
  readonly label: string;
  readonly kind?: "text" | "tel" | "number" | "date" | "time" | "select" | "long";
  /** For a select: what is stored, and what people read. */
  readonly options?: readonly (readonly [value: string, text: string])[];
  /** What may be written, among other things. */
  readonly suggestions?: readonly string[];
  readonly required?: boolean;
  readonly wide?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Whether a number may have decimals. */
  readonly decimals?: boolean;
  readonly hint?: string;
}

export type Wrong = "missing" | "number" | "decimal";

/** What is wrong, by field. */
export function wrongs(fields: readonly FormField[], draft: Draft): Map<string, Wrong> {
  const found = new Map<string, Wrong>();
  for (const { key, kind, required, min, max, decimals } of fields) {
    const text = (draft[key] ?? "").trim();
    if (text === "") {
      if (required) found.set(key, "missing");
    } else if (kind === "number") {
      const number = Number(text);
      const isNumber = decimals ? Number.isFinite(number) : Number.isInteger(number);
      const fits = isNumber && number >= (min ?? -Infinity) && number <= (max ?? Infinity);
      if (!fits) found.set(key, decimals ? "decimal" : "number");
    }
  }
  return found;
}

/** What was written, without what was left empty. */
export function written(draft: Draft, ...keys: string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, (draft[key] ?? "").trim()] as const).filter(([, text]) => text !== ""));
}
