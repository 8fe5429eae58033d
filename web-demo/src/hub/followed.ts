import type { Live } from "@yilian/client";

/** Something that is followed. */
export interface Followed<View> {
  readonly view: View;
  readonly stop: () => void;
}

/** Follows a view until it is stopped. */
export function follow<View extends Live<unknown>>(view: View, changed: () => void): Followed<View> {
  return { view, stop: view.subscribe(changed) };
}

/** Stops following all that is followed together. */
export function stopAll(followed: object | undefined): void {
  for (const { stop } of Object.values(followed ?? {}) as Followed<unknown>[]) stop();
}
