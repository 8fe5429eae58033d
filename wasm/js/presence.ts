import { beats, GONE_MS, pack, unpack } from "./ephemeral.js";

/** Who looks at a document, and what they say of themselves. */
export interface Presence<State = unknown> {
  /** The tab they look from. */
  readonly id: string;
  /** Who they are, as far as they said. */
  readonly author: string | undefined;
  /** What they say: the cell they edit, say. */
  readonly state: State;
}

/** What is sent, as JSON inside a CBOR text. */
interface Said {
  yilian: "presence";
  id: string;
  author?: string | undefined;
  /** JSON; none when they leave. */
  state: string | null;
  /** They are new, and want to know who is there. */
  ask: boolean;
}

interface Seen {
  /** By a clock that nobody sets. */
  at: number;
  peer: string;
}


export interface PresenceOwner {
  send(name: string, data: Uint8Array): void;
  show(name: string, peers: string[]): void;
}

/** Presence in every document that this tab has open. */
export class PresenceBook {
  #id: string;
  #author: string | undefined;
  #owner: PresenceOwner;
  #own = new Map<string, string>();
  /** Where somebody here wants to know who else is. */
  #curious = new Set<string>();
  #seen = new Map<string, Map<string, Seen>>();
  #still: () => void;

  constructor(id: string, author: string | undefined, owner: PresenceOwner) {
    this.#id = id;
    this.#author = author;
    this.#owner = owner;
    this.#still = beats(() => this.#beat());
  }

  /** Says what this tab does in a document; nothing says that it left. */
  present(name: string, state: string | undefined): void {
    const isNew = !this.#own.has(name);
    if (state !== undefined) {
      this.#own.set(name, state);
      this.#say(name, state, isNew);
    } else if (this.#own.delete(name)) {
      this.#say(name, null, false);
    }
  }

  /** Asks who is there, also after each loss of the connection. */
  ask(name: string): void {
    this.#curious.add(name);
    if (!this.#own.has(name)) this.#say(name, null, true);
  }

  /** The document is closed here. */
  leave(name: string): void {
    this.#curious.delete(name);
    this.present(name, undefined);
  }

  /** Somebody said something. */
  hear(name: string, data: Uint8Array): void {
    const said = read(data);
    if (said === undefined || said.id === this.#id) return;
    const seen = this.#seen.get(name) ?? new Map<string, Seen>();
    this.#seen.set(name, seen);
    const before = seen.get(said.id)?.peer;
    if (said.state === null) {
      seen.delete(said.id);
    } else {
      const peer = JSON.stringify({ id: said.id, author: said.author, state: JSON.parse(said.state) });
      seen.set(said.id, { at: performance.now(), peer });
    }
    if (seen.get(said.id)?.peer !== before) this.#show(name);
    const own = this.#own.get(name);
    if (said.ask && own !== undefined) this.#say(name, own, false);
  }

  /** Leaves everywhere. */
  close(): void {
    this.#still();
    for (const name of [...this.#own.keys()]) this.present(name, undefined);
  }

  /** Tells again where we are, after the connection was lost. */
  repeat(): void {
    for (const [name, state] of this.#own) this.#say(name, state, true);
    for (const name of this.#curious) if (!this.#own.has(name)) this.#say(name, null, true);
  }

  #beat(): void {
    for (const [name, state] of this.#own) this.#say(name, state, false);
    const oldest = performance.now() - GONE_MS;
    for (const [name, seen] of this.#seen) {
      const before = seen.size;
      for (const [id, { at }] of seen) if (at < oldest) seen.delete(id);
      if (seen.size !== before) this.#show(name);
    }
  }

  #show(name: string): void {
    const seen = this.#seen.get(name) ?? new Map<string, Seen>();
    this.#owner.show(name, [...seen.values()].map(({ peer }) => peer));
  }

  #say(name: string, state: string | null, ask: boolean): void {
    const said: Said = { yilian: "presence", id: this.#id, author: this.#author, state, ask };
    this.#owner.send(name, pack(said));
  }
}

function read(data: Uint8Array): Said | undefined {
  try {
    const said = unpack(data) as Partial<Said> | undefined;
    const fits =
      said?.yilian === "presence" &&
      typeof said.id === "string" &&
      (said.state === null || typeof said.state === "string");
    if (fits && typeof said.state === "string") JSON.parse(said.state);
    return fits ? (said as Said) : undefined;
  } catch {
    return undefined;
  }
}
