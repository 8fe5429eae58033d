// Reports: what the hub adds up, from records written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { itemFlows, parties, sums } from "../.test/hub/giving.js"
import { deviceHoldings, takers } from "../.test/hub/holdings.js"
import { hubSite } from "../.test/hub/hubsite.js"
import { openMinutes } from "../.test/hub/opening.js"
import { atStages, submissionsBySite } from "../.test/hub/submissions.js"
import { csv, hours } from "../.test/hub/table.js"
import { borrowings, percent, siteUse, unconfirmed, venueUse } from "../.test/hub/venueuse.js"

const DAY = 24 * 60
const site = (key, hours) => ({ key, hours, state: "open" })
const venue = (id, site, more = {}) => ({ id, site, name: `${id}室`, hours: null, state: "open", ...more })
let ids = 0
const booking = (venue, start, end, more = {}) => ({
  id: `b${++ids}`,
  venue,
  start,
  end,
  borrower: null,
  grant: "granted",
  ...more,
})

test("a venue is open in its own hours or its site's, but for exceptions and closures", () => {
  const at = site("keyun", "08:00-12:00 13:00-18:00")
  assert.equal(openMinutes("2026-12", venue("a", "keyun"), at, []), 31 * 9 * 60)
  assert.equal(openMinutes("2026-12", venue("a", "keyun", { hours: "09:00-10:00 09:30-11:00" }), at, []), 31 * 120)
  assert.equal(openMinutes("2026-12", venue("a", "keyun", { hours: "20:00-02:00" }), at, []), 31 * 360)
  const closed = { site: "keyun", from: "2026-12-30", until: "2027-01-03", hours: null }
  const short = { site: "keyun", from: "2026-12-31", until: null, hours: "08:00-09:00" }
  const elsewhere = { site: "macun-1", from: "2026-12-01", until: "2026-12-31", hours: null }
  assert.equal(openMinutes("2026-12", venue("a", "keyun"), at, [elsewhere, closed]), 29 * 9 * 60)
  assert.equal(openMinutes("2026-12", venue("a", "keyun"), at, [closed, short]), 29 * 9 * 60 + 60)
  assert.equal(openMinutes("2026-12", venue("a", "keyun"), site("keyun", null), []), undefined)
  assert.equal(openMinutes("2026-12", venue("a", "keyun"), { ...at, state: "paused" }, []), 0)
})

const SOURCE = {
  month: "2026-12",
  sites: [site("keyun", "00:00-24:00"), site("macun-1", null)],
  exceptions: [],
  venues: [venue("a", "keyun"), venue("b", "keyun"), venue("c", "macun-1")],
  bookings: [
    booking("a", "2026-11-30T22:00", "2026-12-01T02:00"),
    booking("a", "2026-12-05T08:00", "2026-12-05T10:30", { borrower: "macun-1" }),
    booking("a", "2026-12-05T09:00", "2026-12-05T11:00", { grant: "bumped", bumped_by: "b2", borrower: "macun-1" }),
    booking("a", "2026-12-06T09:00", "2026-12-06T11:00", { grant: "cancelled" }),
    booking("b", "2026-12-31T23:00", "2027-01-01T01:00", { grant: "confirmed", borrower: "keyun" }),
    booking("c", "2026-12-07T09:00", "2026-12-07T10:00", { borrower: "keyun" }),
  ],
}

test("a venue is used for as long of the month as somebody has it", () => {
  const uses = venueUse(SOURCE)
  assert.deepEqual(
    uses.map(({ venue, bookings, minutes, open, borrowed, bumped }) => [venue.id, bookings, minutes, open, borrowed, bumped]),
    [
      ["a", 1, 120 + 150, 31 * DAY, 1, 1],
      ["b", 1, 60, 31 * DAY, 0, 0],
      ["c", 1, 60, undefined, 1, 0],
    ],
  )
  assert.equal(percent({ minutes: 270, open: 1000 }), 27)
  assert.equal(percent(uses[2]), undefined)
  assert.equal(percent({ minutes: 0, open: 0 }), undefined)
})

test("a site's use is the sum of its venues'", () => {
  const [keyun, macun] = siteUse(venueUse(SOURCE))
  assert.deepEqual([keyun.site, keyun.bookings, keyun.minutes, keyun.open, keyun.bumped], ["keyun", 2, 330, 62 * DAY, 1])
  assert.deepEqual([macun.site, macun.open], ["macun-1", undefined])
})

test("what is borrowed is told by lender and borrower; what is bumped was not borrowed", () => {
  assert.deepEqual(borrowings(SOURCE), [
    { lender: "keyun", borrower: "macun-1", bookings: 1, minutes: 150 },
    { lender: "macun-1", borrower: "keyun", bookings: 1, minutes: 60 },
  ])
})

test("what nobody confirmed yet is listed until it is over", () => {
  const starts = unconfirmed(SOURCE.bookings, "2026-12-05T10:45").map(({ start }) => start)
  assert.deepEqual(starts, ["2026-12-05T09:00", "2026-12-07T09:00"])
  const promised = SOURCE.bookings.map(of => (of.id === "b2" ? { ...of, grant: "confirmed" } : of))
  assert.deepEqual(unconfirmed(promised, "2026-12-05T10:45").map(({ start }) => start), ["2026-12-07T09:00"])
})

