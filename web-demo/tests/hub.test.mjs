// Coverage, lines, devices, findings and the feed: the figures and the words, from records written by hand.

import assert from "node:assert/strict"
import { test } from "node:test"
import { coverage, scale } from "../.test/hub/coverage.js"
import { dayLines } from "../.test/hub/dayline.js"
import { newestBySite, readDevices, siteSyncs, withHeard } from "../.test/hub/devices.js"
import { feed, item } from "../.test/hub/feed.js"
import { Fresh } from "../.test/hub/fresh.js"
import { choices } from "../.test/shell/conflict.js"
import { daysOf } from "../.test/shell/calendar.js"
import { byGroup, byRule, bySeverity, sitesOf, worstByRecord } from "../.test/hub/findings.js"

let ids = 0
const placed = (site, name, start, end, more = {}) => ({
  site,
  shift: { id: `id${++ids}`, name, post: "值守", person: null, lent_by: null, start, end, state: "planned", ...more },
})

test("a day counts people and sites once each; who is absent or swapped does not count", () => {
  const all = [
    placed("keyun", "萧平", "2026-12-01T08:00", "2026-12-01T14:00"),
    placed("keyun", "萧平", "2026-12-01T20:00", "2026-12-02T08:00"),
    placed("jiefang-1", "萧平", "2026-12-01T14:00", "2026-12-01T20:00", { lent_by: "keyun" }),
    placed("jiefang-1", "郑洋", "2026-12-01T14:00", "2026-12-01T20:00", { state: "absent" }),
  ]
  const [first, second] = coverage("2026-12", all)
  assert.deepEqual(first, { date: "2026-12-01", people: 1, sites: 2, shifts: 3 })
  assert.deepEqual(second, { date: "2026-12-02", people: 0, sites: 0, shifts: 0 })
  assert.equal(coverage("2026-12", []).length, 31)
})

test("months have their days, leap years too", () => {
  assert.equal(daysOf("2028-02").length, 29)
  assert.equal(daysOf("2026-02").at(-1), "2026-02-28")
})

test("a scale ends at a round number above what it shows", () => {
  assert.deepEqual(scale(0), { top: 1, ticks: [0, 1] })
  assert.deepEqual(scale(7), { top: 8, ticks: [0, 2, 4, 6, 8] })
  assert.deepEqual(scale(60), { top: 60, ticks: [0, 20, 40, 60] })
})

test("shifts that are at the same time get lines of their own, and nights reach into the next day", () => {
  const all = [
    placed("keyun", "甲", "2026-12-01T20:00", "2026-12-02T08:00"),
    placed("keyun", "乙", "2026-12-02T07:00", "2026-12-02T14:00"),
    placed("keyun", "丙", "2026-12-02T20:00", "2026-12-03T08:00"),
    placed("keyun", "丁", "2026-12-02T14:00", "2026-12-02T10:00"),
  ]
  const [line] = dayLines("2026-12-02", all)
  assert.equal(line.lanes, 2)
  assert.deepEqual(
    line.bars.map(({ shift, from, to, lane, begunBefore }) => [shift.name, from, to, lane, begunBefore]),
    [
      ["甲", 0, 480, 0, true],
      ["乙", 420, 840, 1, false],
      ["丙", 1200, 1440, 0, false],
    ],
  )
})

const device = (id, site, more = {}) => ({
  id,
  site,
  author: null,
  online: true,
  changesWaiting: 0,
  savedAt: null,
  seenAt: 1000,
  ...more,
})

test("a device that is not heard of any more is remembered as away", () => {
  const known = withHeard([device("a", "keyun"), device("b", "keyun")], [device("a", "keyun", { seenAt: 2000 })])
  assert.deepEqual(known.map(({ id, online }) => [id, online]), [["a", true], ["b", false]])
  assert.deepEqual(readDevices(JSON.stringify(known)), known)
  for (const wrong of [undefined, "", "{", "{}", '[1, {"id": 2}]']) assert.deepEqual(readDevices(wrong), [])
})

