import { fromWire, type WireError, YilianError } from "./errors.js";
import type { Call, HostEvent, HostOptions, Port, Request } from "./protocol.js";

type Told = Exclude<HostEvent, { event: "answer" | "up" }>;

/** Asks the engine that has just been started, ahead of all others. */
export type Post = (request: Request) => Promise<unknown>;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** How often an engine that stopped is started again without finding which change is to blame. */
const RESTARTS_MAX = 40;

/** The page's end of the engine: asks, and hears. Starts it again when it stops. */
export class Engine {
  #options: HostOptions;
  #hear: (event: Told) => void;
  #restarted: (post: Post) => void;
  #port: Port | undefined;
  #next = 1;
  #waiting = new Map<number, Waiting>();
  #restarts = 0;
  #culprits = new Set<string>();
  #restarting: Promise<void> | undefined;
  #closed = false;

  constructor(options: HostOptions, hear: (event: Told) => void, restarted: (post: Post) => void) {
    this.#options = options;
    this.#hear = hear;
    this.#restarted = restarted;
  }

  async start(): Promise<void> {
    this.#port = await port((event) => this.#take(event), (error) => this.#broken(error));
    await this.#post({ call: "start", options: this.#options });
  }

  async ask(request: Request): Promise<unknown> {
    // While an engine is started again, what is asked waits for it.
    await this.#restarting;
    return this.#post(request);
  }

  #post(request: Request): Promise<unknown> {
    const port = this.#port;
    if (port === undefined) {
      return Promise.reject(new YilianError("Closed", "this client was closed"));
    }
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      port.post({ id, request });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restarting;
    try {
      await this.ask({ call: "stop" });
    } finally {
      this.#end(new YilianError("Closed", "this client was closed"));
    }
  }

  #take(event: HostEvent): void {
    if (event.event === "answer") {
      const waiting = this.#waiting.get(event.id);
      this.#waiting.delete(event.id);
      if (event.error !== undefined) waiting?.reject(fromWire(event.error));
      else waiting?.resolve(event.value);
      return;
    }
    if (event.event === "up") return;
    if (event.event === "trapped") {
      this.#hear({ event: "problem", error: event.error });
      const careful = event.culprit === undefined ? true : undefined;
      this.#options = { ...this.#options, careful, memory: event.memory };
      this.#blame(event.culprit);
      this.#restart(event.error);
      return;
    }
    this.#hear(event);
  }

  /** Whoever forges changes forges many; each is found once. */
  #blame(culprit: string | undefined): void {
    if (culprit === undefined || this.#culprits.has(culprit)) return;
    this.#culprits.add(culprit);
    this.#restarts = 0;
  }

  #broken(error: WireError): void {
    this.#end(fromWire(error));
  }

  #restart(error: WireError): void {
    this.#end(new YilianError("EngineStopped", "the engine stopped; it is started again"));
    this.#restarts += 1;
    if (this.#closed || this.#restarts > RESTARTS_MAX) return;
    const restarting = this.start().then(
      () => this.#restarted((request) => this.#post(request)),
      () => this.#hear({ event: "problem", error }),
    );
    this.#restarting = restarting;
  }

  #end(reason: Error): void {
    this.#port?.end();
    this.#port = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }
}

/** A worker where there is one; this very thread otherwise. */
async function port(hear: (event: HostEvent) => void, broken: (error: WireError) => void): Promise<Port> {
  const worker = startWorker();
  if (worker !== undefined) {
    return new Promise((resolve, reject) => {
      const port = { post: (call: Call) => worker.postMessage(call), end: () => worker.terminate() };
      worker.onmessage = (message: MessageEvent) => {
        const event = message.data as HostEvent;
        if (event.event === "up") resolve(port);
        else hear(event);
      };
      worker.onerror = (event: ErrorEvent) => {
        const why = event.message || "the engine's worker cannot start";
        const error = { name: "EngineFailed", message: why };
        reject(fromWire(error));
        broken(error);
      };
    });
  }
  const { Host } = await import("./host.js");
  // Events are heard in tasks of their own, as a worker's are: no call of ours hears before it returns.
  const host = new Host((event) => queueMicrotask(() => hear(event)));
  return { post: (call: Call) => void host.call(call), end: () => {} };
}

function startWorker(): Worker | undefined {
  if (typeof Worker === "undefined" || typeof document === "undefined") return undefined;
  try {
    // Bundlers look for exactly this form.
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } catch {
    // A page may not start a worker from another origin.
    return undefined;
  }
}
