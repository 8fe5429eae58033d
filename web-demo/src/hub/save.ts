import type { Report } from "./reports.ts";
import { csv } from "./table.ts";

/** Hands the figures of a report over as a file: what it is about, and of when. */
export function save(report: Report, of: string, about: string): void {
  const url = URL.createObjectURL(new Blob([csv(report.table)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${about}-${report.title}-${of}.csv`.replaceAll(/[\\/:*?"<>|]/g, "_");
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
