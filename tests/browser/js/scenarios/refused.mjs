// A browser that stores nothing, or no more, says so: opening is refused by name, and an edit that
// could not be stored is neither acknowledged nor shown.

import assert from "node:assert/strict"
import { addShift, shows, until } from "../harness.mjs"

// The engine runs in a worker, so what the browser refuses is refused there: `before` runs first.
const inWorker = before => {
  const Real = globalThis.Worker
  globalThis.Worker = class extends Real {
    constructor(url, options) {
      const code = `
        ${before}
        const early = [];
        self.onmessage = message => early.push(message);
        await import(${JSON.stringify(String(url))});
        early.forEach(message => self.onmessage(message));`
      super(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), options)
    }
  }
}

const NO_STORE = `Object.defineProperty(self, "indexedDB", { value: undefined });`

const FULL_WHEN_TOLD = `
  let full = false;
  new BroadcastChannel("full").onmessage = message => { full = message.data };
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...values) {
    if (full) throw new DOMException("no room", "QuotaExceededError");
    return add.apply(this, values);
  };`

export default async function (world) {
  const site = await world.site()
  const device = await world.device("one")
  const page = await device.context.newPage()
  await page.goto(site)
  await page.evaluate(`(${inWorker})(${JSON.stringify(NO_STORE)})`)
  const refused = await page.evaluate(async () => {
    const { Yilian } = await import("/pkg/dist/index.js")
    const error = await Yilian.open({ network: "jiaozuo" }).catch(error => error)
    // What it offers instead works.
    const yilian = await Yilian.open({ network: "jiaozuo", storage: "memory" })
    return { name: error.name, kind: yilian.status.storage.kind }
  })
  assert.deepEqual(refused, { name: "StorageUnavailable", kind: "memory" })

  await device.context.addInitScript(`(${inWorker})(${JSON.stringify(FULL_WHEN_TOLD)})`)
  const full = await device.tab(site, { site: "keyun", author: "张三" })
  const room = is => full.evaluate(is => new BroadcastChannel("full").postMessage(!is), is)
  await addShift(full, "张三", "02")
  await room(false)
  const name = await until("an edit to be refused", () =>
    full.evaluate(() =>
      roster
        .addShift({ name: "满", post: "值守", start: "2026-12-03T08:00", end: "2026-12-03T14:00" })
        .then(() => undefined, error => error.name),
    ),
  )
  assert.equal(name, "QuotaExceeded")
  await until("the status to say so", () =>
    full.evaluate(() => yilian.status.storage.problem?.name === "QuotaExceeded"),
  )
  assert.match(await full.evaluate(() => problems.at(-1)), /^QuotaExceeded: /)
  const stored = await full.evaluate(() => roster.value.filter(({ name }) => name === "满").length)
  // Room again: editing goes on, and what failed is not there.
  await room(true)
  await until("an edit to be stored", () =>
    full.evaluate(() =>
      roster
        .addShift({ name: "李四", post: "值守", start: "2026-12-04T08:00", end: "2026-12-04T14:00" })
        .then(() => true, () => false),
    ),
  )
  const all = ["张三", "李四", ...Array.from({ length: stored }, () => "满")]
  await shows(full, all)
  await until("the problem to be over", () =>
    full.evaluate(() => yilian.status.storage.problem === undefined),
  )
  const again = await device.tab(site, { site: "keyun", author: "张三" })
  await shows(again, all)
}
