import type { Giving, SubmissionFigures, VenueReport } from "./generated.js";
import type { GivingBy } from "./sharing.js";
import type { Desk, Query } from "./view.js";

/** Which venues a report is about. */
export interface VenuesBy {
  /** In which month: `2026-12`. */
  month: string;
  /** Of one site only. */
  site?: string;
}

/** Which submissions a report is about. */
export interface SubmissionsBy {
  /** Sent on this day or later: `2026-12-01`. */
  from: string;
  /** Sent on this day or before. */
  until: string;
  /** To one site only. */
  site?: string;
}

/**
 * What an office adds up, over all documents that are here. Of each document what counts is kept, so that none has to stay open
 * for a report, and a change costs what changed.
 */
export class Reports {
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** How venues were used in a month, what sites borrowed of each other, and which bookings still wait to be confirmed. */
  venues(by: VenuesBy): Query<VenueReport> {
    return this.#desk.query("venues", by);
  }

  /** How sites deal with what they were sent. */
  submissions(by: SubmissionsBy): Query<SubmissionFigures> {
    return this.#desk.query("submissions", by);
  }

  /** Who gave, what went where, and what is left. */
  giving(by: GivingBy = {}): Query<Giving> {
    return this.#desk.query("giving", by);
  }
}
