// A day of a station as plain data, against times and numbers written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { monthsOf, onDay, slotOf, slotText, takes, venueDays } from "../.test/station/bookings/model.js"
import { written, wrongs } from "../.test/station/fields.js"
import { age, byStage, openOnes, phoneLink } from "../.test/station/inbox/model.js"
import { closingAt, exceptionOn, nextOnDuty } from "../.test/station/today/model.js"
import { arrivals, currentDrives, departures, deviceName, difference, isLow, waitingClaims } from "../.test/station/supplies/model.js"

const booking = (id, start, end, more = {}) => ({ id, venue: "a", start, end, grant: "granted", removed_at: null, ...more })
const at = (day, time) => `2026-12-${day}T${time}`

test("a day shows what touches it, and what was given up last", () => {
  const all = [
    booking("late", at("08", "22:00"), at("09", "02:00")),
    booking("noon", at("09", "12:00"), at("09", "13:00")),
    booking("gone", at("09", "08:00"), at("09", "09:00"), { grant: "cancelled" }),
    booking("removed", at("09", "10:00"), at("09", "11:00"), { removed_at: at("08", "10:00") }),
    booking("until-midnight", at("08", "20:00"), at("09", "00:00")),
    booking("next", at("10", "00:00"), at("10", "01:00")),
  ]
  assert.deepEqual(onDay(all, "2026-12-09").map(({ id }) => id), ["late", "noon", "gone"])
  // What lasts past midnight is in the month it began.
  assert.deepEqual(monthsOf("2026-12-01"), ["2026-11", "2026-12"])
  assert.deepEqual(monthsOf("2026-12-09"), ["2026-12"])
})

test("bookings of venues that nobody knows are shown after the others", () => {
  const all = [booking("x", at("09", "10:00"), at("09", "11:00")), booking("y", at("09", "10:00"), at("09", "11:00"), { venue: "lost" })]
  const days = venueDays([{ id: "a" }, { id: "b" }], all, "2026-12-09")
  assert.deepEqual(days.map(({ key, bookings }) => [key, bookings.map(({ id }) => id)]), [["a", ["x"]], ["b", []], ["unknown", ["y"]]])
})

test("a time that ends after midnight says so", () => {
  assert.deepEqual(slotOf("2026-12-31", "22:00", "01:00"), { start: "2026-12-31T22:00", end: "2027-01-01T01:00" })
  assert.equal(slotText(slotOf("2026-12-31", "22:00", "01:00"), "次日"), "22:00–次日01:00")
  assert.equal(slotText(slotOf("2026-12-31", "22:00", "00:00"), "次日"), "22:00–24:00")
  assert.equal(slotText(slotOf("2026-12-31", "08:00", "09:30"), "次日"), "08:00–09:30")
})

test("an alternative at another site moves the booking there", () => {
  const slot = slotOf("2026-12-09", "16:00", "18:00")
  assert.deepEqual(takes({ venue: { id: "v", site: "keyun" }, slot }), { site: "keyun", venue: "v", ...slot })
})

test("a form says what is missing and which numbers do not fit", () => {
  const fields = [{ key: "name", required: true }, { key: "people", kind: "number", min: 1, max: 10 }, { key: "note" }]
  assert.deepEqual([...wrongs(fields, { name: " ", people: "1.5" })], [["name", "missing"], ["people", "number"]])
  assert.deepEqual([...wrongs(fields, { name: "李", people: "11" })], [["people", "number"]])
  assert.deepEqual([...wrongs(fields, { name: "李", people: "" })], [])
  assert.deepEqual(written({ a: " x ", b: " " }, "a", "b", "c"), { a: "x" })
})

test("an item is low when what is there and on its way is less than wished", () => {
  const stock = (held, arriving, low) => ({ held, arriving, record: low === undefined ? null : { low } })
  assert.equal(isLow(stock(4, 0, 5)), true)
  assert.equal(isLow(stock(4, 1, 5)), false)
  assert.equal(isLow(stock(0, 0, null)), false)
  assert.equal(isLow(stock(0, 0, undefined)), false)
  assert.equal(difference(7, 5), -2)
})

