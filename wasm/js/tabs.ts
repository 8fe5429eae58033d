import type { Status } from "./status.js";

/** What tabs of one browser tell each other. */
export type TabMessage =
  /** A tab has stored changes. */
  | { kind: "stored"; seq: number; document: string; name: string | null; changes: Uint8Array }
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
  #lock: string;
  #release: (() => void) | undefined;
  #abort = new AbortController();

  constructor(id: string, store: string, hear: (message: TabMessage) => void) {
    this.id = id;
    this.#lock = `${store}:leader`;
    this.#channel = new BroadcastChannel(store);
    this.#channel.onmessage = (message: MessageEvent) => hear(message.data as TabMessage);
  }

  tell(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  /** Calls back once this tab leads; the browser sees to it that no other does, also when a tab dies. */
  async lead(now: () => void): Promise<void> {
    const held = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    try {
      await navigator.locks.request(this.#lock, { signal: this.#abort.signal }, () => {
        now();
        return held;
      });
    } catch (thrown) {
      if (!this.#abort.signal.aborted) throw thrown;
    }
  }

  close(): void {
    this.#abort.abort();
    this.#release?.();
    this.#channel.close();
  }
}
