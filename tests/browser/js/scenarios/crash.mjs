// A tab is killed while it edits, again and again: whatever it was told is stored is there afterwards.

import assert from "node:assert/strict"
import { inStep, names } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const device = await world.device("one")
  const acknowledged = []
  for (let round = 0; round < 5; round += 1) {
    const page = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
    await page.exposeFunction("stored", name => acknowledged.push(name))
    const shown = await names(page)
    for (const name of acknowledged) assert.ok(shown.includes(name), `${name} was stored, and is lost`)
    const before = acknowledged.length
    await page.evaluate(round => {
      void (async () => {
        for (let number = 0; ; number += 1) {
          const name = `${round}-${number}`
          const day = String((number % 28) + 1).padStart(2, "0")
          await roster.addShift({
            name,
            post: "值守",
            start: `2026-12-${day}T08:00`,
            end: `2026-12-${day}T14:00`,
          })
          void stored(name)
        }
      })()
    }, round)
    while (acknowledged.length < before + 20) await new Promise(resolve => setTimeout(resolve, 5))
    await device.crash()
    await page.close()
  }
  const page = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  const shown = await names(page)
  for (const name of acknowledged) assert.ok(shown.includes(name), `${name} was stored, and is lost`)
  await inStep(page)
}
