// What is open, how far, and who is there: against times and places written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { directionTo, metresBetween, rounded } from "../.test/workers/distance.js"
import { onDuty, rosterMonths } from "../.test/workers/duty.js"
import { clock, isNextDay, openState, written } from "../.test/shell/hours.js"
import { amenitiesOf, districts, nearby } from "../.test/workers/nearby.js"

const at = time => `2026-12-09T${time}`

test("a site is open from its first minute to its last", () => {
  assert.deepEqual(openState("07:00-22:00", at("06:59")), { open: false, from: 420 })
  assert.equal(openState("07:00-22:00", at("07:00")).open, true)
  assert.deepEqual(openState("07:00-22:00", at("15:00")), { open: true, always: false, until: 1320, soon: false })
  assert.equal(openState("07:00-22:00", at("21:30")).soon, true)
  assert.deepEqual(openState("07:00-22:00", at("22:00")), { open: false, from: 420 + 1440 })
})

test("hours with a break close at the break and open after it", () => {
  const hours = "07:00-12:00 13:00-18:00"
  assert.equal(openState(hours, at("11:00")).until, 720)
  assert.deepEqual(openState(hours, at("12:30")), { open: false, from: 780 })
  // Spans that touch are one.
  assert.equal(openState("07:00-12:00 12:00-18:00", at("11:00")).until, 1080)
})

test("hours past midnight hold for both days", () => {
  assert.equal(openState("20:00-06:00", at("23:00")).until, 1440 + 360)
  assert.equal(openState("20:00-06:00", at("02:00")).until, 360)
  assert.deepEqual(openState("20:00-06:00", at("12:00")), { open: false, from: 1200 })
})

test("a site that never closes says so", () => {
  assert.deepEqual(openState("00:00-24:00", at("03:00")), { open: true, always: true })
  assert.deepEqual(openState("08:00-08:00", at("08:00")), { open: true, always: true })
})

test("hours that are not known are not guessed", () => {
  assert.equal(openState(null, at("08:00")), undefined)
  for (const wrong of ["", "mornings", "25:00-26:00", "24:00-25:00", "07:60-08:00"]) {
    assert.equal(openState(wrong, at("08:00")), undefined, wrong)
  }
})

test("clock times are written as people write them", () => {
  assert.equal(clock(420), "07:00")
  assert.equal(clock(1440), "24:00")
  assert.equal(clock(1440 + 420), "07:00")
  assert.equal(isNextDay(1440), false)
  assert.equal(isNextDay(1441), true)
  assert.equal(written("07:00-12:00 13:00-18:00"), "07:00–12:00，13:00–18:00")
})

test("distances are those on the ground", () => {
  const [keyun, jiefang] = [{ lat: 35.23223, lng: 113.31299 }, { lat: 35.25306, lng: 113.22984 }]
  const metres = metresBetween(keyun, jiefang)
  assert.ok(Math.abs(metres - 7900) < 60, String(metres))
  assert.equal(metresBetween(keyun, keyun), 0)
  assert.equal(directionTo(keyun, jiefang), 6)
  assert.equal(directionTo(keyun, { lat: 36, lng: 113.31299 }), 0)
  assert.deepEqual(rounded(3), { value: "10", unit: "m" })
  assert.deepEqual(rounded(354), { value: "350", unit: "m" })
  assert.deepEqual(rounded(998), { value: "1.0", unit: "km" })
  assert.deepEqual(rounded(9949), { value: "9.9", unit: "km" })
  assert.deepEqual(rounded(12_400), { value: "12", unit: "km" })
})

const shift = (name, start, end, more = {}) => ({ name, post: "值守", start, end, state: "planned", ...more })

test("a night shift is on duty after midnight, and its month's roster is asked for", () => {
  const shifts = [
    shift("夜班", "2026-11-30T20:00", "2026-12-01T08:00"),
    shift("早班", "2026-12-01T08:00", "2026-12-01T14:00"),
    shift("缺勤", "2026-12-01T00:00", "2026-12-01T14:00", { state: "absent" }),
  ]
  assert.deepEqual(onDuty(shifts, "2026-12-01T03:00").map(({ name }) => name), ["夜班"])
  assert.deepEqual(onDuty(shifts, "2026-12-01T08:00").map(({ name }) => name), ["早班"])
  assert.deepEqual(rosterMonths("2026-12-01T03:00"), ["2026-11", "2026-12"])
  assert.deepEqual(rosterMonths("2027-01-01T03:00"), ["2026-12", "2027-01"])
  assert.deepEqual(rosterMonths("2026-12-02T03:00"), ["2026-12"])
})

test("a person on two shifts at once is there once, until the later ends", () => {
  const shifts = [
    shift("萧平", at("08:00"), at("14:00")),
    shift("萧平", at("08:00"), at("20:00")),
  ]
  assert.deepEqual(onDuty(shifts, at("09:00")), [{ name: "萧平", post: "值守", until: at("20:00") }])
})

const site = (key, more = {}) => ({
  key,
  level: "station",
  address: "焦作市解放区",
  hours: "07:00-22:00",
  amenities: [],
  lat: 35.2,
  lng: 113.2,
  ...more,
})
const wish = { at: at("15:00"), from: undefined, amenities: new Set(), openOnly: false }
const keys = found => found.map(({ site }) => site.key)

test("the nearest comes first, and what is nowhere last", () => {
  const sites = [site("nowhere", { lat: null }), site("far", { lat: 35.3 }), site("near", { lat: 35.21 })]
  const from = { lat: 35.2, lng: 113.2 }
  assert.deepEqual(keys(nearby(sites, { ...wish, from })), ["near", "far", "nowhere"])
  // Without a place, homes come before stations, and stations before points.
  const levels = [site("c", { level: "point" }), site("b"), site("a", { level: "home" })]
  assert.deepEqual(keys(nearby(levels, wish)), ["a", "b", "c"])
})

test("every amenity asked for must be there, and the site open if that is asked", () => {
  const sites = [
    site("both", { amenities: ["charging", "rest"] }),
    site("one", { amenities: ["rest"] }),
    site("closed", { amenities: ["charging", "rest"], hours: "20:00-22:00" }),
    site("unknown", { amenities: ["charging", "rest"], hours: null }),
  ]
  const amenities = new Set(["charging", "rest"])
  assert.deepEqual(keys(nearby(sites, { ...wish, amenities })), ["both", "closed", "unknown"])
  assert.deepEqual(keys(nearby(sites, { ...wish, amenities, openOnly: true })), ["both"])
  assert.deepEqual(amenitiesOf(sites), ["charging", "rest"])
  assert.deepEqual(amenitiesOf([site("a", { amenities: ["zoo", "books", "abc", "rest"] })]), ["rest", "books", "abc", "zoo"])
})

test("districts are those that addresses name", () => {
  const sites = [
    site("a", { lat: 35, lng: 113 }),
    site("b", { lat: 36, lng: 114 }),
    site("c", { address: "焦作市交通运输党群服务区" }),
    site("d", { address: "马村区人民路" }),
  ]
  assert.deepEqual(districts(sites), [
    { name: "解放区", lat: 35.5, lng: 113.5 },
    { name: "马村区", lat: 35.2, lng: 113.2 },
  ])
})
