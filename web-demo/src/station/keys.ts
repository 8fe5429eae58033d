// The keyboard in the grid: everything that is dragged can be carried.

import type { Shift } from "@yilian/client";
import { dayText } from "../shell/time.ts";
import type { App, Cursor } from "./app.ts";
import * as desk from "./desk.ts";
import { focusCursor } from "./grid.ts";
import { t } from "./texts.ts";
import { shiftText } from "./words.ts";

const WEEK = 7;

export function onGridKey(app: App, event: KeyboardEvent): void {
  if (event.ctrlKey && !["Home", "End"].includes(event.key)) return;
  if (event.metaKey || event.altKey) return;
  // A badge's own Enter and Space are its own.
  if ((event.target as Element).closest(".badge")) return;
  const done = app.carrying ? whileCarrying(app, event.key) : go(app, event) || act(app, event.key);
  if (done) {
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The shift that the keyboard stands on. */
function current(app: App): Shift | undefined {
  const { row, day, index } = app.cursor;
  const shifts = app.board.at(row, day);
  return shifts[index] ?? shifts[0];
}

function go(app: App, event: KeyboardEvent): boolean {
  const to = target(app, event.key, event.ctrlKey);
  if (to === undefined) return false;
  app.cursor = to;
  app.session?.presence?.set({ row: to.row, day: to.day });
  focusCursor(app);
  app.draw();
  return true;
}

/** Where a key leads; nowhere is where one is already. */
function target(app: App, key: string, far: boolean): Cursor | undefined {
  const { rows, days } = app.board;
  const { cursor } = app;
  const across = (step: number) => ({ ...cursor, day: shifted(days, cursor.day, step), index: 0 });
  const keys = rows.map(({ key }) => key);
  switch (key) {
    case "ArrowLeft":
      return across(-1);
    case "ArrowRight":
      return across(1);
    case "PageUp":
      return across(-WEEK);
    case "PageDown":
      return across(WEEK);
    case "Home":
      return { ...across(-days.length), row: far ? (keys[0] ?? cursor.row) : cursor.row };
    case "End":
      return { ...across(days.length), row: far ? (keys.at(-1) ?? cursor.row) : cursor.row };
    case "ArrowDown":
      if (cursor.index + 1 < app.board.at(cursor.row, cursor.day).length) return { ...cursor, index: cursor.index + 1 };
      return { ...cursor, row: shifted(keys, cursor.row, 1), index: 0 };
    case "ArrowUp": {
      if (cursor.index > 0) return { ...cursor, index: cursor.index - 1 };
      const row = shifted(keys, cursor.row, -1);
      if (row === cursor.row) return cursor;
      return { ...cursor, row, index: Math.max(0, app.board.at(row, cursor.day).length - 1) };
    }
    default:
      return undefined;
  }
}

function shifted(all: readonly string[], from: string, step: number): string {
  const at = Math.min(all.length - 1, Math.max(0, all.indexOf(from) + step));
  return all[at] ?? from;
}

function act(app: App, key: string): boolean {
  const { row, day } = app.cursor;
  const shift = current(app);
  const line = app.board.rows.find((one) => one.key === row);
  switch (key) {
    case "n":
    case "N":
    case "Insert":
      app.addAt(day, line);
      return true;
    case "Enter":
    case "F2":
    case " ":
      if (shift) app.edit(shift);
      else app.addAt(day, line);
      return true;
    case "m":
    case "M":
      if (shift) pickUp(app, shift);
      return true;
    case "Delete":
    case "Backspace":
      if (shift) void desk.remove(app, shift);
      return true;
    case "f":
    case "F": {
      const badge = document.activeElement?.closest(".slot")?.querySelector(".badge");
      if (shift && badge) app.showFindings(shift, badge);
      return true;
    }
    case "h":
    case "H":
      if (shift) app.showHistory(shift);
      return true;
    default:
      return false;
  }
}

function pickUp(app: App, shift: Shift): void {
  app.carrying = { id: shift.id, row: app.cursor.row, day: app.cursor.day };
  app.announce(t.pickedUp(shiftText(shift)));
  app.draw();
}

/** The focus stays where the shift was; what it would become is shown where it is held. */
function whileCarrying(app: App, key: string): boolean {
  const { carrying } = app;
  if (carrying === undefined) return false;
  if (key === "Escape" || key === "Tab") {
    app.carrying = undefined;
    app.announce(t.putBack);
    app.draw();
    return key === "Escape";
  }
  if (key === "Enter" || key === " " || key === "m" || key === "M") {
    void drop(app, carrying);
    return true;
  }
  const { rows, days } = app.board;
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -WEEK, PageDown: WEEK }[key];
  const over = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step === undefined && over === undefined) return true;
  const day = shifted(days, carrying.day, step ?? 0);
  const row = shifted(rows.map((one) => one.key), carrying.row, over ?? 0);
  app.carrying = { id: carrying.id, row, day };
  const name = rows.find((one) => one.key === row)?.name ?? "";
  app.announce(`${name} ${dayText(day)}`);
  app.draw();
  // It may be out of sight.
  requestAnimationFrame(() => document.querySelector(".held")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
  return true;
}

async function drop(app: App, { id, row, day }: { id: string; row: string; day: string }): Promise<void> {
  app.carrying = undefined;
  const line = app.board.rows.find((one) => one.key === row);
  await desk.move(app, id, day, line);
  app.draw();
  requestAnimationFrame(() => {
    const index = Math.max(0, app.board.at(row, day).findIndex((shift) => shift.id === id));
    app.cursor = { row, day, index };
    focusCursor(app);
    app.draw();
  });
}
