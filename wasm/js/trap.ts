// What is done about a change that breaks the engine: it is looked for by halves, over as many starts as
// that takes, and set aside.

import type { Store, Suspect } from "./storage.js";

/** Whether the module itself failed: a panic, or no memory or stack left. */
export function isTrap(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError;
}

/** Writes down what broke the engine; the last of what is suspected goes into quarantine, and is answered. */
export async function incriminate(
  store: Store,
  { document, good, bad }: Suspect,
  before: Suspect | undefined,
): Promise<string | undefined> {
  if (bad === 0) {
    // Nothing that is stored did it: the next engine takes nothing in compact form.
    await store.setSuspect({ document, good, bad });
    return undefined;
  }
  const { changes } = await store.load(document);
  const hashes = await changeHashes(changes);
  const suspect = {
    document,
    good: good === 0 ? (before?.good ?? 0) : good,
    bad: Math.min(bad, before?.bad ?? hashes.length),
  };
  if (suspect.bad - suspect.good <= 1) {
    const culprit = hashes[suspect.good];
    await store.clearSuspect(document, culprit);
    return culprit;
  }
  await store.setSuspect(suspect);
  return undefined;
}

/** The hashes of a run of change chunks, in order. */
async function changeHashes(bytes: Uint8Array): Promise<string[]> {
  const hashes: string[] = [];
  let at = 0;
  while (at + 9 < bytes.length) {
    let length = 0;
    let shift = 0;
    let body = at + 9;
    for (;;) {
      const byte = bytes[body] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      body += 1;
      if (byte < 0x80) break;
    }
    const digest = await crypto.subtle.digest("SHA-256", bytes.slice(at + 8, body + length));
    hashes.push([...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join(""));
    at = body + length;
  }
  return hashes;
}
