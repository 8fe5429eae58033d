// The hub's page: all sites, as they are merged.

import { render } from "lit/html.js";
import { param, setParams } from "../shell/address.ts";
import { openClient, problemText } from "../shell/client.ts";
import { drawing } from "../shell/draw.ts";
import { mountFrame } from "../shell/frame.ts";
import { lang } from "../shell/i18n.ts";
import { isMonth } from "../shell/calendar.ts";
import { civil, dayText, momentText, monthText, thisMonth } from "../shell/time.ts";
import { toast } from "../shell/toasts.ts";
import { CasesPage } from "./cases-page.ts";
import { Disputes } from "./cases.ts";
import { HubPage } from "./page.ts";
import { monthSwitcher } from "./parts/months.ts";
import { type HubView, viewSwitcher } from "./parts/views.ts";
import { Sharing } from "./sharing.ts";
import { SharingPage } from "./sharing-page.ts";
import { SHARING_TEXTS } from "./sharing-texts.ts";
import { HubState } from "./state.ts";
import { TEXTS } from "./texts.ts";

/** How often times of ago move on. */
const MINUTE_MS = 20_000;
/** What the hub's edits are signed with, and the venues that it promises. */
const AUTHOR = "hub/县级中心";

const frame = mountFrame("hub");
const root = document.querySelector<HTMLElement>("#app");
if (root === null) throw new Error("the page has no #app");

const page = new HubPage();
const sharingPage = new SharingPage();
const casesPage = new CasesPage();
let state: HubState | undefined;
let sharing: Sharing | undefined;
let disputes: Disputes | undefined;
const again = drawing(() => {
  const texts = TEXTS[lang()];
  document.title = texts.pageTitle;
  const around = {
    language: lang(),
    now: asked() ?? civil(),
    month: month(),
    monthName: monthText(month()),
    views: viewSwitcher(view(), SHARING_TEXTS[lang()], chooseView),
    months: monthSwitcher(month(), texts, chooseMonth),
    dayName: dayText,
    timeText: (at: number) => ago(at),
    fullTime: momentText,
    say: (text: string, undo?: () => void) =>
      toast(text, undo === undefined ? {} : { action: { label: texts.undo, run: undo } }),
    fail: (thrown: unknown) => toast(problemText(thrown as Error), { kind: "problem" }),
    again: () => again(),
  };
  const shown = {
    overview: () => page.render(state, around),
    sharing: () => sharingPage.render(sharing, around),
    cases: () => casesPage.render(disputes, around),
  };
  render(shown[view()](), root);
});
setInterval(again, MINUTE_MS);

const yilian = await openClient({ role: "hub", author: AUTHOR });
frame.attach(yilian);
state = new HubState(yilian, again);
sharing = new Sharing(yilian, state.caughtUp, again);
disputes = new Disputes(yilian, state.caughtUp, again);
follow();
again();

// What is printed is the figures, too, which a reader of paper cannot open.
addEventListener("beforeprint", () => showTables(true));
addEventListener("afterprint", () => showTables(false));

/** The time that the address asks for instead of now. */
function asked(): string | undefined {
  const at = param("at");
  return at !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? at : undefined;
}

function month(): string {
  const month = param("month");
  return isMonth(month) ? month : (asked()?.slice(0, 7) ?? thisMonth());
}

function chooseMonth(month: string): void {
  setParams({ month });
  follow();
  again();
}

function view(): HubView {
  const asked = param("view");
  return asked === "sharing" || asked === "cases" ? asked : "overview";
}

function chooseView(view: HubView): void {
  setParams({ view: view === "overview" ? null : view });
  follow();
  again();
}

/** Follows what is shown; what sites share takes more work, and only while it is looked at. */
function follow(): void {
  void state?.show(month());
  if (view() === "sharing") sharing?.show(month());
  else sharing?.leave();
  if (view() === "cases") disputes?.show(month());
  else disputes?.leave();
}

/** Opens the tables, and closes those again that it opened. */
function showTables(open: boolean): void {
  const tables = document.querySelectorAll<HTMLDetailsElement>(open ? ".report .as-table:not([open])" : "[data-for-print]");
  for (const table of tables) {
    table.open = open;
    table.toggleAttribute("data-for-print", open);
  }
}

/** A moment, by how long it is ago as long as that says more. */
function ago(at: number): string {
  const texts = TEXTS[lang()];
  const minutes = Math.floor((Date.now() - at) / 60_000);
  if (minutes < 1) return texts.justNow;
  if (minutes < 60) return texts.minutesAgo(minutes);
  return momentText(at);
}
