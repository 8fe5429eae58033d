// What every scenario stands on: the relay and the command line as real processes, pages from a server
// of our own, and Chromium with a profile of its own. Everything listens on 127.0.0.1 and is stopped
// at the end.

import assert from "node:assert/strict"
import { execFile, spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import { createReadStream } from "node:fs"
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { createServer as createSocket } from "node:net"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, extname, join, normalize } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { chromium } from "playwright-core"

/** How long anything that should happen may take before its scenario fails. */
export const PATIENCE_MS = 120_000

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".css": "text/css",
}

/** The sample network's files. */
export const SAMPLES = join(import.meta.dirname, "../../samples/jiaozuo")

/** Polls until `probe` answers something true. */
export async function until(what, probe) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const value = await probe()
    if (value) return value
    if (Date.now() > end) assert.fail(`waited ${PATIENCE_MS / 1000} s for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

/** Runs in a page or a worker before all else: its clock is so far ahead. */
const setAhead = ahead => `{
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...values) { values.length === 0 ? super(RealDate.now() + ${ahead}) : super(...values) }
    static now() { return RealDate.now() + ${ahead} }
  }
}`

/** Whether a file is what the engine's worker runs. */
const isWorker = file => /^worker\b.*\.js$/.test(basename(file))

/** One scenario's world. */
export class World {
  #cleanups = []
  #folder
  /** Sets the clock of a page or a worker in which it runs first, where a scenario sets them. */
  #clock = ""
  /** What pages wrote to the console as errors. */
  errors = []

  static async begin() {
    const world = new World()
    world.#folder = await mkdtemp(join(tmpdir(), "yilian-browser-"))
    world.defer(() => rm(world.#folder, { recursive: true, force: true, maxRetries: 5 }))
    return world
  }

  defer(cleanup) {
    this.#cleanups.push(cleanup)
  }

  async end() {
    for (const cleanup of this.#cleanups.reverse()) {
      // What is gone already need not be stopped.
      await Promise.resolve(cleanup()).catch(error => console.error(String(error)))
    }
  }

  folder(name) {
    return join(this.#folder, name)
  }

  /** Sets the clocks of all devices from now on, pages and workers: what a scenario says of a day is so on any day, and at any hour. */
  setClock(time) {
    this.#clock = setAhead(Date.parse(time) - Date.now())
  }

  /** The relay; `web` has it serve the page for people beside `/sync`, under `relay.page`. `env` are its settings. */
  async relay({ web = false, env = {} } = {}) {
    const relay = new Relay(this.folder("relay"), await freePort(), web ? await this.#page() : undefined, env)
    this.defer(() => relay.kill())
    await relay.start()
    return relay
  }

  /** Where the page for people is, as it was built but for its worker's clock. */
  async #page() {
    const built = builtPage()
    if (this.#clock === "") return built
    const page = this.folder("page")
    await cp(built, page, { recursive: true })
    for (const name of await readdir(page, { recursive: true })) {
      if (!isWorker(name)) continue
      const file = join(page, name)
      await writeFile(file, this.#clock + (await readFile(file, "utf8")))
    }
    return page
  }

  /** A server of files: `roots` maps what a path begins with to a folder; `pages` maps paths to texts. */
  async serve(roots, pages = {}) {
    const server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url, "http://x").pathname)
      const page = pages[path]
      // A page that names no icon is asked for one all the same.
      if (path === "/favicon.ico") return response.writeHead(204).end()
      if (page !== undefined) {
        response.writeHead(200, { "content-type": TYPES[extname(path)] ?? TYPES[".html"] })
        return response.end(page)
      }
      const root = Object.keys(roots).find(prefix => path.startsWith(prefix))
      if (root === undefined) return response.writeHead(404).end()
      const file = join(roots[root], normalize(path.slice(root.length)))
      stat(file)
        .then(found => {
          const wanted = found.isDirectory() ? join(file, "index.html") : file
          response.writeHead(200, { "content-type": TYPES[extname(wanted)] ?? "text/plain" })
          if (isWorker(wanted)) response.write(this.#clock)
          createReadStream(wanted).pipe(response)
        })
        .catch(() => response.writeHead(404).end())
    })
    await new Promise(resolve => server.listen(0, "127.0.0.1", resolve))
    this.defer(() => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(resolve))
    })
    return `http://127.0.0.1:${server.address().port}`
  }

  /** The package as it is published, and a page that does nothing by itself. */
  async site() {
    const blank = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>test</title>"
    return this.serve({ "/pkg/": process.env.YILIAN_PACKAGE }, { "/": blank })
  }

  /**
   * A browser with a profile of its own: one device. With `siteData: false`, it keeps nothing for any page; `options`
   * are those that Playwright starts it with.
   */
  async device(name, { siteData = true, ...options } = {}) {
    if (!siteData) {
      await mkdir(join(this.folder(name), "Default"), { recursive: true })
      const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
      await writeFile(join(this.folder(name), "Default/Preferences"), JSON.stringify(preferences))
    }
    const context = await chromium.launchPersistentContext(this.folder(name), {
      executablePath: process.env.YILIAN_CHROMIUM ?? "/usr/bin/chromium",
      args: FLAGS,
      ...options,
    })
    this.defer(() => context.close())
    await context.addInitScript(this.#clock)
    return new Device(this, context, this.folder(name))
  }

  /** A station's computer: the command line on a data folder. */
  async station(name, hub, init) {
    const data = this.folder(name)
    const run = async (...args) => {
      const options = { env: { ...process.env, TZ: "Asia/Shanghai" } }
      const { stdout } = await promisify(execFile)(
        process.env.YILIAN_BIN,
        ["--data", data, "--lang", "en", ...args],
        options,
      )
      return stdout
    }
    await run("init", "--network", "jiaozuo", "--hub", hub, ...init)
    /** Runs a command that ends when it is told to; answers how to do that. */
    const start = (...args) => {
      const running = spawn(process.env.YILIAN_BIN, ["--data", data, ...args], { stdio: "ignore" })
      const ended = new Promise(resolve => running.on("exit", resolve))
      const stop = () => (running.kill("SIGTERM"), ended)
      this.defer(stop)
      return stop
    }
    return { run, start, json: async (...args) => JSON.parse(await run("--json", ...args)) }
  }

  /** The computer of a site of the sample network, with what such an office has: sites, people, its December. */
  async sampleStation(site, hub) {
    const station = await this.station(site, hub, ["--site", site])
    await station.run("site", "import", join(SAMPLES, "sites.csv"))
    await station.run("person", "import", join(SAMPLES, "people.csv"))
    await station.run("roster", "import", join(SAMPLES, `roster-${site}-2026-12.csv`), "--month", "2026-12")
    return station
  }
}

