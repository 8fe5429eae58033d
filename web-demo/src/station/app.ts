// What the parts of the station view share.

import type { Finding, Shift, Site } from "@yilian/client";
import type { Board, Row } from "./model.ts";
import type { SectionName } from "./section.ts";
import type { Session } from "./session.ts";

/** Where the keyboard is in the grid: a cell, and which of its shifts. */
export interface Cursor {
  row: string;
  day: string;
  index: number;
}

/** The station view. */
export interface App {
  readonly session: Session | undefined;
  readonly month: string;
  readonly section: SectionName;
  readonly look: "grid" | "list";
  readonly board: Board;
  /** The findings of each shift. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  readonly sites: readonly Site[];
  cursor: Cursor;
  /** What was picked up with the keyboard, and where it is held. */
  carrying: { id: string; row: string; day: string } | undefined;
  draw(): void;
  /** Says something to those who do not see the page. */
  announce(text: string): void;
  setSection(name: SectionName): void;
  setMonth(month: string): void;
  setLook(look: "grid" | "list"): void;
  setSite(site: string): void;
  /** Whether an edit may be signed: asks who it is, once. */
  askWho(again?: boolean): Promise<boolean>;
  chooseSite(): void;
  /** Opens a shift, or a new one there. */
  edit(shift: Shift): void;
  addAt(day: string, row?: Row): void;
  showFindings(shift: Shift, beside: Element): void;
  showHistory(shift: Shift): void;
}
