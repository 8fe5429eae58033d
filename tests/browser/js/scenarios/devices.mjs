// The hub sees who is out there: how each site's browser stands, who left, and what they did last.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const hub = await (await world.device("hub")).tab(site, { url: relay.url, subscribe: [""] })
  await hub.evaluate(() => yilian.devices().subscribe(() => (globalThis.devices = yilian.devices().value)))
  const seen = what => until(what, () => hub.evaluate(`(globalThis.devices ?? []).find(${DEVICE[what]})`))

  const options = { url: relay.url, site: "keyun", author: "张三" }
  const station = await (await world.device("station")).tab(site, options)
  const device = await seen("a device that has everything at the hub")
  assert.equal(device.author, "keyun/张三")

  // Late to subscribe: those who are there speak up.
  const late = await (await world.device("late")).tab(site, { url: relay.url, subscribe: [""] })
  await late.evaluate(() => yilian.devices().subscribe(() => (globalThis.devices = yilian.devices().value)))
  await until("a newcomer to hear of it", () => late.evaluate(() => globalThis.devices?.length === 1))

  const id = await addShift(station, "李四", "03", { note: "顶班" })
  await station.evaluate(id => roster.setShift(id, { note: "带钥匙" }, "换人"), id)
  await inStep(station)
  await shows(hub, ["李四"])
  await until("the hub to show the second as well", () => hub.evaluate(() => roster.value[0].note === "带钥匙"))
  const changes = await hub.evaluate(() => roster.changes(2))
  const told = changes.map(({ author, message, records, patches }) => ({
    author,
    message,
    records,
    what: patches.map(({ change, record }) => [change, record]),
    last: patches[0].fields.at(-1).field,
  }))
  assert.deepEqual(told.map(({ what }) => what), [[["changed", id]], [["added", id]]])
  assert.deepEqual(told[0], { author: "keyun/张三", message: "换人", records: 1, what: [["changed", id]], last: "note" })

  // A computer with the command line speaks up as well.
  const computer = await world.station("computer", relay.url, ["--site", "jiefang-1"])
  const stop = computer.start("sync")
  await seen("a native computer")
  await stop()

  await station.evaluate(() => yilian.close())
  await seen("a device that left")
}

const DEVICE = {
  "a device that has everything at the hub":
    "({ site, online, changesWaiting, savedAt }) => site === 'keyun' && online && changesWaiting === 0 && savedAt !== null",
  "a native computer": "({ site, changesWaiting, savedAt }) => site === 'jiefang-1' && changesWaiting === 0 && savedAt !== null",
  "a device that left": "({ online }) => !online",
}
