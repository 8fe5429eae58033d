// The header of every page: where one is, and how this browser and the hub are from each other.

import type { Status, Yilian } from "@yilian/client";
import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { addressWith, viewPath } from "./address.ts";
import { attempt, setWorksOffline, worksOffline } from "./client.ts";
import { openDialog } from "./dialog.ts";
import { drawing } from "./draw.ts";
import { lang, setLang, texts } from "./i18n.ts";
import { icon, mark, type IconName } from "./icons.ts";
import { install } from "./install.ts";
import { momentText } from "./time.ts";
import { toast } from "./toasts.ts";

const t = texts({
  brand: { zh: "驿联", en: "Yilian" },
  workers: { zh: "找驿站", en: "Nearby" },
  station: { zh: "站点", en: "Station" },
  hub: { zh: "县级中心", en: "Hub" },
  views: { zh: "页面", en: "Views" },
  skip: { zh: "跳到正文", en: "Skip to content" },
  other: { zh: "English", en: "中文" },
  otherShort: { zh: "EN", en: "中" },
  opening: { zh: "正在打开…", en: "Opening…" },
  waiting: {
    zh: (count: number) => `${count} 处改动待同步`,
    en: (count: number) => `${count} ${count === 1 ? "change" : "changes"} waiting`,
  },
  saved: { zh: (when: string) => `${when} 已存到中心`, en: (when: string) => `Saved ${when}` },
  offline: { zh: "离线", en: "Offline" },
  connecting: { zh: "正在连接…", en: "Connecting…" },
  arriving: { zh: "正在接收…", en: "Receiving…" },
  refused: { zh: "中心有不收的改动", en: "The hub refused a change" },
  retry: { zh: "重做", en: "Try again" },
  discard: { zh: "放弃", en: "Discard" },
  unstored: { zh: "有改动没存下来", en: "An edit was not stored" },
  sync: { zh: "同步情况", en: "Sync" },
  workOffline: { zh: "离线工作", en: "Work offline" },
  workOfflineHint: {
    zh: "改动先存在这台设备上；关掉开关，再一起送到中心。",
    en: "Edits are stored on this device; switch it off to send them to the hub.",
  },
  connection: { zh: "与中心的连接", en: "Connection to the hub" },
  online: { zh: "已连上", en: "Connected" },
  lastSaved: { zh: "上次全部存到中心", en: "Everything last saved at the hub" },
  never: { zh: "还没有", en: "Not yet" },
  changes: { zh: "待同步的改动", en: "Changes waiting" },
  storage: { zh: "本机存储", en: "Storage here" },
  persistent: { zh: "长期保存", en: "Persistent" },
  fleeting: {
    zh: "浏览器没有答应长期保存：空间紧张时可能清掉，请及时同步",
    en: "The browser did not promise to keep it: sync before it runs out of room",
  },
  memory: { zh: "只在内存里：关掉页面就没了", en: "In memory only: gone when the page closes" },
  done: { zh: "好", en: "Done" },
});

export type View = "workers" | "station" | "hub";

/** The header, once it is drawn. */
export interface Frame {
  /** Shows how this client and the hub are from each other. */
  attach(yilian: Yilian): void;
}

/** Draws the header into `#frame`, and makes the page installable. */
export function mountFrame(view: View): Frame {
  const root = document.querySelector<HTMLElement>("#frame");
  if (root === null) throw new Error("the page has no #frame");
  let yilian: Yilian | undefined;
  const draw = drawing(() => {
    document.title = `${t.brand} · ${t[view]}`;
    render(header(view, yilian), root);
  });
  install();
  return {
    attach: (opened) => {
      yilian = opened;
      let problem: string | undefined;
      opened.onStatus(({ storage, refused }) => {
        const now = storage.problem?.name ?? (refused.length > 0 ? "refused" : undefined);
        if (now === "refused" && problem !== now) toast(`${t.refused}: ${refused[0]?.reason}`, { kind: "problem" });
        problem = now;
        draw();
      });
      draw();
    },
  };
}

function header(view: View, yilian: Yilian | undefined): TemplateResult {
  const link = (to: View, text: string) =>
    html`<a href=${addressWith({}, viewPath(to))} aria-current=${to === view ? "page" : nothing}>${text}</a>`;
  const next = lang() === "zh" ? "en" : "zh";
  return html`<a class="skip" href="#app">${t.skip}</a>
    <div class="frame">
      <a class="brand" href=${addressWith({}, viewPath("workers"))}>${mark()}<span>${t.brand}</span></a>
      <nav aria-label=${t.views}>
        ${link("workers", t.workers)} ${link("station", t.station)} ${link("hub", t.hub)}
      </nav>
      <div class="tools">
        ${pill(yilian)}
        <button type="button" class="btn btn-ghost btn-icon" lang=${next === "zh" ? "zh-Hans" : "en"} title=${t.other} @click=${() => setLang(next)}>${t.otherShort}</button>
      </div>
    </div>`;
}

