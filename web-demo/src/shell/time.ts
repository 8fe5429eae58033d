// Civil time: what a clock on the wall says in the network's zone. A time is `2026-12-03T08:00`, a day
// its first ten characters, a month its first seven.

import { clock, weekday } from "./calendar.ts";
import { lang } from "./i18n.ts";

export const ZONE = "Asia/Shanghai";

const wall = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** The time on the wall: `2026-12-03T08:00`. */
export function civil(ms: number = Date.now()): string {
  return wall.format(ms).replace(" ", "T");
}

/** Today: `2026-12-03`. */
export function today(): string {
  return civil().slice(0, 10);
}

/** The present month: `2026-12`. */
export function thisMonth(): string {
  return civil().slice(0, 7);
}

const WEEKDAYS = {
  zh: ["日", "一", "二", "三", "四", "五", "六"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
} as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `四` or `Thu`. */
export function weekdayShort(day: string): string {
  return WEEKDAYS[lang()][weekday(day)] ?? "";
}

/** `12月3日 周四` or `Thu 3 Dec`. */
export function dayText(day: string): string {
  const [, month = 0, date = 0] = day.split("-").map(Number);
  return lang() === "zh"
    ? `${month}月${date}日 周${weekdayShort(day)}`
    : `${weekdayShort(day)} ${date} ${MONTHS[month - 1]}`;
}

/** `2026年12月3日` or `3 Dec 2026`. */
export function dateText(day: string): string {
  const [year = 0, month = 1, date = 0] = day.split("-").map(Number);
  return lang() === "zh" ? `${year}年${month}月${date}日` : `${date} ${MONTHS[month - 1]} ${year}`;
}

/** `2026年12月` or `Dec 2026`. */
export function monthText(month: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return lang() === "zh" ? `${year}年${number}月` : `${MONTHS[number - 1]} ${year}`;
}

/** The time of day of a moment: `10:42`. */
export function clockOf(ms: number): string {
  return clock(civil(ms));
}

/** A moment in the past, as short as it can be told: `10:42`, `12月3日 10:42`. */
export function momentText(ms: number): string {
  const time = civil(ms);
  return time.slice(0, 10) === today() ? clock(time) : `${dayText(time.slice(0, 10))} ${clock(time)}`;
}
