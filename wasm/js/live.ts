import type { Presence } from "./presence.js";
import type { DocumentPresence, Live, Query } from "./view.js";

/** Something that somebody may subscribe to; looked after only while somebody does. */
export class Watched<Value> implements Live<Value> {
  value: Value;
  #listeners = new Set<() => void>();
  #turn: (on: boolean) => void;

  constructor(value: Value, turn: (on: boolean) => void) {
    this.value = value;
    this.#turn = turn;
  }

  subscribe(listener: () => void): () => void {
    // The same function may subscribe twice.
    const own = () => listener();
    if (this.#listeners.size === 0) this.#turn(true);
    this.#listeners.add(own);
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#turn(false);
    };
  }

  take(value: Value): void {
    this.value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  again(): void {
    if (this.#listeners.size > 0) this.#turn(true);
  }
}

/** What the engine answers, for as long as somebody subscribes. */
export class Asked<Value> extends Watched<Value | undefined> implements Query<Value> {
  readonly now: () => Promise<Value>;

  constructor(turn: (on: boolean) => void, now: () => Promise<Value>) {
    super(undefined, turn);
    this.now = now;
  }
}

/** Presence in a document; others are asked who they are once somebody subscribes. */
export class Present extends Watched<readonly Presence[]> implements DocumentPresence {
  #say: (state: string | undefined) => void;
  #own: string | undefined;

  constructor(say: (state: string | undefined) => void, ask: () => void) {
    super([], (on) => {
      if (on) ask();
    });
    this.#say = say;
  }

  set(state: unknown): void {
    this.#own = state === undefined ? undefined : JSON.stringify(state);
    this.#say(this.#own);
  }

  hear(peers: string[]): void {
    this.take(peers.map((peer) => JSON.parse(peer) as Presence));
  }

  override again(): void {
    this.value = [];
    super.again();
    if (this.#own !== undefined) this.#say(this.#own);
  }
}
