import type { Drive, Giving, GrantedBooking, SubmissionFigures, VenueReport } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { byPinyin } from "../shell/i18n.ts";
import { itemFlows } from "./giving.ts";
import { deviceHoldings, type DeviceHoldings } from "./holdings.ts";
import type { Surroundings } from "./page.ts";
import { patterns, printButton, reportCard, reportSkeletons } from "./parts/bars.ts";
import { confirmCard } from "./parts/confirm.ts";
import { askLoss, deviceCard, deviceName } from "./parts/devices.ts";
import {
  borrowingReport,
  driveReport,
  inboxReport,
  partyReport,
  type Report,
  siteReport,
  type Speech,
  stageReport,
  supplyReport,
  venueName,
  venueReport,
} from "./reports.ts";
import { select } from "./parts/select.ts";
import { save as saveAs } from "./save.ts";
import type { Sharing } from "./sharing.ts";
import { SHARING_TEXTS, type SharingTexts } from "./sharing-texts.ts";
import { kindLabel } from "./wording.ts";

const NOTHING_GIVEN: Giving = { rows: [], parties: [], left: [], items: [] };

/** What sites share: the figures of a month, and the bookings to confirm. */
export class SharingPage {
  #site = "";
  #item = "";
  #drive = "";
  #busy = new Set<string>();

  render(sharing: Sharing | undefined, around: Surroundings): TemplateResult {
    const texts = SHARING_TEXTS[around.language];
    const names = new Map(sharing?.sites.map(({ key, name }) => [key, name]));
    const words = { language: around.language, siteName: (key: string) => names.get(key) ?? key };
    const speech = { texts, words, item: (id: string) => sharing?.item(id) };
    return html`${patterns()}
      <header class="page-head">
        <h1>${texts.title}</h1>
        ${around.views} ${around.months}
        <div class="page-filters no-print">
          ${select("site", kindLabel("sites", words), this.#site, [["", texts.allSites], ...names], (site) => {
            this.#site = site;
            around.again();
          })}
          ${printButton(texts)}
        </div>
      </header>
      <p class="print-only">${around.monthName} · ${names.get(this.#site) ?? texts.allSites}</p>
      <p class="muted small">${texts.asOf(around.now.replace("T", " "))}</p>
      ${this.#reports(sharing, speech, around)}`;
  }

