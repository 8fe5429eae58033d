// Disputes of the county, followed while the page shows them.

import type { CaseFigures, CaseSheet, DocumentView, Query, Yilian } from "@yilian/client";
import { quarterOf } from "../cases/model.ts";
import { type Followed, follow, stopAll } from "./followed.ts";

/** What is followed of a quarter. */
interface Figures {
  readonly byMode: Followed<Query<CaseFigures>>;
  readonly bySite: Followed<Query<CaseFigures>>;
}

/** The cases of the county, and the figures of a quarter. */
export class Disputes {
  #yilian: Yilian;
  #changed: () => void;
  #caughtUp = false;
  #month = "";
  #figures: Figures | undefined;
  #cases: Followed<Query<readonly CaseSheet[]>> | undefined;
  readonly directory: DocumentView;

  /** `caughtUp` tells when what the hub has is here: figures of a part would be taken for those of the whole. */
  constructor(yilian: Yilian, caughtUp: Promise<void>, changed: () => void) {
    this.#yilian = yilian;
    this.#changed = changed;
    void caughtUp.then(() => {
      this.#caughtUp = true;
      this.#look();
    });
    this.directory = yilian.directory();
    this.directory.subscribe(changed);
    void this.directory.ready.then(changed);
  }

  /** Follows the quarter that a month is in. */
  show(month: string): void {
    if (month === this.#month) return;
    const isSame = this.#month !== "" && quarterOf(month).from === quarterOf(this.#month).from;
    if (!isSame) this.leave();
    this.#month = month;
    this.#look();
  }

  /** Follows nothing any more. */
  leave(): void {
    this.#month = "";
    this.#cases?.stop();
    this.#cases = undefined;
    stopAll(this.#figures);
    this.#figures = undefined;
  }

  /** The cases with which something is to be done; undefined until that is known. */
  get cases(): readonly CaseSheet[] | undefined {
    return this.directory.isReady ? this.#cases?.view.value : undefined;
  }

  get byMode(): CaseFigures | undefined {
    return this.#figures?.byMode.view.value;
  }

  get bySite(): CaseFigures | undefined {
    return this.#figures?.bySite.view.value;
  }

  #look(): void {
    if (!this.#caughtUp || this.#month === "" || this.#figures !== undefined) return;
    const { mediation } = this.#yilian;
    const { from, until } = quarterOf(this.#month);
    this.#cases = follow(mediation.cases({ open_only: true }), this.#changed);
    this.#figures = {
      byMode: follow(mediation.figures({ from, until, by: ["month", "mode"] }), this.#changed),
      bySite: follow(mediation.figures({ from, until, by: "site" }), this.#changed),
    };
    this.#changed();
  }
}
