import type { Live } from "@yilian/client";

/** The answer to one question at a time: another is followed once it is asked, and the last one's let go of. */
export class Following<Value> {
  #again: () => void;
  #key: string | undefined;
  #live: Live<Value | undefined> | undefined;
  #last: Value | undefined;
  #stop = (): void => {};

  constructor(again: () => void) {
    this.#again = again;
  }

  /** The answer to the question called `key`, `ask` being it; undefined until there is one. */
  of(key: string, ask: () => Live<Value | undefined>): Value | undefined {
    if (key !== this.#key) {
      this.close();
      this.#key = key;
      this.#live = ask();
      this.#stop = this.#live.subscribe(this.#again);
    }
    const value = this.#live?.value;
    if (value !== undefined) this.#last = value;
    return value;
  }

  /** The last answer, also to the question before: what stands there while the next is worked out. */
  get last(): Value | undefined {
    return this.#last;
  }

  close(): void {
    this.#stop();
    this.#stop = () => {};
    this.#key = undefined;
    this.#live = undefined;
  }
}
