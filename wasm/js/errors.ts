/** An error of this package: its `name` is stable, its message is for people. */
export class YilianError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** An error as it travels between the page and the engine. */
export interface WireError {
  /** Stable, such as `QuotaExceeded`. */
  name: string;
  /** For people. */
  message: string;
}

/** What can be posted of anything that was thrown. */
export function toWire(thrown: unknown): WireError {
  if (thrown instanceof Error) {
    return { name: thrown.name, message: thrown.message };
  }
  return { name: "Error", message: String(thrown) };
}

/** The error that was posted. */
export function fromWire(error: WireError): YilianError {
  return new YilianError(error.name, error.message);
}

/** The browser refuses what tabs share their documents by. */
export function unavailable(thrown: unknown): YilianError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new YilianError("StorageUnavailable", `the browser does not let this page store anything: ${why}`);
}
