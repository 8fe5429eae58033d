import { type CaseSheet, KINDS } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { isLate, quarterOf } from "../cases/model.ts";
import { caseBody, caseState, fieldText } from "../cases/sheet.ts";
import { type Dialog, openDialog } from "../shell/dialog.ts";
import { say } from "../shell/i18n.ts";
import { t } from "./cases-texts.ts";
import type { Disputes } from "./cases.ts";
import { modeReport, siteReport } from "./meeting.ts";
import type { Surroundings } from "./page.ts";
import { patterns, printButton, reportCard, reportSkeletons } from "./parts/bars.ts";
import { caseBoard } from "./parts/board.ts";
import { select } from "./parts/select.ts";
import type { Report } from "./reports.ts";
import { save } from "./save.ts";
import { SHARING_TEXTS } from "./sharing-texts.ts";

/** The centre's board of disputes, and the joint meeting's figures. */
export class CasesPage {
  #site = "";
  #mode = "";
  #whole = new Set<string>();
  #dialog: Dialog<void> | undefined;
  #disputes: Disputes | undefined;

  render(disputes: Disputes | undefined, around: Surroundings): TemplateResult {
    this.#disputes = disputes;
    this.#dialog?.draw();
    const texts = SHARING_TEXTS[around.language];
    const names = new Map(disputes?.directory.records("sites").map(({ key, name }) => [key, name]));
    const siteName = (key: string): string => names.get(key) ?? key;
    const choose = (change: (value: string) => void) => (value: string) => {
      change(value);
      around.again();
    };
    const modes = Object.entries(KINDS.case.fields.mode.choices).map(([value, label]): [string, string] => [value, say(label)]);
    return html`${patterns()}
      <header class="page-head">
        <h1>${t.title}</h1>
        ${around.views} ${around.months}
        <div class="page-filters no-print">
          ${select("site", fieldText("case", "site"), this.#site, [["", t.allSites], ...names], choose((site) => (this.#site = site)))}
          ${select("mode", fieldText("case", "mode"), this.#mode, [["", t.allModes], ...modes], choose((mode) => (this.#mode = mode)))}
          ${printButton(texts)}
        </div>
      </header>
      ${disputes?.cases === undefined || disputes.byMode === undefined || disputes.bySite === undefined
        ? reportSkeletons(texts)
        : html`${this.#board(disputes.cases, siteName, around)} ${this.#meeting(disputes, siteName, around)}`}`;
  }

  #board(all: readonly CaseSheet[], siteName: (key: string) => string, around: Surroundings): TemplateResult {
    const shown = all.filter((sheet) => this.#isShown(sheet));
    const late = shown.filter(isLate).length;
    return html`<div class="board-head row section-title"><h2>${t.board}</h2>
        <p class="muted small">${t.count(shown.length)}${late > 0 ? html` · ${t.lateAll(late)}` : nothing}</p></div>
      ${caseBoard({
        cases: shown,
        whole: this.#whole,
        siteName,
        open: (document) => void this.#open(document, siteName),
        showWhole: (column) => {
          this.#whole.add(column);
          around.again();
        },
      })}`;
  }

  #isShown({ document, case: { mode }, referrals }: CaseSheet): boolean {
    const sites = [document.split("/")[1], ...referrals.map(({ to_site }) => to_site)];
    return (this.#site === "" || sites.includes(this.#site)) && (this.#mode === "" || mode === this.#mode);
  }

  #meeting({ byMode, bySite }: Disputes, siteName: (key: string) => string, around: Surroundings): TemplateResult {
    const { year, number } = quarterOf(around.month);
    const texts = SHARING_TEXTS[around.language];
    const title = t.meeting(year, number);
    const keep = (report: Report): void => save(report, title, t.tab);
    const card = (report: Report): TemplateResult => reportCard({ texts, report, none: t.noCases, save: keep });
    return html`<section class="cases-report" aria-labelledby="meeting-title">
      <h2 id="meeting-title">${title}</h2>
      <p class="muted small">${t.meetingLead} · ${texts.asOf(around.now.replace("T", " "))}</p>
      <div class="report-grid">
        ${byMode === undefined ? nothing : card(modeReport(byMode))} ${bySite === undefined ? nothing : card(siteReport(bySite, siteName))}
      </div>
    </section>`;
  }

  /** A case as it is now, in a dialog. */
  async #open(document: string, siteName: (key: string) => string): Promise<void> {
    let last: CaseSheet | undefined;
    await openDialog(
      () => {
        last = this.#disputes?.cases?.find((one) => one.document === document) ?? last;
        return {
          title: last === undefined ? "" : say(last.title),
          body: last === undefined ? html`` : html`<div class="stack">${caseState(last)} ${caseBody(last, { siteName })}</div>`,
        };
      },
      (dialog) => {
        this.#dialog = dialog;
        return () => (this.#dialog = undefined);
      },
    );
  }
}
