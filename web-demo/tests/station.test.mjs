// A day of a station as plain data, against times and numbers written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { monthsOf, onDay, slotOf, slotText, takes, venueDays } from "../.test/station/bookings/model.js"
import { written, wrongs } from "../.test/station/fields.js"

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
