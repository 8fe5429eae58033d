// The service worker: after the first visit the page opens with no network.

import { viewPath } from "./address.ts";
import { texts } from "./i18n.ts";
import { toast } from "./toasts.ts";

const t = texts({
  newer: { zh: "有新版本", en: "There is a new version" },
  take: { zh: "更新", en: "Update" },
});

/** Registers it, in what was built; the development server changes too often. */
export function install(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  container.register(`${viewPath("workers")}sw.js`, { scope: viewPath("workers") }).then(
    (registration) => {
      offer(registration);
      registration.addEventListener("updatefound", () => {
        const { installing } = registration;
        installing?.addEventListener("statechange", () => offer(registration));
      });
    },
    // Some browsers keep nothing in private windows; the page works as it is.
    () => {},
  );
}

/** A newer version waits for a page that still runs the older one. */
function offer({ waiting }: ServiceWorkerRegistration): void {
  const container = navigator.serviceWorker;
  if (waiting === null || container.controller === null) return;
  const take = () => {
    container.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  };
  toast(t.newer, { stays: true, action: { label: t.take, run: take } });
}
