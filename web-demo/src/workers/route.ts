// What the page shows is said after its address's `#`: a code is a right, and what follows `#` is not sent to any server.

/** What the page shows. */
export type Route =
  | { readonly at: "near" }
  | { readonly at: "site"; readonly site: string }
  /** A wish for a venue, with what was chosen already. */
  | { readonly at: "book"; readonly site: string; readonly venue: string; readonly start: string; readonly minutes: string }
  /** A claim of goods. */
  | { readonly at: "take"; readonly site: string; readonly item: string }
  | { readonly at: "ask"; readonly site: string }
  /** An enrolment in a course. */
  | { readonly at: "enrol"; readonly site: string; readonly course: string }
  /** The courses of who has this device. */
  | { readonly at: "learn" }
  /** A certificate, by its code as an address carries it. */
  | { readonly at: "certificate"; readonly coded: string }
  /** Where a certificate's code is scanned or pasted. */
  | { readonly at: "check" }
  /** What was sent from this device. */
  | { readonly at: "sent" }
  | { readonly at: "follow"; readonly code: string };

const START = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** What a hash asks for; what it cannot ask for is what is near. */
export function routeOf(hash: string): Route {
  const [first = "", second = "", third = "", ...rest] = hash.replace(/^#?\/?/, "").split("/").map(plain);
  if (first === "sent") return second === "" ? { at: "sent" } : { at: "follow", code: second };
  if (first === "learn") return { at: "learn" };
  if (first === "check") return { at: "check" };
  if (first === "certificate" && second !== "") return { at: "certificate", coded: second };
  if (first !== "site" || second === "") return { at: "near" };
  const [one = "", two = "", three = ""] = rest;
  switch (third) {
    case "book":
      return { at: "book", site: second, venue: one, start: START.test(two) ? two : "", minutes: /^[1-9]\d{0,3}$/.test(three) ? three : "" };
    case "take":
      return { at: "take", site: second, item: one };
    case "ask":
      return { at: "ask", site: second };
    case "enrol":
      return one === "" ? { at: "site", site: second } : { at: "enrol", site: second, course: one };
    default:
      return { at: "site", site: second };
  }
}

/** The hash that asks for it. */
export function hashOf(route: Route): string {
  return `#/${parts(route)
    .filter((part) => part !== "")
    .map(encodeURIComponent)
    .join("/")
    .replaceAll("%3A", ":")}`;
}

function parts(route: Route): string[] {
  switch (route.at) {
    case "near":
      return [];
    case "site":
      return ["site", route.site];
    case "book":
      return ["site", route.site, "book", ...filled([route.venue, route.start, route.minutes])];
    case "take":
      return ["site", route.site, "take", route.item];
    case "ask":
      return ["site", route.site, "ask"];
    case "enrol":
      return ["site", route.site, "enrol", route.course];
    case "learn":
    case "check":
      return [route.at];
    case "certificate":
      return ["certificate", route.coded];
    case "sent":
      return ["sent"];
    case "follow":
      return ["sent", route.code];
  }
}

/** Those before the first empty one: each stands at its place. */
function filled(parts: readonly string[]): string[] {
  const end = parts.indexOf("");
  return end < 0 ? [...parts] : parts.slice(0, end);
}

/** As it was written; a stray `%` is only that. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