class Device {
  constructor(world, context, folder) {
    this.world = world
    this.context = context
    this.folder = folder
    // Of every page of it, whoever opened it, and of their workers.
    context.on("weberror", error => world.errors.push(String(error.error())))
    context.on("console", message => message.type() === "error" && world.errors.push(message.text()))
  }

  /** Kills the processes that render this device's pages: what a crash of a tab is. */
  async crash() {
    const mine = await processesBelow(process.pid)
    const browser = mine.find(({ line }) => line.includes(`--user-data-dir=${this.folder}`))
    for (const { pid, line } of await processesBelow(browser.pid)) {
      if (line.includes("--type=renderer")) process.kill(pid, "SIGKILL")
    }
  }

  /** A tab with the client open as `yilian`. */
  async tab(site, options) {
    const page = await this.context.newPage()
    await page.goto(site)
    await page.evaluate(async options => {
      const { Yilian } = await import("/pkg/dist/index.js")
      globalThis.problems = []
      globalThis.yilian = await Yilian.open({ network: "jiaozuo", ...options })
      yilian.onProblem(problem => problems.push(`${problem.name}: ${problem.message}`))
      globalThis.roster = yilian.roster("keyun", "2026-12")
      await roster.ready
    }, options)
    return page
  }
}

/** Where the page for people is, as it was built. */
function builtPage() {
  const folder = process.env.YILIAN_WEB_DEMO
  assert.ok(folder, "YILIAN_WEB_DEMO names no folder of the built page: run `cargo xtask page`")
  return folder
}

class Relay {
  constructor(data, port, web, env) {
    this.data = data
    this.port = port
    this.web = web
    /** Its settings, which the next start takes. */
    this.env = env
    this.url = `ws://127.0.0.1:${port}/sync`
    this.page = `http://127.0.0.1:${port}`
  }

