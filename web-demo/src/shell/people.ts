// Who sits at this browser, at each site.

import { remember, remembered } from "./store.ts";

/** The name of who edits at a site, if they said so. */
export function whoAmI(site: string): string | undefined {
  return remembered(`who.${site}`);
}

/** Remembers who edits at a site. */
export function setWhoAmI(site: string, name: string | undefined): void {
  remember(`who.${site}`, name);
}

/** The site this browser stood at last. */
export function lastSite(): string | undefined {
  return remembered("site");
}

export function setLastSite(site: string): void {
  remember("site", site);
}

/** The name without the site, of an author such as `keyun/傅玉兰`. */
export function nameOf(author: string | null | undefined): string | undefined {
  return author?.split("/").at(-1);
}

/** The site of an author such as `keyun/傅玉兰`. */
export function siteOf(author: string | null | undefined): string | undefined {
  return author?.includes("/") ? author.split("/")[0] : undefined;
}
