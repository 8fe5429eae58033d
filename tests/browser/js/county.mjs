// Prints how long the questions of a page take over a county's documents, in the browser of its hub: the first time, again, and
// after a change that another browser made; and for how long the engine's worker answered nobody meanwhile. As a table in
// Markdown: `node county.mjs STORE`, with the environment of `run.mjs` and a store of `cargo xtask county`. Nothing here is an
// assertion.

import { execFile } from "node:child_process"
import { cp } from "node:fs/promises"
import { promisify } from "node:util"
import { until, World } from "./harness.mjs"

const [STORE] = process.argv.slice(2)
const [MONTH, SITE] = ["2026-12", "county"]

/** Every question, and a change that its answer shows; both run in a page. */
const QUESTIONS = {
  openNear: {
    ask: "yilian.openNear({ near: [35.2, 113.2], max: 20, closed_too: true })",
    change: `doc("sites", async sites => sites.set("sites", sites.records("sites").find(({ key }) => key === "county").id, { lat: 35.2 + Math.random() / 1000 }))`,
  },
  bookings: {
    ask: `yilian.bookings("${SITE}", "${MONTH}")`,
    change: `doc("sites", async sites => {
      const venue = sites.records("venues").find(({ site }) => site === "${SITE}").id
      return yilian.bookings("${SITE}", "${MONTH}").book({ venue, name: "某人", start: "${MONTH}-28T09:00", end: "${MONTH}-28T10:00" })
    })`,
  },
  goods: { ask: `yilian.goods("${SITE}")`, change: `yilian.goods("${SITE}").contribute({ new: { name: "雨伞" }, count: 1 })` },
  giving: { ask: "yilian.giving({})", change: `yilian.goods("${SITE}").contribute({ new: { name: "雨伞" }, count: 1 })` },
  inbox: {
    ask: `yilian.inbox("${SITE}")`,
    change: `yilian.submit("${SITE}", { kind: "request", name: "某人", text: "灯坏了" })`,
  },
  findings: {
    ask: `yilian.findings("${MONTH}")`,
    change: `doc("roster/${SITE}/${MONTH}", roster => roster.add("shifts", { site: "${SITE}", name: "某人", post: "值守", start: "${MONTH}-28T20:00", end: "${MONTH}-28T09:00" }))`,
  },
}

/** Runs in the hub's page: follows a question; answers how long the first answer took, and for how long the worker was busy. */
async function first(ask) {
  const begun = performance.now()
  const busy = watched()
  globalThis.live = ask()
  let heard
  const answered = new Promise(resolve => (heard = resolve))
  globalThis.stop = live.subscribe(() => heard())
  await answered
  const took = performance.now() - begun
  const begunAgain = performance.now()
  if (live.now !== undefined) await live.now()
  return { took, again: performance.now() - begunAgain, held: busy() }
}

/** Runs in the hub's page: waits for the next answer. */
async function next() {
  const busy = watched()
  await new Promise(resolve => {
    const stop = live.subscribe(() => resolve(stop()))
    globalThis.ready = true
  })
  const at = performance.timeOrigin + performance.now()
  const held = await new Promise(resolve => setTimeout(() => resolve(busy()), 1_500))
  return { at, held }
}

/** What pages know besides the client. */
const HELPERS = `
  globalThis.doc = async (name, work) => { const view = yilian.doc(name); await view.ready; try { return await work(view) } finally { view.close() } }
  globalThis.watched = () => {
    let [going, longest] = [true, 0]
    const ping = async () => {
      while (going) {
        const begun = performance.now()
        // Of what the worker answers without any work.
        await yilian.export("none/such").catch(() => {})
        longest = Math.max(longest, performance.now() - begun)
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    }
    void ping()
    return () => ((going = false), longest)
  }`

async function open(device, site, options) {
  const page = await device.context.newPage()
  await page.goto(site)
  await page.evaluate(async ([options, helpers]) => {
    const { Yilian } = await import("/pkg/dist/index.js")
    globalThis.yilian = await Yilian.open({ network: "county", ...options })
    yilian.onProblem(problem => console.error(`${problem.name}: ${problem.message}`))
    ;(0, eval)(helpers)
  }, [options, HELPERS])
  return page
}

/** The hub's computer sends all that it has to the relay. */
async function send(store, hub) {
  const data = world.folder("hub-store")
  await cp(store, data, { recursive: true })
  const yilian = (...args) => promisify(execFile)(process.env.YILIAN_BIN, ["--data", data, ...args])
  await yilian("init", "--network", "county", "--role", "hub", "--hub", hub)
  await yilian("sync", "--once", "--timeout", "300")
}

const ms = value => value.toFixed(0)
const world = await World.begin()
try {
  const [relay, site] = [await world.relay(), await world.site()]
  await send(STORE, relay.url)
  const [hub, editor] = [await world.device("hub"), await world.device("editor")]
  const begun = performance.now()
  const page = await open(hub, site, { url: relay.url, subscribe: [""], author: "county/县总工会" })
  await until("the county to arrive", () => page.evaluate(() => yilian.status.inStep))
  const count = await page.evaluate(async () => (await yilian.names()).length)
  console.log(`${count} documents arrived in ${ms(performance.now() - begun)} ms\n`)
  const other = await open(editor, site, { url: relay.url, site: SITE, author: `${SITE}/某人`, subscribe: ["sites", `supplies/${SITE}`] })
  await until("the editor to be in step", () => other.evaluate(() => yilian.status.inStep))
  console.log("| question | first answer, ms | worker held up, ms | again, ms | after a change, ms | worker held up, ms |\n|---|--:|--:|--:|--:|--:|")
  for (const [name, { ask, change }] of Object.entries(QUESTIONS)) {
    if (process.env.ONLY && !process.env.ONLY.split(",").includes(name)) continue
    // A tab that was opened anew: nothing is known from the question before.
    await page.evaluate(() => globalThis.stop?.())
    const { took, again, held } = await page.evaluate(`(${first})(() => ${ask})`)
    await new Promise(resolve => setTimeout(resolve, 3_000))
    const answer = page.evaluate(`(${next})()`)
    // Where the change fails, that is what is told.
    answer.catch(() => {})
    await until("the page to listen", () => page.evaluate(() => globalThis.ready))
    const made = await other.evaluate(`(async () => { await ${change}; return performance.timeOrigin + performance.now() })()`)
    const after = await answer
    await page.evaluate(() => (globalThis.ready = false))
    console.log(`| ${name} | ${ms(took)} | ${ms(held)} | ${ms(again)} | ${ms(after.at - made)} | ${ms(after.held)} |`)
  }
  const memory = await page.evaluate(async () => yilian.names().then(names => names.length))
  console.log(`\n${memory} documents at the end`)
  if (world.errors.length > 0) console.log(world.errors)
} finally {
  await world.end()
}
