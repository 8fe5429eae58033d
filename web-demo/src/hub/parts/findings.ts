import type { Finding, Findings, Repair, Value } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { choices } from "../../shell/conflict.ts";
import { byGroup, type FindingGroup, type Group, type RuleGroup } from "../findings.ts";
import type { Texts } from "../texts.ts";

/** What the findings' list shows and does. */
export interface FindingList {
  readonly texts: Texts;
  readonly language: "zh" | "en";
  /** Undefined while they are looked for the first time. */
  readonly findings: readonly Finding[] | undefined;
  readonly notChecked: Findings["not_checked"];
  /** What is shown of them; undefined is all. */
  readonly group: Group | undefined;
  /** Rules whose findings are all shown. */
  readonly whole: ReadonlySet<string>;
  /** Findings whose repair is under way. */
  readonly repairing: ReadonlySet<string>;
  /** What a field holds, said to people. */
  valueText(finding: Finding, value: Value): string;
  choose(group: Group | undefined): void;
  showWhole(rule: string): void;
  repair(finding: Finding, repair: Repair): void;
}

/** As many of one rule are shown at first. */
const FIRST = 4;

export function findingList(list: FindingList): TemplateResult {
  const { texts, findings, notChecked } = list;
  if (findings === undefined) {
    return html`<p class="muted" role="status">${texts.checking}</p>
      <div class="skeleton block"></div>
      <div class="skeleton block"></div>`;
  }
  const all = byGroup(findings);
  // What is settled is not shown any more, though it was chosen.
  const chosen = all.find(({ group }) => group === list.group);
  const groups = chosen === undefined ? all : [chosen];
  return html`${groups.length === 0
    ? html`<div class="empty"><p><b>${texts.noFindings}</b></p><p>${texts.noFindingsWhy}</p></div>`
    : html`${all.length > 1 ? groupChoice(all, chosen?.group, findings.length, list) : nothing}
      ${groups.map((group) => oneGroup(group, list))}`}
  ${notChecked.length === 0
    ? nothing
    : html`<details class="not-checked">
        <summary>${texts.notChecked(notChecked.length)}</summary>
        <ul>
          ${notChecked.map(({ text }) => html`<li>${text[list.language]}</li>`)}
        </ul>
      </details>`}`;
}

function groupChoice(all: readonly FindingGroup[], chosen: Group | undefined, total: number, list: FindingList): TemplateResult {
  const { texts, choose } = list;
  const chip = (group: Group | undefined, name: string, count: number): TemplateResult =>
    html`<button class="chip" aria-pressed=${group === chosen ? "true" : "false"} @click=${() => choose(group)}>
      ${name} ${count}
    </button>`;
  return html`<div class="groups" role="group" aria-label=${texts.findingGroups}>
    ${chip(undefined, texts.allFindings, total)} ${all.map(({ group, count }) => chip(group, texts.groups[group], count))}
  </div>`;
}

function oneGroup({ group, rules }: FindingGroup, list: FindingList): TemplateResult {
  return html`<section class="group" data-group=${group}>
    <h3>${list.texts.groups[group]}</h3>
    ${rules.map((rule) => ruleGroup(rule, list))}
  </section>`;
}

function ruleGroup({ rule, severity, findings }: RuleGroup, list: FindingList): TemplateResult {
  const { texts, whole } = list;
  const shown = whole.has(rule) ? findings : findings.slice(0, FIRST);
  return html`<section class="rule" data-rule=${rule}>
    <h4>
      <span class="severity" data-severity=${severity}>${texts.severities[severity]}</span>
      ${texts.rules[rule]} <span class="count">${findings.length}</span>
    </h4>
    <ul>
      ${shown.map((finding) => oneFinding(finding, list))}
    </ul>
    ${shown.length === findings.length
      ? nothing
      : html`<button class="btn btn-s" @click=${() => list.showWhole(rule)}>
          ${texts.moreFindings(findings.length - shown.length)}
        </button>`}
  </section>`;
}

function oneFinding(finding: Finding, list: FindingList): TemplateResult {
  const { texts, language } = list;
  const busy = list.repairing.has(finding.id);
  return html`<li class="finding" id="finding-${finding.id}" data-severity=${finding.severity} tabindex="-1">
    <p>${finding.text[language]}</p>
    ${repairs(finding, list, busy)}
    ${finding.repairs.length === 0 ? html`<p class="muted">${texts.onlyPeople}</p>` : nothing}
  </li>`;
}

function repairs(finding: Finding, list: FindingList, busy: boolean): TemplateResult {
  const { texts, language } = list;
  const values = choices(finding);
  if (values.length > 0) {
    return html`<ul class="values" aria-label=${texts.repairs}>
      ${values.map(
        ({ value, stands, repair }) =>
          html`<li class="value" ?data-stands=${stands}>
            <span class="muted">${stands ? texts.stands : texts.other}</span>
            <b>${list.valueText(finding, value)}</b>
            <button
              class="btn btn-s"
              ?disabled=${busy}
              aria-label=${repair.label[language]}
              @click=${() => list.repair(finding, repair)}
            >
              ${stands ? texts.keep : texts.take}
            </button>
          </li>`,
      )}
    </ul>`;
  }
  return html`<ul class="repairs" aria-label=${texts.repairs}>
    ${finding.repairs.map(
      (repair) =>
        html`<li>
          <button class="btn btn-s" ?disabled=${busy} @click=${() => list.repair(finding, repair)}>
            ${repair.label[language]}
          </button>
        </li>`,
    )}
  </ul>`;
}
