import type { DirectoryView, Site, SitesView, Venue, Yilian } from "@yilian/client";

/** Sites, and what there is at them: held for as long as the page is open. */
export class Directory {
  readonly sites: SitesView;
  readonly venues: DirectoryView<"venues">;
  readonly services: DirectoryView<"services">;
  readonly exceptions: DirectoryView<"exceptions">;

  constructor(yilian: Yilian, again: () => void) {
    this.sites = yilian.sites();
    this.venues = yilian.venues();
    this.services = yilian.services();
    this.exceptions = yilian.exceptions();
    // They are one document: who hears of one hears of all.
    this.sites.subscribe(again);
    void this.sites.ready.then(again, () => {});
  }

  get isReady(): boolean {
    return this.sites.isReady;
  }

  site(key: string): Site | undefined {
    return this.sites.value.find((site) => site.key === key);
  }

  siteName(key: string): string {
    return this.site(key)?.name ?? key;
  }

  venue(id: string | null): Venue | undefined {
    return id === null ? undefined : this.venues.get(id);
  }

  venuesOf(site: string): Venue[] {
    return this.venues.value.filter((venue) => venue.site === site);
  }
}
