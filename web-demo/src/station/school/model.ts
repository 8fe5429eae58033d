// A night school's classes, as plain data.

import type { Attendance, ClassMember, ClassSheet } from "@yilian/client";

/** Whether somebody was there. */
export type Presence = Attendance["state"];

/** What a tap goes through, and what the keys 1 to 4 set. */
export const PRESENCES: readonly Presence[] = ["present", "late", "leave", "absent"];

/** What a tap makes of a cell. */
export function nextPresence(now: Presence | undefined): Presence {
  const at = now === undefined ? -1 : PRESENCES.indexOf(now);
  return PRESENCES[(at + 1) % PRESENCES.length] ?? "present";
}

/** Whether somebody was there in a lesson; undefined where nobody noted it. */
export function presenceIn({ attendance }: Pick<ClassMember, "attendance">, session: string): Presence | undefined {
  return attendance[session];
}

/** Those who have a seat: they are called. */
export function seated<One extends Pick<ClassMember, "seat">>(members: readonly One[]): One[] {
  return members.filter(({ seat }) => seat === "confirmed" || seat === "granted");
}

/** The certificate of somebody, the last where there are several. */
export function certificateOf<One>({ certificates }: { readonly certificates: readonly One[] }): One | undefined {
  return certificates.at(-1);
}

/** How many of a class have a certificate that was not revoked. */
export function certified({ members }: { readonly members: readonly { readonly certificates: readonly { readonly state: string }[] }[] }): number {
  return members.filter((one) => certificateOf(one)?.state !== undefined && certificateOf(one)?.state !== "revoked").length;
}

/** The lesson that is on or comes next. */
export function nextLesson<Lesson extends { readonly end: string }>(sessions: readonly Lesson[], now: string): Lesson | undefined {
  return sessions.find(({ end }) => end > now);
}

/** Classes as they are looked for: those that go on, the next lesson first; then those without lessons; then those that are over. */
export function inOrder<One extends Pick<ClassSheet, "name" | "state" | "sessions">>(classes: readonly One[], now: string): One[] {
  const key = ({ state, sessions }: One): string => {
    if (state === "cancelled") return "3";
    const next = nextLesson(sessions, now);
    if (next !== undefined) return `0${next.start}`;
    const last = sessions.at(-1);
    return last === undefined ? "1" : `2${last.end}`;
  };
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return classes.toSorted((a, b) => compare(key(a), key(b)) || compare(a.name, b.name));
}

/** The place of a cell after a key; undefined where the key moves nothing. */
export function moved(at: { row: number; column: number }, key: string, rows: number, columns: number): { row: number; column: number } | undefined {
  const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case "ArrowUp":
      return { ...at, row: clamp(at.row - 1, rows) };
    case "ArrowDown":
      return { ...at, row: clamp(at.row + 1, rows) };
    case "ArrowLeft":
      return { ...at, column: clamp(at.column - 1, columns) };
    case "ArrowRight":
      return { ...at, column: clamp(at.column + 1, columns) };
    case "Home":
      return { ...at, column: 0 };
    case "End":
      return { ...at, column: columns - 1 };
    default:
      return undefined;
  }
}
