// An ephemeral message is CBOR, since automerge-repo's clients decode it: a text that holds JSON.

/** How long after somebody was last heard of they count as gone. */
export const GONE_MS = 45_000;

/** How often those who are there say so. */
const BEAT_MS = 15_000;

/** Calls back whenever it is time to say that one is there; answers how to stop that. */
export function beats(beat: () => void): () => void {
  const timer = setInterval(beat, BEAT_MS);
  // Node must not stay up for it.
  (timer as { unref?: () => void }).unref?.();
  return () => clearInterval(timer);
}

/** Puts something into an ephemeral message. */
export function pack(said: object): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(said));
  const bytes = new Uint8Array(5 + text.length);
  bytes[0] = 0x7a;
  new DataView(bytes.buffer).setUint32(1, text.length);
  bytes.set(text, 5);
  return bytes;
}

/** What an ephemeral message says; undefined if it is none of ours. Its fields may be anything. */
export function unpack(data: Uint8Array): { readonly [field: string]: unknown } | undefined {
  const first = data[0] ?? 0;
  // A text, with its length in 0, 1, 2 or 4 bytes after the first.
  const before = first >= 0x60 && first < 0x78 ? 1 : { 0x78: 2, 0x79: 3, 0x7a: 5 }[first];
  if (before === undefined) return undefined;
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(data.subarray(before)));
    return typeof said === "object" && said !== null ? (said as { [field: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
