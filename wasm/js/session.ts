import { Client } from "./engine/yilian.js";
import { offsetMinutes } from "./clock.js";
import type { HostOptions } from "./protocol.js";
import type { StoredState } from "./storage.js";

/** An engine on what is stored. */
export function session(tab: string, stored: StoredState, options: HostOptions): Client {
  const session = {
    network: options.network,
    peerId: `yilian-tab-${tab}`,
    storageId: stored.storageId,
    author: options.author,
    site: options.site,
    role: options.role,
    subscribe: options.subscribe,
    documents: stored.documents,
    cursor: stored.cursor,
    quarantine: stored.quarantine,
    aside: stored.aside,
    dismissed: stored.dismissed,
    careful: options.careful,
    offsetMinutes: offsetMinutes(options.zone, Date.now()),
  };
  const seed = crypto.getRandomValues(new Uint8Array(32));
  return new Client(JSON.stringify(session), seed);
}