/** The status in a few words, as everybody should understand it. */
export function statusText(status: Status): { tone: string; icon: IconName; text: string } {
  if (status.storage.problem) return { tone: "failed", icon: "error", text: t.unstored };
  if (status.refused.length > 0) return { tone: "failed", icon: "error", text: t.refused };
  if (status.changesWaiting > 0 || status.waiting.length > 0) {
    const icon = status.connection === "online" ? "sync" : "cloudOff";
    return { tone: "waiting", icon, text: t.waiting(Math.max(status.changesWaiting, 1)) };
  }
  if (status.connection === "offline") return { tone: "offline", icon: "cloudOff", text: t.offline };
  if (status.connection === "connecting") return { tone: "plain", icon: "cloud", text: t.connecting };
  if (status.arriving > 0) return { tone: "plain", icon: "sync", text: t.arriving };
  if (status.savedAt === undefined) return { tone: "plain", icon: "cloud", text: t.online };
  return { tone: "saved", icon: "cloudDone", text: t.saved(momentText(status.savedAt)) };
}

function pill(yilian: Yilian | undefined): TemplateResult {
  if (yilian === undefined) return html`<span class="sync" role="status">${icon("cloud")}<span>${t.opening}</span></span>`;
  const { tone, icon: name, text } = statusText(yilian.status);
  return html`<button type="button" class="sync sync-${tone}" id="sync" aria-haspopup="dialog" @click=${() => showSync(yilian)}>
    ${icon(name)}<span role="status">${text}</span>
  </button>`;
}

function showSync(yilian: Yilian): void {
  const line = (label: string, value: unknown) => html`<div class="row spread"><dt class="muted">${label}</dt><dd>${value}</dd></div>`;
  void openDialog<void>(
    (dialog) => {
      const { connection, savedAt, changesWaiting, storage, refused } = yilian.status;
      const kept = storage.kind === "memory" ? t.memory : storage.persistent ? t.persistent : t.fleeting;
      return {
        title: t.sync,
        body: html`${offlineSwitch(yilian)}
          <p class="hint">${t.workOfflineHint}</p>
          <dl class="stack">
            ${line(t.connection, connection === "online" ? t.online : connection === "offline" ? t.offline : t.connecting)}
            ${line(t.changes, changesWaiting)}
            ${line(t.lastSaved, savedAt === undefined ? t.never : momentText(savedAt))}
            ${storage.kind === "indexeddb" && storage.persistent ? line(t.storage, kept) : nothing}
          </dl>
          ${storage.kind === "indexeddb" && storage.persistent ? nothing : html`<p class="banner banner-warn">${icon("warn")}<span>${kept}</span></p>`}
          ${storage.problem ? html`<p class="banner banner-danger">${icon("error")}<span>${t.unstored}: ${storage.problem.message}</span></p>` : nothing}
          ${refused.map((refusal) => refusedLine(yilian, refusal))}`,
        foot: html`<button type="button" class="btn btn-primary" @click=${() => dialog.close()}>${t.done}</button>`,
      };
    },
    (dialog) => yilian.onStatus(() => dialog.draw()),
  );
}

/** A refused change, and what can be done about it. */
function refusedLine(yilian: Yilian, { name, reason, change, retry }: Yilian["status"]["refused"][number]): TemplateResult {
  const act = (work: (change: string) => Promise<void>) => () => void attempt(() => work(change ?? ""));
  const again = html`<button type="button" class="btn btn-s" @click=${act((change) => yilian.retryRefused(change))}>${t.retry}</button>`;
  const away = html`<button type="button" class="btn btn-s" @click=${act((change) => yilian.discardRefused(change))}>${t.discard}</button>`;
  return html`<p class="banner banner-danger">
    ${icon("error")}<span>${t.refused}: ${reason} (${name})</span>${retry ? again : nothing}${change === null ? nothing : away}
  </p>`;
}

/** The switch for trying out what it is like without a network. */
export function offlineSwitch(yilian: Yilian): TemplateResult {
  const turn = (event: Event) => {
    const { checked } = event.target as HTMLInputElement;
    void attempt(() => setWorksOffline(yilian, checked));
  };
  return html`<label class="switch"><input type="checkbox" role="switch" .checked=${worksOffline()} @change=${turn} />${t.workOffline}</label>`;
}
