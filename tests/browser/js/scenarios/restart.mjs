// The relay is killed and comes back: tabs connect again by themselves, and nothing is lost on the way.
// A page that is opened without any network shows what is stored.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const device = await world.device("one")
  const page = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  await addShift(page, "张三", "02")
  await inStep(page)
  assert.ok(await page.evaluate(() => yilian.status.savedAt > 0))

  await relay.kill()
  await until("the tab to notice", () => page.evaluate(() => yilian.status.connection === "connecting"))
  await addShift(page, "李四", "03")
  await until("the change to wait", () => page.evaluate(() => yilian.status.changesWaiting === 1))

  // Reloaded with no relay there: everything comes from the store.
  const again = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  await page.close()
  await shows(again, ["张三", "李四"])
  await relay.start()
  await inStep(again)

  const other = await world.device("two")
  const reader = await other.tab(site, { url: relay.url, site: "keyun", author: "王五" })
  await shows(reader, ["张三", "李四"])

  // Who else is here, and what they do.
  await again.evaluate(() => roster.presence.set({ editing: roster.value[0].id }))
  const seen = await until("presence", () => reader.evaluate(() => roster.presence.value[0]))
  assert.equal(seen.author, "keyun/张三")
  await again.close()
  await until("presence to end", () => reader.evaluate(() => roster.presence.value.length === 0))
}
