/**
 * An error of this package: its message is for people, its `name` is stable.
 *
 * What was asked for does not fit: `InvalidField` (the message says what would fit), `InvalidName`, `InvalidArgument`,
 * `NoSuchRecord`, `NoAuthor`, `NotOpen`, `EditRefused`.
 *
 * The browser does not store: `QuotaExceeded`, `StorageUnavailable`, `NotStored`; `StoreTooNew` (a newer version of this
 * package wrote it), `DamagedDocument`.
 *
 * Somebody else's to do, or not possible as things stand: `NotYours`, `CaseRefused`, `GoodsRefused`, `InboxRefused`,
 * `SchoolRefused`, `NoHolder`.
 *
 * The hub: `HubComplaint`, `HandshakeFailed`, `BadMessage`.
 *
 * The engine: `EngineStopped` (it is started again by itself), `Closed` (by `close()`).
 */
export class YilianError extends Error {
  /** The message in Chinese, where people get to see it as it is. */
  readonly zh: string | undefined;

  constructor(name: string, message: string, zh?: string) {
    super(message);
    this.name = name;
    this.zh = zh;
  }
}

/** An error as plain data. */
export interface WireError {
  /** As {@link YilianError} has it. */
  name: string;
  /** For people. */
  message: string;
  /** For people, in Chinese. */
  zh?: string | undefined;
}

/** What can be posted of anything that was thrown. */
export function toWire(thrown: unknown): WireError {
  if (thrown instanceof Error) {
    return { name: thrown.name, message: thrown.message, zh: (thrown as { zh?: string }).zh };
  }
  return { name: "Error", message: String(thrown) };
}

/** The error that was posted. */
export function fromWire(error: WireError): YilianError {
  return new YilianError(error.name, error.message, error.zh);
}

/** The browser refuses what tabs share their documents by. */
export function unavailable(thrown: unknown): YilianError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new YilianError("StorageUnavailable", `the browser does not let this page store anything: ${why}`);
}
