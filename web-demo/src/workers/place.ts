import { remember, remembered } from "../shell/store.ts";
import type { Point } from "./distance.ts";

/** From where distances count. */
export type Place =
  | ({ readonly kind: "here" } & Point)
  | { readonly kind: "district"; readonly name: string }
  | { readonly kind: "site"; readonly key: string };

const KEY = "place";

/** The place chosen last in this browser. */
export function rememberedPlace(): Place | undefined {
  try {
    const read: unknown = JSON.parse(remembered(KEY) ?? "null");
    return isPlace(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

export function rememberPlace(place: Place): void {
  remember(KEY, JSON.stringify(place));
}

/** Asks the browser where we are; it asks the person. */
export function locate(): Promise<Place> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ kind: "here", lat: coords.latitude, lng: coords.longitude }),
      reject,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== "object" || value === null) return false;
  const { kind, lat, lng, name, key } = value as Record<string, unknown>;
  switch (kind) {
    case "here":
      return typeof lat === "number" && typeof lng === "number";
    case "district":
      return typeof name === "string";
    case "site":
      return typeof key === "string";
    default:
      return false;
  }
}
