// A form in a dialog.

import { html, nothing, type TemplateResult } from "lit/html.js";
import { type Dialog, openDialog } from "../shell/dialog.ts";
import { texts } from "../shell/i18n.ts";
import { type Draft, type FormField, type Wrong, wrongs } from "./fields.ts";

const t = texts({
  cancel: { zh: "取消", en: "Cancel" },
  missing: { zh: "请填写", en: "Please fill this in" },
  decimal: { zh: (from: string, to: string) => `请填 ${from} 到 ${to} 的数`, en: (from: string, to: string) => `A number from ${from} to ${to}` },
  number: { zh: (from: string, to: string) => `请填 ${from} 到 ${to} 的整数`, en: (from: string, to: string) => `A whole number from ${from} to ${to}` },
});

/** What a form asks for. */
export interface Form {
  readonly title: string;
  readonly save: string;
  /** What is written into, and where it begins. */
  readonly draft: Draft;
  readonly fields: (draft: Draft) => readonly FormField[];
  /** What is said above the fields. */
  readonly above?: () => unknown;
  /** What is said below them; `draw` after it changed the draft. */
  readonly below?: (draft: Draft, draw: () => void) => unknown;
  /** Other things to do, at the start of the foot: closes with what is done. */
  readonly others?: (close: (what: string) => void) => TemplateResult;
  /** Calls back when what is said above or below changed; answers how to stop that. */
  readonly follow?: (changed: () => void) => () => void;
}

/** Opens a form; answers `save`, what else is done, or nothing when it was left. */
export function askForm(form: Form): Promise<string | undefined> {
  let wrong = new Map<string, Wrong>();
  const { draft } = form;
  const submit = (event: Event, dialog: Dialog<string>) => {
    event.preventDefault();
    wrong = wrongs(form.fields(draft), draft);
    if (wrong.size === 0) return dialog.close("save");
    dialog.draw();
    document.querySelector<HTMLElement>("#ask-form [aria-invalid=true]")?.focus();
  };
  const put = (key: string, dialog: Dialog<string>) => (event: Event) => {
    draft[key] = (event.target as HTMLInputElement).value;
    wrong.delete(key);
    dialog.draw();
  };
  return openDialog<string>(
    (dialog) => ({
      title: form.title,
      body: html`${form.above?.() ?? nothing}
        <form id="ask-form" class="fields" novalidate @submit=${(event: Event) => submit(event, dialog)}>
          ${form.fields(draft).map((one) => field(one, draft[one.key] ?? "", wrong.get(one.key), put(one.key, dialog)))}
        </form>
        ${form.below?.(draft, () => dialog.draw()) ?? nothing}`,
      foot: html`${form.others ? html`<div class="start row">${form.others((what) => dialog.close(what))}</div>` : nothing}
        <button type="button" class="btn wide-only" @click=${() => dialog.close()}>${t.cancel}</button>
        <button type="submit" form="ask-form" class="btn btn-primary">${form.save}</button>`,
    }),
    (dialog) => {
      // On a phone a keyboard would cover the dialog.
      if (!matchMedia("(pointer: coarse)").matches) document.querySelector<HTMLElement>("#ask-form .input")?.focus();
      return form.follow?.(() => dialog.draw());
    },
  );
}

function field(one: FormField, value: string, wrong: Wrong | undefined, put: (event: Event) => void): TemplateResult {
  const id = `f-${one.key}`;
  const said = wrong && (wrong === "missing" ? t.missing : t[wrong](String(one.min ?? "…"), String(one.max ?? "…")));
  const described = said ? `${id}-wrong` : one.hint ? `${id}-hint` : nothing;
  return html`<div class="field ${one.wide || one.kind === "long" ? "wide" : ""}">
    <label for=${id}>${one.label}</label>${control(one, id, value, wrong !== undefined, described, put)}
    ${one.hint && !said ? html`<span class="hint" id="${id}-hint">${one.hint}</span>` : nothing}
    ${said ? html`<span class="error-text" id="${id}-wrong" role="alert">${said}</span>` : nothing}
  </div>`;
}

type Described = string | typeof nothing;

function control(one: FormField, id: string, value: string, isWrong: boolean, described: Described, put: (event: Event) => void): TemplateResult {
  const required = one.required ? "true" : "false";
  if (one.kind === "select") {
    return html`<select id=${id} class="input" aria-required=${required} aria-invalid=${isWrong} aria-describedby=${described} @change=${put}>
      ${(one.options ?? []).map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}
    </select>`;
  }
  if (one.kind === "long") {
    return html`<textarea id=${id} class="input" rows="3" aria-required=${required} aria-invalid=${isWrong} aria-describedby=${described} .value=${value} @input=${put}></textarea>`;
  }
  const list = one.suggestions ? `${id}-list` : nothing;
  const type = one.kind === "number" ? "text" : (one.kind ?? "text");
  return html`<input id=${id} class="input" type=${type} inputmode=${one.kind === "number" ? (one.decimals ? "decimal" : "numeric") : nothing} autocomplete="off" list=${list}
      aria-required=${required} aria-invalid=${isWrong} aria-describedby=${described} .value=${value} @input=${put} />
    ${one.suggestions ? html`<datalist id=${list}>${one.suggestions.map((text) => html`<option value=${text}></option>`)}</datalist>` : nothing}`;
}
