import type { Documents } from "./documents.js";
import type { Client } from "./engine/yilian.js";
import type { Memories } from "./memories.js";
import { Pause } from "./pause.js";

/** As many documents are loaded at once, so that the worker answers others in between; */
const LOADED = 32;
/** where thousands are to be, one part in so many: looking through all of them takes time each time. */
const PARTS = 8;

/** What is answered from things that are kept beside the store. */
const OF_MEMORIES: ReadonlySet<string> = new Set([
  "caseFigures",
  "cases",
  "inbox",
  "mediatorsDay",
  "mediatorsOnDuty",
  "submissions",
]);

/** What the engine asks for itself; a page's questions count from 1. */
const OWN = 0;

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
  /** What is open for it. */
  readonly held: Set<string>;
  /** The documents that the answer depends on. */
  reads: ReadonlySet<string>;
  /** What the names of the documents begin with whose coming it depends on. */
  lists: readonly string[];
  /** Whether there is more to open. */
  hasMore: boolean;
  /** Whether something changed that the answer depends on. */
  isDue: boolean;
  /** When it was answered, and when the answer is another although nothing was written: Unix milliseconds. */
  askedAt: number;
  until: number;
  json: string | undefined;
}

/** What is asked of the documents that are here: once, or for as long as somebody looks. */
export class Queries {
  #client: Client;
  #documents: Documents;
  #memories: Memories;
  #owner: QueriesOwner;
  #followed = new Map<number, Question>();
  #pause = new Pause(() => this.#updateAll());

  constructor(client: Client, documents: Documents, memories: Memories, owner: QueriesOwner) {
    this.#client = client;
    this.#documents = documents;
    this.#memories = memories;
    this.#owner = owner;
    void memories.taken.then(() => this.note([]));
  }

  /** Shows the answer, now and whenever it is another. */
  follow(id: number, query: string, args: string): void {
    const question = ask(query, args);
    if (this.#isEarly(question)) question.isDue = true;
    else this.#update(id, question);
    // What cannot be asked is not asked again.
    this.#followed.set(id, question);
    this.#owner.work();
  }

  /** Keeps in step the cases of other sites that were handed to a site: their names do not say so. */
  keepHanded(site: string | undefined): void {
    if (site !== undefined) this.follow(OWN, "handedCases", JSON.stringify({ site }));
  }

  /** Whether what was kept is not there yet that would have to be worked out again. */
  #isEarly({ query }: Question): boolean {
    return !this.#memories.isTaken && OF_MEMORIES.has(query);
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
    if (this.#isEarly(question)) await this.#memories.taken;
    try {
      for (;;) {
        const json = this.#read(question);
        this.#owner.work();
        const missing = [...question.held].filter((name) => !this.#client.isBuilt(name));
        if (json !== "" && missing.length === 0 && !question.hasMore) return json;
        await Promise.all(missing.map((name) => this.#documents.built(name)));
      }
    } finally {
      this.#letGo(question);
    }
  }

  /** Documents changed, or came: `*` is whatever an answer may depend on. */
  note(touched: readonly string[]): void {
    const everything = touched.includes("*");
    const isOf = ({ reads, lists }: Question): boolean =>
      touched.some((name) => reads.has(name) || lists.some((list) => name.startsWith(list)));
    let isDue = false;
    for (const question of this.#followed.values()) {
      question.isDue ||= everything || isOf(question);
      isDue ||= question.isDue;
    }
    if (isDue) this.#pause.begin();
  }

  /** Time has passed, or the clock was set. */
  tick(now: number): void {
    const isOver = ({ askedAt, until }: Question): boolean => now < askedAt || until <= now;
    for (const question of this.#followed.values()) {
      if (!isOver(question)) continue;
      question.isDue = true;
      this.#pause.begin();
    }
  }

  stop(): void {
    this.#pause.stop();
  }

  #updateAll(): void {
    for (const [id, question] of this.#followed) {
      if (question.isDue && !this.#isEarly(question)) this.#owner.guard(() => this.#update(id, question));
    }
    this.#owner.guard(() => this.#owner.work());
  }

  #update(id: number, question: Question): void {
    const json = this.#read(question);
    // Something is not built; once it is, this is done again.
    if (json === "" || json === question.json) return;
    question.json = json;
    if (id !== OWN) this.#owner.show(id, json);
  }

  /** Asks the engine, and holds what it takes; the answer is empty as long as something of that is not built. */
  #read(question: Question): string {
    question.isDue = false;
    question.askedAt = Date.now();
    const answer = this.#client.query(question.query, question.args, question.askedAt);
    this.#memories.keep();
    const [json, until, count, ...names] = answer as [string, string, string, ...string[]];
    question.until = until === "" ? Number.POSITIVE_INFINITY : Number(until);
    const opens = new Set(names.slice(0, Number(count)));
    const reads = names.slice(Number(count));
    question.reads = new Set(reads);
    question.lists = reads.filter((name) => name.endsWith("/"));
    const missing = new Set([...opens].filter((name) => !this.#client.isBuilt(name)));
    const most = Math.max(LOADED, missing.size / PARTS);
    let loading = 0;
    for (const name of opens) {
      if (missing.has(name)) loading += 1;
      if (question.held.has(name)) continue;
      if (loading > most) break;
      question.held.add(name);
      this.#documents.hold(name);
    }
    question.hasMore = loading > most;
    for (const name of question.held) {
      if (opens.has(name)) continue;
      question.held.delete(name);
      this.#documents.release(name);
    }
    return json;
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
  return {
    query,
    args,
    held: new Set(),
    reads: new Set(),
    lists: [],
    hasMore: false,
    isDue: false,
    askedAt: 0,
    until: Number.POSITIVE_INFINITY,
    json: undefined,
  };
}