const row = (site, drive, item, more) => ({
  site, drive, item, contributed: 0, given: 0, sent: 0, received: 0, corrected: 0, ...more,
})
const left = (site, item, held, leaving = 0) => ({ site, item, held, leaving, arriving: 0, contributed: 0, given: 0 })
const GIVING = {
  rows: [
    row("keyun", "d", "gloves", { contributed: 50, given: 4, sent: 10 }),
    row("keyun", null, "gloves", { given: 1 }),
    row("macun-1", "d", "gloves", { received: 6 }),
  ],
  parties: [
    { site: "keyun", drive: "d", item: "gloves", party: "", contributed: 60, given: 0 },
    { site: "keyun", drive: "d", item: "gloves", party: "李师傅", contributed: 0, given: 4 },
    { site: "macun-1", drive: "d", item: "gloves", party: "总工会", contributed: 50, given: 0 },
  ],
  left: [left("keyun", "gloves", 35, 4), left("keyun", "tea", 3), left("macun-1", "gloves", 6), left("macun-1", "soap", 0)],
}

test("what happened to goods is added up over events, and stands beside what is left", () => {
  const flows = itemFlows(GIVING, "")
  assert.deepEqual(
    flows.map(({ site, item, contributed, given, left, transit }) => [site, item, contributed, given, left, transit]),
    [
      ["keyun", "gloves", 50, 5, 35, 4],
      ["macun-1", "gloves", 0, 0, 6, 0],
      ["keyun", "tea", 0, 0, 3, 0],
    ],
  )
  const [gloves] = sums(flows, "item")
  assert.deepEqual([gloves.contributed, gloves.given, gloves.sent, gloves.received, gloves.left, gloves.transit], [50, 5, 10, 6, 41, 4])
  assert.deepEqual(sums(flows, "site").map(({ site, left }) => [site, left]), [["keyun", 38], ["macun-1", 6]])
  assert.deepEqual(itemFlows(GIVING, "macun-1").map(({ item }) => item), ["gloves"])
  assert.deepEqual(itemFlows(GIVING, "", true).map(({ item }) => item), ["gloves", "gloves"])
})

test("who gave most comes first, and nobody named last", () => {
  assert.deepEqual(parties(GIVING, "").map(({ party }) => party), ["总工会", "李师傅", ""])
  assert.deepEqual(parties(GIVING, "macun-1").map(({ party }) => party), ["总工会"])
})

test("submissions count in the month they were sent in, by stage, and by who is late", () => {
  const sent = (site, at, stage, overdue = null) => ({ document: `inbox/${site}/x`, submission: { at, site }, stage, overdue })
  const sites = submissionsBySite("2026-12", [
    sent("keyun", "2026-12-01T08:00", "submitted"),
    sent("keyun", "2026-12-02T08:00", "done"),
    sent("keyun", "2026-11-30T08:00", "submitted", "acceptance"),
    sent("macun-1", "2026-12-02T08:00", "submitted", "acceptance"),
  ])
  assert.deepEqual(sites.map(({ site, total, overdue }) => [site, total, overdue]), [["macun-1", 1, 1], ["keyun", 2, 0]])
  assert.deepEqual([...atStages(sites)], [["submitted", 2], ["done", 1]])
})

test("CSV keeps commas and quotes, and nothing in it is computed", () => {
  const text = csv({ columns: ["站点", "数量"], rows: [['a,"b"', -3], ["=1+1", undefined], ["-", 0.25]] })
  assert.equal(text, '\uFEFF站点,数量\r\n"a,""b""",-3\r\n\'=1+1,\r\n\'-,0.25\r\n')
  assert.equal(hours(125), 2.08)
})

test("the hub is the home with the most below it, whatever circles there are", () => {
  const of = (key, parent, level = "home") => ({ key, parent, level })
  const all = [of("b", null), of("a", null), of("c", "b", "station"), of("d", "c", "point"), of("e", "gone", "station")]
  assert.equal(hubSite(all), "b")
  assert.equal(hubSite(all.slice(0, 2)), "a")
  assert.equal(hubSite([of("y", "x"), of("x", "y"), of("z", "y", "point"), of("b", null)]), "x")
  assert.equal(hubSite([of("e", null, "station")]), undefined)
})

test("what a device holds goes to another of its site that is not lost", () => {
  const device = (holder, lost_at = null) => ({ holder, name: "", lost_at })
  const [gone, here, other] = [device("gone", "2026-12-01T08:00"), device("here"), device("other")]
  const items = [
    { item: "g", record: { name: "手套", unit: "双" }, holders: [{ holder: "here", count: 5 }, { holder: "other", count: 2 }] },
    { item: "t", record: null, holders: [{ holder: "here", count: -1 }] },
  ]
  const all = deviceHoldings({ holder: "hub", devices: [gone, here, device("hub"), other], items })
  assert.deepEqual(
    all.map(({ device, holds }) => [device.holder, ...holds.map(({ name, count }) => `${name} ${count}`)]),
    [["here", "手套 5", "t -1"], ["other", "手套 2"], ["gone"]],
  )
  assert.deepEqual(takers(all, here), [other])
})
