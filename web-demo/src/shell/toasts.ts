// What is said for a moment, at the foot of the page.

import { html, nothing, render } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import { texts } from "./i18n.ts";

const t = texts({ close: { zh: "知道了", en: "OK" } });

export interface ToastOptions {
  kind?: "note" | "problem";
  /** What one may do about it. */
  action?: { label: string; run: () => void };
  /** Until it is closed. */
  stays?: boolean;
}

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

const SHOWN_MS = 6_000;
const MOST = 3;
let next = 1;
let shown: Toast[] = [];
let root: HTMLElement | undefined;
let live: HTMLElement | undefined;

/** Says something; answers how to take it back. */
export function toast(text: string, options: ToastOptions = {}): () => void {
  // The same words twice tell nothing new, and of what was done only the last matters.
  const isNote = (other: ToastOptions) => other.kind !== "problem" && !other.stays;
  shown = shown.filter((other) => other.text !== text && !(isNote(options) && isNote(other))).slice(-(MOST - 1));
  const one: Toast = { id: next++, text, ...options };
  shown.push(one);
  draw();
  if (live !== undefined) live.textContent = text;
  const close = () => {
    shown = shown.filter(({ id }) => id !== one.id);
    draw();
  };
  if (!options.stays) setTimeout(close, options.kind === "problem" ? SHOWN_MS * 2 : SHOWN_MS);
  return close;
}

function draw(): void {
  if (root === undefined) {
    root = document.createElement("div");
    root.className = "toasts";
    // Above dialogs, which are in the top layer.
    root.popover = "manual";
    // What comes and goes is not always read out; what stays and changes is.
    live = document.createElement("p");
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(live, root);
  }
  root.togglePopover(false);
  if (shown.length > 0) root.togglePopover(true);
  const close = (one: Toast) => {
    shown = shown.filter(({ id }) => id !== one.id);
    draw();
  };
  const act = (one: Toast) => {
    close(one);
    one.action?.run();
  };
  render(
    repeat(
      shown,
      ({ id }) => id,
      (one) => html`<div class="toast ${one.kind === "problem" ? "toast-problem" : ""}">
        <p>${one.text}</p>
        ${one.action ? html`<button type="button" @click=${() => act(one)}>${one.action.label}</button>` : nothing}
        ${one.stays || one.kind === "problem"
          ? html`<button type="button" @click=${() => close(one)}>${t.close}</button>`
          : nothing}
      </div>`,
    ),
    root,
  );
}
