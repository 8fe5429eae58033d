import { beats, GONE_MS, pack, unpack } from "./ephemeral.js";
import type { Status } from "./status.js";

/** A computer or browser that stands at a site, as it last said of itself. */
export interface Device {
  /** The same each time that browser is opened. */
  readonly id: string;
  /** The key of the site it stands at. */
  readonly site: string | null;
  /** Who edits there. */
  readonly author: string | null;
  /** Whether it was heard of within the last minute, and did not say that it leaves. */
  readonly online: boolean;
  /** How many of its changes were not on the hub's disk. */
  readonly changesWaiting: number;
  /** When everything of it was last on the hub's disk: Unix milliseconds, by its clock. */
  readonly savedAt: number | null;
  /** When it last said so: Unix milliseconds, by our clock. */
  readonly seenAt: number;
}

/** What a device says of itself. */
export interface OwnDevice {
  readonly id: string;
  readonly site: string;
  readonly author: string | null;
  readonly changesWaiting: number;
  readonly savedAt: number | null;
}

export interface DevicesOwner {
  send(name: string, data: Uint8Array): void;
  /** What to say; undefined while this tab does not speak for its browser, or stands nowhere. */
  own(): OwnDevice | undefined;
  show(devices: Device[]): void;
}

/** The document whose readers hear of each other: whoever leads always keeps it in step. */
export const MEETING = "sites";
/** As many as are remembered; whoever was silent for longest is forgotten first. */
const DEVICES_MAX = 2_000;

/** The devices that were heard of. */
export class DeviceBook {
  #owner: DevicesOwner;
  #devices = new Map<string, Device>();
  /** When each was heard of, by a clock that nobody sets. */
  #heard = new Map<string, number>();
  #watched = false;
  #said = "";
  #still: () => void;

  constructor(owner: DevicesOwner) {
    this.#owner = owner;
    this.#still = beats(() => this.#beat());
  }

  /** Tells of the devices from now on, and asks them to speak up. */
  watch(): void {
    this.#watched = true;
    this.#ask();
    this.#show();
  }

  unwatch(): void {
    this.#watched = false;
  }

  /** Speaks up again, after the connection was lost. */
  repeat(): void {
    this.say(true);
    if (this.#watched) this.#ask();
  }

  /** Says how this device stands, if that is news. */
  say(again: boolean): void {
    const own = this.#owner.own();
    if (own === undefined) return;
    const { changesWaiting, savedAt } = own;
    // The time of the last storing alone moves on with every look at it.
    const news = `${changesWaiting} ${savedAt === null}`;
    if (!again && news === this.#said) return;
    this.#said = news;
    this.#owner.send(MEETING, pack({ yilian: "device", ...own }));
  }

  /** Somebody said something. */
  hear(name: string, data: Uint8Array): void {
    if (name !== MEETING) return;
    const said = unpack(data);
    if (said?.yilian === "devices") this.say(true);
    if (said?.yilian !== "device" || typeof said.id !== "string") return;
    this.#heard.set(said.id, performance.now());
    this.#devices.delete(said.id);
    this.#devices.set(said.id, {
      id: said.id,
      site: text(said.site),
      author: text(said.author),
      online: said.left !== true,
      changesWaiting: count(said.changesWaiting) ?? 0,
      savedAt: count(said.savedAt),
      seenAt: Date.now(),
    });
    for (const id of this.#devices.keys()) {
      if (this.#devices.size <= DEVICES_MAX) break;
      this.#devices.delete(id);
      this.#heard.delete(id);
    }
    this.#show();
  }

  /** Leaves. */
  close(): void {
    this.#still();
    const own = this.#owner.own();
    if (own !== undefined) this.#owner.send(MEETING, pack({ yilian: "device", ...own, left: true }));
  }

  #ask(): void {
    this.#owner.send(MEETING, pack({ yilian: "devices" }));
  }

  #beat(): void {
    this.say(true);
    const oldest = performance.now() - GONE_MS;
    let gone = false;
    for (const device of this.#devices.values()) {
      if (!device.online || (this.#heard.get(device.id) ?? 0) >= oldest) continue;
      // Setting what is there keeps its place.
      this.#devices.set(device.id, { ...device, online: false });
      gone = true;
    }
    if (gone) this.#show();
  }

  #show(): void {
    if (this.#watched) this.#owner.show([...this.#devices.values()]);
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** How this browser stands; whoever leads speaks for all its tabs. */
export function ownDevice(
  id: string,
  { site, author }: { site?: string | undefined; author?: string | undefined },
  { changesWaiting, inStep, savedAt }: Status,
): OwnDevice | undefined {
  if (site === undefined) return undefined;
  // As long as nothing waits, it is so now.
  const saved = inStep ? Date.now() : (savedAt ?? null);
  return { id, site, author: author ?? null, changesWaiting, savedAt: saved };
}
