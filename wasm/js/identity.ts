/** The id of a named document, as automerge-repo writes it; `automerge:` before it makes a URL. */
export async function documentId(network: string, name: string): Promise<string> {
  // Few pages need it, and none should load the engine twice for nothing.
  const [{ load }, engine] = await Promise.all([import("./load.js"), import("./engine/yilian.js")]);
  await load();
  return engine.documentId(network, name);
}

/** What tells a store from its copies: see `Store.incarnation`. */
export function newIncarnation(): string {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return (number as number).toString(16).padStart(8, "0");
}
