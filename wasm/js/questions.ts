import type { Engine } from "./engine.js";
import type { Findings } from "./generated.js";
import { Asked, Watched } from "./live.js";
import type { Request } from "./protocol.js";
import type { Live, Query } from "./view.js";

const NOTHING: Findings = { findings: [], not_checked: [] };

/** What a page asks of all documents: each is looked after while somebody subscribes. */
export class Questions {
  #engine: Engine;
  #tell: (request: Request) => void;
  #asked = new Map<number, Asked<unknown>>();
  #findings = new Map<string, Watched<Findings>>();
  #count = 0;

  /** `tell` asks for something whose failure shows elsewhere. */
  constructor(engine: Engine, tell: (request: Request) => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  ask<Value>(query: string, args: object): Query<Value> {
    this.#count += 1;
    const [id, json] = [this.#count, JSON.stringify(args)];
    const turn = (on: boolean): void => {
      if (on) this.#asked.set(id, asked as Asked<unknown>);
      else this.#asked.delete(id);
      this.#tell(on ? { call: "follow", id, query, args: json } : { call: "unfollow", id });
    };
    const asked = new Asked<Value>(turn, () => this.once(query, args));
    return asked;
  }

  /** The answer as of now. */
  async once<Value>(query: string, args: object): Promise<Value> {
    const json = await this.#engine.ask({ call: "query", query, args: JSON.stringify(args) });
    return JSON.parse(json as string) as Value;
  }

  findings(month: string): Live<Findings> {
    let watched = this.#findings.get(month);
    if (watched === undefined) {
      watched = new Watched<Findings>(NOTHING, (on) => this.#tell({ call: on ? "watch" : "unwatch", month }));
      this.#findings.set(month, watched);
    }
    return watched;
  }

  /** The engine has answered. */
  heard(id: number, json: string): void {
    this.#asked.get(id)?.take(JSON.parse(json));
  }

  /** The engine has looked for what makes no sense in a month. */
  found(month: string, json: string): void {
    this.#findings.get(month)?.take(JSON.parse(json) as Findings);
  }

  /** A new engine knows nothing of what is asked. */
  again(): void {
    for (const watched of this.#findings.values()) watched.again();
    for (const asked of this.#asked.values()) asked.again();
  }
}
