// Two tabs of one browser see each other's edits at once, also without a network; one of them holds the
// socket, and the other takes over when it closes.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const device = await world.device("one")
  const first = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  await until("the first tab to lead", () => first.evaluate(() => yilian.status.leading))
  const second = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })

  await relay.kill()
  await addShift(first, "张三", "02")
  await shows(second, ["张三"])
  await addShift(second, "李四", "03")
  await shows(first, ["张三", "李四"])
  assert.equal(await second.evaluate(() => yilian.status.leading), false)

  // Both edit the same record in turn: each builds on what the other stored.
  const id = await first.evaluate(() => roster.value[0].id)
  for (let turn = 0; turn < 10; turn += 1) {
    const [here, there] = turn % 2 === 0 ? [first, second] : [second, first]
    await here.evaluate(([id, turn]) => roster.setShift(id, { note: String(turn) }), [id, turn])
    await until("the other tab to show it", () =>
      there.evaluate(([id, turn]) => roster.get(id).note === String(turn), [id, turn]),
    )
  }
  await relay.start()
  await inStep(second)

  await first.close()
  await until("the second tab to lead", () => second.evaluate(() => yilian.status.leading))
  await addShift(second, "王五", "04")
  await inStep(second)
  const other = await world.device("two")
  const third = await other.tab(site, { url: relay.url, site: "keyun", author: "赵六" })
  await shows(third, ["张三", "李四", "王五"])

  // Two tabs make many edits at once; nothing of either is lost.
  const fourth = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  const many = (page, who) =>
    page.evaluate(async who => {
      const add = number =>
        roster.addShift({ name: `${who}${number}`, post: "值守", start: "2026-12-05T08:00", end: "2026-12-05T14:00" })
      await Promise.all(Array.from({ length: 50 }, (_, number) => add(number)))
    }, who)
  await Promise.all([many(second, "a"), many(fourth, "b")])
  const all = Array.from({ length: 50 }, (_, number) => [`a${number}`, `b${number}`]).flat()
  for (const page of [second, third, fourth]) await shows(page, ["张三", "李四", "王五", ...all])
}
