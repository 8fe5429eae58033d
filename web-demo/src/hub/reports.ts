import type { Borrowing, Collection, Giving, Item, Stage, Venue, VenueUse } from "@yilian/client";
import { labelsOf } from "../shell/labels.ts";
import { type ItemFlow, itemFlows, parties, sums } from "./giving.ts";
import type { SharingTexts } from "./sharing-texts.ts";
import { atStages, latestFirst, type SiteTally } from "./submissions.ts";
import { hours, type Table } from "./table.ts";
import { borrowings, longestFirst, percent, siteUse, type Use } from "./venueuse.ts";
import { fieldLabel, kindLabel, valueText, type Words } from "./wording.ts";

/** Bars, a group for each row: what the numbers of the table look like. */
export interface Bars {
  /** What each bar of a group stands for; said where there are several. */
  readonly series: readonly string[];
  readonly rows: readonly BarRow[];
}

export interface BarRow {
  readonly label: string;
  readonly values: readonly BarValue[];
  /** What its numbers count, where not all rows count the same: only lengths of the same can be compared. */
  readonly of?: string;
}

export interface BarValue {
  readonly value: number;
  /** The number as people read it. */
  readonly text: string;
}

/** A report: the same figures as bars, as a table and as a file. */
export interface Report {
  /** What programs call it; part of the file's name. */
  readonly id: string;
  readonly title: string;
  readonly bars: Bars;
  readonly table: Table;
}

/** What every report is told. */
export interface Speech {
  readonly texts: SharingTexts;
  readonly words: Words;
  item(id: string): Item | undefined;
}

/** How long each venue was booked. */
export function venueReport(all: readonly VenueUse[], { texts, words }: Speech): Report {
  const uses = longestFirst(all);
  const label = ({ site, name }: VenueUse): string => `${words.siteName(site)} · ${name}`;
  return {
    id: "venues",
    title: texts.venues,
    bars: useBars(uses, label, texts),
    table: {
      columns: [kind("sites", words), kind("venues", words), ...useColumns(texts)],
      rows: uses.map((use) => [words.siteName(use.site), use.name, ...useCells(use)]),
    },
  };
}

/** How long the venues of each site were booked. */
export function siteReport(uses: readonly VenueUse[], { texts, words }: Speech): Report {
  const sites = siteUse(uses);
  return {
    id: "venues-by-site",
    title: texts.venuesBySite,
    bars: useBars(sites, ({ site }) => words.siteName(site), texts),
    table: {
      columns: [kind("sites", words), ...useColumns(texts)],
      rows: sites.map((use) => [words.siteName(use.site), ...useCells(use)]),
    },
  };
}

function useBars<Some extends Use>(uses: readonly Some[], label: (use: Some) => string, texts: SharingTexts): Bars {
  const rows = uses.map((use) => {
    const [text, part] = [String(hours(use.minutes)), percent(use)];
    return {
      label: label(use),
      values: [{ value: use.minutes, text: part === undefined ? texts.inHours(text) : texts.withUse(text, String(part)) }],
    };
  });
  return { series: [texts.hours], rows };
}

function useColumns(texts: SharingTexts): string[] {
  return [texts.bookings, texts.hours, texts.openHours, texts.use, texts.borrowed, texts.bumped];
}

function useCells(use: Use): (number | undefined)[] {
  const open = use.open_minutes === null ? undefined : hours(use.open_minutes);
  return [use.confirmed + use.granted, hours(use.minutes), open, percent(use), use.borrowed, use.bumped];
}

/** Who borrowed whose venues. */
export function borrowingReport(unsorted: readonly Borrowing[], { texts, words }: Speech): Report {
  const all = borrowings(unsorted);
  return {
    id: "borrowing",
    title: texts.borrowing,
    bars: {
      series: [texts.hours],
      rows: all.map(({ lender, borrower, bookings, minutes }) => ({
        label: texts.pair(words.siteName(lender), words.siteName(borrower)),
        values: [{ value: minutes, text: texts.inBookings(String(hours(minutes)), bookings) }],
      })),
    },
    table: {
      columns: [texts.lender, texts.borrower, texts.bookings, texts.hours],
      rows: all.map(({ lender, borrower, bookings, minutes }) => [
        words.siteName(lender),
        words.siteName(borrower),
        bookings,
        hours(minutes),
      ]),
    },
  };
}

/** What came in, went out and is left: by item, or of one item by site. */
export function supplyReport(giving: Giving, site: string, item: string, speech: Speech): Report {
  const { texts, words } = speech;
  const flows = itemFlows(giving, site).filter((flow) => item === "" || flow.item === item);
  const shown = item === "" ? sums(flows, "item") : flows;
  const label = (flow: ItemFlow): string => (item === "" ? itemName(flow.item, speech) : words.siteName(flow.site));
  const series = [choice("contribution", words), choice("gift", words), texts.left, texts.transit];
  return {
    id: "supplies",
    title: texts.supplies,
    bars: flowBars(shown, label, series, speech),
    table: flowTable(flows, texts.left, speech),
  };
}

/** What went where for an event. */
export function driveReport(giving: Giving, site: string, speech: Speech): Report {
  const { texts, words } = speech;
  const flows = itemFlows(giving, site, true);
  const series = [choice("contribution", words), choice("gift", words), texts.leftNow, texts.transit];
  const label = (flow: ItemFlow): string => `${itemName(flow.item, speech)} · ${words.siteName(flow.site)}`;
  return {
    id: "drive",
    title: texts.drives,
    bars: flowBars(flows, label, series, speech),
    table: flowTable(flows, texts.leftNow, speech),
  };
}

