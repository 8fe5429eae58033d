/** Where something is, in degrees. */
export interface Point {
  readonly lat: number;
  readonly lng: number;
}

/** Which of eight directions `to` is in, seen from `from`: 0 is north, 2 is east. */
export function directionTo(from: Point, to: Point): number {
  const east = radians(to.lng - from.lng) * Math.cos(radians((from.lat + to.lat) / 2));
  const turns = Math.atan2(east, radians(to.lat - from.lat)) / (2 * Math.PI);
  return Math.round(turns * 8 + 8) % 8;
}

/** A number to show and its unit: no more digits than anybody walks by. */
export function rounded(metres: number): { readonly value: string; readonly unit: "m" | "km" } {
  if (metres < 995) return { value: String(Math.max(10, Math.round(metres / 10) * 10)), unit: "m" };
  const kilometres = metres / 1000;
  return { value: kilometres < 9.95 ? kilometres.toFixed(1) : String(Math.round(kilometres)), unit: "km" };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
