import type { Documents } from "./documents.js";
import type { Client } from "./engine/yilian.js";
import { YilianError } from "./errors.js";
import type { HostEvent } from "./protocol.js";
import type { Signal } from "./signal.js";
import type { Tickets } from "./tickets.js";
import type { Writer } from "./writer.js";

/** What carries out signals. */
export interface SignalsOwner {
  readonly documents: Documents;
  readonly tickets: Tickets;
  readonly writer: Writer;
  tell(event: HostEvent): void;
  /** Reads a document's changes. */
  load(document: string): void;
  /** Somebody said something that is not kept. */
  heard(name: string, data: Uint8Array): void;
  /** Changes of a document are aside from now on. */
  aside(signal: Extract<Signal, { type: "aside" }>): void;
  /** What a change that is aside wrote is there again. */
  madeAgain(change: string): void;
  /** Ends the connection. */
  fail(reason: string): void;
  /** There are frames to send. */
  flush(): void;
  problem(error: YilianError): void;
}

/** What the engine wants done. */
export class Signals {
  #client: Client;
  #owner: SignalsOwner;

  constructor(client: Client, owner: SignalsOwner) {
    this.#client = client;
    this.#owner = owner;
  }

  /** Does it, until there is nothing left. */
  work(): void {
    let wake = false;
    for (;;) {
      const behind: string[] = [];
      for (let json = this.#client.poll(); json !== undefined; json = this.#client.poll()) {
        // The page parses it.
        if (json.startsWith('{"type":"changed"')) {
          this.#owner.tell({ event: "changed", json });
          continue;
        }
        const signal = JSON.parse(json) as Exclude<Signal, { type: "changed" }>;
        if (signal.type === "behind") behind.push(signal.document);
        else if (signal.type === "wake") wake = true;
        else this.#one(signal);
      }
      if (behind.length === 0) break;
      for (const document of behind) this.#owner.documents.apply(document);
    }
    if (wake) this.#owner.flush();
  }

  #one(signal: Exclude<Signal, { type: "behind" | "changed" | "wake" }>): void {
    const { documents, tickets, writer } = this.#owner;
    switch (signal.type) {
      case "arrived":
        documents.build(signal.document, signal.changes, false);
        break;
      case "aside":
        this.#owner.aside(signal);
        break;
      case "close":
        this.#owner.fail(signal.reason);
        break;
      case "complaint":
        this.#owner.problem(new YilianError("HubComplaint", signal.message));
        break;
      case "cursor":
        writer.noteCursor({ store: signal.store, position: signal.position });
        break;
      case "damaged": {
        const what = `the stored changes of ${signal.name ?? signal.document} do not fit together`;
        const error = new YilianError("DamagedDocument", what);
        if (signal.name !== null) documents.fail(signal.name, error);
        this.#owner.problem(error);
        break;
      }
      case "ephemeral":
        this.#owner.heard(signal.name, this.#client.takeBytes());
        break;
      case "expand":
        documents.expand(signal.document, signal.connection, this.#client.takeBytes());
        break;
      case "load":
        this.#owner.load(signal.document);
        break;
      case "madeAgain":
        this.#owner.madeAgain(signal.change);
        break;
      case "rebuild":
        documents.build(signal.document, signal.changes, true);
        break;
      case "remoteHeads":
        writer.noteHeads(signal.document, signal.heads);
        break;
      case "settled":
        tickets.note(signal.tickets, signal.durable);
        break;
      case "store": {
        const { document, name, before, after } = signal;
        writer.write({ document, name, before, after, changes: this.#client.takeBytes() });
        break;
      }
    }
  }
}
