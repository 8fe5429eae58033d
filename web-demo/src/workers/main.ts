// The workers' page: what is open near somebody on the road.

import { render } from "lit/html.js";
import { param, setParams } from "../shell/address.ts";
import { openClient } from "../shell/client.ts";
import { drawing } from "../shell/draw.ts";
import { mountFrame } from "../shell/frame.ts";
import { lang } from "../shell/i18n.ts";
import { civil } from "../shell/time.ts";
import { WorkersPage } from "./page.ts";
import { TEXTS } from "./texts.ts";

/** How often "now" moves on. */
const MINUTE_MS = 20_000;

const frame = mountFrame("workers");
const root = document.querySelector<HTMLElement>("#app");
if (root === null) throw new Error("the page has no #app");

const page = new WorkersPage();
const again = drawing(() => {
  document.title = TEXTS[lang()].pageTitle;
  render(page.render({ language: lang(), now: civil(), at: asked(), chooseTime, again: () => again() }), root);
});
setInterval(again, MINUTE_MS);

const yilian = await openClient();
frame.attach(yilian);
page.attach(yilian, again);
yilian.onStatus(again);
again();

/** The time that the address asks for. */
function asked(): string | undefined {
  const at = param("at");
  return at !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? at : undefined;
}

function chooseTime(at: string | undefined): void {
  setParams({ at: at ?? null });
  again();
}
