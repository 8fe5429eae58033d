// Reports: what the hub adds up, from records written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { itemFlows, parties, sums } from "../.test/hub/giving.js"
import { deviceHoldings, takers } from "../.test/hub/holdings.js"
import { atStages, latestFirst } from "../.test/hub/submissions.js"
import { csv, hours } from "../.test/hub/table.js"
import { borrowings, longestFirst, percent, siteUse } from "../.test/hub/venueuse.js"

const DAY = 24 * 60
const use = (site, name, minutes, more = {}) => ({
  site, name, minutes, confirmed: 0, granted: 1, open_minutes: DAY, used_minutes: minutes, borrowed: 0, bumped: 0, ...more,
})

test("a site's use is the sum of its venues', and is not known where that of one is not", () => {
  const uses = [
    use("keyun", "a", 270, { bumped: 1 }),
    use("macun-1", "c", 500, { open_minutes: null, used_minutes: null }),
    use("keyun", "b", 60, { used_minutes: 30, borrowed: 1 }),
  ]
  const [macun, keyun] = siteUse(uses)
  assert.deepEqual([macun.site, macun.open_minutes, percent(macun)], ["macun-1", null, undefined])
  assert.deepEqual([keyun.granted, keyun.minutes, keyun.open_minutes, keyun.bumped, keyun.borrowed], [2, 330, 2 * DAY, 1, 1])
  assert.equal(percent(keyun), 10.4)
  assert.deepEqual(siteUse([uses[1], { ...uses[0], site: "macun-1" }]).map(percent), [undefined])
  assert.equal(percent(use("keyun", "d", 0, { open_minutes: 0 })), undefined)
  assert.deepEqual(longestFirst(uses).map(({ name }) => name), ["c", "a", "b"])
})

test("what was borrowed for longest comes first", () => {
  const of = (lender, minutes) => ({ lender, borrower: "x", bookings: 1, minutes })
  assert.deepEqual(borrowings([of("b", 60), of("a", 60), of("c", 90)]).map(({ lender }) => lender), ["c", "a", "b"])
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

test("the site that is late with the most comes first, and stages are added up", () => {
  const tally = (site, count, overdue, stages) => ({ site, count, overdue, stages })
  const sites = [
    tally("keyun", 2, 0, { submitted: 1, done: 1 }),
    tally("macun-1", 1, 1, { submitted: 1 }),
    tally("zhanqian", 3, 0, { confirmed: 3 }),
  ]
  assert.deepEqual(latestFirst(sites).map(({ site }) => site), ["macun-1", "zhanqian", "keyun"])
  assert.deepEqual([...atStages(sites)], [["submitted", 2], ["done", 1], ["confirmed", 3]])
})

test("CSV keeps commas and quotes, and nothing in it is computed", () => {
  const text = csv({ columns: ["站点", "数量"], rows: [['a,"b"', -3], ["=1+1", undefined], ["-", 0.25]] })
  assert.equal(text, '\uFEFF站点,数量\r\n"a,""b""",-3\r\n\'=1+1,\r\n\'-,0.25\r\n')
  assert.equal(hours(125), 2.08)
})

test("what a device holds goes to another of its site that is not lost", () => {
  const device = (holder, lost_at = null) => ({ holder, name: "", lost_at })
  const [gone, here, other] = [device("gone", "2026-12-01T08:00"), device("here"), device("other")]
  const items = [
    { item: "g", record: { name: "手套", unit: "双" }, holders: [{ holder: "here", count: 5 }, { holder: "other", count: 2 }] },
    { item: "t", record: null, holders: [{ holder: "here", count: -1 }] },
  ]
  const all = deviceHoldings({ devices: [gone, here, other], items })
  assert.deepEqual(
    all.map(({ device, holds }) => [device.holder, ...holds.map(({ name, count }) => `${name} ${count}`)]),
    [["here", "手套 5", "t -1"], ["other", "手套 2"], ["gone"]],
  )
  assert.deepEqual(takers(all, here), [other])
})
