// What one does to the roster. Everything is said aloud when it is done, and can be taken back.

import type { NewShift, Repair, Shift, ShiftFields } from "@yilian/client";
import { attempt } from "../shell/client.ts";
import { toast } from "../shell/toasts.ts";
import { dayText } from "../shell/time.ts";
import type { App } from "./app.ts";
import { moveFields, type Row } from "./model.ts";
import { t } from "./texts.ts";
import { shiftText } from "./words.ts";

/** Adds a shift; answers its id. */
export async function add(app: App, fields: NewShift): Promise<string | undefined> {
  let id: string | undefined;
  await attempt(async () => {
    id = await app.session?.roster?.addShift(fields);
    app.announce(t.added(shiftText(fields as Shift)));
  });
  return id;
}

/** Changes fields of a shift. */
export function change(app: App, shift: Shift, fields: ShiftFields): Promise<boolean> {
  return attempt(async () => {
    await app.session?.roster?.setShift(shift.id, fields);
    app.announce(t.changed(shiftText({ ...shift, ...fields } as Shift)));
  });
}

/** Moves a shift to another day, or to somebody else. */
export async function move(app: App, id: string, day: string, row: Row | undefined): Promise<void> {
  const shift = app.session?.roster?.get(id);
  if (shift === undefined || !(await app.askWho())) return;
  const own = row === undefined || app.board.rowOf(shift) === row.key ? undefined : row;
  const fields = moveFields(shift, day, own);
  if (Object.keys(fields).length === 0) return;
  const done = await attempt(() => app.session?.roster?.setShift(id, fields) ?? Promise.resolve());
  if (!done) return;
  const text = t.moved(`${own?.name ?? shift.name} ${dayText(day)}`);
  toast(text, { action: { label: t.undo, run: () => void undo(app) } });
}

/** Takes a shift off the roster. */
export async function remove(app: App, shift: Shift): Promise<void> {
  if (!(await app.askWho())) return;
  const roster = app.session?.roster;
  if (!(await attempt(() => roster?.removeShift(shift.id) ?? Promise.resolve()))) return;
  const text = t.removed(shiftText(shift));
  toast(text, { action: { label: t.undo, run: () => void undo(app) } });
}

export async function undo(app: App): Promise<void> {
  if (!(await app.askWho())) return;
  await attempt(async () => void toast((await app.session?.roster?.undo()) ? t.undone : t.nothingToUndo));
}

export async function redo(app: App): Promise<void> {
  if (!(await app.askWho())) return;
  await attempt(async () => void toast((await app.session?.roster?.redo()) ? t.redone : t.nothingToRedo));
}

/** Puts a finding right. */
export async function repair(app: App, way: Repair): Promise<void> {
  if (!(await app.askWho())) return;
  await attempt(async () => {
    await app.session?.yilian.repair(way);
    toast(t.repaired);
  });
}
