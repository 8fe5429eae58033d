import type { Engine } from "./engine.js";

/**
 * Tells the engine what this browser remembers of its store besides the store itself, so that a store that was restored or
 * copied gives nothing out twice; `stores` is whether there is one.
 */
export async function incarnate(engine: Engine, network: string, stores: boolean): Promise<void> {
  const key = `yilian:${network}:incarnation`;
  const compare = async (): Promise<void> => {
    const known = remembered(key);
    const incarnation = await engine.ask({ call: "holder", incarnation: known });
    if (incarnation !== known) remember(key, incarnation as string);
  };
  // Of two tabs that are opened at once, the second finds what the first has written.
  if (stores) await navigator.locks.request(key, compare);
  else await engine.ask({ call: "holder", incarnation: undefined });
}

/** What this browser keeps besides the store; nothing where a page may keep nothing. */
function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The next time, the store begins a new incarnation: it holds nothing then, and gives nothing out twice.
  }
}
