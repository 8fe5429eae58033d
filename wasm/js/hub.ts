import type { Client } from "./engine/yilian.js";
import { Link } from "./link.js";
import type { HostOptions } from "./protocol.js";
import { isTrap } from "./trap.js";

/** With changes waiting and nothing heard for so long, the connection is taken for dead. */
const SILENCE_MS = 30_000;

/** What a hub needs of whoever has it. */
export interface HubOwner {
  /** Whether the engine can be asked for what to send. */
  runs(): boolean;
  /** The hub knows who we are. */
  introduced(): void;
  /** The state of the connection changed. */
  changed(): void;
  /** Does what the engine wants done. */
  work(): void;
  /** Runs something that may fail. */
  guard(work: () => void): void;
}

/** The engine's connection to the hub. */
export class Hub {
  readonly link: Link;
  #client: Client;
  #owner: HubOwner;

  constructor(client: Client, url: string, { token }: HostOptions, owner: HubOwner) {
    this.#client = client;
    this.#owner = owner;
    this.link = new Link(url, token, {
      dialled: () => client.dialled(),
      received: (frame) => owner.guard(() => this.#received(frame)),
      disconnected: () => owner.guard(() => this.#disconnected()),
      transmit: () => (owner.runs() ? client.transmit() : undefined),
      changed: () => owner.changed(),
    });
  }

  /** Gives up a connection on which nothing is heard although something should be. */
  check(): void {
    const silent = performance.now() - this.link.heardAt;
    const unheard = this.link.state === "online" && silent > SILENCE_MS;
    if (unheard) this.link.fail("the hub does not answer");
  }

  #received(frame: Uint8Array): void {
    const before = this.#client.isOnline();
    try {
      this.#client.received(frame);
    } catch (thrown) {
      if (isTrap(thrown)) throw thrown;
      this.link.fail(thrown instanceof Error ? thrown.message : String(thrown));
      return;
    }
    if (!before) {
      this.link.introduced();
      this.#owner.introduced();
    }
    this.#owner.work();
    this.link.flush();
  }

  #disconnected(): void {
    this.#client.disconnected();
    this.#owner.work();
  }
}
