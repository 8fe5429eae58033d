// Days, months and times of day as the texts they are: `2026-12-03T08:00`, its first ten letters, its first seven.

const DAY_MS = 86_400_000;

/** Whether a text is a month. */
export function isMonth(text: string | null | undefined): text is string {
  return typeof text === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

// As if it were UTC, so that no zone of this machine has a say.
function asUtc(day: string): number {
  return Date.parse(`${day}T00:00Z`);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A day so many days later. */
export function addDays(day: string, count: number): string {
  return dayOf(asUtc(day) + count * DAY_MS);
}

/** How many days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((asUtc(to) - asUtc(from)) / DAY_MS);
}

/** A month so many months later. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** The days of a month. */
export function daysOf(month: string): string[] {
  const first = `${month}-01`;
  const count = daysBetween(first, `${addMonths(month, 1)}-01`);
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

/** 0 is Sunday. */
export function weekday(day: string): number {
  return new Date(asUtc(day)).getUTCDay();
}

export function isWeekend(day: string): boolean {
  return weekday(day) % 6 === 0;
}

/** Minutes from one civil time to another. */
export function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 60_000);
}

/** The time of day of a civil time: `08:00`. */
export function clock(time: string): string {
  return time.slice(11, 16);
}
