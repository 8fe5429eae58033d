import type { Documents } from "./documents.js";
import type { Client } from "./engine/yilian.js";

/** How long what changes waits for more of its kind. */
const AFTER_MS = 80;

/** What queries need of whoever has them. */
export interface QueriesOwner {
  show(id: number, json: string): void;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** A question, and what was read for it. */
interface Question {
  readonly query: string;
  readonly args: string;
  readonly held: Set<string>;
  /** The state of what was read. */
  stamp: string | undefined;
  /** When the answer is another although nothing was written: Unix milliseconds. */
  until: number;
  json: string | undefined;
}

/** What is asked of the documents that are here: once, or for as long as somebody looks. */
export class Queries {
  #client: Client;
  #documents: Documents;
  #owner: QueriesOwner;
  #followed = new Map<number, Question>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, documents: Documents, owner: QueriesOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#owner = owner;
  }

  /** Shows the answer, now and whenever it is another. */
  follow(id: number, query: string, args: string): void {
    const question = ask(query, args);
    this.#update(id, question);
    // What cannot be asked is not asked again.
    this.#followed.set(id, question);
    this.#owner.work();
  }

  unfollow(id: number): void {
    const question = this.#followed.get(id);
    if (question === undefined) return;
    this.#followed.delete(id);
    this.#letGo(question);
  }

  /** The answer as of now. */
  async once(query: string, args: string): Promise<string> {
    const question = ask(query, args);
    try {
      for (;;) {
        const json = this.#read(question);
        this.#owner.work();
        if (json !== "") return json;
        await Promise.all(this.#missing(question).map((name) => this.#documents.built(name)));
      }
    } finally {
      this.#letGo(question);
    }
  }

  /** Something changed. */
  soon(): void {
    if (this.#followed.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      for (const [id, question] of this.#followed) this.#owner.guard(() => this.#update(id, question));
      this.#owner.guard(() => this.#owner.work());
    }, AFTER_MS);
  }

  /** Time has passed. */
  tick(now: number): void {
    if ([...this.#followed.values()].some(({ until }) => until <= now)) this.soon();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #update(id: number, question: Question): void {
    if (question.stamp === this.#stamp(question) && Date.now() < question.until) return;
    const json = this.#read(question);
    // Something is not built; once it is, this is done again.
    if (json === "") {
      question.stamp = undefined;
      return;
    }
    question.stamp = this.#stamp(question);
    if (json === question.json) return;
    question.json = json;
    this.#owner.show(id, json);
  }

  /** Asks the engine, and holds what it read for that; the answer is empty as long as something of it is not built. */
  #read(question: Question): string {
    const [json, until, ...names] = this.#client.query(question.query, question.args, Date.now());
    question.until = until === "" ? Number.POSITIVE_INFINITY : Number(until);
    for (const name of names) {
      if (question.held.has(name)) continue;
      question.held.add(name);
      this.#documents.hold(name);
    }
    for (const name of question.held) {
      if (names.includes(name)) continue;
      question.held.delete(name);
      this.#documents.release(name);
    }
    return json as string;
  }

  #missing({ held }: Question): string[] {
    return [...held].filter((name) => !this.#client.isBuilt(name));
  }

  #stamp({ held }: Question): string {
    return this.#client.stamp([...held]);
  }

  #letGo({ held }: Question): void {
    this.#owner.guard(() => {
      for (const name of held) this.#documents.release(name);
      held.clear();
      this.#owner.work();
    });
  }
}

function ask(query: string, args: string): Question {
  return { query, args, held: new Set(), stamp: undefined, until: Number.POSITIVE_INFINITY, json: undefined };
}