test("a site's last sync is its devices', else its people's newest change, and says which", () => {
  const devices = [
    device("a", "keyun", { changesWaiting: 2, savedAt: 5000 }),
    device("b", "keyun", { online: false, changesWaiting: 1, seenAt: 900 }),
  ]
  const newest = newestBySite([
    { author: "jiefang-1/郑洋", time: 7 },
    { author: "jiefang-1", time: 9 },
    { author: null, time: 99 },
  ])
  const syncs = siteSyncs(["keyun", "jiefang-1", "macun-1"], devices, newest)
  assert.deepEqual(
    syncs.map(({ site, waiting, at, from, online }) => [site, waiting, at, from, online]),
    [
      ["keyun", 3, 5000, "device", true],
      ["jiefang-1", 0, 9000, "change", false],
      ["macun-1", 0, undefined, "nothing", false],
    ],
  )
})

const finding = (rule, severity, date, records = [], repairs = []) => ({ rule, severity, date, records, repairs })
const record = (site, id) => ({ document: `roster/${site}/2026-12`, collection: "shifts", record: id })

test("findings are grouped by rule, the worst first", () => {
  const all = [
    finding("outside-hours", "warning", "2026-12-02", [record("keyun", "x")]),
    finding("outside-hours", "warning", "2026-12-01"),
    finding("overlap", "error", "2026-12-03", [record("keyun", "x"), record("jiefang-1", "y")]),
  ]
  const groups = byRule(all)
  assert.deepEqual(groups.map(({ rule }) => rule), ["overlap", "outside-hours"])
  assert.deepEqual(groups[1].findings.map(({ date }) => date), ["2026-12-01", "2026-12-02"])
  assert.deepEqual(bySeverity(all), { error: 1, warning: 2, notice: 0 })
  assert.equal(worstByRecord(all).get("x").rule, "overlap")
  assert.deepEqual(sitesOf(all[2]), ["keyun", "jiefang-1"])
})

test("findings are told by what they are about, and a site's are those of its documents and records", () => {
  const finding = (rule, severity, ...records) => ({ id: rule, rule, severity, date: null, records, field: null, text: {}, repairs: [] })
  const all = [
    finding("low-stock", "notice", { document: "supplies/keyun", record: "i" }),
    finding("unstaffed-service", "warning", { document: "sites", record: "s" }),
    finding("bumped-booking", "warning", { document: "bookings/keyun/2026-12", record: "b" }),
    finding("double-booking", "error", { document: "bookings/macun-1/2026-12", record: "c" }),
  ]
  assert.deepEqual(
    byGroup(all).map(({ group, count, rules }) => [group, count, rules.map(({ rule }) => rule)]),
    [
      ["bookings", 2, ["double-booking", "bumped-booking"]],
      ["services", 1, ["unstaffed-service"]],
      ["supplies", 1, ["low-stock"]],
    ],
  )
  const siteOf = ({ record }) => (record === "s" ? "macun-1" : undefined)
  assert.deepEqual(all.map(one => sitesOf(one, siteOf).join()), ["keyun", "macun-1", "keyun", "macun-1"])
})

test("both values of a field conflict are offered, and which of them stands", () => {
  const edit = value => ({ set: { ...record("keyun", "x"), field: "note", value } })
  const repairs = [
    { label: { zh: "保留“甲”", en: 'keep "甲"' }, edits: [edit("甲")] },
    { label: { zh: "改用“乙”", en: 'take "乙"' }, edits: [edit("乙")] },
  ]
  const conflict = finding("field-conflict", "warning", null, [record("keyun", "x")], repairs)
  assert.deepEqual(choices(conflict).map(({ value, stands }) => [value, stands]), [["甲", true], ["乙", false]])
  // What somebody chose is offered before the original that hides it.
  const hidden = { ...conflict, repairs: repairs.toReversed() }
  assert.deepEqual(choices(hidden).map(({ value, stands }) => [value, stands]), [["乙", false], ["甲", true]])
  assert.deepEqual(choices({ ...conflict, rule: "overlap" }), [])
})

