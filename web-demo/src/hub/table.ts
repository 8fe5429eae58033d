/** A cell: words, a number, or nothing that is known. */
export type Cell = string | number | undefined;

/** The figures of a report: what the page shows as a table is what is downloaded. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What the page says where nothing is known, if not just that. */
  readonly none?: string;
}

/** A table as CSV, as spreadsheets take it: UTF-8 with its mark, for they would guess another encoding. */
export function csv({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((cells) => cells.map(quoted).join(","));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function quoted(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  // What begins so would be computed by whoever opens it, whoever wrote it.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Minutes as hours, to two digits. */
export function hours(minutes: number): number {
  return Math.round((minutes / 60) * 100) / 100;
}
