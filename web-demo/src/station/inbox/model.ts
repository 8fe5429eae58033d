// What was sent to a site, as plain data.

import type { Enrolment, Progress, Seat, Stage, Submission } from "@yilian/client";
import { minutesBetween } from "../../shell/calendar.ts";

/** What is at one stage, whoever waits for longest first. */
export interface StageGroup {
  readonly stage: Stage;
  readonly ones: readonly Progress[];
}

/** The stages at which a site has something to do, in the order in which they come. */
const OPEN: readonly Stage[] = ["submitted", "accepted", "assigned"];
const OVER: readonly Stage[] = ["done", "confirmed", "declined", "withdrawn"];

export function isOpen({ stage }: Pick<Progress, "stage">): boolean {
  return OPEN.includes(stage);
}

/** What is to be done or what is over, by stage: at each what is late first, then what waits for longest; of what is over the newest. */
export function byStage(all: readonly Progress[], open: boolean): StageGroup[] {
  const groups = (open ? OPEN : OVER).map((stage) => ({ stage, ones: all.filter((one) => one.stage === stage).sort(open ? byUrgency : byEnd) }));
  return groups.filter(({ ones }) => ones.length > 0);
}

/** What is to be done, what is late first. */
export function openOnes(all: readonly Progress[]): Progress[] {
  return all.filter(isOpen).sort(byUrgency);
}

/** How long it is since a time: the largest unit that there is one of. */
export function age(since: string, now: string): { unit: "minutes" | "hours" | "days"; count: number } {
  const minutes = Math.max(0, minutesBetween(since, now));
  if (minutes < 60) return { unit: "minutes", count: minutes };
  if (minutes < 24 * 60) return { unit: "hours", count: Math.floor(minutes / 60) };
  return { unit: "days", count: Math.floor(minutes / (24 * 60)) };
}

/** A telephone number as a link takes it. */
export function phoneLink(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}

/** Whether somebody who wants to take a course has a seat, or gets one: `made` is their enrolment once they were accepted. */
export function hasSeat(course: Seats, { name, phone }: Pick<Submission, "name" | "phone">, made: string | null): boolean {
  const isTheirs = ({ enrolment }: Seats["members"][number]) =>
    made === null ? enrolment.name === name && (enrolment.phone === phone || enrolment.phone === "") : enrolment.id === made;
  const own = course.members.find(isTheirs);
  if (own !== undefined && own.seat !== "withdrawn") return own.seat !== "waiting";
  return course.free === null || course.free > 0;
}

/** What of a class says who has a seat. */
export interface Seats {
  readonly free: number | null;
  readonly members: readonly { readonly seat: Seat; readonly enrolment: Pick<Enrolment, "id" | "name" | "phone"> }[];
}

function byUrgency(a: Progress, b: Progress): number {
  const late = ({ overdue }: Progress) => Number(overdue === null);
  return late(a) - late(b) || compare(a.waits_since, b.waits_since) || compare(a.document, b.document);
}

function byEnd(a: Progress, b: Progress): number {
  const end = ({ steps, submission }: Progress) => steps.at(-1)?.at ?? submission.at;
  return compare(end(b), end(a)) || compare(a.document, b.document);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