const lookup = language => ({
  language,
  siteName: key => ({ keyun: "客运之家" })[key] ?? key,
  record: () => ({ name: "萧平", post: "值守", start: "2026-12-09T14:00", end: "2026-12-09T20:00" }),
})
const entry = more => ({
  hash: "h",
  time: 100,
  author: "keyun/傅玉兰",
  message: null,
  undoes: null,
  records: 1,
  patches: [],
  ...more,
})
const patch = (change, fields = []) => ({ collection: "shifts", record: "x", change, fields })

test("the feed says who did what to which shift", () => {
  const fields = [
    { field: "state", old: "planned", new: "confirmed" },
    { field: "note", old: null, new: "带钥匙" },
    { field: "end", old: "2026-12-09T18:00", new: "2026-12-09T20:00" },
    { field: "person", old: null, new: "uuid" },
  ]
  const changed = item("roster/keyun/2026-12", entry({ patches: [patch("changed", fields)] }), lookup("zh"))
  assert.equal(changed.name, "傅玉兰")
  assert.equal(changed.site, "keyun")
  assert.equal(changed.did, "修改班次")
  assert.equal(changed.subject, "萧平 · 值守 · 12月9日 14:00–20:00")
  assert.deepEqual(changed.details, [
    { label: "状态", old: "计划", new: "已确认" },
    { label: "备注", old: "空", new: "带钥匙" },
    { label: "结束", old: "12月9日 18:00", new: "12月9日 20:00" },
  ])
  const added = item("roster/keyun/2026-12", entry({ patches: [patch("added", fields)] }), lookup("en"))
  assert.equal(added.did, "added a shift")
  assert.equal(added.subject, "萧平 · 值守 · 9 Dec 14:00–20:00")
  assert.deepEqual(added.details, [])
})

test("many records at once are counted, imports and undone changes named", () => {
  const many = entry({ author: "keyun", records: 93, patches: [patch("added"), patch("added")], message: "import r.csv" })
  const shown = item("roster/keyun/2026-12", many, lookup("zh"))
  assert.deepEqual([shown.did, shown.subject, shown.message], ["新增 93 条班次", undefined, "导入 r.csv"])
  assert.deepEqual([shown.name, shown.site], [undefined, "keyun"])
  assert.equal(item("d", many, lookup("en")).did, "added 93 shifts")
  const undone = item("d", entry({ undoes: "g", patches: [patch("changed")] }), lookup("zh"))
  assert.equal(undone.did, "撤销对班次的改动")
  assert.equal(item("d", entry({ message: "set note" }), lookup("zh")).message, undefined)
  assert.equal(item("d", entry({ message: "保留“甲”" }), lookup("zh")).message, "保留“甲”")
})

test("the newest change of all documents comes first, up to a number", () => {
  const documents = [
    ["a", [entry({ hash: "1", time: 30 }), entry({ hash: "2", time: 10 })]],
    ["b", [entry({ hash: "3", time: 20 })]],
  ]
  assert.deepEqual(feed(documents, lookup("zh"), 2).map(({ key }) => key), ["a#1", "b#3"])
})

test("new is what comes after the rest has settled, in a document that was shown", () => {
  const fresh = new Fresh()
  const [one, two, three] = ["1", "2", "3"].map(hash => ({ hash }))
  assert.deepEqual([...fresh.look([["a", [one]]], false)], [])
  assert.deepEqual([...fresh.look([["a", [two, one]]], false)], [])
  assert.deepEqual([...fresh.look([["a", [three, two, one]]], true)], ["a#3"])
  // Another month's roster is opened.
  assert.deepEqual([...fresh.look([["b", [one]], ["a", [three, two, one]]], true)], ["a#3"])
  assert.deepEqual([...fresh.look([["b", [two, one]]], true)], ["b#2"])
})
