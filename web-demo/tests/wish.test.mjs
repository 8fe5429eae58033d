// What somebody without an account types, chooses and sends: against codes, times and goods written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { exceptionOn, hoursOn, isOffered, otherwise, runs, serviceNames, week } from "../.test/workers/days.js"
import { delivery } from "../.test/workers/delivery.js"
import { hashOf, routeOf } from "../.test/workers/route.js"
import { readSent, withoutSent, withSent } from "../.test/workers/sent.js"
import { fitsIn, formOf, inStock, mostOf, plusMinutes, problems, roundStart, starts, stillFree } from "../.test/workers/wish.js"

/** As the engine made it. */
const CODE = "keyun-st7-cwf-kkq-tpv-n5e-5gt"

test("an address leads to a page and back", () => {
  const routes = [
    { at: "near" },
    { at: "site", site: "keyun" },
    { at: "book", site: "keyun", venue: "", start: "", minutes: "" },
    { at: "book", site: "keyun", venue: "0190-1", start: "", minutes: "" },
    { at: "book", site: "keyun", venue: "0190-1", start: "2026-12-04T14:00", minutes: "" },
    { at: "book", site: "keyun", venue: "0190-1", start: "2026-12-04T14:00", minutes: "90" },
    { at: "take", site: "keyun", item: "0190-2" },
    { at: "take", site: "keyun", item: "" },
    { at: "ask", site: "keyun" },
    { at: "sent" },
    { at: "follow", code: CODE },
  ]
  for (const route of routes) assert.deepEqual(routeOf(hashOf(route)), route)
  assert.equal(hashOf({ at: "near" }), "#/")
  for (const other of ["", "#", "#/nothing", "#/site", "#app"]) assert.deepEqual(routeOf(other), { at: "near" }, other)
  assert.deepEqual(routeOf("#/site/%E0%A4%A"), { at: "site", site: "%E0%A4%A" })
  assert.deepEqual(routeOf("#/site/keyun/book/v/soon").start, "")
})

const SLOTS = [
  { start: "2026-12-04T09:10", end: "2026-12-04T11:00" },
  { start: "2026-12-04T23:00", end: "2026-12-05T00:00" },
]

test("a booking begins on a half hour, fits in, and is not in the past", () => {
  assert.deepEqual(starts(SLOTS, 60, "2026-12-01T00:00"), ["2026-12-04T09:30", "2026-12-04T10:00", "2026-12-04T23:00"])
  assert.deepEqual(starts(SLOTS, 60, "2026-12-04T09:31"), ["2026-12-04T10:00", "2026-12-04T23:00"])
  assert.deepEqual(starts(SLOTS, 120, "2026-12-01T00:00"), [])
  assert.deepEqual(stillFree(SLOTS, "2026-12-04T10:05"), [{ start: "2026-12-04T10:05", end: "2026-12-04T11:00" }, SLOTS[1]])
  assert.equal(fitsIn(SLOTS, "2026-12-04T09:10", 110), true)
  assert.equal(fitsIn(SLOTS, "2026-12-04T09:10", 111), false)
  assert.equal(fitsIn(SLOTS, "2026-12-04T23:30", 60), false)
  assert.equal(roundStart(SLOTS[0]), "2026-12-04T09:30")
  assert.equal(roundStart({ start: "2026-12-04T09:10", end: "2026-12-04T09:45" }), "2026-12-04T09:10")
  assert.equal(plusMinutes("2026-12-31T23:30", 60), "2027-01-01T00:30")
})

const DRAFT = { kind: "booking", name: " 李师傅 ", phone: "138", text: "开会", count: "８", venue: "v", start: "2026-12-04T14:00", minutes: 90, item: "" }

test("what is missing is told, and what is sent is what was chosen", () => {
  assert.deepEqual(problems(DRAFT, 10), [])
  assert.deepEqual(problems({ ...DRAFT, count: "" }, 10), [])
  assert.deepEqual(problems({ ...DRAFT, count: "11" }, 10), [{ field: "count", what: "most", most: 10 }])
  assert.deepEqual(problems({ ...DRAFT, start: "", name: " ", count: "-1" }, 10).map(({ field }) => field), ["start", "count", "name"])
  assert.deepEqual(problems({ ...DRAFT, kind: "claim", count: "" }, 2).map(({ field }) => field), ["item", "count"])
  assert.deepEqual(problems({ ...DRAFT, kind: "request", text: "" }, undefined).map(({ field }) => field), ["text"])
  assert.deepEqual(formOf(DRAFT), {
    kind: "booking", name: "李师傅", phone: "138", text: "开会", venue: "v", start: "2026-12-04T14:00", end: "2026-12-04T15:30", count: 8,
  })
  assert.deepEqual(Object.keys(formOf({ ...DRAFT, kind: "request" })).sort(), ["kind", "name", "phone", "text"])
})