  async start() {
    const web = this.web === undefined ? [] : ["--web", this.web]
    const args = ["--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...web]
    const options = { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...this.env } }
    this.process = spawn(process.env.YILIAN_RELAY_BIN, args, options)
    const lines = createInterface({ input: this.process.stdout })
    await new Promise((resolve, reject) => {
      lines.on("line", line => line.startsWith("listening on ") && resolve())
      this.process.on("exit", code => reject(new Error(`the relay ended with ${code}`)))
    })
  }

  /** `kill -9`: nothing is flushed, nothing is said. */
  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const ended = new Promise(resolve => this.process.on("exit", resolve))
    this.process.kill("SIGKILL")
    await ended
  }
}

/**
 * A free port for a relay. None that the system would pick: those it gives to outgoing connections too (Linux from 32768
 * on), and a connection would hold the port when a relay that was killed comes back to it. Browsers refuse some below 12000.
 */
async function freePort() {
  for (;;) {
    const port = randomInt(12_000, 32_000)
    const socket = createSocket()
    const isFree = await new Promise((resolve, reject) => {
      socket.on("error", error => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)))
      socket.listen(port, "127.0.0.1", () => resolve(true))
    })
    if (!isFree) continue
    await new Promise(resolve => socket.close(resolve))
    return port
  }
}

/** The processes below one, with what they were started with. */
async function processesBelow(root) {
  const all = []
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const line = (await readFile(`/proc/${entry}/cmdline`, "utf8")).split("\0")
      const status = await readFile(`/proc/${entry}/stat`, "utf8")
      const parent = Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1])
      all.push({ pid: Number(entry), parent, line })
    } catch {
      // It ended meanwhile.
    }
  }
  const below = new Set([root])
  for (let grown = true; grown; ) {
    const more = all.filter(({ pid, parent }) => below.has(parent) && !below.has(pid))
    more.forEach(({ pid }) => below.add(pid))
    grown = more.length > 0
  }
  return all.filter(({ pid }) => below.has(pid))
}

/** Adds a shift in a tab; answers its id once it is stored. */
export function addShift(page, name, day, more = {}) {
  return page.evaluate(
    ({ name, day, more }) =>
      roster.addShift({
        name,
        post: "值守",
        start: `2026-12-${day}T08:00`,
        end: `2026-12-${day}T14:00`,
        ...more,
      }),
    { name, day, more },
  )
}

/** The names on the roster of a tab, sorted. */
export function names(page) {
  return page.evaluate(() => roster.value.map(shift => shift.name).sort())
}

/** Waits until a tab shows exactly these names. */
export async function shows(page, wanted) {
  const sorted = wanted.toSorted()
  await until(`a tab to show ${sorted}`, async () => {
    const shown = await names(page)
    return shown.length === sorted.length && shown.every((name, index) => name === sorted[index])
  })
}

/** Waits until everything in a tab is on the relay's disk. */
export function inStep(page) {
  return until("a tab to be in step with the relay", () => page.evaluate(() => yilian.status.inStep))
}

const AXE = createRequire(import.meta.url).resolve("axe-core")

/** Waits until nothing on a page has faded or moved for a while, but for what never stops: half faded in, a text lacks contrast. */
async function settled(page) {
  await page.evaluate(async () => {
    const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0)
    const isRunning = (one) => one.playState === "running" || one.pending
    for (let calm = 0; calm < 4; calm += 1) {
      const ending = document.getAnimations().filter((one) => isRunning(one) && ends(one))
      if (ending.length > 0) calm = -1
      await Promise.allSettled(ending.map((one) => one.finished))
      await new Promise((done) => setTimeout(done, 50))
    }
  })
}

/** Fails when axe-core finds something serious or critical on a page once it is settled, also in shadow roots. */
export async function accessible(page) {
  await settled(page)
  await page.evaluate(await readFile(AXE, "utf8"))
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }))
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  const lines = grave.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${help}\n  ${target.flat().join(" ")}\n  ${failureSummary}`),
  )
  if (lines.length > 0) assert.fail(`${page.url()} is not accessible:\n${lines.join("\n")}`)
}

/** Runs in a page before it loads: adds up in `shifted` how much its layout shifts by itself. */
export function countShifts() {
  globalThis.shifted = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value
  }).observe({ type: "layout-shift", buffered: true })
}
