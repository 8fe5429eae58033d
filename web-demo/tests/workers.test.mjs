// What is open, how far, and who is there: against times and places written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { directionTo, rounded } from "../.test/workers/distance.js"
import { onDuty, rosterMonths } from "../.test/workers/duty.js"
import { clock, spans, written } from "../.test/shell/hours.js"
import { amenitiesOf, closesAt, districts, inOrder, opensAt, stateOf } from "../.test/workers/nearby.js"

const at = time => `2026-12-09T${time}`

const near = (more = {}) => ({
  site: { state: "open", hours: "07:00-22:00" },
  is_open: true,
  open_until: at("22:00"),
  opens_next: null,
  distance_m: null,
  ...more,
})

test("a site is open, about to close, closed, or not known to be open", () => {
  assert.deepEqual(stateOf(near(), at("15:00")), { name: "open", until: at("22:00") })
  assert.deepEqual(stateOf(near(), at("21:15")), { name: "soon", until: at("22:00") })
  assert.deepEqual(stateOf(near({ open_until: "2026-12-23T00:00" }), at("15:00")), { name: "open", until: undefined })
  const shut = { is_open: false, open_until: null }
  assert.deepEqual(stateOf(near({ ...shut, opens_next: at("07:00") }), at("06:00")), { name: "closed", opens: at("07:00") })
  assert.deepEqual(stateOf(near(shut), at("06:00")), { name: "closed", opens: undefined })
  assert.deepEqual(stateOf(near({ ...shut, site: { state: "open", hours: null } }), at("06:00")), { name: "unknown" })
  assert.deepEqual(stateOf(near({ ...shut, site: { state: "paused", hours: null } }), at("06:00")), { name: "paused" })
  assert.deepEqual(stateOf(near({ ...shut, site: { state: "closed", hours: null } }), at("06:00")), { name: "gone" })
})

test("times are told as seen from now", () => {
  assert.deepEqual(opensAt(at("07:00"), at("06:00")), { day: "today", clock: "07:00" })
  assert.deepEqual(opensAt("2026-12-10T07:00", at("23:00")), { day: "tomorrow", clock: "07:00" })
  assert.deepEqual(opensAt("2026-12-11T07:00", at("23:00")), { day: "later", clock: "07:00" })
  // Past midnight is tomorrow; at two in the morning, six is today.
  assert.deepEqual(closesAt("2026-12-10T06:00", at("23:00")), { day: "tomorrow", clock: "06:00" })
  assert.deepEqual(closesAt(at("06:00"), at("02:00")), { day: "today", clock: "06:00" })
  assert.deepEqual(closesAt("2026-12-10T00:00", at("23:00")), { day: "today", clock: "24:00" })
  assert.deepEqual(closesAt("2026-12-11T00:00", at("23:00")), { day: "tomorrow", clock: "24:00" })
})

test("hours are written as people write them, and read as the engine does", () => {
  assert.deepEqual([420, 1440, 1440 + 420].map(clock), ["07:00", "24:00", "07:00"])
  assert.equal(written("07:00-12:00 13:00-18:00"), "07:00–12:00，13:00–18:00")
  assert.deepEqual(spans("07:00-12:00 20:00-06:00"), [{ from: 420, to: 720 }, { from: 1200, to: 1800 }])
  for (const wrong of ["", "mornings", "25:00-26:00", "24:00-25:00", "07:60-08:00"]) assert.equal(spans(wrong), undefined, wrong)
})

test("distances and directions are told with no more digits than anybody walks by", () => {
  const [keyun, jiefang] = [{ lat: 35.23223, lng: 113.31299 }, { lat: 35.25306, lng: 113.22984 }]
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
test("without a place, homes come before stations, and stations before points", () => {
  const found = [near({ site: site("c", { level: "point" }) }), near({ site: site("b") }), near({ site: site("a", { level: "home" }) })]
  const keys = found => found.map(({ site }) => site.key)
  assert.deepEqual(keys(inOrder(found)), ["a", "b", "c"])
  // With one, the engine's order stands.
  const [first, ...rest] = found
  assert.deepEqual(keys(inOrder([{ ...first, distance_m: 5 }, ...rest])), ["c", "b", "a"])
})

test("amenities are listed by what is asked for most", () => {
  const sites = [site("both", { amenities: ["rest", "charging"] }), site("one", { amenities: ["rest"] })]
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