test("goods on their way are told from both ends, and claims on this device come first", () => {
  const transit = (id, from_site, to_site, at) => ({ id, from_site, to_site, at })
  const claim = (id, holder, to, state = "waiting") => ({ id, holder, to, state, at: "2026-12-09T08:00" })
  const goods = {
    holder: "me",
    devices: [{ holder: "you-1234", name: "萧平" }, { holder: "x-5678", name: "" }],
    in_transit: [transit("2", "a", "b", "2026-12-02T08:00"), transit("1", "a", "b", "2026-12-01T08:00"), transit("3", "b", "a", "2026-12-01T08:00")],
    claims: [claim("1", "me", "you"), claim("2", "you", "me"), claim("3", "you", "me", "given")],
  }
  assert.deepEqual(arrivals(goods, "b").map(({ id }) => id), ["1", "2"])
  assert.deepEqual(departures(goods, "b").map(({ id }) => id), ["3"])
  assert.deepEqual(waitingClaims(goods).map(({ id }) => id), ["2", "1"])
  assert.equal(deviceName(goods, "you-1234"), "萧平")
  assert.equal(deviceName(goods, "x-5678"), "5678")
})

test("an event that is over gathers nothing any more", () => {
  const drives = [{ id: "1", until: "2026-12-08" }, { id: "2", until: "2026-12-09" }, { id: "3", until: null }]
  assert.deepEqual(currentDrives(drives, "2026-12-09").map(({ id }) => id), ["2", "3"])
})

test("of what was sent, what is late comes first and then what waits for longest", () => {
  const one = (document, stage, waits_since, overdue = null) => ({ document, stage, waits_since, overdue, steps: [{ at: waits_since }], submission: {} })
  const all = [
    one("new", "submitted", at("09", "09:00")),
    one("old", "submitted", at("09", "08:00")),
    one("late", "submitted", at("09", "10:00"), "acceptance"),
    one("taken", "accepted", at("08", "10:00")),
    one("done-first", "done", at("07", "10:00")),
    one("done-last", "done", at("08", "10:00")),
  ]
  const names = groups => groups.map(({ stage, ones }) => [stage, ones.map(({ document }) => document)])
  assert.deepEqual(names(byStage(all, true)), [["submitted", ["late", "old", "new"]], ["accepted", ["taken"]]])
  assert.deepEqual(names(byStage(all, false)), [["done", ["done-last", "done-first"]]])
  assert.deepEqual(openOnes(all).map(({ document }) => document), ["late", "taken", "old", "new"])
})

test("an age is said in the largest unit that there is one of", () => {
  assert.deepEqual(age(at("09", "08:00"), at("09", "08:59")), { unit: "minutes", count: 59 })
  assert.deepEqual(age(at("09", "08:00"), at("10", "07:59")), { unit: "hours", count: 23 })
  assert.deepEqual(age(at("09", "08:00"), at("11", "09:00")), { unit: "days", count: 2 })
  // The clock of whoever sent it may be ahead.
  assert.deepEqual(age(at("09", "08:00"), at("09", "07:00")), { unit: "minutes", count: 0 })
  assert.equal(phoneLink("0391-358 1234"), "tel:03913581234")
})

test("hours that end early lose what is after that", () => {
  assert.equal(closingAt("07:00-22:00", "18:00"), "07:00-18:00")
  assert.equal(closingAt("07:00-12:00 13:00-18:00", "12:30"), "07:00-12:00")
  assert.equal(closingAt("07:00-12:00 13:00-18:00", "15:05"), "07:00-12:00 13:00-15:05")
  assert.equal(closingAt("20:00-06:00", "23:00"), "20:00-23:00")
  assert.equal(closingAt("07:00-22:00", "07:00"), null)
  // No earlier than usual.
  assert.equal(closingAt("07:00-22:00", "22:00"), undefined)
  assert.equal(closingAt("sometimes", "12:00"), undefined)
})

test("of the exceptions that hold on a day the one that began last counts", () => {
  const one = (from, until, site = "keyun") => ({ site, from, until, reason: `${from}` })
  const all = [one("2026-12-01", "2026-12-31"), one("2026-12-09", null), one("2026-12-10", null), one("2026-12-09", null, "other")]
  assert.equal(exceptionOn(all, "keyun", "2026-12-09"), all[1])
  assert.equal(exceptionOn(all, "keyun", "2026-12-11"), all[0])
  assert.equal(exceptionOn(all, "keyun", "2027-01-01"), undefined)
})

test("next on duty are those who start first on the same day", () => {
  const shift = (name, start, state = "planned") => ({ name, start, state })
  const all = [shift("a", at("09", "08:00")), shift("b", at("09", "14:00")), shift("c", at("09", "14:00"), "confirmed"), shift("d", at("09", "12:00"), "absent"), shift("e", at("09", "20:00")), shift("f", at("10", "08:00"))]
  assert.deepEqual(nextOnDuty(all, at("09", "09:00")).map(({ name }) => name), ["b", "c"])
  assert.deepEqual(nextOnDuty(all, at("09", "20:00")), [])
})
