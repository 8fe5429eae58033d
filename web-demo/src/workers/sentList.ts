import { remember, remembered } from "../shell/store.ts";
import { readSent, type Sent, withoutSent, withSent } from "./sent.ts";

const KEY = "sent";

/** What was sent from this device, the newest first. */
export function sentFromHere(): Sent[] {
  return readSent(remembered(KEY));
}

export function rememberSent(one: Sent): void {
  remember(KEY, JSON.stringify(withSent(sentFromHere(), one)));
}

export function forgetSent(code: string): void {
  remember(KEY, JSON.stringify(withoutSent(sentFromHere(), code)));
}
