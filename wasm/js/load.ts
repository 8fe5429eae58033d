import init from "./engine/yilian.js";

let loaded: Promise<unknown> | undefined;

/** Loads the engine's module, once: over the network in a browser, from the disk in Node. */
export function load(): Promise<unknown> {
  loaded ??= start();
  return loaded;
}

async function start(): Promise<unknown> {
  const url = new URL("./engine/yilian_bg.wasm", import.meta.url);
  if (url.protocol !== "file:") return init({ module_or_path: url });
  const name = "node:fs/promises";
  const files = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
    readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
  };
  return init({ module_or_path: await files.readFile(url) });
}
