// What the page shows is in its address, so that it can be sent to somebody.

/** A part of the address's query. */
export function param(name: string): string | null {
  return new URLSearchParams(location.search).get(name);
}

/** This page's address with other parameters; null takes one away. */
export function addressWith(changes: Record<string, string | null>, path: string = location.pathname): string {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Changes the address without a step in the browser's history; what is said after its `#` stays. */
export function setParams(changes: Record<string, string | null>): void {
  history.replaceState(history.state, "", addressWith(changes) + location.hash);
}

/** Where the page of a view is, wherever the build is served from. */
export function viewPath(view: "workers" | "station" | "hub"): string {
  const root = location.pathname.replace(/(station|hub)\/(index\.html)?$/, "").replace(/index\.html$/, "");
  return view === "workers" ? root : `${root}${view}/`;
}
