import type { ChangeEntry } from "@yilian/client";

/** Tells the changes that come while the page is open from those that were there. */
export class Fresh {
  #known = new Map<string, ReadonlySet<string>>();

  /**
   * The changes that are new, as `document#hash`. Until what was there has settled, nothing is; and what a document
   * shows when it comes to be shown is not new either.
   */
  look(documents: Iterable<readonly [string, readonly ChangeEntry[]]>, settled: boolean): Set<string> {
    const fresh = new Set<string>();
    for (const [document, entries] of documents) {
      const known = this.#known.get(document);
      if (known === undefined || !settled) {
        this.#known.set(document, new Set(entries.map(({ hash }) => hash)));
        continue;
      }
      for (const { hash } of entries) if (!known.has(hash)) fresh.add(`${document}#${hash}`);
    }
    return fresh;
  }
}
