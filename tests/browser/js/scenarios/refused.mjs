// A browser that stores nothing, or no more, says so: opening is refused by name, and an edit that
// could not be stored is neither acknowledged nor shown. The browser itself refuses: once because it is
// set to keep no site data, once because the origin has used up what it may.

import assert from "node:assert/strict"
import { addShift, shows, until } from "../harness.mjs"

const edit = (page, name, day, note) =>
  page.evaluate(
    ([name, day, note]) =>
      roster
        .addShift({ name, post: "值守", start: `2026-12-${day}T08:00`, end: `2026-12-${day}T14:00`, note })
        .then(() => undefined, ({ name, message }) => ({ name, message })),
    [name, day, note],
  )

export default async function (world) {
  const site = await world.site()
  const strict = await world.device("strict", { siteData: false })
  const page = await strict.context.newPage()
  await page.goto(site)
  const refused = await page.evaluate(async () => {
    const { Yilian } = await import("/pkg/dist/index.js")
    const { name, message } = await Yilian.open({ network: "jiaozuo" }).catch(error => error)
    // What it offers instead works, and says what it is.
    const yilian = await Yilian.open({ network: "jiaozuo", storage: "memory", site: "keyun", author: "张三" })
    const roster = yilian.roster("keyun", "2026-12")
    await roster.ready
    await roster.addShift({ name: "张三", post: "值守", start: "2026-12-02T08:00", end: "2026-12-02T14:00" })
    return { name, message, storage: yilian.status.storage, shown: roster.value.length }
  })
  assert.equal(refused.name, "StorageUnavailable", refused.message)
  assert.deepEqual(refused.storage, { kind: "memory", persistent: false, problem: undefined })
  assert.equal(refused.shown, 1)

  const device = await world.device("one")
  const full = await device.tab(site, { site: "keyun", author: "张三" })
  assert.equal(await full.evaluate(() => yilian.status.storage.kind), "indexeddb")
  await addShift(full, "张三", "02")
  const session = await device.context.newCDPSession(full)
  await session.send("Storage.overrideQuotaForOrigin", { origin: site, quotaSize: 1 })
  // The browser goes by an estimate: the first edits may still find room.
  const stored = ["张三"]
  const { name, message } = await until("an edit to be refused", async () => {
    const who = `满${stored.length}`
    const error = await edit(full, who, "03")
    if (error === undefined) stored.push(who)
    return error
  })
  assert.equal(name, "QuotaExceeded", message)
  await until("the status to say so", () =>
    full.evaluate(() => yilian.status.storage.problem?.name === "QuotaExceeded"),
  )
  assert.match(await full.evaluate(() => problems.at(-1)), /^QuotaExceeded: /)
  await shows(full, stored)
  // Room again: editing goes on, and what failed is not there.
  await session.send("Storage.overrideQuotaForOrigin", { origin: site })
  await until("an edit to be stored", async () => !(await edit(full, "李四", "04")))
  stored.push("李四")
  await shows(full, stored)
  await until("the problem to be over", () =>
    full.evaluate(() => yilian.status.storage.problem === undefined),
  )
  const again = await device.tab(site, { site: "keyun", author: "张三" })
  await shows(again, stored)
}
