import { unavailable } from "./errors.js";
import type { Status } from "./status.js";
import type { Aside } from "./storage.js";

/** What tabs of one browser tell each other. */
export type TabMessage =
  /** A tab has stored changes. */
  | { kind: "stored"; seq: number; document: string; name: string | null; changes: Uint8Array }
  /** A tab has put changes of a document aside. */
  | { kind: "aside"; aside: Aside }
  /** Refused changes that a tab was told to show no more. */
  | { kind: "dismissed"; change: string }
  /** Documents that a tab shows: all of them, so that whoever leads can keep them in step. */
  | { kind: "shows"; tab: string; names: string[] }
  /** A tab leads now: the others say what they show. */
  | { kind: "leads"; tab: string }
  /** How the leading tab and the hub are from each other. */
  | { kind: "status"; status: Status }
  /** A tab is new: whoever leads tells the status. */
  | { kind: "hello"; tab: string }
  /** Something that is said and not kept; `up` when whoever leads is to tell the hub. */
  | { kind: "ephemeral"; name: string; data: Uint8Array; up: boolean };

/** The tabs of one browser that share a store: what one stores the others hear of, and one of them leads. */
export class Tabs {
  readonly id: string;
  #channel: BroadcastChannel;
  #store: string;
  #ended: Promise<void>;
  #end!: () => void;
  #abort = new AbortController();

  constructor(id: string, store: string, hear: (message: TabMessage) => void) {
    this.id = id;
    this.#store = store;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#channel = new BroadcastChannel(store);
    this.#channel.onmessage = (message: MessageEvent) => hear(message.data as TabMessage);
  }

  tell(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  /** Holds a lock of this tab's own until it closes or dies, before it says anything: by that the others know. */
  begin(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hold = () => {
        resolve();
        return this.#ended;
      };
      // Locks are refused where storage is.
      navigator.locks
        .request(this.#own(this.id), hold)
        .catch((thrown: unknown) => reject(unavailable(thrown)));
    });
  }

  /** Calls back when another tab has closed or died. */
  whenGone(tab: string, gone: () => void): void {
    // Rejected when this tab closes first.
    navigator.locks.request(this.#own(tab), { signal: this.#abort.signal }, gone).catch(() => {});
  }

  #own(tab: string): string {
    return `${this.#store}:tab:${tab}`;
  }

  /** Calls back once this tab leads; the browser sees to it that no other does, also when a tab dies. */
  async lead(now: () => void): Promise<void> {
    try {
      await navigator.locks.request(`${this.#store}:leader`, { signal: this.#abort.signal }, () => {
        now();
        return this.#ended;
      });
    } catch (thrown) {
      if (!this.#abort.signal.aborted) throw thrown;
    }
  }

  /** Does something while no other tab does anything of the kind. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(`${this.#store}:alone`, work) as Promise<T>;
  }

  close(): void {
    this.#abort.abort();
    this.#end();
    this.#channel.close();
  }
}