  /** All at once: cards that come one by one would push each other about. */
  #reports(sharing: Sharing | undefined, speech: Speech, around: Surroundings): TemplateResult {
    const drives = sharing?.directory.records("drives") ?? [];
    // The one that began last is the one people ask about.
    drives.sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? 1 : -1));
    const drive = drives.find(({ id }) => id === this.#drive) ?? drives[0];
    sharing?.showDrive(drive?.id ?? "");
    sharing?.showGoods(this.#site);
    const [venues, submissions, giving] = [sharing?.venues, sharing?.submissions, sharing?.giving];
    const ofDrive = drive === undefined ? NOTHING_GIVEN : sharing?.driveGiving;
    if (sharing === undefined || venues === undefined || submissions === undefined) return reportSkeletons(speech.texts);
    if (giving === undefined || ofDrive === undefined) return reportSkeletons(speech.texts);
    return html`<div class="report-grid">
      ${this.#venues(venues, sharing, speech, around)} ${this.#supplies(giving, speech, around)}
      ${this.#drives(drive, drives, ofDrive, speech, around)} ${this.#submissions(submissions, speech, around)}
      ${this.#site === "" ? nothing : this.#devices(sharing, speech, around)}
    </div>`;
  }

  #venues(report: VenueReport, sharing: Sharing, speech: Speech, around: Surroundings): TemplateResult {
    const { texts, words } = speech;
    const venues = sharing.directory.records("venues");
    const uses = report.venues.filter(({ site }) => this.#isShown(site));
    const borrowed = report.borrowings.filter(({ lender, borrower }) => this.#isShown(lender) || this.#isShown(borrower));
    const shown = new Set(uses.map(({ venue }) => venue));
    const card = (report: Report, none: string, lead?: string): TemplateResult =>
      reportCard({ texts, report, none, ...(lead === undefined ? {} : { lead }), save: (report) => save(report, around, texts) });
    return html`${card(siteReport(uses, speech), texts.noVenues, texts.venuesLead)}
      ${card(venueReport(uses, speech), texts.noVenues)}
      ${card(borrowingReport(borrowed, speech), texts.noBorrowing, texts.borrowingLead)}
      ${confirmCard({
        texts,
        words,
        bookings: report.unconfirmed.filter(({ venue }) => venue !== null && shown.has(venue)),
        refusal: report.hub === null ? texts.noHub : undefined,
        busy: this.#busy,
        venueName: (id) => venueName(id, venues, speech),
        confirm: (booking) => void this.#confirm(booking, venueName(booking.venue, venues, speech), sharing, around),
      })}`;
  }

  #supplies(giving: Giving, speech: Speech, around: Surroundings): TemplateResult {
    const { texts } = speech;
    const ids = new Set(itemFlows(giving, this.#site).map(({ item }) => item));
    const items = [...ids].map((id): [string, string] => [id, speech.item(id)?.name ?? texts.unknown]);
    items.sort(([, a], [, b]) => byPinyin(a, b));
    const item = ids.has(this.#item) ? this.#item : "";
    return reportCard({
      texts,
      report: supplyReport(giving, this.#site, item, speech),
      none: texts.noSupplies,
      lead: texts.suppliesLead,
      choices: select("item", kindLabel("items", speech.words), item, [["", texts.allItems], ...items], (item) => {
        this.#item = item;
        around.again();
      }),
      save: (report) => save(report, around, texts),
    });
  }

  #drives(
    drive: Drive | undefined,
    all: readonly Drive[],
    giving: Giving,
    speech: Speech,
    around: Surroundings,
  ): TemplateResult {
    const { texts } = speech;
    if (drive === undefined) {
      return html`<section class="card report" data-report="drive" aria-labelledby="report-drive">
        <header class="card-head"><h2 id="report-drive">${texts.drives}</h2></header>
        <p class="report-none muted">${texts.noDrives}</p>
      </section>`;
    }
    const keep = (report: Report): void => save(report, around, texts, drive.name);
    const names = all.map(({ id, name }): [string, string] => [id, name]);
    return html`${reportCard({
      texts,
      report: driveReport(giving, this.#site, speech),
      none: texts.noDriveLines,
      lead: texts.drivesLead,
      choices: select("drive", kindLabel("drives", speech.words), drive.id, names, (id) => {
        this.#drive = id;
        around.again();
      }),
      save: keep,
    })}
    ${giving.parties.length === 0
      ? nothing
      : reportCard({ texts, report: partyReport(giving, this.#site, speech), none: texts.noDriveLines, lead: drive.name, save: keep })}`;
  }

  #submissions({ sites }: SubmissionFigures, speech: Speech, around: Surroundings): TemplateResult {
    const { texts } = speech;
    const shown = sites.filter(({ site }) => this.#isShown(site));
    const keep = (report: Report): void => save(report, around, texts);
    const none = texts.noSubmissions;
    return html`${reportCard({ texts, report: stageReport(shown, speech), none, lead: texts.submissionsLead, save: keep })}
    ${reportCard({ texts, report: inboxReport(shown, speech), none, save: keep })}`;
  }

  #devices(sharing: Sharing, { texts, words }: Speech, around: Surroundings): TemplateResult {
    const goods = sharing.goods?.value;
    const devices = goods === undefined ? undefined : deviceHoldings(goods);
    return deviceCard({
      texts,
      words,
      devices,
      busy: this.#busy,
      lose: (of) => void this.#lose(of, devices ?? [], sharing, around),
    });
  }

  async #lose(
    of: DeviceHoldings,
    all: readonly DeviceHoldings[],
    sharing: Sharing,
    around: Surroundings,
  ): Promise<void> {
    const [texts, goods] = [SHARING_TEXTS[around.language], sharing.goods];
    const to = await askLoss(of, all, texts);
    if (to === undefined || goods === undefined) return;
    const { holder } = of.device;
    await this.#attempt(holder, around, async () => {
      await goods.lost(holder, ...(to === "" ? [] : [to]));
      around.say(texts.lost(deviceName(of.device)));
    });
  }

  #isShown(site: string): boolean {
    return this.#site === "" || site === this.#site;
  }

  async #confirm(booking: GrantedBooking, venue: string, sharing: Sharing, around: Surroundings): Promise<void> {
    const texts = SHARING_TEXTS[around.language];
    await this.#attempt(booking.id, around, async () => {
      const undo = await sharing.confirm(booking);
      around.say(texts.confirmed(booking.name, venue), () => void undo().catch(around.fail));
    });
  }

  /** Does something with what an id names, which cannot be done twice meanwhile. */
  async #attempt(id: string, around: Surroundings, work: () => Promise<void>): Promise<void> {
    this.#busy.add(id);
    around.again();
    try {
      await work();
    } catch (thrown) {
      around.fail(thrown);
    } finally {
      this.#busy.delete(id);
      around.again();
    }
  }
}

/** Hands the figures over as a file. */
function save(report: Report, { month }: Surroundings, texts: SharingTexts, of = month): void {
  saveAs(report, of, texts.sharing);
}
