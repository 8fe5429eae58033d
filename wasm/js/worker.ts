// The engine in a worker of its own, so that no work of it holds up the page.

import { Host } from "./host.js";
import type { Call } from "./protocol.js";

const scope = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
};

const host = new Host((event) => scope.postMessage(event));
scope.onmessage = (message) => void host.call(message.data as Call);
// A bundler may load this module late: only from here on are calls heard.
scope.postMessage({ event: "up" });
