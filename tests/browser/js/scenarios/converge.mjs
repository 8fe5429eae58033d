// Two devices edit without a network, a station's computer does too; once they are connected, all show the same.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const url = relay.url
  const station = await world.station("station", url, ["--site", "keyun", "--author", "Fu"])
  await station.run("roster", "add", "name=萧平", "post=值守", "start=2026-12-01T08:00", "end=2026-12-01T14:00")

  const [one, two] = [await world.device("one"), await world.device("two")]
  const first = await one.tab(site, { url, site: "keyun", author: "张三" })
  const second = await two.tab(site, { url, site: "keyun", author: "李四" })
  for (const page of [first, second]) await page.evaluate(() => yilian.goOffline())
  const shift = await addShift(first, "张三", "02")
  await addShift(second, "李四", "03")
  await shows(first, ["张三"])
  await until("the change to wait", () => first.evaluate(() => yilian.status.changesWaiting > 0))

  await station.run("sync", "--once")
  for (const page of [first, second]) await page.evaluate(() => yilian.goOnline())
  const all = ["张三", "李四", "萧平"]
  for (const page of [first, second]) {
    await shows(page, all)
    await inStep(page)
  }
  await station.run("sync", "--once")
  const { shifts } = await station.json("roster", "show", "--month", "2026-12")
  assert.deepEqual(shifts.map(({ name }) => name).sort(), all.toSorted())

  // Both set one field without knowing of each other: everybody shows the same, and says so.
  for (const page of [first, second]) await page.evaluate(() => yilian.goOffline())
  await first.evaluate(id => roster.setShift(id, { note: "带钥匙" }), shift)
  await second.evaluate(id => roster.setShift(id, { note: "改到后门" }), shift)
  for (const page of [first, second]) {
    await page.evaluate(() => {
      globalThis.stop = roster.findings.subscribe(() => {})
      return yilian.goOnline()
    })
  }
  const found = page =>
    until("the conflict", () =>
      page.evaluate(() => roster.findings.value.findings.find(({ rule }) => rule === "field-conflict")),
    )
  const [left, right] = [await found(first), await found(second)]
  assert.equal(left.id, right.id)
  await first.evaluate(finding => yilian.repair(finding.repairs[0]), left)
  await until("the repair to arrive", () =>
    second.evaluate(() => roster.findings.value.findings.every(({ rule }) => rule !== "field-conflict")),
  )
  const notes = [first, second].map(page => page.evaluate(id => roster.get(id).note, shift))
  assert.equal(...(await Promise.all(notes)))

  // Who did what, seen from the other device; and one's own edits undone and done again.
  const history = await second.evaluate(id => roster.historyOf(id), shift)
  assert.equal(history[0].author, "keyun/张三")
  assert.equal(await second.evaluate(() => roster.undo()), true)
  assert.equal(await second.evaluate(() => roster.redo()), true)
}
