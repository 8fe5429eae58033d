// React hooks. Each opens what it shows and lets go of it when the component is gone.

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Findings, Person, Shift, Site } from "./generated.js";
import type { Status } from "./status.js";
import type { DocumentView, Live, PeopleView, RosterView, SitesView } from "./view.js";
import type { Yilian } from "./yilian.js";

/** A view that a component shows. */
export interface Shown<View, Value> {
  /** The view, to edit with; undefined in the first render. */
  readonly view: View | undefined;
  /** What it holds now. */
  readonly value: Value;
  /** Whether what is stored in this browser is shown. */
  readonly ready: boolean;
}

/** The shifts of a site in a month. */
export function useRoster(yilian: Yilian, site: string, month: string): Shown<RosterView, readonly Shift[]> {
  return useView(useCallback(() => yilian.roster(site, month), [yilian, site, month]));
}

/** All sites. */
export function useSites(yilian: Yilian): Shown<SitesView, readonly Site[]> {
  return useView(useCallback(() => yilian.sites(), [yilian]));
}

/** The persons of a site. */
export function usePeople(yilian: Yilian, site: string): Shown<PeopleView, readonly Person[]> {
  return useView(useCallback(() => yilian.people(site), [yilian, site]));
}

/** What makes no sense in a month. */
export function useFindings(yilian: Yilian, month: string): Findings {
  return useLive(yilian.findings(month));
}

/** How this browser and the hub are from each other. */
export function useStatus(yilian: Yilian): Status {
  const subscribe = useCallback((listener: () => void) => yilian.onStatus(listener), [yilian]);
  const status = () => yilian.status;
  return useSyncExternalStore(subscribe, status, status);
}

/** Anything that is live. */
export function useLive<Value>(live: Live<Value>): Value {
  const subscribe = useCallback((listener: () => void) => live.subscribe(listener), [live]);
  const value = () => live.value;
  return useSyncExternalStore(subscribe, value, value);
}

const NONE: readonly never[] = [];

type ValueOf<View> = View extends Live<infer Value> ? Value : never;

function useView<View extends DocumentView & Live<readonly unknown[]>>(make: () => View): Shown<View, ValueOf<View>> {
  const [view, setView] = useState<View>();
  useEffect(() => {
    const made = make();
    setView(made);
    return () => made.close();
  }, [make]);
  const subscribe = useCallback(
    (listener: () => void) => view?.subscribe(listener) ?? (() => {}),
    [view],
  );
  const value = () => (view?.value ?? NONE) as ValueOf<View>;
  const shown = useSyncExternalStore(subscribe, value, value);
  return { view, value: shown, ready: view?.isReady ?? false };
}
