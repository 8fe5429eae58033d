// The one client of a page.

import { type OpenOptions, Yilian, type YilianError } from "@yilian/client";
import { say, texts } from "./i18n.ts";
import { remember, remembered } from "./store.ts";
import { toast } from "./toasts.ts";

const t = texts({
  memory: {
    zh: "浏览器不让保存（可能是无痕模式）：关掉页面，没有同步的改动就没了",
    en: "This browser stores nothing (private mode?): what is not synced is lost when the page closes",
  },
  QuotaExceeded: { zh: "设备空间已满，这处改动没有存下来", en: "The device is full: this edit was not stored" },
  EngineStopped: { zh: "程序出了问题，已重新启动", en: "The engine stopped and was started again" },
  other: { zh: (what: string) => `出了问题：${what}`, en: (what: string) => `Something went wrong: ${what}` },
});

/** The network whose documents these are. */
export const NETWORK: string = import.meta.env.VITE_YILIAN_NETWORK ?? "jiaozuo";

/** The hub's address: where the page came from, unless the build says otherwise. */
export function hub(): string {
  const given = import.meta.env.VITE_YILIAN_HUB;
  if (given) return given;
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sync`;
}

/** Opens the client; what is stored in this browser is there at once, with or without a network. */
export async function openClient(
  options: Pick<OpenOptions, "site" | "author" | "role" | "subscribe"> = {},
): Promise<Yilian> {
  const full = { network: NETWORK, url: hub(), ...options };
  const yilian = await Yilian.open(full).catch((error: YilianError) => {
    if (error.name !== "StorageUnavailable") throw error;
    toast(t.memory, { kind: "problem", stays: true });
    return Yilian.open({ ...full, storage: "memory" });
  });
  yilian.onProblem((problem) => toast(problemText(problem), { kind: "problem" }));
  if (worksOffline()) await yilian.goOffline();
  return yilian;
}

const SAID: ReadonlySet<string> = new Set(["NotYours", "CaseRefused", "GoodsRefused", "InboxRefused"]);

/** What to tell people of an error. */
export function problemText(problem: Error): string {
  if (problem.name === "QuotaExceeded") return t.QuotaExceeded;
  if (problem.name === "EngineStopped") return t.EngineStopped;
  // What a rule forbids is said as it is: nothing went wrong.
  const { zh, message } = problem as YilianError;
  if (SAID.has(problem.name)) return zh === undefined ? message : say({ zh, en: message });
  return t.other(message);
}

/** Does something, and tells if it does not work; answers whether it did. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    toast(problemText(thrown as Error), { kind: "problem" });
    return false;
  }
}

/** Whether somebody switched this browser to working offline. */
export function worksOffline(): boolean {
  return remembered("offline") === "yes";
}

/** Leaves the hub, or comes back; remembered until it is switched again. */
export async function setWorksOffline(yilian: Yilian, offline: boolean): Promise<void> {
  remember("offline", offline ? "yes" : undefined);
  await (offline ? yilian.goOffline() : yilian.goOnline());
}
