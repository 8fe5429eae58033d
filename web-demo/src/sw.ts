// Keeps everything that the build made, so that the page opens with no network. The build writes the
// list and the version; a new version is fetched whole before it takes over.

declare const self: ServiceWorkerGlobalScope;

const VERSION = "@VERSION";
const PREFIX = "yilian-page-";
// The build writes the list here.
const PATHS = "@PRECACHE" as unknown as readonly string[];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(PREFIX + VERSION).then((cache) =>
      // Past the browser's own cache, which may hold another version's page.
      cache.addAll(PATHS.map((path) => new Request(path, { cache: "reload" }))),
    ),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request, url));
});

async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(PREFIX + VERSION);
  // What a page shows is in its query; its file is the same.
  const path = `${url.origin}${url.pathname.replace(/\/index\.html$/, "/")}`;
  return (await cache.match(path)) ?? fetch(request);
}

async function clean(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== PREFIX + VERSION) await caches.delete(name);
  }
}

export {};
