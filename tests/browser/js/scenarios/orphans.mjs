// A tab shows what its site does not subscribe to, so whichever tab leads keeps it in step; when the tab
// dies without a word, that ends with the connection.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

const NAME = "people/jiefang-1"

/** How many rows of changes of a document a browser has stored. */
const stored = async page => {
  const id = await page.evaluate(name => import("/pkg/dist/index.js").then(it => it.documentId("jiaozuo", name)), NAME)
  return page.evaluate(
    id =>
      new Promise(resolve => {
        indexedDB.open("yilian:jiaozuo").onsuccess = ({ target: { result: database } }) => {
          database.transaction("log").objectStore("log").index("document").count(id).onsuccess = ({ target }) => {
            resolve(target.result)
            database.close()
          }
        }
      }),
    id,
  )
}

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const device = await world.device("one")
  const leader = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  await until("the first tab to lead", () => leader.evaluate(() => yilian.status.leading))
  const doomed = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  const writer = await (await world.device("two")).tab(site, { url: relay.url, site: "jiefang-1", author: "李四" })
  await writer.evaluate(() => (globalThis.people = yilian.people("jiefang-1")).ready)
  const add = number => writer.evaluate(number => people.add("persons", { site: "jiefang-1", name: `人${number}`, role: "staff" }), number)
  await doomed.evaluate(async () => {
    globalThis.people = yilian.people("jiefang-1")
    await people.ready
  })

  await add(0)
  await until("the other tab to show it", () => doomed.evaluate(() => people.value.length === 1))
  await until("it to be stored", async () => (await stored(leader)) > 0)

  const session = await device.context.newCDPSession(doomed)
  // It cannot answer any more.
  session.send("Page.crash").catch(() => {})
  await until("the browser to give up the dead tab's lock", () =>
    leader.evaluate(async () => (await navigator.locks.query()).held.filter(({ name }) => name.includes(":tab:")).length === 1),
  )
  // What a connection has begun with, it goes on with; the next one begins without.
  await relay.kill()
  await until("the tab to notice", () => leader.evaluate(() => yilian.status.connection === "connecting"))
  await relay.start()
  await inStep(leader)
  const before = await stored(leader)
  await add(1)
  await addShift(writer, "萧平", "02")
  await shows(leader, ["萧平"])
  assert.equal(await stored(leader), before)

  // Whoever opens it again gets all of it.
  const wanted = await writer.evaluate(() => people.value.length)
  await leader.evaluate(() => (globalThis.people = yilian.people("jiefang-1")).ready)
  await until("everything that was missed", () => leader.evaluate(count => people.value.length === count, wanted))
}
