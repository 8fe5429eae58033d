// A document of very many changes: written in one tab, opened in others.

import assert from "node:assert/strict"
import { until } from "./harness.mjs"

/** Writes a roster of as many shifts, each a change of its own, and waits until the relay has all of it. */
export async function writeMany(device, site, url, many) {
  const writer = await device.tab(site, { url, site: "keyun", author: "a" })
  await writer.evaluate(async many => {
    for (let number = 0; number < many; number += 500) {
      const one = at => ({
        name: `人${at}`, post: "值守", start: `2026-12-${String((at % 28) + 1).padStart(2, "0")}T08:00`, end: "2026-12-28T14:00",
      })
      await Promise.all(Array.from({ length: 500 }, (_, at) => roster.addShift(one(number + at))))
    }
  }, many)
  await until("all to be at the relay", () => writer.evaluate(() => yilian.status.inStep))
  await writer.close()
}

/** Traces tasks; answers how to end that, with how long the longest of a page's own thread worked, in ms. */
async function startTrace(device, page) {
  const session = await device.context.newCDPSession(page)
  const events = []
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value))
  const complete = new Promise(resolve => session.on("Tracing.tracingComplete", resolve))
  await session.send("Tracing.start", { traceConfig: { includedCategories: ["toplevel", "blink.user_timing"] }, transferMode: "ReportEvents" })
  return async () => {
    await session.send("Tracing.end")
    await complete
    const begun = events.find(({ name }) => name === "open")
    const own = ({ pid, tid, ts, tdur }) => pid === begun.pid && tid === begun.tid && ts >= begun.ts && tdur !== undefined
    const tasks = events.filter(own)
    assert.ok(tasks.length > 0, "the trace shows no task of the page")
    return tasks.reduce((longest, { tdur }) => Math.max(longest, tdur / 1000), 0)
  }
}

/**
 * Opens it in a new tab: how long until all of it is shown, in ms, and how long the page's tasks were: the
 * longest by a message that comes round and round, and those that the browser itself calls long, over 50 ms; how
 * often that message came, and how many workers there were.
 */
export async function openMany(device, site, url, many) {
  const page = await device.context.newPage()
  await page.goto(site)
  const trace = await startTrace(device, page)
  let workers = 0
  page.on("worker", () => (workers += 1))
  const figures = await page.evaluate(`(${open})(${JSON.stringify({ url, many })})`)
  const worked = await trace()
  await page.close()
  return { ...figures, worked, workers }
}

/** Runs in the page: opens a document of many changes that is stored, and watches for tasks that hold up the page. */
async function open({ url, many }) {
  const tasks = []
  let last = performance.now()
  let open = true
  const channel = new MessageChannel()
  const done = new Promise(resolve => {
    channel.port1.onmessage = () => {
      const now = performance.now()
      tasks.push(now - last)
      last = now
      if (open) channel.port2.postMessage(0)
      else resolve()
    }
  })
  const long = []
  new PerformanceObserver(list => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  })
  channel.port2.postMessage(0)
  performance.mark("open")
  const begun = performance.now()
  const { Yilian } = await import("/pkg/dist/index.js")
  const yilian = await Yilian.open({ network: "jiaozuo", url, site: "keyun", author: "a" })
  const roster = yilian.roster("keyun", "2026-12")
  await roster.ready
  // A page that shows the roster reads it after each change.
  await new Promise(resolve => {
    const look = () => roster.value.length >= many && resolve()
    roster.subscribe(look)
    look()
  })
  const took = performance.now() - begun
  const count = roster.value.length
  await new Promise(resolve => setTimeout(resolve, 200))
  open = false
  await done
  await yilian.close()
  return { took, count, longest: tasks.reduce((a, b) => Math.max(a, b)), long, turns: tasks.length }
}
