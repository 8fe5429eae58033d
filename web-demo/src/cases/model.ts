// Disputes, as plain data: what leads on, what is late, what the board and a mediator's day show.

import type { CaseSheet, CaseSitting, MediatorsDay, Stage } from "@yilian/client";
import { addMonths, daysOf } from "../shell/calendar.ts";

/** What the board shows side by side: cases that wait for the same thing. */
export type ColumnKey = "registered" | "accepted" | "assigned" | "mediating" | "agreed" | "referred" | "closing";

export interface Column {
  readonly key: ColumnKey;
  readonly cases: readonly CaseSheet[];
  /** How many of them are late. */
  readonly late: number;
}

const COLUMNS: Record<ColumnKey, readonly Stage[]> = {
  registered: ["registered"],
  accepted: ["accepted"],
  assigned: ["assigned"],
  mediating: ["mediating"],
  agreed: ["agreed"],
  referred: ["referred"],
  closing: ["failed", "ratified", "unratified"],
};

/** Cases by what they wait for: at each what is late first, then the oldest. */
export function board(all: readonly CaseSheet[]): Column[] {
  return Object.entries(COLUMNS).map(([key, stages]) => {
    const cases = all.filter(({ stage }) => stages.includes(stage)).sort(byUrgency);
    return { key: key as ColumnKey, cases, late: cases.filter(isLate).length };
  });
}

export function isLate({ deadline }: Pick<CaseSheet, "deadline">): boolean {
  return deadline?.overdue === true;
}

function byUrgency(a: CaseSheet, b: CaseSheet): number {
  const late = Number(isLate(b)) - Number(isLate(a));
  return late || compare(a.case.received, b.case.received) || compare(a.document, b.document);
}

/** The steps that lead on, in the order in which they come; the others end it, or say that it failed. */
const LEADS: readonly Stage[] = ["accepted", "assigned", "mediating", "agreed", "referred", "ratified", "closed"];
const ENDS: readonly Stage[] = ["failed", "unratified", "withdrawn", "declined"];

export interface Steps {
  /** What leads on, the likeliest first. */
  readonly leads: readonly Stage[];
  /** What ends it. */
  readonly ends: readonly Stage[];
}

/** The steps that can be taken, and no others. Where a case is with somebody already, giving it to somebody else is not what comes next. */
export function steps({ next, stage }: Pick<CaseSheet, "next" | "stage">): Steps {
  const leads = LEADS.filter((step) => next.includes(step));
  const again = stage === "assigned" || stage === "mediating";
  const ordered = again ? [...leads.filter((step) => step !== "assigned"), ...leads.filter((step) => step === "assigned")] : leads;
  return { leads: ordered, ends: ENDS.filter((step) => next.includes(step)) };
}

/** The week's sittings by whether they are on the day, before it, or after it. */
export function week({ date, sittings }: Pick<MediatorsDay, "date" | "sittings">): { today: CaseSitting[]; later: CaseSitting[]; earlier: CaseSitting[] } {
  const on = (one: CaseSitting) => compare(one.start.slice(0, 10), date);
  return {
    today: sittings.filter((one) => on(one) === 0),
    later: sittings.filter((one) => on(one) > 0),
    earlier: sittings.filter((one) => on(one) < 0),
  };
}

/** Whether a case is of another site, which handed it to this one. */
export function isHanded({ document }: Pick<CaseSheet, "document">, site: string): boolean {
  return document.split("/")[1] !== site;
}

/** A moment that something is due: the end of a day is that day, an hour is an hour. */
export function dueOf(due: string): { day: string; clock: string | undefined } {
  const clock = due.slice(11, 16);
  return { day: due.slice(0, 10), clock: clock === "23:59" ? undefined : clock };
}

/** A quarter: its months, its first day and its last. */
export interface Quarter {
  readonly year: string;
  readonly number: number;
  readonly months: readonly string[];
  readonly from: string;
  readonly until: string;
}

/** The quarter that a month is in. */
export function quarterOf(month: string): Quarter {
  const [year = "", text = "1"] = month.split("-");
  const number = Math.ceil(Number(text) / 3);
  const first = `${year}-${String(number * 3 - 2).padStart(2, "0")}`;
  const months = [first, addMonths(first, 1), addMonths(first, 2)];
  const last = months[2] ?? first;
  return { year, number, months, from: `${first}-01`, until: daysOf(last).at(-1) ?? `${last}-28` };
}

/** Several names in one field of a form. */
export function namesIn(text: string): string[] {
  const names = text.split(/[、，,;；\n]/).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