/** Who gave for an event, and who received. */
export function partyReport(giving: Giving, site: string, speech: Speech): Report {
  const { texts, words } = speech;
  const all = parties(giving, site);
  const name = (party: string): string => (party === "" ? texts.nobody : party);
  return {
    id: "drive-parties",
    title: texts.driveParties,
    bars: {
      series: [choice("contribution", words), choice("gift", words)],
      rows: all.map(({ party, item, contributed, given }) => ({
        label: `${name(party)} · ${itemName(item, speech)}`,
        of: item,
        values: [counted(contributed, item, speech), counted(given, item, speech)],
      })),
    },
    table: {
      columns: [
        field("ledger", "party", words),
        kind("items", words),
        unitLabel(words),
        kind("sites", words),
        choice("contribution", words),
        choice("gift", words),
      ],
      rows: all.map(({ party, item, site, contributed, given }) => [
        name(party),
        itemName(item, speech),
        speech.item(item)?.unit ?? "",
        words.siteName(site),
        contributed,
        given,
      ]),
    },
  };
}

function flowBars(flows: readonly ItemFlow[], label: (flow: ItemFlow) => string, series: string[], speech: Speech): Bars {
  const rows = flows.map((flow) => ({
    label: label(flow),
    of: flow.item,
    values: [flow.contributed, flow.given, flow.left, flow.transit].map((count) => counted(count, flow.item, speech)),
  }));
  return { series, rows };
}

function flowTable(flows: readonly ItemFlow[], left: string, speech: Speech): Table {
  const { texts, words } = speech;
  const kinds = ["contribution", "gift", "transfer", "receipt", "correction"].map((kind) => choice(kind, words));
  return {
    columns: [kind("items", words), unitLabel(words), kind("sites", words), ...kinds, left, texts.transit],
    rows: flows.map((flow) => [
      itemName(flow.item, speech),
      speech.item(flow.item)?.unit ?? "",
      words.siteName(flow.site),
      flow.contributed,
      flow.given,
      flow.sent,
      flow.received,
      flow.corrected,
      flow.left,
      flow.transit,
    ]),
  };
}

/** How far things have come that were sent. */
export function stageReport(sites: readonly SiteTally[], { texts, words }: Speech): Report {
  const counts = atStages(sites);
  const stages = stagesOf().filter((stage) => counts.has(stage));
  return {
    id: "submissions",
    title: texts.submissions,
    bars: {
      series: [texts.count],
      rows: stages.map((stage) => ({ label: stageLabel(stage, words), values: [plain(counts.get(stage) ?? 0)] })),
    },
    table: {
      columns: [field("timeline", "stage", words), texts.count],
      rows: stages.map((stage) => [stageLabel(stage, words), counts.get(stage) ?? 0]),
    },
  };
}

/** How many each site got, and is late with. */
export function inboxReport(all: readonly SiteTally[], { texts, words }: Speech): Report {
  const sites = latestFirst(all);
  const stages = stagesOf().filter((stage) => sites.some((site) => site.stages[stage] !== undefined));
  return {
    id: "submissions-by-site",
    title: texts.submissionsBySite,
    bars: {
      series: [texts.total, texts.overdue],
      rows: sites.map(({ site, count, overdue }) => ({ label: words.siteName(site), values: [plain(count), plain(overdue)] })),
    },
    table: {
      columns: [
        kind("sites", words),
        texts.total,
        texts.overdue,
        ...stages.map((stage) => stageLabel(stage, words)),
      ],
      rows: sites.map(({ site, count, overdue, stages: counts }) => [
        words.siteName(site),
        count,
        overdue,
        ...stages.map((stage) => counts[stage] ?? 0),
      ]),
    },
  };
}

/** What people call a venue, with its site. */
export function venueName(id: string | null, venues: readonly Venue[], { texts, words }: Speech): string {
  const venue = venues.find((venue) => venue.id === id);
  return venue === undefined ? texts.unknown : `${words.siteName(venue.site)} · ${venue.name}`;
}

function itemName(id: string, { item, texts }: Speech): string {
  return item(id)?.name ?? texts.unknown;
}

function unitLabel(words: Words): string {
  return field("items", "unit", words);
}

function counted(count: number, item: string, speech: Speech): BarValue {
  const unit = speech.item(item)?.unit ?? "";
  return { value: count, text: unit === "" ? String(count) : `${count} ${unit}` };
}

function plain(count: number): BarValue {
  return { value: count, text: String(count) };
}

function kind(collection: Collection, words: Words): string {
  return headed(kindLabel(collection, words));
}

function field(collection: Collection, name: string, words: Words): string {
  return headed(fieldLabel(collection, name, words));
}

function choice(kind: string, words: Words): string {
  return headed(valueText("ledger", "kind", kind, words));
}

function stageLabel(stage: Stage, words: Words): string {
  return headed(valueText("timeline", "stage", stage, words));
}

/** As a heading begins. */
function headed(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function stagesOf(): Stage[] {
  const of: Collection = "timeline";
  return Object.keys(labelsOf(of)?.fields["stage"]?.choices ?? {}) as Stage[];
}
