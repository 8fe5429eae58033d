// Opening hours as text, as the engine reads `07:00-12:00 13:00-18:00`.

const DAY = 24 * 60;

/** Minutes since midnight; `to` is at most a day after `from`, so it may be above 1,440. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The spans of a day; none where the text is not opening hours. */
export function spans(hours: string): readonly Span[] | undefined {
  const found: Span[] = [];
  for (const text of hours.trim().split(/\s+/)) {
    const match = /^(\d{1,2}):(\d{1,2})-(\d{1,2}):(\d{1,2})$/.exec(text);
    if (match === null) return undefined;
    const from = minute(match[1], match[2]);
    const end = minute(match[3], match[4]);
    if (from === undefined || end === undefined || from === DAY) return undefined;
    found.push({ from, to: end <= from ? end + DAY : end });
  }
  return found;
}

/** `22:00`; what is past midnight counts from there. */
export function clock(minutes: number): string {
  const [hour, rest] = [Math.floor(minutes / 60), minutes % 60];
  // A day may end at 24:00, which is not the next day's 00:00 to a reader.
  const shown = minutes === DAY ? 24 : hour % 24;
  return `${String(shown).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/** `07:00–12:00 13:00–18:00`, as people write it. */
export function written(hours: string): string {
  return hours.trim().split(/\s+/).join("，").replaceAll("-", "–");
}

/** Minutes since midnight of a civil time such as `2026-12-03T08:00`. */
export function minuteOfDay(at: string): number {
  return Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
}

function minute(hour: string | undefined, rest: string | undefined): number | undefined {
  const [hours, minutes] = [Number(hour), Number(rest)];
  const fits = (hours <= 23 && minutes <= 59) || (hours === 24 && minutes === 0);
  return fits ? hours * 60 + minutes : undefined;
}
