// The quarterly joint meeting's figures as reports: bars, a table and a file of the same.

import type { CaseFigures, CaseTally } from "@yilian/client";
import { fieldText, modeText } from "../cases/sheet.ts";
import { monthText } from "../shell/time.ts";
import { t } from "./cases-texts.ts";
import type { BarValue, Report } from "./reports.ts";
import type { Cell } from "./table.ts";

/** Where nothing came to a result there is nothing to measure. */
const NONE = "–";

/** How long cases took, by month and mode. */
export function modeReport({ rows, total }: CaseFigures): Report {
  const named = rows.map((row) => ({ row, month: row.month === null ? "" : monthText(row.month), mode: row.mode === null ? "" : modeText(row.mode) }));
  return {
    id: "cases-by-mode",
    title: t.byMode,
    bars: {
      series: [t.median, t.p90],
      rows: named.map(({ row, month, mode }) => ({ label: `${month} · ${mode}`, values: [days(row.median_days), days(row.p90_days)] })),
    },
    table: {
      none: NONE,
      columns: [t.month, fieldText("case", "mode"), ...columns()],
      rows: [...named.map(({ row, month, mode }) => [month, mode, ...cells(row)]), ...totals(rows.length, [t.total, ""], total)],
    },
  };
}

/** What each site got, has open and is late with. */
export function siteReport({ rows, total }: CaseFigures, siteName: (key: string) => string): Report {
  const name = (site: string | null): string => (site === null ? "" : siteName(site));
  return {
    id: "cases-by-site",
    title: t.bySite,
    bars: {
      series: [t.received, t.open, t.overdue],
      rows: rows.map((row) => ({ label: name(row.site), values: [count(row.received), count(row.open), count(row.overdue)] })),
    },
    table: {
      none: NONE,
      columns: [fieldText("case", "site"), ...columns()],
      rows: [...rows.map((row) => [name(row.site), ...cells(row)]), ...totals(rows.length, [t.total], total)],
    },
  };
}

function columns(): string[] {
  return [t.received, t.concluded, t.median, t.p90, t.medianWorking, t.open, t.overdue, t.success, t.confirmation, t.people, t.secured];
}

function cells(of: CaseTally): Cell[] {
  const known = (value: number | null): Cell => value ?? undefined;
  return [
    of.received,
    of.concluded,
    known(of.median_days),
    known(of.p90_days),
    known(of.median_working_days),
    of.open,
    of.overdue,
    known(of.success_percent),
    known(of.confirmation_percent),
    of.people,
    of.secured_fen / 100,
  ];
}

/** One row alone is its own total. */
function totals(rows: number, head: string[], total: CaseTally): Cell[][] {
  return rows > 1 ? [[...head, ...cells(total)]] : [];
}

function days(of: number | null): BarValue {
  return of === null ? { value: 0, text: NONE } : { value: of, text: t.days(of) };
}

function count(of: number): BarValue {
  return { value: of, text: t.cases(of) };
}
