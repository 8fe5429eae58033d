// The workers' page: what is open near somebody on the road, what can be had there, and what became of what they sent.

import { render } from "lit/html.js";
import { param, setParams } from "../shell/address.ts";
import { openClient } from "../shell/client.ts";
import { drawing } from "../shell/draw.ts";
import { mountFrame } from "../shell/frame.ts";
import { lang } from "../shell/i18n.ts";
import { skeletonLines } from "../shell/states.ts";
import { civil } from "../shell/time.ts";
import { Directory } from "./directory.ts";
import { FollowPage } from "./followPage.ts";
import type { Context, Page } from "./page-parts.ts";
import { WorkersPage } from "./page.ts";
import { type Route, routeOf } from "./route.ts";
import { CertificatePage } from "./school/certificatePage.ts";
import { CheckPage } from "./school/checkPage.ts";
import { LearnPage } from "./school/learnPage.ts";
import { SentPage } from "./sentPage.ts";
import { SitePage } from "./sitePage.ts";
import { TEXTS } from "./texts.ts";
import { WishPage } from "./wishPage.ts";

/** How often "now" moves on. */
const MINUTE_MS = 20_000;

const frame = mountFrame("workers");
const root = document.querySelector<HTMLElement>("#app");
if (root === null) throw new Error("the page has no #app");

const near = new WorkersPage();
let context: Context | undefined;
let route = routeOf(location.hash);
/** The page of the address; none while it is what is near. */
let page: Page | undefined;
/** How far down one was among what is near. */
let scrolled = 0;

const again = drawing(() => {
  document.title = page === undefined ? TEXTS[lang()].pageTitle : page.title();
  if (route.at === "near") {
    render(near.render({ language: lang(), now: civil(), at: asked(), chooseTime, again: () => again() }), root);
  } else {
    render(page?.render() ?? skeletonLines(5), root);
  }
});
setInterval(again, MINUTE_MS);
addEventListener("hashchange", turn);

const yilian = await openClient();
frame.attach(yilian);
context = { yilian, directory: new Directory(yilian, again), again };
near.attach(yilian, context.directory, again);
page = pageOf(route);
yilian.onStatus(again);
again();

function pageOf(to: Route): Page | undefined {
  if (context === undefined) return undefined;
  switch (to.at) {
    case "near":
      return undefined;
    case "site":
      return new SitePage(context, to.site);
    case "sent":
      return new SentPage(context);
    case "follow":
      return new FollowPage(context, to.code);
    case "learn":
      return new LearnPage(context);
    case "certificate":
      return new CertificatePage(context, to.coded);
    case "check":
      return new CheckPage(context);
    default:
      return new WishPage(context, to);
  }
}

/** Turns to what the address asks for now. */
function turn(): void {
  if (route.at === "near") scrolled = scrollY;
  page?.close();
  route = routeOf(location.hash);
  page = pageOf(route);
  again();
  const top = route.at === "near" ? scrolled : 0;
  // Two frames: what asks for a frame first is drawn in it, and has its height in the next.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      scrollTo(0, top);
      root?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    }),
  );
}

/** The time that the address asks for. */
function asked(): string | undefined {
  const at = param("at");
  return at !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? at : undefined;
}

function chooseTime(at: string | undefined): void {
  setParams({ at: at ?? null });
  again();
}
