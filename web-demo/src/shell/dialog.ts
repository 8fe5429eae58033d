// A dialog of the browser's own: it holds the focus, and gives it back.

import { html, render, type TemplateResult } from "lit/html.js";
import { texts } from "./i18n.ts";
import { icon } from "./icons.ts";

const t = texts({ close: { zh: "关闭", en: "Close" } });

/** An open dialog: `draw` again when what it shows changed; `close` with what it answers. */
export interface Dialog<Answer> {
  draw(): void;
  close(answer?: Answer): void;
}

/** What a dialog shows. */
export interface DialogParts {
  title: string;
  body: TemplateResult;
  foot?: TemplateResult;
}

/** Opens a dialog; answers what it was closed with, or nothing when it was left. */
export function openDialog<Answer = void>(
  parts: (dialog: Dialog<Answer>) => DialogParts,
  opened?: (dialog: Dialog<Answer>) => (() => void) | void,
): Promise<Answer | undefined> {
  const element = document.createElement("dialog");
  element.className = "dialog";
  element.setAttribute("aria-labelledby", "dialog-title");
  let answer: Answer | undefined;
  const dialog: Dialog<Answer> = {
    draw: () => {
      const { title, body, foot } = parts(dialog);
      const content = html`<div class="content">
        <div class="dialog-head">
          <h2 id="dialog-title">${title}</h2>
          <button type="button" class="btn btn-ghost btn-icon" aria-label=${t.close} @click=${() => dialog.close()}>${icon("close")}</button>
        </div>
        <div class="dialog-body">${body}</div>
        ${foot ? html`<div class="dialog-foot">${foot}</div>` : ""}
      </div>`;
      render(content, element);
    },
    close: (given) => {
      answer = given;
      element.close();
    },
  };
  dialog.draw();
  document.body.append(element);
  element.showModal();
  const stop = opened?.(dialog);
  // A press beside it leaves it; one that began inside, as when text is selected, does not.
  element.addEventListener("pointerdown", (event) => {
    if (event.target === element) dialog.close();
  });
  return new Promise((resolve) => {
    element.addEventListener("close", () => {
      stop?.();
      element.remove();
      resolve(answer);
    });
  });
}
