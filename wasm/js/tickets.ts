import { type WireError, YilianError } from "./errors.js";

interface Waiter {
  tickets: Set<number>;
  done: () => void;
  failed: (error: Error) => void;
}

/** Who waits for edits to be on the disk. */
export class Tickets {
  #waiters = new Set<Waiter>();
  #settled = new Map<number, boolean>();

  /** Resolves with what an edit made once all of it is stored. */
  wait(json: string): Promise<unknown> {
    const { tickets, records, code } = JSON.parse(json) as {
      tickets: number[];
      records: string[];
      code: string | null;
    };
    return new Promise((resolve, reject) => {
      this.#waiters.add({
        tickets: new Set(tickets),
        done: () => resolve({ records, code, changed: tickets.length > 0 }),
        failed: reject,
      });
    });
  }

  note(tickets: number[], durable: boolean): void {
    for (const ticket of tickets) this.#settled.set(ticket, durable);
  }

  /** Tells whoever need wait no more; `problem` is why what was not stored was not. */
  settle(problem: WireError | undefined): void {
    for (const waiter of this.#waiters) {
      for (const ticket of [...waiter.tickets]) {
        const durable = this.#settled.get(ticket);
        if (durable === undefined) continue;
        this.#settled.delete(ticket);
        waiter.tickets.delete(ticket);
        if (durable) continue;
        this.#waiters.delete(waiter);
        const [name, message] = [problem?.name, problem?.message];
        waiter.failed(new YilianError(name ?? "NotStored", message ?? "the edit could not be stored"));
      }
      if (waiter.tickets.size === 0 && this.#waiters.delete(waiter)) waiter.done();
    }
  }

  fail(error: Error): void {
    for (const waiter of this.#waiters) waiter.failed(error);
    this.#waiters.clear();
  }
}
