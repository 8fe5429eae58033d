// When a site is open, in civil time: as the engine reads `07:00-12:00 13:00-18:00`.

const DAY = 24 * 60;
/** Who closes within this is worth a warning to somebody still on the way. */
const SOON = 45;

/** Minutes since midnight; `to` is at most a day after `from`, so it may be above 1,440. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a site's hours say of one moment. */
export type OpenState =
  | { readonly open: true; readonly always: true }
  /** `until` and `from` are minutes since that day's midnight; 1,440 and more is a day later. */
  | { readonly open: true; readonly always: false; readonly until: number; readonly soon: boolean }
  | { readonly open: false; readonly from: number };

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

/** Whether a site with these hours is open at `at`, a civil time; unknown where the hours are. */
export function openState(hours: string | null, at: string): OpenState | undefined {
  const all = hours === null ? undefined : spans(hours);
  if (all === undefined) return undefined;
  const now = minuteOfDay(at);
  let until = now;
  // From the point reached, go on to the end of the span that holds it.
  for (let next = endOf(all, until); next !== undefined; next = endOf(all, until)) {
    until = next;
    if (until - now >= DAY) return { open: true, always: true };
  }
  if (until > now) return { open: true, always: false, until, soon: until - now <= SOON };
  const starts = all.map(({ from }) => (from > now ? from : from + DAY));
  return { open: false, from: Math.min(...starts) };
}

/** `22:00`; what is past midnight counts from there. */
export function clock(minutes: number): string {
  const [hour, rest] = [Math.floor(minutes / 60), minutes % 60];
  // A day may end at 24:00, which is not the next day's 00:00 to a reader.
  const shown = minutes === DAY ? 24 : hour % 24;
  return `${String(shown).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/** Whether it is after the midnight that ends the day. */
export function isNextDay(minutes: number): boolean {
  return minutes > DAY;
}

/** `07:00–12:00 13:00–18:00`, as people write it. */
export function written(hours: string): string {
  return hours.trim().split(/\s+/).join("，").replaceAll("-", "–");
}

/** Minutes since midnight of a civil time such as `2026-12-03T08:00`. */
export function minuteOfDay(at: string): number {
  return Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
}

/** The end of the span that is open at `at`, counted from the same midnight. */
function endOf(all: readonly Span[], at: number): number | undefined {
  const [day, minutes] = [Math.floor(at / DAY), at % DAY];
  const ends = all
    .flatMap(({ from, to }) => [
      { from, to },
      { from: from - DAY, to: to - DAY },
    ])
    .filter(({ from, to }) => from <= minutes && minutes < to)
    .map(({ to }) => day * DAY + to);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function minute(hour: string | undefined, rest: string | undefined): number | undefined {
  const [hours, minutes] = [Number(hour), Number(rest)];
  const fits = (hours <= 23 && minutes <= 59) || (hours === 24 && minutes === 0);
  return fits ? hours * 60 + minutes : undefined;
}
