// What the page and the engine say to each other. The engine runs in a worker where there is one, so
// everything here can be posted; what is large travels as JSON text, which the page parses in parts.

import type { Device } from "./devices.js";
import type { WireError } from "./errors.js";
import type { Status } from "./status.js";
import type { Memory } from "./storage.js";

/** How an engine starts. */
export interface HostOptions {
  network: string;
  url?: string | undefined;
  token?: string | undefined;
  author?: string | undefined;
  site?: string | undefined;
  role?: "hub" | undefined;
  subscribe?: string[] | undefined;
  storage: "indexeddb" | "memory";
  /** Whether the browser promised not to clear the store by itself. */
  persistent: boolean;
  zone: string;
  /** An engine stopped here, and nobody knows of which change. */
  careful?: true | undefined;
  /** What an engine that stopped had in memory. */
  memory?: Memory | undefined;
}

/** What a page asks; each is answered once. */
export type Request =
  | { call: "start"; options: HostOptions }
  | { call: "open"; name: string }
  | { call: "close"; name: string }
  | { call: "edit"; name: string; orders: string; message: string }
  /** Asks a query once; its answer is JSON. */
  | { call: "query"; query: string; args: string }
  /** Asks it from now on; `result` events follow. */
  | { call: "follow"; id: number; query: string; args: string }
  | { call: "unfollow"; id: number }
  /** Does something that takes more than orders; `alone`: while no other tab of this browser does. */
  | { call: "act"; act: string; args: string; alone: boolean }
  /** Makes what a refused change did once more, or shows it no more. */
  | { call: "retry"; change: string }
  | { call: "discard"; change: string }
  | { call: "undo"; name: string }
  | { call: "redo"; name: string }
  | { call: "history"; name: string; collection: string; record: string }
  | { call: "log"; name: string; max: number }
  | { call: "devices"; on: boolean }
  | { call: "watch"; month: string }
  | { call: "unwatch"; month: string }
  /** What is kept outside of the store: see `Store.incarnation`. */
  | { call: "holder"; incarnation: string | undefined }
  | { call: "names" }
  | { call: "export"; name: string }
  | { call: "ask"; name: string }
  | { call: "present"; name: string; state: string | undefined }
  | { call: "wanted"; online: boolean }
  | { call: "visible" }
  | { call: "hidden" }
  | { call: "kept" }
  | { call: "stop" };

export interface Call {
  id: number;
  request: Request;
}

/** What the engine tells. */
export type HostEvent =
  /** A worker hears calls from now on. */
  | { event: "up" }
  | { event: "answer"; id: number; value?: unknown; error?: WireError }
  /** Records of a document that is being opened: JSON. */
  | { event: "part"; name: string; json: string }
  /** All parts of a document have been told. */
  | { event: "ready"; name: string }
  /** The document starts over: parts follow. */
  | { event: "reset"; name: string }
  /** A `changed` signal: JSON. */
  | { event: "changed"; json: string }
  /** The answer of a query that is followed: JSON. */
  | { event: "result"; id: number; json: string }
  | { event: "findings"; month: string; json: string }
  | { event: "presence"; name: string; peers: string[] }
  | { event: "devices"; devices: Device[] }
  | { event: "status"; status: Status }
  | { event: "problem"; error: WireError }
  /**
   * The engine cannot go on; it has written down why, and a new one can be started. `culprit` is the change that was found to
   * be why, if it is known by now; `memory` is for the next engine.
   */
  | { event: "trapped"; error: WireError; culprit: string | undefined; memory: Memory | undefined };

/** The engine as the page sees it. */
export interface Port {
  post(call: Call): void;
  /** Ends the engine at once. */
  end(): void;
}
