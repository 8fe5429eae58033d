/** How long what changes waits for more of its kind. */
const SHORTEST_MS = 80;
/** However long the work takes, it is done again after this. */
const LONGEST_MS = 5_000;
/** Of all time, work of one kind takes no more than one part in so many. */
const PARTS = 4;

/** Work that is done after a pause, and the less often the longer it takes, so that it does not hold up all else. */
export class Pause {
  #work: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it may be done again, as `performance.now` counts. */
  #next = 0;
  #isStopped = false;

  constructor(work: () => void) {
    this.#work = work;
  }

  /** There is something to do, once the pause is over. */
  begin(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    const left = this.#next - performance.now();
    this.#timer = setTimeout(() => this.#end(), Math.max(SHORTEST_MS, left));
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #end(): void {
    this.#timer = undefined;
    const begun = performance.now();
    this.#work();
    const ended = performance.now();
    this.#next = ended + Math.min(LONGEST_MS, (ended - begun) * (PARTS - 1));
  }
}
