// Disputes: what leads on, what is late, a week's sittings, a quarter.

import assert from "node:assert/strict"
import { test } from "node:test"
import { board, dueOf, isHanded, namesIn, quarterOf, steps, week } from "../.test/cases/model.js"

const sheet = (document, stage, received, overdue) => ({
  document,
  stage,
  case: { received },
  deadline: overdue === undefined ? null : { duty: "accept", due: "2026-12-09T23:59:59", overdue },
})

test("the board has a column for each thing that cases wait for, what is late first, then the oldest", () => {
  const all = [
    sheet("cases/a/1", "registered", "2026-12-03T08:00", false),
    sheet("cases/a/2", "registered", "2026-12-01T08:00", false),
    sheet("cases/a/3", "registered", "2026-12-05T08:00", true),
    sheet("cases/a/4", "failed", "2026-11-05T08:00"),
    sheet("cases/a/5", "ratified", "2026-11-01T08:00", true),
  ]
  const columns = board(all)
  assert.deepEqual(columns.map(({ key }) => key), ["registered", "accepted", "assigned", "mediating", "agreed", "referred", "closing"])
  const shown = columns.map(({ cases }) => cases.map(({ document }) => document.at(-1)).join(""))
  assert.deepEqual(shown, ["321", "", "", "", "", "", "54"])
  assert.deepEqual(columns.map(({ late }) => late), [1, 0, 0, 0, 0, 0, 1])
})

test("only what follows is offered, what leads on before what ends it", () => {
  assert.deepEqual(steps({ stage: "registered", next: ["accepted", "declined", "withdrawn"] }), {
    leads: ["accepted"],
    ends: ["withdrawn", "declined"],
  })
  const heard = steps({ stage: "mediating", next: ["assigned", "agreed", "failed", "withdrawn"] })
  assert.deepEqual(heard, { leads: ["agreed", "assigned"], ends: ["failed", "withdrawn"] })
  assert.deepEqual(steps({ stage: "closed", next: [] }), { leads: [], ends: [] })
})

test("a week's sittings are those of the day, and those after it", () => {
  const at = (start) => ({ start })
  const days = [at("2026-12-07T09:00"), at("2026-12-09T09:00"), at("2026-12-09T15:00"), at("2026-12-11T09:00")]
  const { today, later, earlier } = week({ date: "2026-12-09", sittings: days })
  assert.deepEqual([today, later, earlier], [days.slice(1, 3), days.slice(3), days.slice(0, 1)])
})

test("the end of a day is that day, an hour is an hour", () => {
  assert.deepEqual(dueOf("2026-12-09T23:59:59"), { day: "2026-12-09", clock: undefined })
  assert.deepEqual(dueOf("2026-12-09T12:30"), { day: "2026-12-09", clock: "12:30" })
})

test("a quarter begins with its first month and ends with its last day", () => {
  assert.deepEqual(quarterOf("2028-02"), { year: "2028", number: 1, months: ["2028-01", "2028-02", "2028-03"], from: "2028-01-01", until: "2028-03-31" })
  assert.equal(quarterOf("2026-12").from, "2026-10-01")
  assert.equal(quarterOf("2026-07").number, 3)
})

test("names are told apart by whatever people put between them", () => {
  assert.deepEqual(namesIn("张三、 李四，王五;张三\n"), ["张三", "李四", "王五"])
  assert.deepEqual(namesIn(" "), [])
})

test("a case of another site was handed over", () => {
  assert.equal(isHanded({ document: "cases/keyun/1" }, "keyun"), false)
  assert.equal(isHanded({ document: "cases/keyun/1" }, "jiefang-1"), true)
})
