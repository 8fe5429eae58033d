// <yilian-roster network="jiaozuo" url="wss://hub.example/sync" site="keyun" month="2026-12" lang="zh">

import type { Finding, Shift } from "./generated.js";
import { KINDS } from "./generated.js";
import { Yilian } from "./yilian.js";
import type { RosterView } from "./view.js";

const WORDS = {
  zh: {
    empty: "这个月还没有排班",
    loading: "正在打开…",
    offline: "未联网，改动存在本机",
    connecting: "正在连接中心…",
    online: "已连接中心",
    waiting: (count: number) => `${count} 处改动待发送`,
  },
  en: {
    empty: "No shifts this month yet",
    loading: "Opening…",
    offline: "Offline: changes are kept here",
    connecting: "Connecting to the hub…",
    online: "Connected to the hub",
    waiting: (count: number) => `${count} changes waiting`,
  },
};

const STYLE = `
  :host { display: block; font: 15px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #1c2430; }
  ol { list-style: none; margin: 0; padding: 0; }
  li { display: grid; grid-template-columns: 4.5em 7.5em 1fr auto; gap: .25em 1em; padding: .55em .25em; border-bottom: 1px solid #dfe4ea; }
  li.first { border-top: 2px solid #b9c2cd; }
  .day { font-weight: 600; font-variant-numeric: tabular-nums; }
  .hours { color: #4a5768; font-variant-numeric: tabular-nums; }
  .state { color: #4a5768; }
  .finding { grid-column: 3 / -1; color: #9a3412; font-size: .9em; }
  .finding[data-severity=error] { color: #b91c1c; }
  footer { padding: .6em .25em; color: #4a5768; font-size: .9em; }
  .empty { padding: 2em .25em; color: #4a5768; }
  @media (max-width: 32em) { li { grid-template-columns: 4em 1fr auto; } .hours { grid-column: 2 / -1; grid-row: 2; } .finding { grid-column: 1 / -1; } }
`;

/** A site's roster of a month, kept up to date. Set `client` to use a client that the page has already. */
export class YilianRoster extends HTMLElement {
  /** The attributes that it follows. */
  static readonly observedAttributes = ["network", "url", "token", "site", "month", "lang"];
  #given: Yilian | undefined;
  #own: Promise<Yilian> | undefined;
  #roster: RosterView | undefined;
  #stops: (() => void)[] = [];
  #root = this.attachShadow({ mode: "open" });
  #run = 0;

  /** The client to use; without one, the element opens its own by its attributes. */
  set client(client: Yilian | undefined) {
    this.#given = client;
    if (this.isConnected) void this.#open();
  }

  /** The client it shows; none while it is not in a page. */
  get client(): Yilian | undefined {
    return this.#given;
  }

  /** Opens its client and the roster. */
  connectedCallback(): void {
    void this.#open();
  }

  /** Closes them. */
  disconnectedCallback(): void {
    this.#run += 1;
    this.#leave();
    void this.#own?.then((own) => own.close());
    this.#own = undefined;
  }

  /** Opens what the attributes say now. */
  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after) return;
    if (["network", "url", "token"].includes(name)) {
      this.disconnectedCallback();
    }
    void this.#open();
  }

  async #open(): Promise<void> {
    const run = ++this.#run;
    this.#leave();
    this.#say(this.#words.loading);
    const [site, month] = [this.getAttribute("site"), this.getAttribute("month")];
    if (site === null || month === null) return;
    try {
      const yilian = this.#given ?? (await this.#ownClient());
      if (run !== this.#run) return;
      const roster = yilian.roster(site, month);
      this.#roster = roster;
      const show = (): void => this.#show(yilian, roster);
      this.#stops = [
        roster.subscribe(show),
        roster.findings.subscribe(show),
        yilian.onStatus(show),
      ];
      await roster.ready;
      if (run === this.#run) show();
    } catch (thrown) {
      if (run === this.#run) this.#say(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #ownClient(): Promise<Yilian> {
    const attribute = (name: string): string | undefined => this.getAttribute(name) ?? undefined;
    const network = attribute("network");
    if (network === undefined) return Promise.reject(new Error("the attribute network is missing"));
    const [url, token] = [attribute("url"), attribute("token")];
    this.#own ??= Yilian.open({
      network,
      ...(url === undefined ? {} : { url }),
      ...(token === undefined ? {} : { token }),
    });
    return this.#own;
  }

  #leave(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#roster?.close();
    this.#roster = undefined;
  }

  get #words(): (typeof WORDS)["zh"] {
    return this.lang.startsWith("en") ? WORDS.en : WORDS.zh;
  }

  #say(text: string): void {
    this.#fill(element("p", "empty", text));
  }

  #show(yilian: Yilian, roster: RosterView): void {
    const words = this.#words;
    const { findings } = roster.findings.value;
    const list = document.createElement("ol");
    let day = "";
    for (const shift of roster.value) {
      const item = this.#item(shift, findings);
      if (shift.start.slice(0, 10) !== day) item.classList.add("first");
      day = shift.start.slice(0, 10);
      list.append(item);
    }
    const { connection, changesWaiting } = yilian.status;
    const status = [words[connection], ...(changesWaiting > 0 ? [words.waiting(changesWaiting)] : [])];
    const shown = roster.value.length > 0 ? list : element("p", "empty", words.empty);
    this.#fill(shown, element("footer", "", status.join(" · ")));
  }

  #item(shift: Shift, findings: readonly Finding[]): HTMLElement {
    const language = this.lang.startsWith("en") ? "en" : "zh";
    const item = document.createElement("li");
    const state = KINDS.shifts.fields.state.choices[shift.state][language];
    item.append(
      element("span", "day", shift.start.slice(5, 10)),
      element("span", "hours", `${shift.start.slice(11, 16)}–${shift.end.slice(11, 16)}`),
      element("span", "who", `${shift.name} · ${shift.post}`),
      element("span", "state", state),
    );
    for (const finding of findings) {
      if (!finding.records.some(({ record }) => record === shift.id)) continue;
      const said = element("span", "finding", finding.text[language]);
      said.dataset.severity = finding.severity;
      item.append(said);
    }
    return item;
  }

  #fill(...children: HTMLElement[]): void {
    this.#root.replaceChildren(element("style", "", STYLE), ...children);
  }
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

if (!customElements.get("yilian-roster")) customElements.define("yilian-roster", YilianRoster);