test("only goods that are there can be asked for, and no more than is allowed at once", () => {
  const record = { at_once: 2, removed_at: null }
  const items = [{ item: "a", held: 5, record }, { item: "b", held: 0, record }, { item: "c", held: 3, record: null }]
  assert.deepEqual(inStock({ items }).map(({ item }) => item), ["a"])
  assert.deepEqual(inStock(undefined), [])
  assert.equal(mostOf(items[0]), 2)
  assert.equal(mostOf({ held: 1, record }), 1)
  assert.equal(mostOf({ held: 7, record: { at_once: null } }), 7)
})

test("what was written here is only here until something says that the hub has it", () => {
  const status = { waiting: [], refused: [], savedAt: undefined }
  assert.equal(delivery(status, "inbox/a/b", 100), "here")
  assert.equal(delivery({ ...status, savedAt: 99 }, "inbox/a/b", 100), "here")
  assert.equal(delivery({ ...status, savedAt: 100 }, "inbox/a/b", 100), "sent")
  const waiting = [{ name: "inbox/a/b", changes: 1 }]
  assert.equal(delivery({ ...status, waiting, savedAt: 200 }, "inbox/a/b", 100), "here")
  assert.equal(delivery({ ...status, waiting, savedAt: 200 }, "inbox/a/c", 100), "sent")
  const refused = [{ name: "inbox/a/b", reason: "too large" }]
  assert.equal(delivery({ ...status, refused, waiting, savedAt: 200 }, "inbox/a/b", 100), "refused")
})

test("the list of this device survives what else is stored in its place", () => {
  const one = { code: CODE, kind: "claim", about: "手套", at: 1 }
  for (const text of [undefined, "", "{}", "[1,null,{}]", '[{"code":1}]']) assert.deepEqual(readSent(text), [])
  assert.deepEqual(readSent(JSON.stringify([one, { ...one, kind: "other" }])), [one])
  const two = { ...one, code: "other" }
  assert.deepEqual(withSent([one, two], { ...one, at: 2 }), [{ ...one, at: 2 }, two])
  assert.equal(withSent(Array.from({ length: 60 }, (_, at) => ({ ...one, code: String(at) })), one).length, 50)
  assert.deepEqual(withoutSent([one, two], CODE), [two])
})

const SITE = { key: "keyun", hours: "07:00-22:00", state: "open" }
const exception = (from, until, hours, reason = "") => ({ site: "keyun", from, until, hours, reason })

test("an exception takes the place of a day's hours; the one that starts last counts", () => {
  const all = [exception("2026-12-01", "2026-12-31", "09:00-17:00"), exception("2026-12-20", null, null, "停电"), { ...exception("2026-12-10", null, null), site: "other" }]
  assert.equal(exceptionOn(all, "keyun", "2026-12-20").reason, "停电")
  assert.equal(exceptionOn(all, "keyun", "2027-01-01"), undefined)
  assert.equal(hoursOn(SITE, all, "2026-12-10").hours, "09:00-17:00")
  assert.equal(hoursOn(SITE, all, "2026-12-20").hours, null)
  assert.equal(hoursOn({ ...SITE, hours: null }, [], "2026-12-20").hours, undefined)
  assert.equal(hoursOn({ ...SITE, state: "paused" }, [], "2026-12-20").hours, null)
  const days = week(SITE, all, "2026-12-29").map(({ day, hours }) => [day, hours])
  assert.deepEqual(days.slice(2, 4), [["2026-12-31", "09:00-17:00"], ["2027-01-01", "07:00-22:00"]])
  assert.equal(days.length, 7)
})

test("an exception is told as what it changes", () => {
  assert.deepEqual(otherwise("07:00-22:00", { hours: null }), { how: "closed" })
  assert.deepEqual(otherwise("07:00-22:00", { hours: "07:00-18:00" }), { how: "early", time: "18:00" })
  assert.deepEqual(otherwise("07:00-12:00 13:00-22:00", { hours: "07:00-12:00 13:00-18:00" }), { how: "early", time: "18:00" })
  assert.deepEqual(otherwise("07:00-22:00", { hours: "10:00-22:00" }), { how: "late", time: "10:00" })
  assert.deepEqual(otherwise("07:00-22:00", { hours: "10:00-16:00" }), { how: "other", hours: "10:00–16:00" })
  assert.deepEqual(otherwise(null, { hours: "10:00-16:00" }), { how: "other", hours: "10:00–16:00" })
})

test("days of the week are put together", () => {
  assert.deepEqual(runs([1, 2, 3, 4, 5]), [[1, 5]])
  assert.deepEqual(runs([6, 3, 7]), [[3, 3], [6, 7]])
  assert.deepEqual(runs([]), [])
  // A Sunday.
  assert.equal(isOffered({ days: [7], state: "open" }, "2026-12-06"), true)
  assert.equal(isOffered({ days: [6], state: "open" }, "2026-12-06"), false)
  assert.equal(isOffered({ days: [], state: "paused" }, "2026-12-06"), false)
  assert.deepEqual(serviceNames([{ name: "理发", state: "open" }, { name: "理发", state: "open" }, { name: "洗衣", state: "closed" }]), ["理发"])
})
